import time

import pytest

from bot.teams.mentions import Mention, strip_mentions

BOT = "28:bot"
US = Mention(BOT, "Parley", "<at>Parley</at>")
ADA = Mention("29:ada", "Ada Lindqvist", "<at>Ada Lindqvist</at>")
NAMESAKE = Mention("29:namesake", "Parley", "<at>Parley</at>")
HALF = Mention("29:ada", "Ada", "<at>Ada</at>")
HTML = Mention(BOT, "R&D <Bot>", "<at>R&amp;D &lt;Bot&gt;</at>")


@pytest.mark.parametrize(
    ("text", "mentions", "left"),
    [
        ("hello", (), "hello"),
        ("<at>Parley</at> summarise", (US,), "summarise"),
        ("<at>Parley</at>&nbsp;summarise", (US,), "summarise"),
        ("<at>Parley</at>&nbsp; summarise", (US,), "summarise"),
        ("<at>Parley</at>\xa0summarise", (US,), "summarise"),
        ("<at>Parley</at>summarise", (US,), "summarise"),
        ("summarise <at>Parley</at>", (US,), "summarise"),
        ("please <at>Parley</at> summarise", (US,), "please summarise"),
        ("please<at>Parley</at>summarise", (US,), "please summarise"),
        ("<at>Parley</at>", (US,), ""),
        ("<at>Parley</at>&nbsp;", (US,), ""),
        ("<at>Parley</at> what is Parley?", (US,), "what is Parley?"),
        ("<at>Parley</at> ask <at>Ada Lindqvist</at> now", (US, ADA), "ask Ada Lindqvist now"),
        ("<at>Ada Lindqvist</at>, <at>Parley</at> help", (ADA, US), "Ada Lindqvist, help"),
        ("<at>Parley</at> ask <at>Ada Lindqvist</at>&nbsp;now", (ADA, US), "ask Ada Lindqvist now"),
        ("<at>Parley</at> and <at>Parley</at> again", (US, US), "and again"),
        ("<at>Parley</at> and <at>Parley</at>", (US, NAMESAKE), "and Parley"),
        ("<at>Parley</at> and <at>Parley</at>", (NAMESAKE, US), "Parley and"),
        ("<at>Parley</at> hello", (NAMESAKE,), "Parley hello"),
        ("<at>Parley</at> hello", (), "<at>Parley</at> hello"),
        ("<at>Ada Lindqvist</at> <at>Ada</at>", (HALF, ADA), "Ada Lindqvist Ada"),
        ("<at>R&amp;D &lt;Bot&gt;</at> help", (HTML,), "help"),
        ("hello", (US,), "hello"),
        ("hello", (Mention(BOT, "Parley", ""),), "hello"),
        ("<at>Parley</at> def f():\n    return  1", (US,), "def f():\n    return  1"),
        ("<at>Parley</at>\n\nhello", (US,), "hello"),
        ("<at>Ada</at>", (Mention("29:ada", "", "<at>Ada</at>"),), "Ada"),
    ],
)
def test_only_our_own_mentions_are_taken_out(text: str, mentions: tuple[Mention, ...], left: str) -> None:
    assert strip_mentions(text, mentions, BOT) == left


def test_a_mention_of_nothing_but_beginnings_takes_no_longer_than_any_other() -> None:
    hostile = Mention("29:eve", "", "<at" * 30_000)
    start = time.process_time()
    assert strip_mentions(hostile.text, (hostile,), BOT) == hostile.text
    assert time.process_time() - start < 0.3
