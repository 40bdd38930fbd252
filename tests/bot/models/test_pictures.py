"""Pictures on their way to Azure OpenAI: as parts of the question, within bounds, paid for, and refused in words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.limits import PICTURE_BYTES, PICTURE_TOKENS, PICTURES
from bot.models.azure import AzureModel, Resources
from bot.models.refusals import refusal
from bot.models.shown import SLICE
from bot.models.tally import tokens
from dialogs.documents import Picture
from dialogs.errors import AssistantError, Blocked, Damaged, NoEyes, TooBig
from dialogs.prompt import Prompt, Purpose
from dialogs.talk import Message, Usage
from tests.world.completion import Reply
from tests.world.faults import status
from tests.world.openai import ModelDouble

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
JPEG, PNG = b"\xff\xd8\xff\xe0 pixels", b"\x89PNG\r\n\x1a\n pixels"
FIRST, SECOND = Picture("a.jpg", "image/jpeg", JPEG), Picture("b.png", "image/png", PNG)
LOOK = Prompt(Purpose.ANSWER, "You are Parley.", "Which is larger?", pictures=(FIRST, SECOND))


@pytest.fixture
async def double() -> AsyncIterator[ModelDouble]:
    async with ModelDouble("The second.") as double:
        yield double


@pytest.fixture
async def resources(double: ModelDouble) -> AsyncIterator[Resources]:
    made = Resources([double.url], token, lambda: NOW)
    yield made
    await made.close()


async def token() -> str:
    return "an-entra-token"


async def ask(
    resources: Resources, prompt: Prompt = LOOK, *, sees: bool = True, told: list[Usage] | None = None
) -> str:
    meter = (lambda usage: None) if told is None else told.append
    model = AzureModel(resources, "gpt-5.4-mini", meter, sees=sees)
    return "".join([piece async for piece in model.stream(prompt)])


async def test_pictures_follow_the_question_in_the_last_message(resources: Resources, double: ModelDouble) -> None:
    await ask(resources, replace(LOOK, history=(Message("user", "Hi"), Message("assistant", "Hello"))))
    [asked] = double.prompts
    assert [type(message["content"]) for message in asked.messages] == [str, str, str, list]
    assert asked.messages[-1]["content"] == [
        {"type": "text", "text": "Which is larger?"},
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9j/4CBwaXhlbHM=", "detail": "auto"}},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgogcGl4ZWxz", "detail": "auto"}},
    ]
    assert [(shown.media_type, shown.data) for shown in asked.pictures] == [("image/jpeg", JPEG), ("image/png", PNG)]
    assert asked.body["store"] is False


async def test_a_name_of_a_picture_is_not_told(resources: Resources, double: ModelDouble) -> None:
    await ask(resources)
    assert "a.jpg" not in str(double.prompts[0].body)


async def test_where_the_model_did_not_say_its_tokens_pictures_are_counted_in_full(
    resources: Resources, double: ModelDouble
) -> None:
    double.next(Reply("The second.", usage=False))
    told: list[Usage] = []
    await ask(resources, told=told)
    words = tokens(LOOK.instructions) + tokens(LOOK.question)
    assert (told[0].input, told[0].estimated) == (words + 2 * PICTURE_TOKENS, True)


TOO_MUCH = {
    "too many": (FIRST,) * (PICTURES + 1),
    "too large": (replace(FIRST, data=bytes(PICTURE_BYTES // 2)), replace(FIRST, data=bytes(PICTURE_BYTES // 2 + 1))),
}


@pytest.mark.parametrize("pictures", TOO_MUCH.values(), ids=list(TOO_MUCH))
async def test_more_than_may_be_shown_at_once_never_leaves(
    pictures: tuple[Picture, ...], resources: Resources, double: ModelDouble
) -> None:
    with pytest.raises(TooBig):
        await ask(resources, replace(LOOK, pictures=pictures))
    assert double.prompts == []


async def test_a_deployment_that_does_not_see_is_not_even_asked(resources: Resources, double: ModelDouble) -> None:
    with pytest.raises(NoEyes):
        await ask(resources, sees=False)
    assert double.prompts == []


async def test_what_is_no_picture_to_the_model_is_a_damaged_file(resources: Resources, double: ModelDouble) -> None:
    with pytest.raises(Damaged):
        await ask(resources, replace(LOOK, pictures=(replace(FIRST, data=b"not one"),)))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("invalid_image", Damaged),
        ("image_parse_error", Damaged),
        ("unsupported_image_media_type", Damaged),
        ("image_too_large", TooBig),
        ("image_file_too_large", TooBig),
        ("image_content_policy_violation", Blocked),
        ("some_other_code", AssistantError),
    ],
)
def test_a_refused_picture_is_refused_in_words(code: str, error: type[AssistantError]) -> None:
    assert type(refusal(400, {"code": code, "message": "…", "param": "messages"}, {})) is error


async def test_as_much_as_may_be_shown_at_once_is_shown(resources: Resources, double: ModelDouble) -> None:
    large = replace(FIRST, data=JPEG + bytes(PICTURE_BYTES // PICTURES - len(JPEG)))
    await ask(resources, replace(LOOK, pictures=(large,) * PICTURES))
    assert sum(len(shown.data) for shown in double.prompts[0].pictures) == PICTURE_BYTES


@pytest.mark.parametrize("size", [0, 1, 2, 3, SLICE - 1, SLICE, SLICE + 1, 2 * SLICE + 2])
async def test_what_is_sent_is_as_long_as_was_said_and_the_picture_as_it_was(
    size: int, resources: Resources, double: ModelDouble
) -> None:
    picture = replace(FIRST, data=JPEG + bytes(size))
    await ask(resources, replace(LOOK, question="Which “is” larger?\n", pictures=(picture, SECOND)))
    assert [shown.data for shown in double.prompts[0].pictures] == [picture.data, PNG]
    assert double.prompts[0].question == "Which “is” larger?\n"


async def test_the_next_resource_is_shown_the_same_pictures(double: ModelDouble) -> None:
    async with ModelDouble("Never.") as first:
        first.faults.add(status(500), of="chat")
        resources = Resources([first.url, double.url], token, lambda: NOW)
        assert await ask(resources) == "The second."
        await resources.close()
    assert [shown.data for shown in double.prompts[0].pictures] == [JPEG, PNG]


async def test_a_request_is_the_same_with_pictures_but_for_them(resources: Resources, double: ModelDouble) -> None:
    await ask(resources)
    await ask(resources, replace(LOOK, pictures=()))
    one, other = (dict(asked.body) for asked in double.prompts)
    assert [one.pop("messages")[:-1], other.pop("messages")[:-1]] == [
        [{"role": "system", "content": "You are Parley."}]
    ] * 2
    assert one == other
