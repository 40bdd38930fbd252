from collections.abc import Sequence

import pytest

from dialogs.admin import DIALOGS, admin, needs
from dialogs.attachments import Handover
from dialogs.cards import Card, Row
from dialogs.changes import Buried, Exported, Forgotten, Held, Ruled
from dialogs.errors import AssistantError, NotUnderstood, OnHold, Personal, Senseless, Unfinished
from dialogs.ports import Desk
from dialogs.shelves import Report
from dialogs.talk import Answer, PlaceKind
from tests.dialogs.desk import FakeOffice, ScriptedModel, a_desk, an_ask, notes, parts, shown

BERT = "a0000000-0000-4000-8000-000000000002"
HEAD = Row(("Key", "When"), head=True)
FILE = Handover("key", "export.json", 7)


def report(title: str, *rows: tuple[str, ...]) -> Report:
    return Report(title, (HEAD, *map(Row, rows)))


@pytest.fixture
def office() -> FakeOffice:
    names = ("overview", "usage", "audit", "filters", "feedback", "holds", "dead", "rules", "find")
    return FakeOffice({name: report(f"about {name}", ("a1b2", "today")) for name in names}, (FILE,))


def desk(office: FakeOffice) -> Desk:
    return a_desk(ScriptedModel(), office=office)


async def said(office: FakeOffice, text: str, **fields: str) -> Answer:
    return await shown(admin, an_ask(text, PlaceKind.PERSONAL, fields=fields), desk(office))


def card(answer: Answer) -> Card:
    (found,) = answer.cards
    return found


async def test_the_first_card_shows_how_things_stand_and_leads_to_every_report(office: FakeOffice) -> None:
    found = card(await said(office, ""))
    assert found.title == "about overview"
    assert [button.text.removeprefix("admin ") for button in found.buttons] == [
        "usage",
        "audit",
        "filters",
        "feedback",
        "dead",
        "rules",
        "holds",
    ]


@pytest.mark.parametrize("name", ["usage", "audit", "filters", "feedback", "holds"])
async def test_a_report_is_shown_as_the_office_has_it(office: FakeOffice, name: str) -> None:
    found = card(await said(office, f"{name} 7"))
    assert (found.title, found.rows[1].cells) == (f"about {name}", ("a1b2", "today"))
    assert office.asked == [(name, "7")]


@pytest.mark.parametrize("text", ["usage?", "Usage", " usage ."])
async def test_a_command_is_known_however_it_is_typed(office: FakeOffice, text: str) -> None:
    assert card(await said(office, text)).title == "about usage"


async def test_a_dead_letter_can_be_tried_again_or_emptied_by_a_button_that_nobody_else_sees(
    office: FakeOffice,
) -> None:
    head, row = card(await said(office, "dead")).rows
    assert head.buttons == ()
    assert [(each.text, each.quiet, each.grave) for each in row.buttons] == [
        ("admin dead retry a1b2", True, False),
        ("admin dead drop a1b2", True, True),
    ]


@pytest.mark.parametrize(("verb", "again"), [("retry", True), ("drop", False)])
async def test_dead_letters_are_buried_as_told(office: FakeOffice, verb: str, again: bool) -> None:
    answer = await said(office, f"dead {verb} a1 b2")
    assert answer.changes == (Buried("a1", again), Buried("b2", again))
    assert office.asked == [("dead", "a1"), ("dead", "b2")]


async def test_the_rules_come_with_a_form_to_change_them(office: FakeOffice) -> None:
    found = card(await said(office, "rules"))
    assert [(each.id, each.kind) for each in found.fields] == [("rule", "choice"), ("value", "line")]
    assert [choice.value for choice in found.fields[0].choices] == ["a1b2"]
    assert [(each.text, each.quiet) for each in found.buttons] == [("admin rules set", True)]


async def test_a_rule_is_set_after_the_office_has_looked_at_it(office: FakeOffice) -> None:
    answer = await said(office, "rules set price.Chat 0.25/2.00 EUR")
    assert answer.changes == (Ruled("price.Chat", "0.25/2.00 EUR"),)
    assert office.asked == [("rule", "price.Chat", "0.25/2.00 EUR")]


async def test_a_rule_is_set_by_what_was_filled_in(office: FakeOffice) -> None:
    answer = await said(office, "rules set", rule="queue", value="4")
    assert answer.changes == (Ruled("queue", "4"),)


async def test_a_rule_is_taken_back(office: FakeOffice) -> None:
    assert (await said(office, "rules unset queue")).changes == (Ruled("queue", None),)
    assert office.asked == [("rule", "queue")]


async def test_a_rule_that_makes_no_sense_is_refused_with_the_reason(office: FakeOffice) -> None:
    office.refuses = Senseless("queue is a whole number.")
    with pytest.raises(NotUnderstood, match="whole number"):
        await said(office, "rules set queue many")


async def test_erasing_asks_first_and_shows_what_there_is(office: FakeOffice) -> None:
    answer = await said(office, f"erase {BERT.upper()}")
    (button,) = card(answer).buttons
    assert (button.text, button.quiet, button.grave) == (f"admin erase {BERT} yes", True, True)
    assert answer.changes == ()
    assert "What is erased cannot be brought back." in card(answer).lines
    assert office.asked == [("erase", BERT), ("find", BERT)]


