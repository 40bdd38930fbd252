"""The speaker through the real adapter, against the double that enforces Teams' rules, in a time of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise

import aiohttp
import pytest
from botbuilder.core import TurnContext

from bot.limits import MESSAGE_BYTES
from bot.teams.adapter import Adapter
from bot.teams.errors import Rejected
from bot.teams.refusals import TRIES
from bot.teams.render import prefix
from bot.teams.speaker import Speaker
from dialogs.errors import Gone, Unavailable
from dialogs.sources import CITATIONS
from dialogs.talk import Answer, Button, Card, Cite, Note, Place, PlaceKind, Say, grow
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.world.activities import message
from tests.world.chat import Chat, Shown
from tests.world.door import Call
from tests.world.faults import Hang, accepted, drop, refused, status, throttled
from tests.world.people import ADA, GROUP, THREAD, Room, personal
from tests.world.teams import TeamsDouble

HOME = personal(ADA)
NONE: frozenset[str] = frozenset()
TEXT = """\
**Three** points came up, of which *two* are open [1].

- Anna ships the release on Friday
- Bruno asks `legal` about it [2]

```python
print("shipped")
```

That is all."""
CITES = (
    Cite(1, "Anna, Monday", "We ship.", "https://teams.example/1"),
    Cite(2, "Bruno, Monday", "I ask.", "https://teams.example/2"),
)
ANSWER = Answer(TEXT, ai=True, cites=CITES)
CARD = Card("Try it", ("one", "two"), (Button("Help", "help"),))

Act = Callable[[Speaker], Awaitable[None]]


@dataclass
class Stage:
    """A speaker's turns in one conversation, and what a person sees there."""

    teams: TeamsDouble
    clock: Clock
    adapter: Adapter
    drawn: list[Shown] = field(default_factory=list)
    room: Room = HOME

    async def turn(self, act: Act, placeholder: str | None = None) -> None:
        place = Place(PlaceKind(self.room.kind), self.room.conversation)

        async def within(context: TurnContext) -> None:
            async with Speaker(
                context, place, placeholder=placeholder, clock=self.clock.seconds, pause=self.clock.pause
            ) as speaker:
                await act(speaker)

        await self.adapter.turn(message(self.room, ADA, "hello", service=self.teams.url), within)

    @property
    def times(self) -> list[float]:
        """When the picture changed."""
        return [one.at for one in self.drawn]

    @property
    def chat(self) -> Chat:
        return self.teams.chat(self.room.conversation)

    async def shows(self, text: str) -> None:
        await self.teams.until(lambda: bool(len(self.chat)) and self.chat.last.text == text)


@pytest.fixture
async def stage(clock: Clock, session: aiohttp.ClientSession) -> AsyncIterator[Stage]:
    drawn: list[Shown] = []

    def heard(conversation: str, shown: Shown) -> None:
        drawn.append(shown)

    async with TeamsDouble(clock=clock.seconds, heard=heard) as teams:
        yield Stage(teams, clock, speech(session, clock, teams.url).adapter, drawn)


def said(text: str, *, ai: bool = True) -> list[Say]:
    """The text as a model says it."""
    return [Say(f"{word} ", ai) for word in text.split(" ")]


def final(call: Call) -> bool:
    return b'"final"' in call.body


def growing(call: Call) -> bool:
    return b'"streaming"' in call.body


async def idle() -> None:
    """Lets every task do what it can."""
    for _ in range(50):
        await asyncio.sleep(0)


async def spoken(speaker: Speaker) -> None:
    """A whole answer at once."""
    await speaker.open("Thinking…")
    await speaker.close(ANSWER)


# a personal chat: a stream


