"""The speaker through the real adapter, against the double that enforces Teams' rules, in a time of its own."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from itertools import pairwise

import aiohttp
import pytest

from bot.teams.growth import prefix
from bot.teams.refusals import TRIES
from bot.teams.speaker import Speaker
from dialogs.errors import Gone, Unavailable
from dialogs.slices import Turnstile
from dialogs.sources import CITATIONS
from dialogs.talk import Answer, Cite, Note, Say, grow
from tests.bot.teams.stage import ANSWER, CARD, HOME, TEXT, Stage, idle, said, spoken
from tests.world.door import Call
from tests.world.faults import Hang, accepted, drop, refused, status, throttled
from tests.world.people import GROUP, Room

NONE: frozenset[str] = frozenset()


def final(call: Call) -> bool:
    return b'"final"' in call.body


def growing(call: Call) -> bool:
    return b'"streaming"' in call.body


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


async def test_a_turn_that_has_ended_leaves_nothing_to_the_garbage_collector(stage: Stage) -> None:
    left: list[weakref.ref[object]] = []

    async def act(speaker: Speaker) -> None:
        left.extend([weakref.ref(speaker), weakref.ref(speaker._context)])
        await speaker.open("Thinking…")
        await speaker.add(Say("One two "))
        await stage.shows("One two")
        await speaker.close(ANSWER)

    gc.disable()
    try:
        await stage.turn(act)
        await idle()
        assert [one() for one in left] == [None, None]
    finally:
        gc.enable()


async def test_steps_are_made_when_it_is_their_turn(stage: Stage) -> None:
    class Shut(Turnstile):
        async def passed(self) -> None:
            waiting.append(1)
            await asyncio.Event().wait()

    waiting: list[int] = []
    stage.steps = Shut(1)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One two "))
        await idle()
        assert waiting and stage.chat.last.text == "Thinking…"
        await speaker.close(ANSWER)

    await stage.turn(act)
    assert stage.chat.last.text == TEXT


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


async def test_the_first_words_are_shown_when_they_come_though_a_moment_before_there_was_nothing_to_show(
    stage: Stage,
) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Note(""))
        await idle()
        stage.clock.turn(seconds=0.5)
        await speaker.add(Say("One "))
        await stage.shows("One")

    await stage.turn(act)
    thinking, words = stage.times
    assert words - thinking == pytest.approx(1.5)


async def test_what_shows_nothing_for_long_is_looked_at_ever_less(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for _ in range(6):
            await speaker.add(Note(""))
            await idle()

    await stage.turn(act)
    assert stage.clock.pauses == pytest.approx([1, 0.2, 0.4, 0.8, 1, 1])
    assert len(stage.times) == 1


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
