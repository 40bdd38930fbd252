"""Places that are asked for by name in the personal chat."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs import choice
from dialogs.abroad import Command, Sign, elsewhere
from dialogs.answer import answer
from dialogs.cards import Card
from dialogs.errors import NeedsSignIn, NothingThere, NotMember, Unavailable, Unreadable
from dialogs.ports import Found, Wish
from dialogs.summary import LAST, summarise
from dialogs.talk import Answer, Message, Person, Place, PlaceKind, Scope, Share, Window
from tests.dialogs.desk import (
    NOW,
    START,
    FakeCalendar,
    FakeDirectory,
    FakeHistory,
    FakeMemory,
    FakeThreads,
    ScriptedModel,
    a_desk,
    a_point,
    a_summary,
    an_ask,
    parts,
    shown,
    thread,
)

MONDAY = Window(START)
CALENDAR = FakeCalendar(
    {
        **dict.fromkeys(("since monday", "last week", "月曜から", "月曜からの"), Wish(MONDAY)),
        "in german": Wish(language="de"),
    }
)
INCIDENTS = Place(PlaceKind.CHANNEL, "19:i", "team", "19:i", name="#incidents in Engineering")
SALES = Place(PlaceKind.CHANNEL, "19:s", "other", "19:s", name="#sales in Commercial")
FALCON = Place(PlaceKind.GROUP, "19:f", name="Chat: Project Falcon")
CREW = Place(PlaceKind.GROUP, "19:l", name="Chat: Launch crew")
KAIHATSU = Place(PlaceKind.CHANNEL, "19:k", "team", "19:k", name="新製品の開発")
POSTS = thread(("Anna Weber", "We move the launch to 3 March."))
SAYS = a_summary(
    key_points=[a_point("The launch moves to 3 March.", "m1")],
    decisions=[a_point("The launch moves to 3 March.", "m1")],
)
KNOWN = {
    "#incidents in Engineering": [INCIDENTS],
    "Project Falcon": [FALCON],
    "Launch crew": [CREW],
    "#sales in Commercial": [SALES],
    "新製品の開発": [KAIHATSU],
    "#新製品の開発": [KAIHATSU],
}


class Personal:
    """A personal chat, and everything that was looked at for it."""

    def __init__(self, says: str = SAYS, directory: FakeDirectory | None = None) -> None:
        self.model = ScriptedModel(says)
        self.directory = directory or FakeDirectory(dict(KNOWN))
        self.abroad = FakeThreads(POSTS)
        self.here = FakeThreads(error=NotMember())
        self.memory = FakeMemory()
        self.history = FakeHistory()

    async def says(self, text: str) -> Answer:
        ask = an_ask(text, PlaceKind.PERSONAL)
        desk = a_desk(
            self.model,
            self.here,
            self.history,
            calendar=CALENDAR,
            memory=self.memory,
            directory=self.directory,
            abroad=self.abroad,
        )
        return await shown(choice.choose(ask, CALENDAR, NOW), ask, desk)


@pytest.mark.parametrize(
    ("typed", "place", "window"),
    [
        ("summarise #incidents in Engineering since Monday", INCIDENTS, MONDAY),
        ("summarise the channel #incidents in Engineering since Monday", INCIDENTS, MONDAY),
        ("summarise Launch crew", CREW, Window(last=LAST)),
        ("summarise the Launch crew chat since Monday", CREW, MONDAY),
        ("decisions in Launch crew last week", CREW, MONDAY),
        ("what was said about pricing in #sales in Commercial since Monday?", SALES, MONDAY),
        ("what was said about the launch in Launch crew", CREW, Window(last=LAST)),
        ("catch me up on Project Falcon since Monday", FALCON, MONDAY),
        ("Engineeringの#incidentsを月曜から要約して", INCIDENTS, MONDAY),
        ("「#incidents in Engineering」を要約して、月曜から", INCIDENTS, MONDAY),
        ("月曜からの「Launch crew」のチャットを要約してください", CREW, MONDAY),
        ("新製品の開発チャネルの決定事項を教えて", KAIHATSU, Window(NOW - timedelta(hours=24))),
        ("新製品の開発を月曜から要約", KAIHATSU, MONDAY),
        ("月曜からのProject Falconの見逃した内容", FALCON, MONDAY),
        ("summarise #新製品の開発 月曜から", KAIHATSU, MONDAY),
    ],
)
async def test_a_place_that_is_named_is_read_with_the_persons_own_rights(
    typed: str, place: Place, window: Window
) -> None:
    chat = Personal()
    await chat.says(typed)
    assert (chat.abroad.places, chat.abroad.windows) == ([place], [window])
    assert chat.here.places == []


async def test_the_heading_names_the_place() -> None:
    answer = await Personal().says("summarise #incidents in Engineering since Monday")
    assert answer.text.startswith(r"**\#incidents in Engineering since Mon 16 Nov 09:00 (UTC)**")


async def test_of_a_channel_without_a_window_the_last_day_is_read() -> None:
    chat = Personal()
    await chat.says("summarise #incidents in Engineering")
    assert chat.abroad.windows == [Window(NOW - timedelta(hours=24))]


async def test_a_subject_before_the_name_is_what_is_looked_for() -> None:
    chat = Personal()
    answer = await chat.says("what was said about pricing in #sales in Commercial")
    assert chat.model.prompts[0].question == "pricing" or "pricing" in answer.text


async def test_a_catch_up_goes_from_visit_to_visit_wherever_it_is_asked_for() -> None:
    chat = Personal()
    chat.memory.visits[FALCON.home] = START
    answer = await chat.says("catch me up on Project Falcon")
    assert chat.abroad.windows == [Window(START, NOW)]
    assert answer.visit is not None and answer.visit.home == FALCON.home
    assert answer.text.startswith("**Chat: Project Falcon · Since your last visit, Mon 16 Nov 09:00**")


async def test_a_catch_up_with_nothing_new_names_the_place() -> None:
    chat = Personal()
    chat.abroad = FakeThreads()
    assert "**Chat: Project Falcon**" in (await chat.says("catch me up on Project Falcon")).text


async def test_where_nothing_was_written_the_place_is_named() -> None:
    chat = Personal()
    chat.abroad = FakeThreads()
    with pytest.raises(NothingThere) as nothing:
        await chat.says("summarise Launch crew")
    assert "Chat: Launch crew" in nothing.value.detail


async def test_an_answer_stays_in_the_personal_chat() -> None:
    ask = an_ask("summarise #incidents in Engineering", PlaceKind.PERSONAL)
    desk = a_desk(
        ScriptedModel(SAYS), calendar=CALENDAR, directory=FakeDirectory(dict(KNOWN)), abroad=FakeThreads(POSTS)
    )
    found = await parts(choice.choose(ask, CALENDAR, NOW), ask, desk)
    assert not any(isinstance(part, Share | Card) for part in found)


async def test_a_question_that_follows_reads_the_same_place_with_the_same_rights() -> None:
    chat = Personal("It moves. [m1]")
    scope = Scope(INCIDENTS, MONDAY)
    chat.history = FakeHistory((Message("user", "summarise"), Message("assistant", "It moves.", scope)))
    answer = await chat.says("When exactly?")
    assert chat.abroad.places == [INCIDENTS]
    assert answer.scope == scope


async def test_a_question_after_a_digest_is_answered_for_a_member_who_gave_no_rights_of_their_own() -> None:
    chat = Personal("It moves. [m1]")
    chat.abroad, chat.here = FakeThreads(error=NeedsSignIn()), FakeThreads(POSTS)
    chat.history = FakeHistory((Message("assistant", "It moves.", Scope(CREW, MONDAY)),))
    assert (await chat.says("When exactly?")).cites


async def test_a_question_about_a_place_abroad_asks_for_a_new_sign_in_where_that_helps() -> None:
    chat = Personal()
    chat.abroad = FakeThreads(error=NeedsSignIn())
    chat.history = FakeHistory((Message("assistant", "It moves.", Scope(INCIDENTS, MONDAY)),))
    with pytest.raises(NeedsSignIn):
        await chat.says("When exactly?")


async def test_what_may_no_longer_be_read_is_said_and_the_chat_goes_on() -> None:
    chat = Personal("As I said.")
    chat.abroad = FakeThreads(error=Unreadable())
    chat.history = FakeHistory((Message("assistant", "It moves.", Scope(INCIDENTS, MONDAY)),))
    assert "I could not read those messages again" in (await chat.says("When exactly?")).text


# several, and none


async def test_where_several_places_fit_each_has_a_button_with_the_whole_command() -> None:
    others = [replace(INCIDENTS, conversation="19:o", channel="19:o", name="#incidents in Sales")]
    chat = Personal(directory=FakeDirectory({"#incidents": [INCIDENTS, *others]}))
    answer = await chat.says("summarise #incidents since Monday")
    assert [button.text for button in answer.cards[0].buttons] == [
        "summarise #incidents in Engineering since Monday",
        "summarise #incidents in Sales since Monday",
    ]
    assert chat.abroad.places == []


async def test_a_button_keeps_the_subject() -> None:
    chat = Personal(directory=FakeDirectory({"#sales": [SALES, INCIDENTS]}))
    answer = await chat.says("what was said about pricing in #sales last week")
    assert answer.cards[0].buttons[0].text == "what was said about pricing in #sales in Commercial last week"


async def test_of_many_places_six_are_offered_and_the_others_counted() -> None:
    many = [
        replace(INCIDENTS, conversation=f"19:{n}", channel=f"19:{n}", name=f"#incidents in Team {n}") for n in range(9)
    ]
    answer = await Personal(directory=FakeDirectory({"#incidents": many})).says("summarise #incidents")
    assert len(answer.cards[0].buttons) == 6
    assert answer.cards[0].lines == ("And 3 more: write more of the name.",)


async def test_a_button_leads_to_its_place() -> None:
    chat = Personal(directory=FakeDirectory({"#sales": [SALES, INCIDENTS], SALES.name: [SALES]}))
    button = (await chat.says("summarise #sales since Monday")).cards[0].buttons[0]
    await chat.says(button.text)
    assert chat.abroad.places == [SALES]


@pytest.mark.parametrize("typed", ["summarise #nowhere in Engineering since Monday", "catch me up on #nowhere"])
async def test_a_place_that_is_not_found_is_named_and_what_could_be_said(typed: str) -> None:
    chat = Personal()
    answer = await chat.says(typed)
    assert "I found no channel, group chat or meeting called **\\#nowhere" in answer.text
    assert "I only look through what you belong to yourself." in answer.text
    assert chat.model.prompts == []


async def test_a_name_is_shown_as_text() -> None:
    answer = await Personal().says("catch me up on [here](https://evil.example)")
    assert "https://" not in answer.text


@pytest.mark.parametrize(
    "typed",
    [
        "summarise the rise of Rome",
        "summarise Hamlet",
        "decisions in Berlin are hard",
        "what was said about tea in Boston",
    ],
)
async def test_a_question_that_only_looks_like_a_place_is_answered(typed: str) -> None:
    chat = Personal("A good question.")
    assert (await chat.says(typed)).text == "A good question."
    assert chat.model.prompts[0].question == typed


@pytest.mark.parametrize("error", [NeedsSignIn(), Unreadable(), Unavailable()])
async def test_a_question_is_answered_also_where_nothing_can_be_looked_up(error: Exception) -> None:
    chat = Personal("A good question.", FakeDirectory(error=error))  # type: ignore[arg-type]
    assert (await chat.says("summarise Hamlet in German")).text == "A good question."


class Hanging(FakeDirectory):
    """Never comes to an end."""

    async def find(self, person: Person, names: Sequence[str]) -> tuple[Found, ...]:
        await asyncio.Event().wait()
        return ()


async def test_a_question_does_not_wait_long_for_places_it_may_mean() -> None:
    dialog = elsewhere(Command("summarise", summarise), Sign.GUESS, answer, patience=0.01)
    ask = an_ask("Hamlet", PlaceKind.PERSONAL)
    found = await shown(dialog, ask, a_desk(ScriptedModel("A good question."), directory=Hanging()))
    assert found.text == "A good question."


async def test_a_name_that_is_guessed_at_must_be_right() -> None:
    chat = Personal("A good question.", FakeDirectory({"Hamlet*": [FALCON]}))
    assert (await chat.says("summarise Hamlet")).text == "A good question."


@pytest.mark.parametrize("error", [NeedsSignIn, Unreadable, Unavailable])
@pytest.mark.parametrize("typed", ["summarise #incidents in Engineering", "catch me up on Project Falcon"])
async def test_where_a_place_is_meant_for_certain_a_failure_is_told(
    error: type[NeedsSignIn | Unreadable | Unavailable], typed: str
) -> None:
    with pytest.raises(error):
        await Personal(directory=FakeDirectory(error=error())).says(typed)


async def test_a_name_that_ends_like_a_window_is_asked_for_whole_first() -> None:
    chat = Personal()
    await chat.says("catch me up on Standup last week")
    [names] = chat.directory.asked
    assert names.index("Standup last week") < names.index("Standup")


async def test_the_language_may_be_named_behind_the_place() -> None:
    chat = Personal()
    await chat.says("summarise #incidents in Engineering in German")
    assert {prompt.language for prompt in chat.model.prompts} == {"de"}
    assert chat.abroad.places == [INCIDENTS]