async def test_a_streamed_answer_grows_and_is_never_taken_back(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        answer = Answer()
        for part in said(TEXT):
            await speaker.add(part)
            answer = grow(answer, part)
            sure = prefix(answer.text, NONE)
            if sure:
                await stage.shows(sure)
        await speaker.close(ANSWER)

    await stage.turn(act)
    (shown,) = stage.chat
    assert len(shown.steps) > 10
    assert all(later.startswith(earlier) for earlier, later in pairwise((*shown.steps[1:], shown.text)))
    assert (shown.text, shown.edits, shown.streaming) == (TEXT, (), False)


async def test_between_two_steps_a_second_passes(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for text in ("One ", "two ", "three "):
            await speaker.add(Say(text))
            await stage.shows((stage.chat.last.text.replace("Thinking…", "") + " " + text).strip())
        await speaker.close(Answer("One two three four"))

    await stage.turn(act)
    assert len(stage.times) == 5
    assert all(later - earlier >= 1 for earlier, later in pairwise(stage.times))


async def test_what_is_heard_while_a_step_is_under_way_is_shown_in_one_step(stage: Stage) -> None:
    hang = stage.teams.faults.add(Hang(), of="send", when=growing)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One "))
        await hang.reached.wait()
        for number in range(200):
            await speaker.add(Say(f"{number} "))
        hang.release()
        await stage.shows(" ".join(["One", *map(str, range(200))]))

    await stage.turn(act)
    assert len(stage.chat.last.steps) == 3


async def test_what_is_heard_before_the_first_message_stands_is_shown_after_it(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.add(Say("Hello there, "))
        await speaker.open("Thinking…")
        await stage.shows("Hello there,")

    await stage.turn(act)
    assert stage.chat.last.steps == ("Thinking…", "Hello there,")


async def test_notes_are_shown_until_there_is_text(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Note("Reading 600 messages…"))
        await stage.shows("Reading 600 messages…")
        await speaker.add(Say("There are two. "))
        await stage.shows("There are two.")
        await speaker.add(Note("Still reading…"))
        await speaker.close(Answer("There are two."))

    await stage.turn(act)
    assert stage.chat.last.steps == ("Thinking…", "Reading 600 messages…", "There are two.")


async def test_label_citations_and_feedback_come_with_the_final_step(stage: Stage) -> None:
    await stage.turn(spoken)
    (shown,) = stage.chat
    assert (shown.ai, shown.feedback, len(shown.citations)) == (True, True, 2)


async def test_what_no_model_wrote_asks_for_no_feedback(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("Here is what I can do."))

    await stage.turn(act)
    assert (stage.chat.last.ai, stage.chat.last.feedback) == (False, False)


async def test_of_more_citations_than_teams_takes_the_first_are_sent(stage: Stage) -> None:
    numbers = range(1, CITATIONS + 2)
    cites = tuple(Cite(number, "Anna", "We ship.", "https://teams.example") for number in numbers)
    answer = Answer("".join(f"[{number}]" for number in numbers), ai=True, cites=cites)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(answer)

    await stage.turn(act)
    assert [one["position"] for one in stage.chat.last.citations] == list(range(1, CITATIONS + 1))


@pytest.mark.parametrize("room", [HOME, GROUP])
async def test_the_largest_citations_leave_room_for_the_text(stage: Stage, room: Room) -> None:
    stage.room = room
    numbers = range(1, CITATIONS + 1)
    cites = tuple(Cite(number, "t" * 300, "q" * 300, f"https://teams.example/{'x' * 470}") for number in numbers)
    marks = "".join(f"[{number}]" for number in numbers)
    answer = Answer(f"{marks} {'word ' * 20_000}", ai=True, cites=cites)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(answer)

    await stage.turn(act)
    assert len(stage.chat.messages[0].citations) == CITATIONS
    assert sum(text.count("word") for text in stage.chat.texts) == 20_000


async def test_a_stream_that_takes_too_long_is_given_up_for_an_update(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("This takes a "))
        await stage.shows("This takes a")
        stage.clock.turn(seconds=111)
        await speaker.add(Say("very long time "))
        await idle()
        await speaker.close(Answer("This takes a very long time indeed."))

    await stage.turn(act)
    (shown,) = stage.chat
    assert shown.steps == ("Thinking…", "This takes a")
    assert (shown.text, shown.edits) == ("This takes a very long time indeed.", ("This takes a",))


async def test_a_stream_that_teams_ended_first_is_completed_by_an_update(stage: Stage) -> None:
    late = refused(403, "ContentStreamNotAllowed", "Content stream finished due to exceeded streaming time.")
    stage.teams.faults.add(late, of="send", when=final)
    await stage.turn(spoken)
    assert [(one.text, one.streaming) for one in stage.chat] == [(TEXT, False)]


@pytest.mark.parametrize("steps", range(4))
async def test_after_stop_nothing_more_is_said(stage: Stage, steps: int) -> None:
    texts = ["One ", "two ", "three "][:steps]
    voices: list[Speaker] = []

    async def act(speaker: Speaker) -> None:
        voices.append(speaker)
        await speaker.open("Thinking…")
        for count, text in enumerate(texts, 1):
            await speaker.add(Say(text))
            await stage.shows("".join(texts[:count]).strip())
        stage.teams.stop(HOME.conversation)
        await speaker.add(Say("and more "))
        await speaker.close(Answer("One two three and more", cards=(CARD,)))

    await stage.turn(act)
    assert voices[0].stopped
    assert stage.chat.texts == ["".join(texts).strip() or "Thinking…"]


async def test_a_stop_is_learnt_from_the_next_step(stage: Stage) -> None:
    refusals = asyncio.Event()

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        stage.teams.stop(HOME.conversation)
        stage.teams.faults.add(_told(refusals), of="send")
        await speaker.add(Say("One two "))
        await refusals.wait()
        async with asyncio.timeout(5):
            while not speaker.stopped:
                await asyncio.sleep(0)

    await stage.turn(act)
    assert stage.chat.texts == ["Thinking…"]


def _told(event: asyncio.Event) -> Callable[..., Awaitable[aiohttp.web.StreamResponse]]:
    async def play(
        call: Call, answer: Callable[[Call], Awaitable[aiohttp.web.StreamResponse]]
    ) -> aiohttp.web.StreamResponse:
        event.set()
        return await answer(call)

    return play


async def test_an_answer_that_is_not_what_was_streamed_is_written_over_it(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("The secret is "))
        await stage.shows("The secret is")
        await speaker.close(Answer("The company's filter stopped this."))

    await stage.turn(act)
    ended = [(one.text, one.streaming) for one in stage.drawn[-2:]]
    assert ended == [("The secret is", False), ("The company's filter stopped this.", False)]


@pytest.mark.parametrize(
    "fault",
    [
        refused(403, "ContentStreamNotAllowed", "Content stream is not allowed"),
        refused(405, "MethodNotAllowed"),
        refused(400, "BadArgument", "Streaming api is not enabled"),
    ],
)
async def test_where_streams_are_not_allowed_a_message_is_written_over(stage: Stage, fault: object) -> None:
    stage.teams.faults.add(fault, of="send")  # type: ignore[type-var]
    await stage.turn(spoken)
    (shown,) = stage.chat
    assert (shown.text, shown.edits, shown.steps, shown.ai) == (TEXT, ("Thinking…",), (), True)


async def test_a_throttled_step_is_left_out_and_the_stream_goes_on_slower(stage: Stage) -> None:
    stage.teams.faults.add(throttled(1), of="send", when=growing, times=TRIES)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One two "))
        await stage.shows("One two")
        await speaker.close(Answer("One two three"))

    await stage.turn(act)
    assert (stage.chat.last.text, stage.chat.last.edits) == ("One two three", ())
    assert max(stage.clock.pauses) >= 2


async def test_a_step_that_fails_does_not_end_the_turn(stage: Stage) -> None:
    stage.teams.faults.add(status(500), of="send", when=growing, times=None)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for part in said(TEXT):
            await speaker.add(part)
        await speaker.close(ANSWER)

    await stage.turn(act)
    assert stage.chat.texts == [TEXT]


@pytest.mark.parametrize("fault", [status(502), drop])
async def test_a_final_step_of_unknown_fate_is_said_once(stage: Stage, fault: object) -> None:
    stage.teams.faults.add(accepted(fault), of="send", when=final)  # type: ignore[arg-type]
    await stage.turn(spoken)
    assert [(one.text, one.streaming) for one in stage.chat] == [(TEXT, False)]


async def test_whoever_was_thrown_out_hears_of_it(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        stage.teams.close(HOME.conversation)
        await speaker.close(ANSWER)

    with pytest.raises(Gone):
        await stage.turn(act)


async def test_whoever_is_thrown_out_meanwhile_stops_the_dialog(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        stage.teams.close(HOME.conversation)
        async with asyncio.timeout(5):
            while True:
                await speaker.add(Say("word "))
                await asyncio.sleep(0)

    with pytest.raises(Gone):
        await stage.turn(act)


async def test_what_could_not_be_said_now_can_be_said_by_a_later_life(stage: Stage) -> None:
    ids: list[str] = []

    async def first(speaker: Speaker) -> None:
        ids.append(await speaker.open("Thinking…"))
        stage.teams.faults.add(status(503), times=TRIES)
        await speaker.close(ANSWER)

    with pytest.raises(Unavailable):
        await stage.turn(first)
    await stage.turn(lambda speaker: speaker.close(ANSWER), placeholder=ids[0])
    assert stage.chat.texts == [TEXT]


async def test_a_resumed_answer_is_only_written_over_what_stands_there(stage: Stage) -> None:
    ids: list[str] = []

    async def crash(speaker: Speaker) -> None:
        ids.append(await speaker.open("Thinking…"))

    async def resume(speaker: Speaker) -> None:
        for part in said(TEXT):
            await speaker.add(part)
        await speaker.close(ANSWER)

    await stage.turn(crash)
    await stage.turn(resume, placeholder=ids[0])
    (shown,) = stage.chat
    assert (shown.text, shown.steps, shown.edits) == (TEXT, ("Thinking…",), ("Thinking…",))


# long answers and cards


@pytest.mark.parametrize("room", [HOME, GROUP, THREAD])
async def test_a_long_answer_stands_in_numbered_messages(stage: Stage, room: Room) -> None:
    stage.room = room
    answer = Answer(
        "\n\n".join(f"Point {number} is made [1]. {'It is long. ' * 40}" for number in range(300)), True, CITES
    )
    counts: list[int] = []

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say(answer.text, ai=True))
        await speaker.close(answer, on_shown=_into(counts))

    await stage.turn(act)
    texts = stage.chat.texts
    assert [text.rpartition("\n\n")[2] for text in texts] == [f"({n}/{len(texts)})" for n in range(1, len(texts) + 1)]
    assert all(len(text.encode("utf-16-le")) <= MESSAGE_BYTES for text in texts)
    assert counts == list(range(1, len(texts) + 1))
    assert [one.feedback for one in stage.chat] == [False] * (len(texts) - 1) + [True]


def _into(counts: list[int]) -> Callable[[int], Awaitable[None]]:
    async def on_shown(count: int) -> None:
        counts.append(count)

    return on_shown


async def test_of_a_long_answer_a_later_life_says_only_what_is_missing(stage: Stage) -> None:
    answer = Answer("word " * 20_000)
    ids: list[str] = []

    async def crash(count: int) -> None:
        raise Unavailable

    async def first(speaker: Speaker) -> None:
        ids.append(await speaker.open("Thinking…"))
        await speaker.close(answer, on_shown=crash)

    with pytest.raises(Unavailable):
        await stage.turn(first)
    await stage.turn(lambda speaker: speaker.close(answer, shown=1), placeholder=ids[0])
    assert [text.rpartition("\n\n")[2] for text in stage.chat.texts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert sum(text.count("word") for text in stage.chat.texts) == 20_000


@pytest.mark.parametrize("room", [HOME, GROUP])
async def test_cards_are_messages_of_their_own(stage: Stage, room: Room) -> None:
    stage.room = room
    counts: list[int] = []

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("Choose:", cards=(CARD, CARD)), on_shown=_into(counts))

    await stage.turn(act)
    assert [(one.text, len(one.cards)) for one in stage.chat] == [("Choose:", 0), ("", 1), ("", 1)]
    assert counts == [1, 2, 3]


@pytest.mark.parametrize("room", [HOME, GROUP])
async def test_above_a_card_without_text_stands_its_title(stage: Stage, room: Room) -> None:
    stage.room = room

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer(cards=(CARD,)))

    await stage.turn(act)
    assert [(one.text, len(one.cards)) for one in stage.chat] == [("Try it", 0), ("", 1)]


async def test_a_card_of_unknown_fate_is_not_said_twice(stage: Stage) -> None:
    def card(call: Call) -> bool:
        return b"AdaptiveCard" in call.body

    stage.teams.faults.add(accepted(status(502)), when=card)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("Choose:", cards=(CARD,)))

    await stage.turn(act)
    assert [len(one.cards) for one in stage.chat] == [0, 1]


async def test_an_answer_of_nothing_says_so(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer())

    await stage.turn(act)
    assert stage.chat.texts == ["I have nothing to show for that."]


# elsewhere: a placeholder


@pytest.mark.parametrize("room", [GROUP, THREAD])
async def test_outside_a_personal_chat_a_placeholder_becomes_the_answer(stage: Stage, room: Room) -> None:
    stage.room = room

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for part in said(TEXT):
            await speaker.add(part)
        await speaker.close(ANSWER)

    await stage.turn(act)
    (shown,) = stage.chat
    assert (shown.text, shown.edits, shown.steps) == (TEXT, ("Thinking…",), ())
    assert (shown.ai, shown.feedback, len(shown.citations)) == (True, True, 2)


async def test_notes_are_written_over_the_placeholder_at_their_pace(stage: Stage) -> None:
    stage.room = GROUP

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for note in ("Reading…", "Still reading…"):
            await speaker.add(Note(note))
            await stage.shows(note)
        await speaker.close(Answer("Done."))

    await stage.turn(act)
    assert stage.chat.last.edits == ("Thinking…", "Reading…", "Still reading…")
    assert all(later - earlier >= 2 for earlier, later in pairwise(stage.times[:-1]))


async def test_a_placeholder_that_was_deleted_does_not_swallow_the_answer(stage: Stage) -> None:
    stage.room = GROUP
    gone = refused(404, "ActivityNotFoundInConversation")

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        stage.teams.faults.add(gone, of="update")
        await speaker.close(ANSWER)

    await stage.turn(act)
    assert stage.chat.last.text == TEXT


async def test_a_first_message_that_is_refused_is_told(stage: Stage) -> None:
    stage.room = GROUP
    stage.teams.faults.add(refused(403, "NotEnoughPermissions"))

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")

    with pytest.raises(Rejected):
        await stage.turn(act)


# tasks


@pytest.mark.parametrize("room", [HOME, GROUP])
async def test_a_speaker_leaves_no_task_behind(stage: Stage, room: Room) -> None:
    stage.room = room
    names: list[str] = []

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One two "))
        names.extend(task.get_name() for task in asyncio.all_tasks() if "_follow" in repr(task))

    await stage.turn(act)
    assert len(names) == 1
    assert not [task for task in asyncio.all_tasks() if "_follow" in repr(task)]


async def test_whoever_ends_the_turn_ends_a_step_under_way(stage: Stage) -> None:
    hang = stage.teams.faults.add(Hang(), of="send", when=growing)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One two "))
        await hang.reached.wait()

    await stage.turn(act)
    hang.release()
    assert not [task for task in asyncio.all_tasks() if "_follow" in repr(task)]