async def test_a_person_is_erased_when_that_is_confirmed(office: FakeOffice) -> None:
    answer = await said(office, f"erase {BERT} yes")
    assert answer.changes == (Forgotten(BERT),)
    assert BERT not in answer.text


async def test_the_receipt_of_an_erasure_says_when_what_is_gone_and_what_remains(office: FakeOffice) -> None:
    head = Row(("What", "Rows"), head=True)
    office.reports["find"] = Report(
        "Kept", (head, Row(("history", "3")), Row(("audit", "9")), Row(("legal_holds", "1")))
    )
    receipt = card(await said(office, f"erase {BERT} yes"))
    assert (receipt.title, receipt.rows) == ("Erased on Sat 21 Nov 10:00", (head, Row(("history", "3"))))
    assert receipt.foot[0].startswith("What remains:") and not receipt.buttons


async def test_where_only_rows_that_stay_were_left_the_receipt_says_so_instead_of_a_table(office: FakeOffice) -> None:
    office.reports["find"] = Report("Kept", (Row(("What", "Rows"), head=True), Row(("audit", "9"))))
    answer = await said(office, f"erase {BERT} yes")
    assert (answer.text, card(answer).rows) == ("I keep nothing of that person any more.", ())
    assert card(answer).lines[-1].startswith("Only rows that stay were left of that person")


async def test_nobody_is_erased_while_something_is_under_way_for_them(office: FakeOffice) -> None:
    office.busy = 1
    with pytest.raises(Unfinished):
        await said(office, f"erase {BERT} yes")


async def test_what_a_hold_keeps_is_not_erased(office: FakeOffice) -> None:
    office.refuses = OnHold()
    with pytest.raises(OnHold):
        await said(office, f"erase {BERT} yes")


async def test_an_export_is_handed_to_the_administrator(office: FakeOffice) -> None:
    assert (await said(office, f"export {BERT}")).handovers == (FILE,)
    assert office.asked == [("export", BERT), ("export", BERT)]


async def test_an_export_is_noted_with_whom_it_is_about(office: FakeOffice) -> None:
    assert (await said(office, f"export {BERT}")).changes == (Exported(BERT),)


async def test_an_export_says_how_far_it_is(office: FakeOffice) -> None:
    office.progress = (1, 1200)
    found = await parts(admin, an_ask(f"export {BERT}", PlaceKind.PERSONAL), desk(office))
    assert notes(found) == ["Writing down 1 entry…", "Writing down 1200 entries…"]


@pytest.mark.parametrize(("verb", "on"), [("hold", True), ("lift", False)])
async def test_a_hold_is_placed_and_lifted(office: FakeOffice, verb: str, on: bool) -> None:
    assert (await said(office, f"{verb} {BERT}")).changes == (Held(BERT, on),)
    assert office.asked == [(verb, BERT)]


@pytest.mark.parametrize("kind", [PlaceKind.GROUP, PlaceKind.CHANNEL])
@pytest.mark.parametrize("verb", sorted(DIALOGS))
async def test_nothing_of_it_is_done_among_others(office: FakeOffice, kind: PlaceKind, verb: str) -> None:
    with pytest.raises(Personal):
        await shown(admin, an_ask(f"{verb} {BERT}", kind), desk(office))
    assert office.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "everything",
        "dead retry",
        "dead burn a1",
        "rules set",
        "rules set queue",
        "rules unset queue 4",
        "rules change queue 4",
        "erase",
        f"erase {BERT} now",
        f"erase {BERT} {BERT}",
        f"hold {BERT} yes",
        "export",
        "lift",
    ],
)
async def test_what_makes_no_sense_changes_nothing(office: FakeOffice, text: str) -> None:
    with pytest.raises(NotUnderstood) as met:
        await said(office, text)
    assert met.value.detail
    assert office.asked == []


READ = ("", "usage", "usage 7", "AUDIT 10", "filters", "feedback", "holds")
CHANGE = (
    "dead",
    "dead retry a1",
    "rules",
    "rules set queue 4",
    f"erase {BERT}",
    f"export {BERT}",
    f"hold {BERT}",
    f"lift {BERT}",
    "anything else",
)


@pytest.mark.parametrize(
    ("rest", "role"), [*((rest, "auditor") for rest in READ), *((rest, "admin") for rest in CHANGE)]
)
def test_what_changes_or_hands_out_anything_takes_an_administrator(rest: str, role: str) -> None:
    assert needs(rest) == role


@pytest.mark.parametrize("verb", sorted(DIALOGS))
async def test_no_command_that_an_auditor_has_changes_anything(office: FakeOffice, verb: str) -> None:
    attempts: Sequence[str] = (verb, f"{verb} {BERT}", f"{verb} {BERT} yes", f"{verb} set queue 4", f"{verb} retry a1")
    for text in attempts:
        try:
            answer = await said(office, text)
        except AssistantError:
            continue
        assert needs(text) == "admin" or not (answer.changes or answer.handovers)
