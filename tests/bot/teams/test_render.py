import gc
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.teams.growth import Growth, prefix
from bot.teams.render import CELLS, COLUMNS, halves, links_removed, parse, safe

ALLOWED = "https://teams.example/l/message/19:a_b@thread.tacv2/1?x=1"
LINKS = frozenset({ALLOWED})
NONE: frozenset[str] = frozenset()
TAGS = {"p", "em", "strong", "s", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br", "a"}
ALWAYS = settings(derandomize=True, database=None, deadline=None)

PIECES = (
    *(
        "*",
        "**",
        "_",
        "__",
        "~~",
        "~",
        "`",
        "``",
        "```",
        "```py\n",
        "~~~\n",
        "\\",
        "\\\n",
        "&",
        "&lt;",
        "&#10;",
        "&日;",
    ),
    *("[", "]", "(", ")", "](", "[1]", "[2][3]", "![", "!", "<", "<b>", "<at>", "<https://a.example>", "<https://日本"),
    *("\n", "\n\n", "\r\n", "\r", "  \n", "\t", "    ", " ", "- ", "* ", "1. ", "2) ", "> ", "# ", "#", "---", "==="),
    *(
        "| a | b |\n",
        "|---|---|\n",
        "| 1 | 2 |\n",
        "|",
        "-|\n",
        "foo",
        "bar baz",
        "Some prose, said at length.",
        "日本",
    ),
    *(
        "本語。",
        ALLOWED,
        "https://evil.example/x",
        "www.evil.example",
        "1",
        "1.",
        "2024",
        "snake_case",
        "\u200b",
        "👩‍💻",
    ),
    *(
        f"[x]({ALLOWED})",
        "[x](https://evil.example 't')",
        "[foo]: /x\n",
        "\ud800",
        "\u2028",
        "\u00a0",
        ".",
        ":",
        "-",
        "=",
    ),
)
DOCUMENTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)

PROSE = """\
# The plan

We met on *Monday* and **agreed** to ship the release on 12 March [1]. Nobody objected, although R&D asked for more
time to test snake_case names [2].

- Anna writes the notes
- Bruno checks the `config.toml` file
  1. on his machine
  2. on the server

> It was a good meeting.

```python
print("done")
```

| Who | What |
|-----|------|
| Anna | notes |

That is all."""


@settings(ALWAYS, max_examples=300)
@given(DOCUMENTS)
def test_what_is_shown_of_a_growing_text_is_never_taken_back(text: str) -> None:
    final, growth = safe(text, LINKS), Growth()
    shown = ""
    for end in range(len(text) + 1):
        now = prefix(text[:end], LINKS)
        assert growth.shown(text[:end], LINKS) == now, text[:end]
        assert now.startswith(shown), text[:end]
        assert final.startswith(now), text[:end]
        shown = now


@pytest.mark.parametrize("end", range(len(PROSE)))
def test_of_prose_all_but_the_last_words_are_shown_at_once(end: int) -> None:
    paragraph = PROSE.split("\n\n")[1]
    sure = len(paragraph[:end].split()) - 2
    assert len(prefix(paragraph[:end], NONE).split()) >= sure


def test_text_without_spaces_between_words_is_shown_as_it_grows() -> None:
    assert prefix("昨日の会議で新しい計画を", NONE) == "昨日の会議で新しい計画"


def test_code_is_shown_line_by_line() -> None:
    assert prefix("So:\n\n```py\na = 1\nb = ", NONE) == "So:\n\n```py\na = 1"


def as_read(shown: str) -> str:
    """The HTML a client makes of it that knows all of CommonMark, HTML and tables."""
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(shown))


@settings(ALWAYS, max_examples=300)
@given(DOCUMENTS)
def test_nothing_but_the_allowed_links_can_be_pressed(text: str) -> None:
    html = as_read(safe(text, LINKS))
    assert set(re.findall(r'href="([^"]*)"', html)) <= LINKS
    assert not re.search(r"[a-z]{2}://", re.sub(r"<(code|a)\b.*?</\1>", "", html, flags=re.DOTALL))


@settings(ALWAYS, max_examples=300)
@given(DOCUMENTS)
def test_no_picture_no_tag_and_no_mention_survives(text: str) -> None:
    shown = safe(text, LINKS)
    assert not re.search(r"</?at\b", shown, re.IGNORECASE)
    assert set(re.findall(r"<([^/>\s]+)", as_read(shown))) <= TAGS


