"""Text that shows as itself."""

import time

import pytest

from dialogs.plain import bare, cut, line, plain


@pytest.mark.parametrize(
    "text",
    [
        "Fifty of us will come.",
        "L_C_D_ display",
        "a < b & c",
        "R&D costs $5; 3 > 2",
        "snake_case_name",
        "Müller’s “Café”",
        "wow*",
        "z.B./usw. and/or v1.2/3, e.g./i.e.",
        "report.pdf, README.md and src/app.py/run.sh",
        "Node.js/React and ASP.NET",
        "3.Nov/4.Nov, 10.5/20.7",
        "write to anna@weber.de",
        "Done.it works",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://evil.example/x now", "see (link left out) now"),
        ("see www.evil.example now", "see (link left out) now"),
        ("sign in at evil.example/login now", "sign in at (link left out) now"),
        ("sign in at any.thing/login", "sign in at (link left out)"),
        ("sign in (evil.com?x=1", "sign in ((link left out)"),
        ("...evil.com:80/x", "...(link left out)"),
        ("we use monday.com, not evil.co.uk.", "we use monday\\[.]com, not evil\\[.]co\\[.]uk."),
        ("evil.example", "evil\\[.]example"),
        ("[a](http://x/(y)) b", "a b"),
        ("[the plan](https://evil.example)", "the plan"),
        ("[the [plan](a)](b)", "the plan"),
        ("[ht](x)tps://evil.example", "(link left out)"),
        ("![pixel](https://evil.example/p.png)done", "done"),
        ("<img src=x>", "\\<img src=x>"),
        ("&lt;img&gt;", "\\&lt;img\\&gt;"),
        ("as said [1] and [ 12 ]", "as said (1) and (12)"),
        ("*loud* _soft_ `code`", "\\*loud* \\_soft_ \\`code\\`"),
        ("# Heading", "\\# Heading"),
        ("- item", "\\- item"),
        ("2. second", "2\\. second"),
        ("> quoted", "\\> quoted"),
        ("one\n\n## two", "one ## two"),
        ("\\[not a label\\](x)", "\\not a label\\"),
    ],
)
def test_markup_loses_its_power(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_what_nobody_sees_is_taken_out() -> None:
    assert line("in\u200bvis\u202eible\U000e0041 \ufeffink\x07") == "invisible ink"


def test_a_long_text_is_cut_after_a_word() -> None:
    assert cut("the quick brown fox jumps", 17) == "the quick brown…"


def test_a_text_without_blanks_is_cut_all_the_same() -> None:
    assert cut("x" * 50, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    "beginning",
    ["[a](", "![", "![a](", "[](()", "[](b)", "<", "[ ", "[1", "a.a.", "a-a", "a@", "http:", ".com", "x" * 63 + "."],
)
def test_a_text_of_beginnings_takes_no_longer_than_any_other(beginning: str) -> None:
    text = (beginning * 100_000)[:100_000]
    start = time.process_time()
    bare(text)
    assert time.process_time() - start < 0.5
