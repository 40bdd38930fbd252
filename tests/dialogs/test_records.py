"""What is kept of the person who asks: told, handed over, deleted."""

import json
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.teams.cards import adaptive, spoken
from bot.teams.looks import markdown
from dialogs import records
from dialogs.attachments import Handed, Handover
from dialogs.cards import Card
from dialogs.changes import Forgotten, Left
from dialogs.errors import OnHold, Personal, Unavailable, Unfinished, Vanished
from dialogs.ports import Dialog
from dialogs.shelves import Holding, Upload
from dialogs.talk import Errand, Event, PlaceKind, Say
from dialogs.terms import Terms
from tests.dialogs.desk import NOW, FakeRecords, ScriptedModel, a_desk, an_ask, notes, parts, shown
from tests.world.catalogue import catalogue

DAY = timedelta(days=1)
ROWS = (
    Holding("audit", 12, NOW - 40 * DAY, NOW + 325 * DAY, NOW + 365 * DAY),
    Holding("people", 1, NOW - 400 * DAY),
    Holding("history", 3, NOW - 2 * DAY, NOW + 28 * DAY, NOW + 30 * DAY),
    Holding("inbox", 2, NOW, NOW + DAY),
)
FILES = (Handover("a" * 32, "parley-export.html", 10), Handover("b" * 32, "parley-export.json", 20))
UPLOAD = Upload("a" * 32, "parley-export.html", "https://x.sharepoint.com/up?secret", "https://x/y", "id", "html")
WIDE = (PlaceKind.GROUP, PlaceKind.CHANNEL)


def kept(**what: object) -> FakeRecords:
    return FakeRecords(**{"rows": ROWS, **what})  # type: ignore[arg-type]


async def said(dialog: Dialog, found: FakeRecords, text: str = "", **ask: object) -> list[object]:
    desk = a_desk(ScriptedModel(), records=found)
    return list(await parts(dialog, an_ask(text, PlaceKind.PERSONAL, **ask), desk))  # type: ignore[arg-type]


async def test_what_is_kept_is_told_by_kind_with_since_when_and_until_when() -> None:
    answer = await shown(records.know, an_ask(kind=PlaceKind.PERSONAL), a_desk(ScriptedModel(), records=kept()))
    head, *rows = [row.cells for row in answer.cards[0].rows]
    assert head == ("What", "How much", "Since", "Is deleted")
    assert rows == [
        ("You and your settings", "1 entry", "Fri 17 Oct 10:00 2025", "when you delete it"),
        (
            "What you wrote to me and what I answered",
            "3 entries",
            "Thu 19 Nov 10:00",
            "first within 28 days, last within 30 days",
        ),
        (
            "Messages I took in lately",
            "2 entries",
            "Sat 21 Nov 10:00",
            "first within 1 day, the rest when you delete it",
        ),
        (
            "What was noted of each turn, without what was said",
            "12 entries",
            "Mon 12 Oct 10:00",
            "first within 325 days, last within 365 days",
        ),
    ]


async def test_below_what_is_kept_stand_the_ways_to_have_it_and_to_end_it() -> None:
    answer = await shown(records.know, an_ask(kind=PlaceKind.PERSONAL), a_desk(ScriptedModel(), records=kept()))
    assert [button.text for button in answer.cards[0].buttons] == ["export my data", "forget me"]


async def test_where_nothing_is_kept_that_is_said() -> None:
    assert await said(records.know, FakeRecords()) == [Say("I keep nothing of you.")]


@pytest.mark.parametrize("kind", WIDE)
@pytest.mark.parametrize("dialog", [records.know, records.export, records.forget])
async def test_all_of_it_is_between_the_two_alone(dialog: Dialog, kind: PlaceKind) -> None:
    with pytest.raises(Personal):
        await parts(dialog, an_ask("yes", kind), a_desk(ScriptedModel(), records=kept()))


async def test_an_export_says_how_far_it_is_and_hands_over_the_documents() -> None:
    found = await said(records.export, kept(files=FILES))
    assert notes(found) == ["Writing down 18 entries…"]  # type: ignore[arg-type]
    assert [part for part in found if isinstance(part, Handover)] == list(FILES)


async def test_an_export_that_fails_hands_over_nothing() -> None:
    with pytest.raises(Unavailable):
        await said(records.export, kept(files=FILES, error=Unavailable()))


async def test_before_anything_is_deleted_it_is_said_what_would_be() -> None:
    answer = await shown(records.forget, an_ask(kind=PlaceKind.PERSONAL), a_desk(ScriptedModel(), records=kept()))
    assert answer.changes == ()
    assert "What you wrote to me and what I answered: 3 entries" in answer.cards[0].lines
    assert not any("noted of each turn" in line for line in answer.cards[0].lines)


