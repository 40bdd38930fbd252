"""The model double, asked through the real client: what it says and how it fails (facts S10)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from dialogs.prompt import Prompt, Purpose, messages
from dialogs.talk import Post
from tests.world.completion import Asked, Reply
from tests.world.faults import Hang, moved, refused, status, throttled
from tests.world.generator import START
from tests.world.openai import Hold, ModelDouble, filtered

KEY = "good"


@pytest.fixture
async def model() -> AsyncIterator[ModelDouble]:
    async with ModelDouble("Good morning to you all.") as double:
        yield double


@pytest.fixture
async def client(model: ModelDouble) -> AsyncIterator[openai.AsyncOpenAI]:
    http = httpx2.AsyncClient(follow_redirects=False, trust_env=False)
    url = f"{model.url}/openai/v1/"
    async with openai.AsyncOpenAI(base_url=url, api_key=KEY, max_retries=0, http_client=http, timeout=5) as found:
        yield found


async def chunks(client: openai.AsyncOpenAI, question: str = "Hello?", **more: Any) -> list[ChatCompletionChunk]:
    """Everything a streamed request brings."""
    stream = await client.chat.completions.create(
        model="gpt-5.4-mini",
        messages=[{"role": "user", "content": question}],
        stream=True,
        stream_options={"include_usage": True},
        **more,
    )
    return [chunk async for chunk in stream]


def text(found: list[ChatCompletionChunk]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in found if chunk.choices)


def finish(found: list[ChatCompletionChunk]) -> str | None:
    return next((one.choices[0].finish_reason for one in reversed(found) if one.choices), None)


async def test_a_stream_begins_and_ends_without_choices(client: openai.AsyncOpenAI) -> None:
    found = await chunks(client)
    assert (found[0].choices, found[-1].choices) == ([], [])
    assert text(found) == "Good morning to you all."
    assert finish(found) == "stop"


async def test_tokens_are_counted(client: openai.AsyncOpenAI) -> None:
    usage = (await chunks(client))[-1].usage
    assert usage is not None
    assert (usage.prompt_tokens > 0, usage.completion_tokens > 0) == (True, True)


async def test_an_answer_may_come_whole(client: openai.AsyncOpenAI) -> None:
    found = await client.chat.completions.create(model="gpt-5.4-mini", messages=[{"role": "user", "content": "Hello?"}])
    assert found.choices[0].message.content == "Good morning to you all."


async def test_prompts_are_kept(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    await chunks(client, "What is the plan?")
    assert [prompt.question for prompt in model.prompts] == ["What is the plan?"]


async def test_an_answer_may_depend_on_the_documents(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    posts = (Post("17", "Ada", "a", START, "We ship <b>today</b>", ""), Post("18", "Bruno", "b", START, "Yes", ""))

    def cite(asked: Asked) -> str:
        return " ".join(f"[{document['id']}] {document['author']}" for document in asked.documents)

    model.next(cite)
    prompt = Prompt(Purpose.SUMMARY, "Summarise.", "What happened?", posts=posts)
    assert text(await chunks(client, messages(prompt)[-1].text)) == "[17] Ada [18] Bruno"


async def test_a_blocked_prompt_is_refused_with_its_reason(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    model.faults.add(filtered("jailbreak"))
    with pytest.raises(openai.BadRequestError) as caught:
        await chunks(client)
    assert caught.value.code == "content_filter"
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["innererror"]["content_filter_result"]["jailbreak"]["filtered"]


async def test_an_answer_may_be_blocked_half_way(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    model.next(Reply("Good morning to", finish="content_filter"))
    found = await chunks(client)
    assert (text(found), finish(found)) == ("Good morning to", "content_filter")


async def test_an_answer_may_be_empty(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    model.next("")
    assert text(await chunks(client)) == ""


@pytest.mark.parametrize("headers", [{}, {"after": 1}, {"millis": 50}])
async def test_throttling_says_how_long_or_nothing(
    model: ModelDouble, client: openai.AsyncOpenAI, headers: dict[str, Any]
) -> None:
    model.faults.add(throttled(**headers))
    with pytest.raises(openai.RateLimitError) as caught:
        await chunks(client)
    told = {name for name in ("retry-after", "retry-after-ms") if name in caught.value.response.headers}
    assert len(told) == len(headers)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refused(401, "401"), openai.AuthenticationError),
        (refused(403, "PermissionDenied"), openai.PermissionDeniedError),
        (refused(404, "DeploymentNotFound"), openai.NotFoundError),
        (status(500), openai.InternalServerError),
        (moved("http://elsewhere.invalid/"), openai.APIStatusError),
    ],
)
async def test_errors_reach_the_client_as_such(
    model: ModelDouble, client: openai.AsyncOpenAI, fault: Any, error: type[Exception]
) -> None:
    model.faults.add(fault)
    with pytest.raises(error):
        await chunks(client)


async def test_a_stream_may_break_off(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    model.next(Reply("Good morning to you all.", end="cut", pieces=2))
    with pytest.raises((openai.APIError, httpx2.HTTPError)):
        await chunks(client)


async def test_a_stream_may_turn_into_nonsense(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    model.next(Reply("Good morning", end="malformed"))
    with pytest.raises(ValueError, match=r"JSON|json|EOF|Unterminated"):
        await chunks(client)


async def test_a_stream_may_bring_an_error(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    model.next(Reply("Good morning", end="error"))
    with pytest.raises(openai.APIError, match="server had an error"):
        await chunks(client)


async def test_a_client_that_goes_away_is_noticed(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    hold = Hold(at=2)
    model.next(Reply("Good morning to you all.", pause=hold))
    asking = asyncio.create_task(chunks(client))
    await asyncio.wait_for(hold.reached.wait(), 5)
    asking.cancel()
    await model.until(lambda: model.aborted == 1)


async def test_a_model_may_not_answer_at_all(model: ModelDouble, client: openai.AsyncOpenAI) -> None:
    hang = model.faults.add(Hang())
    with pytest.raises(openai.APITimeoutError):
        await chunks(client, timeout=0.05)
    assert hang.reached.is_set()


async def test_an_unknown_deployment_is_not_found(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        await client.chat.completions.create(model="gpt-0", messages=[{"role": "user", "content": "Hello?"}])


@pytest.mark.parametrize("field", [{"temperature": 0.0}, {"max_tokens": 10}])
async def test_a_model_that_reasons_refuses_what_it_cannot_do(
    client: openai.AsyncOpenAI, field: dict[str, Any]
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await chunks(client, **field)
    assert caught.value.code == "unsupported_parameter"


async def test_too_long_a_prompt_is_refused() -> None:
    async with ModelDouble(window=10) as model:
        url = f"{model.url}/openai/v1/"
        async with openai.AsyncOpenAI(base_url=url, api_key=KEY, max_retries=0) as client:
            with pytest.raises(openai.BadRequestError) as caught:
                await chunks(client, "long " * 20)
    assert caught.value.code == "context_length_exceeded"


async def test_nobody_asks_without_a_good_token(client: openai.AsyncOpenAI) -> None:
    async with ModelDouble(token="other".__eq__) as model:
        with pytest.raises(openai.AuthenticationError):
            await chunks(client.with_options(base_url=f"{model.url}/openai/v1/"))
