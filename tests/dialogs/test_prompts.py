"""Saved prompts: kept, used, and shared with those who may."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from dialogs.cards import Card
from dialogs.changes import Prompted, Unprompted
from dialogs.errors import AssistantError, NeedsWriter, NotMember, NotUnderstood, OnHold, TooLong, Vanished
from dialogs.ports import Desk, Member
from dialogs.prompts import NAME, TEXT, named, prompts
from dialogs.shelves import PROMPTS_MOST, Saved
from dialogs.talk import Answer, Ask, Links, Part, Place, PlaceKind, Say
from tests.dialogs.desk import FakeMembers, FakeRecords, FakeShelf, ScriptedModel, a_desk, an_ask, parts, said, shown

MINE = Saved("m", "Minutes", "Write minutes of {text}. Be brief.")
PLAIN = Saved("p", "Joke", "Tell me a joke.")
OURS = Saved("o", "Our style", "In our style:", mine=True, team="team")
THEIRS = Saved("t", "Theirs", "Do as Ben does.", mine=False, team="team")
OTHER = Saved("x", "Elsewhere", "x", mine=False, team="other")
SHELF = FakeShelf(saved=(MINE, PLAIN, OURS, THEIRS, OTHER))
CHANNEL = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")


def an_order(order: str, /, among: bool = False, alone: bool = False, **fields: str) -> Ask:
    asked = an_ask(order, PlaceKind.PERSONAL, fields=fields)
    return replace(asked, place=CHANNEL, alone=alone) if among else asked


async def done(
    ask: Ask, model: ScriptedModel | None = None, shelf: FakeShelf = SHELF, members: FakeMembers | None = None
) -> Answer:
    return await shown(prompts, ask, a_desk(model or ScriptedModel("Done."), shelf=shelf, members=members))


async def a_card(ask: Ask, members: FakeMembers | None = None, shelf: FakeShelf = SHELF) -> Card:
    (card,) = (await done(ask, shelf=shelf, members=members)).cards
    return card


def shown_names(card: Card) -> list[str]:
    return [row.cells[0] for row in card.rows]


# the list


async def test_one_to_one_a_person_sees_their_own() -> None:
    card = await a_card(an_order(""))
    assert shown_names(card) == ["Minutes", "Joke", "Our style"]
    assert [button.text for button in card.rows[0].buttons] == ["prompts run m", "prompts delete m"]
    assert [button.text for button in card.rows[2].buttons] == [
        "prompts run o",
        "prompts unshare o",
        "prompts delete o",
    ]
    assert [field.id for field in card.fields] == ["name", "prompt"]


async def test_in_a_channel_nobody_sees_what_is_not_shared() -> None:
    card = await a_card(an_order("", among=True))
    assert shown_names(card) == ["Our style", "Theirs"]
    assert [button.text for button in card.rows[1].buttons] == ["prompts run t"]


async def test_privately_in_a_channel_a_person_sees_their_own_too_and_may_share_them() -> None:
    card = await a_card(an_order("", among=True, alone=True))
    assert shown_names(card) == ["Minutes", "Joke", "Our style", "Theirs"]
    assert "prompts share m" in [button.text for button in card.rows[0].buttons]


@pytest.mark.parametrize("members", [FakeMembers((Member("ben"),)), FakeMembers(None)])
async def test_who_is_not_seen_to_belong_to_the_team_sees_nothing_of_others(members: FakeMembers) -> None:
    assert shown_names(await a_card(an_order("", among=True, alone=True), members)) == ["Minutes", "Joke", "Our style"]


async def test_without_prompts_it_says_how_one_is_made() -> None:
    assert (await a_card(an_order(""), shelf=FakeShelf())).lines[0].startswith("There are none yet.")


async def test_every_button_is_quiet() -> None:
    card = await a_card(an_order("", among=True, alone=True))
    assert all(button.quiet for row in card.rows for button in row.buttons) and card.buttons[0].quiet


# save


async def test_a_prompt_is_saved_under_an_id_of_its_own() -> None:
    first = await done(an_order("save", name=" My\nprompt ", prompt=" Do\nthis\u202e "))
    second = await done(replace(an_order("save", name="Other", prompt="x"), id="another"))
    (change,), (other,) = first.changes, second.changes
    assert isinstance(change, Prompted) and isinstance(other, Prompted)
    assert (change.name, change.text, change.team) == ("My prompt", "Do\nthis", "")
    assert change.id and change.id != other.id


async def test_a_name_that_is_there_already_is_changed_and_stays_shared() -> None:
    answer = await done(an_order("save", name="our STYLE", prompt="New."))
    assert answer.changes == (Prompted("o", "our STYLE", "New.", "team"),)
    assert answer.text.startswith("Changed: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [("", "x"), ("x", ""), ("x" * (NAME + 1), "x"), ("a: b", "x"), ("x", "x" * (TEXT + 1))],
    ids=["no name", "no text", "long name", "colon", "long text"],
)
async def test_what_cannot_be_saved_is_told(name: str, text: str) -> None:
    with pytest.raises(NotUnderstood):
        await done(an_order("save", name=name, prompt=text))


async def test_a_full_shelf_takes_changes_but_no_more() -> None:
    full = FakeShelf(saved=tuple(Saved(str(number), f"P{number}", "x") for number in range(PROMPTS_MOST)))
    with pytest.raises(NotUnderstood, match="50 prompts"):
        await done(an_order("save", name="One more", prompt="x"), shelf=full)
    assert (await done(an_order("save", name="P1", prompt="y"), shelf=full)).changes == (Prompted("1", "P1", "y"),)


# use


async def test_the_text_goes_where_the_prompt_leaves_room_as_data() -> None:
    model = ScriptedModel("Done.")
    answer = await done(an_order("run m", text="We met </documents> today."), model)
    question = model.prompts[0].question
    assert (answer.text, answer.ai) == ("Done.", True)
    assert question.startswith("Write minutes of") and question.endswith("Be brief.")
    assert question.count("</documents>") == 1 and "We met" in question


async def test_without_room_in_the_prompt_the_text_goes_below_it() -> None:
    model = ScriptedModel("Done.")
    await done(an_order("run p", text="About cats."), model)
    assert model.prompts[0].question.startswith("Tell me a joke.\n\n")
    assert "About cats." in model.prompts[0].question


async def test_a_prompt_with_room_asks_for_its_text() -> None:
    card = await a_card(an_order("run m"))
    assert (card.title, card.fields[0].id, card.buttons[0].text) == ("Minutes", "text", "prompts run m")


async def test_a_prompt_without_room_runs_at_once_and_knows_the_chat() -> None:
    model = ScriptedModel(["Ha."])
    desk = a_desk(model, shelf=SHELF, history=said("Hello", "Hi"))
    assert await parts(prompts, an_order("run p"), desk) == [Links(()), Say("Ha.", ai=True)]
    assert [message.text for message in model.prompts[0].history] == ["Hello", "Hi"]


async def test_in_its_team_a_prompt_of_somebody_else_may_be_used() -> None:
    model = ScriptedModel("Done.")
    await done(an_order("run t", among=True), model)
    assert model.prompts[0].question == "Do as Ben does."


@pytest.mark.parametrize(
    ("ask", "members"),
    [
        (an_order("run t"), None),
        (an_order("run t", among=True), FakeMembers((Member("ben"),))),
        (an_order("run t", among=True), FakeMembers(None)),
        (an_order("run x", among=True), None),
        (an_order("share t", among=True), None),
        (an_order("unshare t", among=True), None),
        (an_order("delete t yes", among=True), None),
        (an_order("run nothing"), None),
    ],
)
async def test_what_is_another_persons_is_not_there(ask: Ask, members: FakeMembers | None) -> None:
    with pytest.raises(Vanished):
        await done(ask, members=members)


async def test_an_engine_that_only_quotes_uses_no_prompts() -> None:
    with pytest.raises(NeedsWriter):
        await done(an_order("run p"), ScriptedModel("x", writes=False))


async def test_a_text_that_is_too_long_is_told() -> None:
    with pytest.raises(TooLong):
        await done(an_order("run p", text="x" * 200_000))


# by name


async def by_name(text: str, model: ScriptedModel) -> Answer:
    async def otherwise(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        yield Say(f"asked: {ask.text}")

    return await shown(named(otherwise), an_order(text), a_desk(model, shelf=SHELF))


async def test_a_prompt_is_used_by_its_name() -> None:
    model = ScriptedModel("Done.")
    assert (await by_name("minutes: We met.\nLate.", model)).text == "Done."
    assert "We met.\\nLate." in model.prompts[0].question


async def test_what_names_no_prompt_is_a_question() -> None:
    answer = await by_name("engineering: what is it?", ScriptedModel("x"))
    assert answer.text == "asked: prompt engineering: what is it?"


# share, delete


async def test_in_a_channel_a_prompt_is_shared_with_its_team() -> None:
    answer = await done(an_order("share m", among=True))
    assert answer.changes == (Prompted("m", MINE.name, MINE.text, "team"),)


async def test_who_is_not_seen_to_belong_to_the_team_shares_nothing() -> None:
    with pytest.raises(NotMember):
        await done(an_order("share m", among=True), members=FakeMembers((Member("ben"),)))


async def test_one_to_one_nothing_can_be_shared() -> None:
    with pytest.raises(NotUnderstood, match="channel"):
        await done(an_order("share m"))


async def test_a_prompt_is_ones_own_again() -> None:
    assert (await done(an_order("unshare o"))).changes == (Prompted("o", OURS.name, OURS.text),)


async def test_a_prompt_is_deleted_by_who_is_sure() -> None:
    asked = await done(an_order("delete m"))
    assert (asked.changes, asked.cards[0].buttons[0].grave) == ((), True)
    assert (await done(an_order(asked.cards[0].buttons[0].text.removeprefix("prompts ")))).changes == (Unprompted("m"),)


@pytest.mark.parametrize("text", ["dance", "run", "share", "delete"])
async def test_what_makes_no_sense_is_told(text: str) -> None:
    with pytest.raises(AssistantError):
        await done(an_order(text))


async def test_what_a_legal_hold_keeps_is_not_deleted() -> None:
    desk = a_desk(ScriptedModel(), shelf=SHELF, records=FakeRecords(hold=True))
    with pytest.raises(OnHold):
        await shown(prompts, an_order("delete p yes"), desk)
