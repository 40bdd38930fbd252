"""HTML and cards as plain text: what a reader sees, and nothing that is hidden from them."""

import json
import time

import pytest

from bot.markup import card_text, text_of
from tests.world.generator import generate


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"),
        ("<div>a  b\n c&nbsp;d</div>", "a b c d"),
        ("<ul><li>milk</li><li>eggs <b>fresh</b></li></ul>", "- milk\n- eggs fresh"),
        ("<ol><li><p>first</p></li></ol>", "- first"),
        ("<blockquote><p>old</p>words</blockquote><p>new</p>", "> old\n> words\nnew"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"),
        ("<pre>if x:\n  y</pre>", "if x:\n  y"),
        ('<emoji alt="😀"></emoji> <img itemtype="http://x/Emoji" alt="🎉"><img alt="ignore this">', "😀 🎉"),
        ("2 &lt; 3 &amp;&amp; 4", "2 < 3 && 4"),
        ('<attachment id="1"></attachment>after', "after"),
        ("shown<span hidden>hid</span><p hidden=''>hid</p>", "shown"),
        ("shown<span style='Display : None !important'>hid</span>", "shown"),
        ("shown<span style='disp/**/lay:none'>hid</span>", "shown"),
        ("shown<span style='d\\69splay:none'>hid</span>", "shown"),
        ("shown<span style='visibility:hidden'>hid</span>", "shown"),
        ("shown<span style='font-size:0'>hid</span><i style='font-size: 0.0px'>hid</i>", "shown"),
        ("shown<span style='opacity:0;x:y'>hid</span><i style='max-height:0px'>hid</i>", "shown"),
        ("shown<span style='position:absolute;left:-9999px'>hid</span>", "shown"),
        ("shown<script>hid</script><style>hid</style><!-- hid --><template>hid</template>", "shown"),
        ("<b style='opacity:0.5;line-height:0;font-size:10px;border-width:0'>shown</b>", "shown"),
        ("a&#8203;b\u202ec\U000e0041d\ufe0fe\u00adf&#xfeff;g\u200dh", "abcdefgh"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("a\u200c\u200d\u200cb", "ab"),
        ("&#2;quoted?&#3;", "quoted?"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    "piece", ["<div>", "<ul><li>", "<p><b><i><u>", "<i><p>", "<br>", "<pre>\n", "<p style='/*/*", "</p>", "\u200d"]
)
def test_a_message_made_to_be_slow_is_looked_at_only_so_far(piece: str) -> None:
    began = time.perf_counter()
    assert text_of(piece * (100_000 // len(piece))).strip("…") == ""
    assert time.perf_counter() - began < 0.5


def test_words_behind_thousands_of_tags_are_cut_and_not_silently() -> None:
    assert text_of("<p>seen</p>" + "<b>" * 9_000 + "deep") == "seen…"
    assert text_of("<b>" * 1_000 + "deep") == "deep"


def test_a_card_is_read_as_far_as_it_is_shown() -> None:
    body = [
        {"type": "TextBlock", "text": "Deploy"},
        {"type": "TextBlock", "text": "hid", "isVisible": False},
        {
            "type": "Container",
            "items": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "run"}, "raw"]}],
        },
        {"type": "FactSet", "facts": [{"title": "Owner", "value": "Ada"}]},
        {"type": "Input.Text", "id": "x", "placeholder": "type"},
    ]
    assert card_text(json.dumps({"body": body})) == "Deploy\nrun\nraw\nOwner\nAda"


@pytest.mark.parametrize("content", [None, "", "{", "[" * 100_000, 7, {"body": 3}])
def test_a_card_that_is_none_has_no_text(content: object) -> None:
    assert card_text(content) == ""


@pytest.mark.parametrize(
    "html",
    [
        "plain &amp; &nbsp; spaced  text",
        "<p>one</p>\n<p> two<br>three<br/>four </p>",
        '<p><at id="0">Ada&nbsp;B</at>&nbsp;look, 2 &lt; 3 &lt;p&gt; &#8203;&#2;x</p>',
        "</p>stray<p>open<p>again",
        "<p>a\u200b\r\n b\u202e\u00a0c \u200d</p><p></p><p>- </p><p>&gt; quoted?</p>",
        "&notanentity; &copy &#x41;",
    ],
)
def test_bare_paragraphs_read_the_same_without_the_parser(html: str) -> None:
    assert text_of(html) == text_of(f"{html}<b></b>")


def test_generated_threads_read_the_same_without_the_parser() -> None:
    contents = [record["body"]["content"] for record in generate(3, posts=300).posts]
    assert [text_of(content) for content in contents] == [text_of(f"{content}<b></b>") for content in contents]
