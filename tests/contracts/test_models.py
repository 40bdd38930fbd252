"""What every model owes its callers: one list of facts, run for each of them."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.models.attempt import TOGETHER
from bot.models.azure import AzureModel, Resources
from bot.models.extract import summary
from bot.models.offline import OfflineModel
from dialogs.documents import Picture
from dialogs.errors import NoEyes
from dialogs.points import SCHEMA, parse
from dialogs.ports import Model
from dialogs.prompt import Prompt, Purpose
from dialogs.talk import Message, Usage
from tests.dialogs.checking import verify
from tests.dialogs.threads import SAMPLE
from tests.world.completion import Asked
from tests.world.openai import ModelDouble

Meter = Callable[[Usage], None]


@dataclass(frozen=True)
class Opened:
    """A model, and the pictures that its other side was shown."""

    model: Model
    pictures: Callable[[], Sequence[bytes]] = tuple


Factory = Callable[[Meter], AbstractAsyncContextManager[Opened]]
"""Opens a model whose other side, where it has one, answers sensibly: prose to a question, to a summary its JSON."""


@asynccontextmanager
async def offline(meter: Meter) -> AsyncIterator[Opened]:
    yield Opened(OfflineModel(meter))


@asynccontextmanager
async def azure(meter: Meter, *, sees: bool = False) -> AsyncIterator[Opened]:
    async with ModelDouble(answered) as double:
        resources = Resources([double.url], token, lambda: NOW)
        model = AzureModel(resources, "gpt-5.4-mini", meter, sees=sees)
        yield Opened(model, lambda: [shown.data for asked in double.prompts for shown in asked.pictures])
        await resources.close()


async def token() -> str:
    return "an-entra-token"


def answered(asked: Asked) -> str:
    if "response_format" in asked.body:
        return json.dumps(summary(SAMPLE, ""))
    # Longer than what comes as one piece however it arrives.
    return "The launch is on 3 March. " + "It was moved before. " * TOGETHER


FACTORIES: dict[str, Factory] = {
    "offline": offline,
    "azure": azure,
    "azure that sees": lambda meter: azure(meter, sees=True),
}
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PIXELS = b"\xff\xd8\xff\xe0 a picture"
LOOK = Prompt(
    Purpose.ANSWER, "Be brief.", "What is this?", pictures=(Picture("chart.jpg", "image/jpeg", PIXELS, 640, 480),)
)
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
    async with factory(unmetered) as opened:
        assert opened.model.name and opened.model.window > 1_000


async def test_a_question_gets_an_answer_in_pieces(factory: Factory) -> None:
    async with factory(unmetered) as opened:
        pieces = [piece async for piece in opened.model.stream(QUESTION)]
    assert len(pieces) > 1 and "".join(pieces).strip()


async def test_a_summary_is_json_whose_points_stand_up_to_checking(factory: Factory) -> None:
    async with factory(unmetered) as opened:
        found = verify(parse(await said(opened.model, SUMMARY)), SAMPLE, sources=20, quoting=not opened.model.writes)
    assert found.points and not found.dropped


async def test_a_summary_has_every_section_of_the_schema(factory: Factory) -> None:
    async with factory(unmetered) as opened:
        assert set(json.loads(await said(opened.model, SUMMARY))) == set(SCHEMA["required"])


async def test_each_call_is_metered_once(factory: Factory) -> None:
    told: list[Usage] = []
    async with factory(told.append) as opened:
        await said(opened.model, QUESTION)
        await said(opened.model, SUMMARY)
    assert [(bool(usage.model), usage.input > 0, usage.output > 0) for usage in told] == [(True, True, True)] * 2


async def test_a_call_that_is_stopped_is_metered_too(factory: Factory) -> None:
    told: list[Usage] = []
    async with factory(told.append) as opened:
        stream = opened.model.stream(QUESTION)
        await anext(stream)
        assert isinstance(stream, AsyncGenerator)
        await stream.aclose()
    assert len(told) == 1


async def test_two_calls_at_once_do_not_mix(factory: Factory) -> None:
    async with factory(unmetered) as opened:
        alone = await said(opened.model, QUESTION)
        one, two = opened.model.stream(QUESTION), opened.model.stream(QUESTION)
        first = [await anext(one), await anext(two)]
        rest = ["".join([piece async for piece in stream]) for stream in (one, two)]
    assert [first[0] + rest[0], first[1] + rest[1]] == [alone, alone]


@pytest.mark.parametrize("text", ["", "word", "Grüße an alle 👋", "a longer text " * 100])
async def test_a_text_counts_for_no_less_than_its_part(factory: Factory, text: str) -> None:
    async with factory(unmetered) as opened:
        assert 0 <= opened.model.count(text) <= opened.model.count(text + " and more")


async def test_a_picture_reaches_a_model_that_sees_and_no_other(factory: Factory) -> None:
    told: list[Usage] = []
    async with factory(told.append) as opened:
        if opened.model.sees:
            assert await said(opened.model, LOOK)
        else:
            with pytest.raises(NoEyes):
                await said(opened.model, LOOK)
        assert list(opened.pictures()) == [PIXELS] * opened.model.sees
    assert len(told) == opened.model.sees


async def test_without_a_picture_nobody_is_shown_any(factory: Factory) -> None:
    async with factory(unmetered) as opened:
        await said(opened.model, QUESTION)
        assert list(opened.pictures()) == []