def test_prose_reads_as_it_was_written() -> None:
    assert safe(PROSE, NONE) == (
        "**The plan**\n\n"
        "We met on *Monday* and **agreed** to ship the release on 12 March [1]. Nobody objected, although R&D asked for "
        "more  \ntime to test snake_case names [2].\n\n"
        "- Anna writes the notes\n- Bruno checks the `config.toml` file\n  1. on his machine\n  2. on the server\n\n"
        "> It was a good meeting.\n\n"
        '```python\nprint("done")\n```\n\n'
        "**Who | What**\n\n- Anna | notes\n\n"
        "That is all."
    )


def test_rendering_twice_changes_nothing_more() -> None:
    once = safe(PROSE, NONE)
    assert safe(once, NONE) == once


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Agreed [1][2], see [3].", "Agreed [1][2], see [3]."),
        ("![a cat](https://evil.example/c.png?q=secret)", "a cat"),
        ("[here](https://evil.example/x)", "here (https[:]//evil[.]example/x)"),
        ("[https://evil.example](https://evil.example)", "https[:]//evil[.]example"),
        ("see https://evil.example/x.", "see https[:]//evil[.]example/x[.]"),
        ("<https://evil.example>", "https[:]//evil[.]example"),
        ("https://a.example/https://b.example", "https[:]//a[.]example/https[:]//b[.]example"),
        ("1https://evil.example", "1https[:]//evil[.]example"),
        ("https://日本.example", "https[:]//日本[.]example"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("[x](javascript:alert)", "x (javascript[:]alert)"),
        (f"[here]({ALLOWED})", f"[here]({ALLOWED})"),
        (f"see {ALLOWED}.", f"see [{ALLOWED}]({ALLOWED})."),
        (f"wow!{ALLOWED}", f"wow\\![{ALLOWED}]({ALLOWED})"),
        (f"wow\\![x]({ALLOWED})", f"wow\\![x]({ALLOWED})"),
        ("<b>bold</b> <script>", "&lt;b&gt;bold&lt;/b&gt; &lt;script&gt;"),
        ("<at>Anna</at>", "&lt;at&gt;Anna&lt;/at&gt;"),
        ("&lt;at&gt;Anna&lt;/at&gt;", "&lt;at&gt;Anna&lt;/at&gt;"),
        ("`<at>Anna</at>`", "`< at>Anna< /at>`"),
        ("[1]: https://evil.example\n\nSee [1].", "[1]\\: https[:]//evil[.]example\n\nSee [1]."),
        ("h\u200bttps://evil.example", "https[:]//evil[.]example"),
        ("ht&ZeroWidthSpace;tps://evil.example", "https[:]//evil[.]example"),
        ("[click]![(https://evil.example)](x)", "[click]\\(https[:]//evil[.]example)"),
        ("https:![//evil.example](x)", "https[:]//evil[.]example"),
        ("`a`![](x)`b`", "`a` `b`"),
        ("1&#46; one", "1\\. one"),
        ("a&#10;&#10;# b", "a  # b"),
        ("5 * 3 = 15", "5 \\* 3 = 15"),
        ("- [ ] to do", "- [ ] to do"),
        ("Title\n=====\n", "Title  \n\\====="),
        ("~~~\n```\n[x](https://evil.example)\n~~~", "```\n    ```\n[x](https://evil.example)\n```"),
        ("abc\u202edef\u2066ghi", "abcdefghi"),
        ("***", "---"),
        ("", ""),
        ("ask anna@contoso.com", "ask anna[@]contoso[.]com"),
        ("see evil.zone/x?q=1 and s3cret.evil.com", "see evil[.]zone/x?q=1 and s3cret[.]evil[.]com"),
        ("README.md, src/main.py, Node.js/Express", "README.md, src/main.py, Node.js/Express"),
        ("s3cret.evil.md and evil.md/x", "s3cret[.]evil[.]md and evil[.]md/x"),
        (
            "z.B. e.g./i.e. 3.5 v1.2/3 10.30/11.00 U.S.A. 1.2.3.4",
            "z.B. e.g./i.e. 3.5 v1.2/3 10.30/11.00 U.S.A. 1.2.3.4",
        ),
        ("1.2.3.4/x", "1[.]2[.]3[.]4/x"),
        ("tel:+49 mailto:a data:x, std::vector, at 10:30", "tel[:]+49 mailto[:]a data[:]x, std::vector, at 10:30"),
        ("msteams:/l/call javascript:x file:///etc", "msteams[:]/l/call javascript[:]x file[:]///etc"),
        ("\\\\evil.com\\share", "\\\\evil[.]com\\\\share"),
        ("请访问evil.com获取", "请访问evil[.]com获取"),
        ("evil。com 例え.日本 пример.рф", "evil[。]com 例え[.]日本 пример[.]рф"),
        ("evil&#46;com x&commat;evil.com", "evil[.]com x[@]evil[.]com"),
        ("`evil.com`", "`evil.com`"),
        (f"[https://evil.example]({ALLOWED})", f"[https\\[:\\]//evil\\[.\\]example]({ALLOWED})"),
        ("x\ufe0f ❤\ufe0f 1\ufe0f\u20e3 a\u200db 👩‍💻 می‌خواهم", "x ❤\ufe0f 1\ufe0f\u20e3 ab 👩‍💻 می‌خواهم"),
    ],
)
def test_it_is_shown_as(written: str, shown: str) -> None:
    assert safe(written, LINKS) == shown


