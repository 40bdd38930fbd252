"""What every model owes its callers: one list of facts, run for each of them."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bot.models.offline import OfflineModel
from dialogs.points import SCHEMA, parse
from dialogs.ports import Model
from dialogs.prompt import Prompt, Purpose
from dialogs.talk import Message, Usage
from tests.dialogs.checking import verify
from tests.dialogs.threads import SAMPLE

Meter = Callable[[Usage], None]
Factory = Callable[[Meter], AbstractAsyncContextManager[Model]]
"""Opens a model whose other side, where it has one, answers sensibly: prose to a question, to a summary its JSON."""


@asynccontextmanager
async def offline(meter: Meter) -> AsyncIterator[Model]:
    yield OfflineModel(meter)


FACTORIES: dict[str, Factory] = {"offline": offline}
QUESTION = Prompt(Purpose.ANSWER, "Be brief.", "When is the launch?", (Message("user", "The launch is on 3 March."),))
SUMMARY = Prompt(Purpose.SUMMARY, "Sum up.", "Summarise this.", posts=SAMPLE, schema=SCHEMA)


@pytest.fixture(params=FACTORIES)
def factory(request: pytest.FixtureRequest) -> Factory:
    return FACTORIES[request.param]


async def said(model: Model, prompt: Prompt) -> str:
    return "".join([piece async for piece in model.stream(prompt)])


def unmetered(usage: Usage) -> None:
    pass


async def test_a_model_has_a_name_and_a_window(factory: Factory) -> None:
    async with factory(unmetered) as model:
        assert model.name and model.window > 1_000


async def test_a_question_gets_an_answer_in_pieces(factory: Factory) -> None:
    async with factory(unmetered) as model:
        pieces = [piece async for piece in model.stream(QUESTION)]
    assert len(pieces) > 1 and "".join(pieces).strip()


async def test_a_summary_is_json_whose_points_stand_up_to_checking(factory: Factory) -> None:
    async with factory(unmetered) as model:
        found = verify(parse(await said(model, SUMMARY)), SAMPLE, sources=20, quoting=not model.writes)
    assert found.points and not found.dropped


async def test_a_summary_has_every_section_of_the_schema(factory: Factory) -> None:
    async with factory(unmetered) as model:
        assert set(json.loads(await said(model, SUMMARY))) == set(SCHEMA["required"])


async def test_each_call_is_metered_once(factory: Factory) -> None:
    told: list[Usage] = []
    async with factory(told.append) as model:
        await said(model, QUESTION)
        await said(model, SUMMARY)
    assert [(bool(usage.model), usage.input > 0, usage.output > 0) for usage in told] == [(True, True, True)] * 2


async def test_a_call_that_is_stopped_is_metered_too(factory: Factory) -> None:
    told: list[Usage] = []
    async with factory(told.append) as model:
        stream = model.stream(QUESTION)
        await anext(stream)
        assert isinstance(stream, AsyncGenerator)
        await stream.aclose()
    assert len(told) == 1


async def test_two_calls_at_once_do_not_mix(factory: Factory) -> None:
    async with factory(unmetered) as model:
        alone = await said(model, QUESTION)
        one, two = model.stream(QUESTION), model.stream(QUESTION)
        first = [await anext(one), await anext(two)]
        rest = ["".join([piece async for piece in stream]) for stream in (one, two)]
    assert [first[0] + rest[0], first[1] + rest[1]] == [alone, alone]


@pytest.mark.parametrize("text", ["", "word", "Grüße an alle 👋", "a longer text " * 100])
async def test_a_text_counts_for_no_less_than_its_part(factory: Factory, text: str) -> None:
    async with factory(unmetered) as model:
        assert 0 <= model.count(text) <= model.count(text + " and more")
