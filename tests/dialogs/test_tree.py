"""Readings of any length: every message is given to the model once, and what cannot be summed up is named."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from dialogs.brief import Request, brief
from dialogs.errors import AssistantError, Blocked, Busy, OverBudget, TooLong, Unavailable, Unsound
from dialogs.points import Points
from dialogs.ports import Desk
from dialogs.prompt import Prompt
from dialogs.reading import Reading
from dialogs.summary import summarise
from dialogs.talk import Answer, Omitted, Part, Person, Place, Post, Window
from dialogs.tree import BUDGET, HANDS, Summed, summed
from dialogs.writer import Writer
from tests.dialogs.desk import (
    START,
    English,
    FakeThreads,
    a_desk,
    a_point,
    a_post,
    a_summary,
    an_ask,
    notes,
    parts,
    shown,
)

MANY = tuple(a_post(number, f"Anna {chr(65 + number % 7)}", "word " * 200) for number in range(1, 41))


@dataclass
class Mapper:
    """Says of each prompt that its first message was written; merges points by saying the first of them again.

    What is in `says` comes instead, for the pieces with the messages of those ids; `gate` keeps all calls waiting.
    """

    says: dict[str, Sequence[str | AssistantError]] = field(default_factory=dict)
    window: int = 20_000
    writes: bool = True
    sees: bool = False
    name: str = "mapper"
    tail: str = ""
    gate: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    maps: list[Prompt] = field(default_factory=list)
    merges: list[Prompt] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0

    def count(self, text: str) -> int:
        return len(text)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        (self.merges if prompt.drafts else self.maps).append(prompt)
        self.busy += 1
        self.busiest = max(self.busy, self.busiest)
        self.begun.set()
        try:
            await (self.gate.wait() if self.gate else asyncio.sleep(0))
            yield self._answer(prompt)
        finally:
            self.busy -= 1

    def _answer(self, prompt: Prompt) -> str:
        key = next((key for key in self.says if any(post.id == key for post in prompt.posts)), "")
        if prompt.drafts and "merge" in self.says:
            key = "merge"
        if key:
            asked = sum(any(post.id == key for post in each.posts) for each in self.maps)
            said = self.says[key][min(asked, len(self.says[key])) - 1]
            if isinstance(said, AssistantError):
                raise said
            return said
        if prompt.drafts:
            return a_summary(key_points=[a_point(draft["text"], *draft["ids"]) for draft in prompt.drafts])
        return a_summary(key_points=[a_point(f"Begins here {'x' * len(self.maps)}{self.tail}", prompt.posts[0].id)])


def ids(prompts: Sequence[Prompt]) -> list[str]:
    return [post.id for prompt in prompts for post in prompt.posts]


async def told(model: Mapper, items: Sequence[Post | Omitted] = MANY) -> Answer:
    return await shown(summarise, an_ask(), a_desk(model, items))


async def test_a_reading_that_fits_takes_one_call() -> None:
    model = Mapper(window=200_000)
    await told(model)
    assert (len(model.maps), model.merges, ids(model.maps)) == (1, [], [post.id for post in MANY])


async def test_every_message_of_a_long_reading_is_given_once() -> None:
    model = Mapper()
    answer = await told(model)
    assert len(model.maps) > 1 and sorted(ids(model.maps)) == sorted(post.id for post in MANY)
    assert "Read 40 of 40 messages by 7 people" in answer.text and answer.text.endswith("nothing left out.")


async def test_no_prompt_is_longer_than_its_share_of_the_window() -> None:
    model = Mapper()
    await told(model)
    sizes = [sum(len(json.dumps(post.text)) for post in prompt.posts) for prompt in model.maps]
    assert max(sizes) <= 0.4 * model.window


async def test_the_points_of_the_pieces_are_merged_with_their_ids() -> None:
    model = Mapper()
    answer = await told(model)
    drafts = [draft for prompt in model.merges for draft in prompt.drafts]
    first = {prompt.posts[0].id for prompt in model.maps}
    assert {key for draft in drafts for key in draft["ids"]} >= first
    assert {cite.link.rpartition("/")[2] for cite in answer.cites} <= first


async def test_the_tree_has_as_many_levels_as_it_takes() -> None:
    many = [a_post(number, "Anna", "word " * 200) for number in range(1, 400)]
    model = Mapper(tail=" and goes on" * 30)
    answer = await told(model, many)
    assert len(model.merges) > 3 and "Read 399 of 399" in answer.text


async def test_at_most_so_many_calls_are_under_way() -> None:
    model = Mapper()
    await told(model, [a_post(number, "Anna", "word " * 200) for number in range(1, 200)])
    assert model.busiest == HANDS


async def test_a_piece_is_sent_while_messages_still_arrive() -> None:
    model = Mapper()

    class Waiting(FakeThreads):
        async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
            yield [a_post(number, "Anna", "word " * 200, minutes=number + 100) for number in range(200)]
            async with asyncio.timeout(5):
                await model.begun.wait()
            yield [a_post(500, "Anna", "The beginning.", minutes=1)]

    answer = await shown(summarise, an_ask(), a_desk(model, Waiting()))
    assert "Read 201 of 201" in answer.text


async def test_progress_is_told_piece_by_piece() -> None:
    found = notes(await parts(summarise, an_ask(), a_desk(Mapper(), MANY)))
    assert found[0] == "Summarising 40 messages…"
    assert found[-1].startswith("Summarising ") and found[-1].split()[1] == found[-1].split()[3].rstrip("…")


@pytest.mark.parametrize("error", [Busy(), Unavailable(), Blocked()])
async def test_a_piece_that_fails_alone_is_named_in_the_coverage(error: AssistantError) -> None:
    model = Mapper({"m1": [error]})
    answer = await told(model)
    lost = next(prompt for prompt in model.maps if prompt.posts[0].id == "m1").posts
    assert f"Read {40 - len(lost)} of 40 messages" in answer.text
    assert f"{len(lost)} messages, Mon 16 Nov 09:07 to " in answer.text
    assert answer.text.endswith(f"could not be summed up: {error.text}")


async def test_a_piece_that_is_answered_with_garbage_is_asked_for_once_more() -> None:
    model = Mapper({"m1": ["garbage", a_summary(key_points=[a_point("Begins.", "m1")])]})
    answer = await told(model)
    assert "Begins." in answer.text and answer.text.endswith("nothing left out.")


async def test_a_piece_that_is_answered_with_garbage_twice_is_not_covered() -> None:
    answer = await told(Mapper({"m1": ["garbage", "garbage"]}))
    assert f"could not be summed up: {Unsound().text}" in answer.text


async def test_when_every_piece_fails_it_is_an_error() -> None:
    with pytest.raises(Busy):
        await told(Mapper({post.id: [Busy()] for post in MANY}))


async def test_an_error_that_is_not_the_pieces_own_ends_everything() -> None:
    model = Mapper({"m1": [OverBudget()]})
    with pytest.raises(OverBudget):
        await told(model)
    assert model.busy == 0


async def test_points_are_shown_unmerged_where_merging_fails() -> None:
    answer = await told(Mapper({"merge": [Busy()]}))
    assert "Begins here" in answer.text and "Read 40 of 40" in answer.text


async def test_a_merge_that_fails_is_counted() -> None:
    async def readings() -> AsyncIterator[Reading]:
        yield Reading(MANY, complete=True)

    writer = Writer(Mapper({"merge": [Busy()]}), "en", "English")
    found = [step async for step in summed(readings(), writer, English()) if isinstance(step, Summed)]
    assert [(one.unmerged, one.whole) for one in found] == [(1, True)]


def test_what_is_beyond_the_budget_was_not_summed_up() -> None:
    assert not Summed(Reading(MANY, complete=True), Points(()), MANY[1:], unread=MANY[:1]).whole


async def test_a_section_of_which_a_merge_leaves_nothing_keeps_what_the_pieces_found() -> None:
    found = a_summary(decisions=[a_point("We go.", "m1")], key_points=[a_point("It began.", "m1")])
    answer = await told(Mapper({"m1": [found], "merge": [a_summary(key_points=[a_point("Words.", "m1")])]}))
    assert "**Key points**\n\n- Words. [1]\n\n**Decisions**\n\n- We go. [1]\n\n**Action items**" in answer.text
    assert "No action items found." in answer.text


async def test_a_message_that_is_too_long_for_the_model_is_not_covered() -> None:
    answer = await told(Mapper(window=8_000), [*MANY[:5], a_post(50, "Anna", "x" * 9_000)])
    assert "Read 5 of 6 messages" in answer.text and TooLong().text in answer.text


async def test_lies_about_other_pieces_are_dropped_at_once() -> None:
    model = Mapper({"m1": [a_summary(key_points=[a_point("Of another piece.", "m40"), a_point("True.", "m1")])]})
    answer = await told(model)
    assert "Of another piece" not in answer.text and answer.dropped == 1


async def test_a_merge_that_lies_changes_nothing_but_the_count() -> None:
    lies = [a_point("Begins here 99", "m3"), a_point("Invented.", "m999"), a_point("Anna A did it.", "m2")]
    answer = await told(Mapper({"merge": [a_summary(key_points=[*lies, a_point("Words.", "m1")])]}))
    assert "- Words. [1]\n\n**Decisions**" in answer.text and answer.dropped == 3


async def test_beyond_the_budget_the_oldest_are_left_out_and_it_is_said_how_to_have_them() -> None:
    many = [
        replace(a_post(number, "Anna", "word " * 2_000), time=START - timedelta(days=200 - number))
        for number in range(200)
    ]
    model = Mapper(window=1_000_000)
    model.count = lambda text: len(text) * (BUDGET // 1_000_000)  # type: ignore[method-assign]
    answer = await told(model, many)
    given = len(ids(model.maps))
    assert 140 < given < 200 and "m0" not in ids(model.maps) and "m199" in ids(model.maps)
    assert f"Read {given} of 200 messages" in answer.text
    assert f"{200 - given} older messages were more than I take in at once" in answer.text
    assert "ask for **from 2026-04-30 to 2026-0" in answer.text


async def test_when_a_person_stops_no_call_is_left() -> None:
    model = Mapper(gate=asyncio.Event())
    before = asyncio.all_tasks()
    async with aclosing(begun(a_desk(model, MANY))) as stream:
        await anext(stream)
        task = asyncio.ensure_future(anext(stream))
        async with asyncio.timeout(5):
            await model.begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert (model.busy, asyncio.all_tasks()) == (0, before)


async def test_an_answer_closed_between_two_notes_leaves_no_call() -> None:
    model = Mapper()
    before = asyncio.all_tasks()
    stream = begun(a_desk(model, MANY))
    await anext(stream)
    await anext(stream)
    await stream.aclose()
    assert (model.busy, asyncio.all_tasks()) == (0, before)


async def test_who_only_quotes_is_given_everything_at_once() -> None:
    model = Mapper(window=200_000, writes=False)
    with pytest.raises(Unsound):
        await told(model)
    assert len(model.maps) == 1 and len(ids(model.maps)) == 40


def begun(desk: Desk) -> AsyncGenerator[Part, None]:
    ask = an_ask()
    found = brief(ask, desk, desk.words, Request(ask.place, Window()))
    assert isinstance(found, AsyncGenerator)
    return found