PROSE_OF_ALL_KINDS = [
    "We meet at 10:30, e.g. on Monday, i.e. tomorrow.",
    "The U.S. team agreed; see README.md and src/main.py.",
    "Version 1.2.3 replaces 4.2 and v2.0-beta.",
    "It costs 1,000.50 USD.",
    "Use Node.js or Vue.js for that.",
    "Open report.final.pdf, then notes.docx.",
    "The key:value pairs are in config.yaml.",
    "Dr. Smith, Ph.D., said: no.",
    'She said:"No."',
    "The ratio is 3:1.",
    "Call std::vector twice.",
    "Dear all: thank you.",
    "Send backup.tar.gz to Anna.",
    "It ends at 5 p.m. sharp.",
    "Sections 1.2 and 3.4.5 changed.",
    "Is it so? Yes... perhaps.",
    "Wait...what?",
    "The file data_2024.csv is new.",
    "and/or, he/she, 24/7",
    "Das kostet 1.000,50 Euro, z.B. heute.",
    "Siehe „Nr.5“ und Abs. 2.",
    "Die Kolleg:innen kommen um 10.30 Uhr.",
    "Am 12.März, d.h. morgen, u.a. mit Bruno.",
    "Liebe Mitarbeiter:innen!",
    "Am 3.4.2026 um 9:00 Uhr.",
    "Frage: Wer kommt? Antwort: alle.",
    "i.d.R. reicht Bericht.pdf",
    "usw., bzw., ca. 5 kg",
    "Le rendez-vous est à 10:30 ; p. ex. demain.",
    "Attention : c'est le fichier bilan.xlsx.",
    "M. Dupont a dit : « Non. »",
    "C.-à-d. demain, n°5.",
    "Cela coûte 1.000,50 €.",
    "La reunión es a las 10:30, p.ej. mañana.",
    "EE.UU. y la U.E. firmaron.",
    "Nota: véase informe.docx.",
    "¿Qué? ¡Nada!",
    "Sr. García, núm. 5, pág. 3",
    "Son 3.500 euros.",
    "etc. etc.",
    "No. 5 is alive.",
    "P.S. I agree.",
    "a.m. or p.m.?",
    "Mr. X vs. Ms. Y",
    "Build 10.0.19045 failed.",
    "Python 3.11 is used.",
    "Item a) and b): done.",
    "(see page 3).",
    "50 % of 1.5 kg",
    "-5.5 degrees",
    "C: is a drive",
    "Re: the plan",
    "TODO: nothing",
    "Teams: three, people: ten",
    "Note:\xa0this",
    "key: value",
    "x = y.z",
    "The U.N. and the E.U.",
    "R&D's Q3/Q4",
    "That is all.",
]


@pytest.mark.parametrize("sentence", PROSE_OF_ALL_KINDS)
def test_an_ordinary_sentence_stays_as_it_is(sentence: str) -> None:
    assert safe(sentence, NONE) == sentence


@pytest.mark.parametrize(
    "address",
    [
        *("secret-4711.evil.community", "data.evil.energy", "ftp.evil.kitchen", "x.موقع/secret", "a.evil.भारत/p"),
        *("evil\u2024com", "webcal:x", "onenote:x", "localhost:8080", "a.zone.community", "unknown:x"),
    ],
)
def test_what_some_client_may_know_as_an_address_is_bracketed(address: str) -> None:
    assert re.search(r"\[[.:\u2024]\]", safe(address, NONE))


