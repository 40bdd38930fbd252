"""What stands below an answer: its tables as cards, and what may be said next."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.calendar.calendar import Calendar
from dialogs.cards import Row
from dialogs.choice import follow, mean
from dialogs.menu import ANSWER
from dialogs.sequel import MOST
from dialogs.talk import Answer, PlaceKind
from tests.dialogs.desk import (
    NOW,
    FakeFiles,
    ScriptedModel,
    a_desk,
    a_document,
    a_file,
    a_point,
    a_summary,
    an_ask,
    said,
    shown,
    thread,
)

TABLE = "Here it is:\n\n| Name | Due |\n|---|---|\n| **Ada** | [Friday](https://example.com/a) |\n| Ben | `Monday` |\n"
PERSONAL, GROUP = PlaceKind.PERSONAL, PlaceKind.GROUP


async def told(
    text: str,
    says: str,
    kind: PlaceKind = PERSONAL,
    *,
    locale: str = "en-US",
    writes: bool = True,
    files: Sequence[str] = (),
) -> Answer:
    ask = an_ask(text, kind, locale=locale, attachments=tuple(map(a_file, files)))
    sent = FakeFiles({name: a_document(name, "Ada pays.") for name in files})
    talk = thread(("Ada", "We agreed on Friday."))
    desk = a_desk(ScriptedModel(says, writes=writes), talk, said(), calendar=Calendar(), files=sent)
    return await shown(follow(mean(ask, desk.calendar, NOW), ask), ask, desk)


def offered(answer: Answer) -> list[str]:
    return [button.text for button in answer.suggested]


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_a_table_in_an_answer_follows_as_a_card_and_the_text_says_so(kind: PlaceKind) -> None:
    found = await told("Who does what?", TABLE, kind)
    assert found.text.startswith(TABLE) and found.text.endswith("The table is on the card below.")
    assert found.cards[0].rows == (
        Row(("Name", "Due"), head=True),
        Row(("Ada", "Friday")),
        Row(("Ben", "Monday")),
    )


@pytest.mark.parametrize(
    "says",
    [
        f"```\n{TABLE.partition(':')[2].strip()}\n```",
        "| A | B | C | D | E | F |\n|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 |",
        "| A |\n|---|\n" + "| 1 |\n" * 31,
        "| A | B |\n|---|---|\n| 1 |",
        "no table",
    ],
)
async def test_what_is_code_too_large_uneven_or_no_table_stays_what_it_is(says: str) -> None:
    found = await told("Why?", says)
    assert found.cards == () and found.text == says


async def test_a_plain_answer_offers_to_be_shorter_longer_in_another_language_and_anew() -> None:
    assert offered(await told("Why?", "Because.")) == ["shorter", "longer", "in German", "again"]


@pytest.mark.parametrize(("locale", "text"), [("en-GB", "in German"), ("de-DE", "in German"), ("fr-FR", "in French")])
async def test_the_language_that_is_offered_is_one_that_the_answer_is_not_in(locale: str, text: str) -> None:
    assert text in offered(await told("Why?", "Because.", locale=locale))


async def test_the_language_that_teams_says_is_offered_to_who_wished_for_another() -> None:
    ask = an_ask("Why?", PERSONAL)
    ask = replace(ask, person=replace(ask.person, native="ja-JP"))
    found = await shown(follow(mean(ask, Calendar(), NOW), ask), ask, a_desk(ScriptedModel("Because.")))
    assert "in Japanese" in offered(found)


async def test_after_a_file_it_offers_its_summary_and_a_document() -> None:
    found = await told("Who pays?", "Ada pays [f1.1].", files=["a.pdf"])
    assert offered(found)[:3] == ["summarise", "as a document", "shorter"]


async def test_after_the_summary_of_a_file_it_offers_its_other_parts() -> None:
    summary = a_summary(key_points=[a_point("Ada pays.", "f1.1")])
    found = await told("summarise", summary, files=["a.pdf"])
    assert offered(found)[:2] == ["decisions", "action items"]


@pytest.mark.parametrize("text", ["Why?", "summarise"])
async def test_all_that_is_offered_is_understood_and_not_too_much(text: str) -> None:
    texts = offered(await told(text, a_summary(key_points=[a_point("Ada pays.", "f1.1")]), files=["a.pdf"]))
    meant = [mean(an_ask(each, PERSONAL), Calendar(), NOW) for each in texts]
    assert 0 < len(texts) <= MOST and not [each for each in meant if each.command is ANSWER and not each.manner]


async def test_an_engine_that_only_quotes_does_not_offer_to_write() -> None:
    assert offered(await told("Why?", "Quote.", writes=False)) == ["again"]


@pytest.mark.parametrize("kind", [PlaceKind.GROUP, PlaceKind.CHANNEL])
async def test_where_others_read_nothing_is_offered(kind: PlaceKind) -> None:
    assert offered(await told("Why?", "Because.", kind)) == []


async def test_below_a_command_nothing_is_offered() -> None:
    assert offered(await told("help", "")) == []