async def test_the_button_that_forgets_is_grave_and_quiet() -> None:
    answer = await shown(records.forget, an_ask(kind=PlaceKind.PERSONAL), a_desk(ScriptedModel(), records=kept()))
    grave = [button for button in answer.cards[0].buttons if button.grave]
    assert [(button.text, button.quiet) for button in grave] == [("forget me yes", True)]


async def receipt(*rows: Holding) -> Card:
    desk = a_desk(ScriptedModel(), records=FakeRecords(rows))
    answer = await shown(records.forget, an_ask("yes", PlaceKind.PERSONAL), desk)
    [card] = answer.cards
    assert (answer.changes, answer.text) == ((Forgotten(),), "")
    return card


async def test_who_says_yes_is_forgotten_and_gets_a_receipt_of_when_and_how_much() -> None:
    card = await receipt(*ROWS)
    assert (card.title, card.lines) == ("I have forgotten you, on Sat 21 Nov 10:00", ("This is gone:",))
    assert [row.cells for row in card.rows] == [
        ("What", "How much"),
        ("You and your settings", "1 entry"),
        ("What you wrote to me and what I answered", "3 entries"),
        ("Messages I took in lately", "2 entries"),
    ]


async def test_the_receipt_says_what_remains_and_how_it_begins_afresh() -> None:
    remains, afresh = (await receipt(*ROWS)).foot
    assert remains.startswith("What remains: the messages you see in Teams")
    assert afresh == "If you write to me again, we start afresh."


async def test_nothing_on_the_receipt_can_be_pressed_lest_somebody_is_known_again() -> None:
    card = await receipt(*ROWS)
    assert not card.buttons and not any(row.buttons for row in card.rows)


async def test_of_whom_nothing_was_kept_the_receipt_says_so() -> None:
    card = await receipt(ROWS[0])
    assert (card.lines, card.rows) == (("There was nothing to delete.",), ())


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
async def test_the_longest_receipt_is_whole_where_no_card_is_shown(language: str) -> None:
    rows = tuple(Holding(kind, 12_345, NOW) for kind in records.KINDS)
    words = catalogue().wording(language, UTC)
    desk = replace(a_desk(ScriptedModel(), records=FakeRecords(rows)), words=words)
    [card] = (await shown(records.forget, an_ask("yes", PlaceKind.PERSONAL), desk)).cards
    assert adaptive(card)["fallbackText"] == markdown("\n".join(spoken(card)))


async def test_in_french_a_colon_stands_behind_a_blank_that_keeps_the_line() -> None:
    desk = replace(a_desk(ScriptedModel(), records=kept()), words=catalogue().wording("fr", UTC))
    [card] = (await shown(records.forget, an_ask(kind=PlaceKind.PERSONAL), desk)).cards
    assert "Vous et vos paramètres\N{NO-BREAK SPACE}: 1 entrée" in card.lines


@pytest.mark.parametrize("text", ["", "yes"])
async def test_what_is_on_hold_is_not_forgotten(text: str) -> None:
    with pytest.raises(OnHold):
        await said(records.forget, kept(hold=True), text)


async def test_nobody_is_forgotten_while_something_of_theirs_is_under_way_elsewhere() -> None:
    with pytest.raises(Unfinished):
        await said(records.forget, kept(busy=1), "yes")


async def test_who_removes_the_assistant_is_forgotten_when_the_time_is_over() -> None:
    desk = a_desk(ScriptedModel(), terms=Terms(30, gone_days=7))
    ask = an_ask(kind=PlaceKind.PERSONAL, event=Event.LEFT)
    found = await parts(records.left, ask, desk)
    assert found == [Left(), Errand(Event.FORGET, ask.place, "", due=NOW + 7 * DAY + timedelta(hours=1))]


async def test_who_stayed_away_is_forgotten_without_a_word() -> None:
    assert await said(records.forget_left, kept(gone=True)) == [Forgotten()]


async def test_who_came_back_is_not_forgotten() -> None:
    assert await said(records.forget_left, kept()) == []


async def test_a_document_is_handed_over() -> None:
    found = kept()
    text = json.dumps({name: getattr(UPLOAD, name) for name in UPLOAD.__slots__})
    answer = await said(records.hand_over, found, text)
    assert found.uploads == [UPLOAD]
    assert answer[0] == Handed("parley-export.html", "https://x/y", "id", "html")
    assert "secret" not in str(answer)


@pytest.mark.parametrize("text", ["", "[]", "null", '"x"', '{"key": "a"}', "{"])
async def test_what_is_no_upload_is_not_handed_over(text: str) -> None:
    with pytest.raises(Vanished):
        await said(records.hand_over, kept(), text)