@pytest.mark.parametrize("before", ["S3,", "S3;", 'S3"', '"S3"', "S3&gt;", "S3<", "S3=", "a=1&b=2;", "S3|", "S3$", ";"])
def test_nothing_is_put_before_a_mail_address_that_can_be_pressed(before: str) -> None:
    assert "bob[@]evil[.]com" in safe(f"{before}bob@evil.com", frozenset({"bob@evil.com"}))


@pytest.mark.parametrize("text", ["{}", "ask {}.", "({})", "**{}**", "Bob <{}>", "{}, and", "请联系（{}）"])
def test_a_mail_address_by_itself_stays(text: str) -> None:
    assert "bob@evil.com" in safe(text.format("bob@evil.com"), frozenset({"bob@evil.com"}))


@pytest.mark.parametrize(
    "piece", ["> ", "- ", "1. ", "[", "*", "*a ", "`a", "<", "![", "[a](", "~~a", "\\", "&", "| a "]
)
def test_endless_markup_is_survived(piece: str) -> None:
    assert isinstance(safe(piece * 5_000, NONE) + prefix(piece * 5_000, NONE), str)


GOOD = frozenset({"https://good.example/a"})


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("nothing", 0),
        ("a: b (c) [1] `https://code.example`", 0),
        ("```\nhttps://code.example\n```", 0),
        ("[a](https://good.example/a), https://good.example/a.", 0),
        ("[a](https://evil.example)", 1),
        ("[a](javascript:x)", 1),
        ("https://evil.example and www.evil.example", 2),
        ("a@evil.com and https&colon;//evil.example", 2),
        ("<https://evil.example>", 1),
        ("[https://evil.example](https://evil.example)", 1),
        ("[https://evil.example](https://worse.example)", 2),
        ("![a](https://evil.example/x.png)", 1),
        ("# https://evil.example\n\n- > [a](https://evil.example)\n\n| a |\n|---|\n| www.evil.example |", 3),
    ],
)
def test_links_that_are_not_shown_are_counted(text: str, count: int) -> None:
    assert links_removed(text, GOOD) == count


FLOODS = {
    "lines": "- a *b* [c](https://good.example/a) www.evil.com\n",
    "signs": "*a* [b](https://evil.example) `c` ",
    "mixed": "> 1. **a [x](https://good.example/a)** ![p](https://evil.example/p.png) evil.com\n| a |\n|---|\n",
    "tables": "| a | b |\n|---|---|\n| evil.com | [x](https://evil.example) |\n\n",
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_what_is_too_much_to_be_read_is_shown_as_text_where_nothing_can_be_pressed(flood: str) -> None:
    html = as_read(safe(flood * 1_200, GOOD))
    assert set(re.findall(r'(?:href|src)="([^"]*)"', html)) <= GOOD
    assert "https://evil" not in html and "www.evil" not in html and "<img" not in html
    assert "evil" in html[-300:]


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_where_too_much_begins_nothing_is_taken_back(flood: str) -> None:
    text = flood * 1_200
    at = len("".join(halves(text)[0]))
    final, shown = safe(text, GOOD), ""
    for end in range(at - 60, at + 60, 7):
        now = prefix(text[:end], GOOD)
        assert now.startswith(shown) and final.startswith(now), end
        shown = now
    assert len(halves(text)[1]) > 1_000


def test_of_a_report_as_long_as_a_message_nothing_is_too_much() -> None:
    assert halves(PROSE * 40)[1] == ""


def test_a_table_of_many_short_rows_is_not_filled_up_without_end() -> None:
    head = "| a " * 20 + "\n" + "|-" * 20 + "\n"
    assert safe(head + "|x\n" * 900, NONE).count("x") == 900
    tokens = parse(head + "|x\n" * 900).walk()
    assert sum(node.type in ("td", "th") for node in tokens) <= CELLS + 2 * COLUMNS


def test_a_table_that_is_too_wide_is_text() -> None:
    assert safe("| a " * 30 + "\n" + "|-" * 30, NONE).startswith("| a | a")


@pytest.mark.parametrize(
    "text", ["One *two*\n\n- three\n  - four\n\n| a | b |\n|---|---|\n| c | d |\n\nfive **six", "a `b"]
)
def test_a_rendered_text_leaves_nothing_to_the_garbage_collector(text: str) -> None:
    growth = Growth()
    safe(text, LINKS)
    gc.collect()
    gc.disable()
    try:
        safe(text, LINKS)
        for end in range(len(text)):
            growth.shown(text[:end], LINKS)
        assert gc.collect() == 0
    finally:
        gc.enable()
