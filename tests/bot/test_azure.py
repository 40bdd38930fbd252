import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.models import transport
from bot.models.attempt import EAGER
from bot.models.azure import AzureModel, Resources, opaque
from bot.models.breaker import REST, Breaker
from bot.models.refusals import refusal
from bot.models.request import is_strict
from bot.models.tally import tokens
from dialogs.errors import AllBusy, AssistantError, Blocked, Busy, ModelGone, TooLong, Unavailable
from dialogs.prompt import Prompt, Purpose
from dialogs.talk import Finding, Message, Post, Usage
from tests.world.completion import VERSION, Reply
from tests.world.faults import drop, garbage, moved, refused, status, throttled
from tests.world.openai import Hold, ModelDouble, filtered

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DEPLOYMENT = "gpt-5.4-mini"
QUESTION = Prompt(Purpose.ANSWER, "You are Parley.", "What is a lease?")
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["points"],
    "properties": {"points": {"type": "array", "items": {"type": "string"}}},
}


class Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


class Asker:
    """Asks models at some doubles and keeps what they took."""

    def __init__(self, *addresses: str) -> None:
        self.clock = Clock()
        self.metered: list[Usage] = []
        self.resources = Resources(addresses, self.token, self.clock)
        self.model = AzureModel(self.resources, DEPLOYMENT, self.metered.append, person=opaque("key", "tenant", "ada"))

    async def token(self) -> str:
        return "an-entra-token"

    async def ask(self, prompt: Prompt = QUESTION) -> list[str]:
        return [piece async for piece in self.model.stream(prompt)]

    async def fails(self, prompt: Prompt = QUESTION) -> tuple[str, AssistantError]:
        """What was said before the failure, and the failure."""
        said: list[str] = []
        with pytest.raises(AssistantError) as failed:
            async for piece in self.model.stream(prompt):
                said += [piece]
        return "".join(said), failed.value


@pytest.fixture
async def first() -> AsyncIterator[ModelDouble]:
    async with ModelDouble("It ends by itself.") as double:
        yield double


@pytest.fixture
async def second() -> AsyncIterator[ModelDouble]:
    async with ModelDouble("From the second.") as double:
        yield double


@pytest.fixture
async def asker(first: ModelDouble) -> AsyncIterator[Asker]:
    made = Asker(first.url)
    yield made
    await made.resources.close()


@pytest.fixture
async def pair(first: ModelDouble, second: ModelDouble) -> AsyncIterator[Asker]:
    made = Asker(first.url, second.url)
    yield made
    await made.resources.close()


async def test_an_answer_comes_as_it_arrives(asker: Asker, first: ModelDouble) -> None:
    hold = Hold(at=1)
    first.next(Reply("It ends by itself.", pause=hold))
    stream = asker.model.stream(QUESTION)
    assert await anext(stream) == "It "
    hold.release()
    assert "".join([piece async for piece in stream]) == "ends by itself."


async def test_what_has_arrived_together_is_one_piece(asker: Asker, first: ModelDouble) -> None:
    said = " ".join(map(str, range(400)))
    first.next(Reply(said))
    pieces = await asker.ask()
    assert "".join(pieces) == said
    assert len(pieces) < 200


async def test_the_end_of_a_long_answer_is_not_waited_for(
    asker: Asker, first: ModelDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "BREATH", 3_600)
    hold = Hold(at=20)
    first.next(Reply("word " * 30, pause=hold))
    stream = asker.model.stream(QUESTION)
    said = ""
    while len(said) <= EAGER:
        said += await anext(stream)
    hold.release()
    assert said + "".join([piece async for piece in stream]) == "word " * 30


async def test_the_model_is_told_everything_and_nothing_is_stored(asker: Asker, first: ModelDouble) -> None:
    history = (Message("user", "Hi"), Message("assistant", "Hello"))
    await asker.ask(Prompt(Purpose.ANSWER, "You are Parley.", "And now?", history, reply=300))
    body = dict(first.prompts[0].body)
    assert [message["role"] for message in body.pop("messages")] == ["system", "user", "assistant", "user"]
    assert body == {
        "model": DEPLOYMENT,
        "max_completion_tokens": 4_300,
        "stream": True,
        "stream_options": {"include_usage": True},
        "store": False,
        "safety_identifier": opaque("key", "tenant", "ada"),
    }


async def test_posts_reach_the_model_as_documents(asker: Asker, first: ModelDouble) -> None:
    post = Post("1", "Ada", "a", START, "Ship it <documents>", "https://teams.microsoft.com/l/message/1")
    await asker.ask(Prompt(Purpose.SUMMARY, "Summarise.", "Go", posts=(post,), schema=SCHEMA))
    assert [record["text"] for record in first.prompts[0].documents] == ["Ship it ‹documents›"]


async def test_a_schema_is_asked_for_strictly(asker: Asker, first: ModelDouble) -> None:
    await asker.ask(Prompt(Purpose.SUMMARY, "Summarise.", "Go", schema=SCHEMA))
    form = {"name": "summary", "schema": SCHEMA, "strict": True}
    assert first.prompts[0].body["response_format"] == {"type": "json_schema", "json_schema": form}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {}},
        {"type": "object", "properties": {"a": {}}, "required": [], "additionalProperties": False},
        {"type": "array", "items": {"type": "object"}},
    ],
)
def test_a_schema_that_strict_mode_refuses_is_not_called_strict(schema: dict[str, Any]) -> None:
    assert is_strict(SCHEMA) and not is_strict(schema)


async def test_the_usage_is_what_the_model_says(asker: Asker, first: ModelDouble) -> None:
    await asker.ask()
    (usage,) = asker.metered
    assert (usage.model, usage.input, usage.output, usage.estimated) == (DEPLOYMENT, first.prompts[0].tokens, 5, False)


async def test_the_usage_says_what_ran_where_under_which_request(asker: Asker) -> None:
    await asker.ask()
    (usage,) = asker.metered
    said = (usage.version, usage.region, usage.request, usage.findings)
    assert said == (f"{DEPLOYMENT}-{VERSION}", "swedencentral", "chatcmpl-1", ())


async def test_what_the_filter_found_without_stopping_it_is_metered(asker: Asker, first: ModelDouble) -> None:
    first.next(Reply("Calm down.", found={"violence": {"filtered": False, "severity": "low"}}))
    await asker.ask()
    assert asker.metered[0].findings == (Finding("prompt", "violence", "low"),)


async def test_a_blocked_prompt_is_metered_with_what_was_found(asker: Asker, first: ModelDouble) -> None:
    first.faults.add(filtered("jailbreak"))
    await asker.fails()
    (usage,) = asker.metered
    assert (usage.findings, usage.request, usage.region) == (
        (Finding("prompt", "jailbreak", "detected"),),
        "refused-1",
        "swedencentral",
    )


async def test_a_blocked_answer_is_metered_with_what_was_found(asker: Asker, first: ModelDouble) -> None:
    first.next(Reply("half of it", finish="content_filter"))
    await asker.fails()
    assert asker.metered[0].findings == (Finding("completion", "violence", "medium"),)


async def test_what_an_answer_says_of_itself_is_no_way_out_for_words(asker: Asker, first: ModelDouble) -> None:
    events = (
        'data: {"model": "what you wrote", "choices": [{"delta": {"content": "Yes."}, "finish_reason": "stop"}]}\n\n'
    )
    first.faults.add(garbage(text=events, content_type="text/event-stream"))
    await asker.ask()
    assert (asker.metered[0].version, asker.metered[0].request) == ("", "")


TUNED = replace(QUESTION, creativity="low")


@pytest.mark.parametrize(
    ("deployment", "tunable", "prompt", "sent"),
    [
        ("gpt-4.1", True, TUNED, 0.2),
        ("gpt-4.1", True, replace(QUESTION, creativity="high"), 1.2),
        ("gpt-4.1", True, QUESTION, None),
        ("gpt-4.1", False, TUNED, None),
        (DEPLOYMENT, False, TUNED, None),
    ],
)
async def test_a_temperature_is_sent_only_where_it_is_wished_for_and_taken(
    asker: Asker, first: ModelDouble, deployment: str, tunable: bool, prompt: Prompt, sent: float | None
) -> None:
    model = AzureModel(asker.resources, deployment, asker.metered.append, tunable=tunable)
    assert [piece async for piece in model.stream(prompt)] != []
    assert (first.prompts[0].model, first.prompts[0].body.get("temperature")) == (deployment, sent)


async def test_the_usage_is_estimated_where_the_model_does_not_say(asker: Asker, first: ModelDouble) -> None:
    first.next(Reply("Four words are said.", usage=False))
    await asker.ask()
    (usage,) = asker.metered
    assert usage.estimated
    assert usage.input > 8 and usage.output >= 5


@pytest.mark.parametrize("count", ["1e999", "-5", "true", str(10**30)])
async def test_a_count_that_no_call_could_take_is_none(asker: Asker, first: ModelDouble, count: str) -> None:
    ended = f'{{"choices": [{{"delta": {{"content": "Yes."}}, "finish_reason": "stop"}}], "usage": {{"prompt_tokens": {count}}}}}'
    first.faults.add(garbage(text=f"data: {ended}\n\ndata: [DONE]\n\n", content_type="text/event-stream"))
    await asker.ask()
    assert [(usage.input, type(usage.input)) for usage in asker.metered] == [(0, int)]


async def test_stopping_ends_the_request_and_is_metered(asker: Asker, first: ModelDouble) -> None:
    hold = Hold(at=1)
    first.next(Reply("one two three four", pause=hold))
    stream = cast(Any, asker.model.stream(QUESTION))
    async with aclosing(stream):
        assert await anext(stream) == "one "
        await hold.reached.wait()
    await first.until(lambda: first.aborted == 1)
    assert [usage.estimated for usage in asker.metered] == [True]


async def test_a_cancelled_turn_ends_the_request(asker: Asker, first: ModelDouble) -> None:
    hold = Hold(at=0)
    first.next(Reply("never", pause=hold))
    asking = asyncio.create_task(asker.ask())
    await hold.reached.wait()
    asking.cancel()
    await asyncio.wait([asking])
    await first.until(lambda: first.aborted == 1)
    assert len(asker.metered) == 1


async def test_a_blocked_prompt_is_blocked_and_metered(asker: Asker, first: ModelDouble) -> None:
    first.faults.add(filtered("jailbreak"))
    said, failure = await asker.fails()
    assert (said, type(failure), [usage.output for usage in asker.metered]) == ("", Blocked, [tokens("")])


async def test_an_answer_blocked_in_the_middle_is_blocked(asker: Asker, first: ModelDouble) -> None:
    first.next(Reply("half of it", finish="content_filter"))
    said, failure = await asker.fails()
    assert (said, type(failure)) == ("half of it", Blocked)


async def test_too_much_text_is_too_long() -> None:
    async with ModelDouble(window=5) as small:
        asker = Asker(small.url)
        assert type((await asker.fails())[1]) is TooLong
        await asker.resources.close()


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (throttled(7), timedelta(seconds=7)),
        (throttled(millis=250), timedelta(milliseconds=250)),
        (throttled(9, millis=1_500), timedelta(milliseconds=1_500)),
        (throttled(86_400), timedelta(minutes=2)),
        (throttled("Sat, 21 Nov 2026 10:00:00 GMT"), None),
        (throttled(), None),
        (
            status(429, headers={"x-ratelimit-reset-tokens": "12", "x-ratelimit-reset-requests": "1"}),
            timedelta(seconds=12),
        ),
    ],
)
async def test_a_busy_model_says_how_long(asker: Asker, first: ModelDouble, fault: Any, wait: timedelta | None) -> None:
    first.faults.add(fault)
    _, failure = await asker.fails()
    assert isinstance(failure, Busy)
    assert failure.retry_after == wait


@pytest.mark.parametrize(
    "fault", [drop, status(500), status(503), status(401), refused(403, "PermissionDenied"), garbage(), garbage(502)]
)
async def test_a_resource_that_does_not_answer_is_unavailable(asker: Asker, first: ModelDouble, fault: Any) -> None:
    first.faults.add(fault)
    assert type((await asker.fails())[1]) is Unavailable


async def test_a_deployment_that_is_gone_is_said_to_be_gone_and_not_tried_again(asker: Asker) -> None:
    model = AzureModel(asker.resources, "no-such-deployment", asker.metered.append)
    with pytest.raises(ModelGone) as failed:
        await anext(model.stream(QUESTION))
    assert failed.value.lasting and asker.metered == []


async def test_a_deployment_that_is_gone_in_one_region_answers_in_the_other(pair: Asker, first: ModelDouble) -> None:
    first.faults.add(refused(404, "DeploymentNotFound"))
    assert "".join(await pair.ask()) == "From the second."


async def test_what_is_gone_is_set_aside_at_once_and_its_neighbours_are_not(pair: Asker, first: ModelDouble) -> None:
    first.faults.add(refused(404, "DeploymentNotFound"))
    await pair.ask()
    assert "".join(await pair.ask()) == "From the second."
    other = AzureModel(pair.resources, "gpt-4.1", pair.metered.append)
    assert "".join([piece async for piece in other.stream(QUESTION)]) == "It ends by itself."


@pytest.mark.parametrize("end", ["cut", "malformed", "error"])
async def test_a_stream_that_breaks_is_unavailable_and_metered(asker: Asker, first: ModelDouble, end: Any) -> None:
    first.next(Reply("one two three", end=end, pieces=2))
    said, failure = await asker.fails()
    assert (said, type(failure), len(asker.metered)) == ("one two ", Unavailable, 1)


@pytest.mark.parametrize("text", ["", "  \n "])
async def test_an_empty_answer_is_unavailable(asker: Asker, first: ModelDouble, text: str) -> None:
    first.next(Reply(text))
    assert type((await asker.fails())[1]) is Unavailable


@pytest.mark.parametrize(
    "events",
    [
        'data: {"choices": null}\n\ndata: {"choices": [{}]}\n\n',
        'data: 5\n\ndata: []\n\ndata: {"choices": [{"delta": {"content": 7}}]}\n\n',
        'data: {"choices": [{"delta": null, "finish_reason": "stop"}], "usage": {"prompt_tokens": "x"}}\n\ndata: [DONE]\n\n',
        "event: error\ndata: {}\n\n",
        f"data: {'[' * 100_000}\n\n",
    ],
)
async def test_a_stream_of_the_wrong_form_is_unavailable(asker: Asker, first: ModelDouble, events: str) -> None:
    first.faults.add(garbage(text=events, content_type="text/event-stream"))
    assert type((await asker.fails())[1]) is Unavailable


async def test_a_filter_that_speaks_up_in_the_middle_blocks(asker: Asker, first: ModelDouble) -> None:
    events = 'data: {"error": {"code": "content_filter", "message": "no"}}\n\n'
    first.faults.add(garbage(text=events, content_type="text/event-stream"))
    assert type((await asker.fails())[1]) is Blocked


@pytest.mark.parametrize("fault", [throttled(5), status(500), drop, status(404)])
async def test_the_next_resource_is_asked_when_one_fails(pair: Asker, first: ModelDouble, fault: Any) -> None:
    first.faults.add(fault)
    assert "".join(await pair.ask()) == "From the second."


async def test_a_resource_that_breaks_before_its_first_word_is_passed_over(pair: Asker, first: ModelDouble) -> None:
    first.next(Reply("never said", end="error", pieces=0))
    assert "".join(await pair.ask()) == "From the second."


async def test_no_other_resource_goes_on_with_an_answer_that_was_begun(
    pair: Asker, first: ModelDouble, second: ModelDouble
) -> None:
    first.next(Reply("one two", end="cut", pieces=1))
    said, failure = await pair.fails()
    assert (said, type(failure), second.prompts) == ("one ", Unavailable, [])


async def test_no_other_resource_is_asked_what_the_filter_blocked(
    pair: Asker, first: ModelDouble, second: ModelDouble
) -> None:
    first.faults.add(filtered())
    await pair.fails()
    assert second.prompts == []


async def test_a_resource_that_asked_for_time_is_left_alone_until_then(pair: Asker, first: ModelDouble) -> None:
    first.faults.add(throttled(10))
    await pair.ask()
    asked = len(first.prompts)
    await pair.ask()
    assert len(first.prompts) == asked
    pair.clock.time += timedelta(seconds=10)
    assert "".join(await pair.ask()) == "It ends by itself."


async def test_when_all_have_asked_for_time_nobody_is_asked_before(
    pair: Asker, first: ModelDouble, second: ModelDouble
) -> None:
    first.faults.add(throttled(100))
    second.faults.add(throttled(20))
    await pair.fails()
    pair.clock.time += timedelta(seconds=5)
    _, failure = await pair.fails()
    assert (type(failure), failure.retry_after, failure.counts) == (AllBusy, timedelta(seconds=15), False)
    assert (first.prompts, second.prompts) == ([], [])


async def test_an_answer_that_ends_well_does_not_cut_short_the_time_that_was_asked_for(
    asker: Asker, first: ModelDouble
) -> None:
    hold = Hold(at=1)
    first.next(Reply("a long answer", pause=hold))
    reading = asyncio.create_task(asker.ask())
    await hold.reached.wait()
    first.faults.add(throttled(10))
    await asker.fails()
    hold.release()
    assert "".join(await reading) == "a long answer"
    assert type((await asker.fails())[1]) is AllBusy


async def test_a_token_that_cannot_be_had_is_unavailable(first: ModelDouble) -> None:
    async def token() -> str:
        raise Unavailable

    resources = Resources([first.url], token, Clock())
    model = AzureModel(resources, DEPLOYMENT, lambda usage: None)
    with pytest.raises(Unavailable):
        await anext(model.stream(QUESTION))
    await resources.close()


async def test_no_redirect_is_followed(asker: Asker, first: ModelDouble, second: ModelDouble) -> None:
    first.faults.add(moved(f"{second.url}/openai/v1/chat/completions", 307))
    assert type((await asker.fails())[1]) is Unavailable
    assert second.prompts == []


async def test_nothing_of_the_environment_decides_where_words_go(
    first: ModelDouble, second: ModelDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{second.url}/openai/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-environment")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-environment")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-header\nX-Leak: environment")
    monkeypatch.setenv("HTTP_PROXY", second.url)
    monkeypatch.setenv("ALL_PROXY", second.url)
    seen: list[dict[str, str]] = []
    first.faults.add(watching(seen), times=None)
    asker = Asker(first.url)
    assert "".join(await asker.ask()) == "It ends by itself."
    await asker.resources.close()
    (headers,) = seen
    assert headers["authorization"] == "Bearer an-entra-token"
    assert "environment" not in str(headers) and not [name for name in headers if name.startswith(("openai", "x-"))]


def watching(seen: list[dict[str, str]]) -> Callable[..., Any]:
    """Keeps the headers of each request and answers it."""

    async def play(call: Any, answer: Any) -> Any:
        seen.append({name.lower(): value for name, value in call.request.headers.items()})
        return await answer(call)

    return play


async def test_no_word_of_a_refusal_or_a_prompt_is_in_the_failure(asker: Asker, first: ModelDouble) -> None:
    first.faults.add(refused(500, "x", "canary-7f3e"))
    _, failure = await asker.fails()
    assert "canary" not in f"{failure} {failure.words} {failure.__cause__} {failure.__context__}"


def test_a_refusal_names_its_codes_inside_and_outside() -> None:
    inner = {"error": {}, "code": "x", "innererror": {"code": "ResponsibleAIPolicyViolation"}}
    assert type(refusal(400, inner, {})) is Blocked
    assert type(refusal(400, None, {})) is AssistantError
    assert type(refusal(413, "text", {})) is TooLong
    assert type(refusal(0, {"code": 429}, {})) is Busy


def test_a_breaker_opens_after_several_failures_and_closes_by_itself() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    assert [breaker.failed(Unavailable(), probe=False) for _ in range(3)] == [False, False, True]
    assert breaker.admit() is None
    clock.time += REST
    assert breaker.admit() is not None


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("", 0),
        ("The quick brown fox jumps over the lazy dog.", 10),
        ("Größenänderung der Überweisung", 9),
        ("会議の要約", 5),
    ],
)
def test_the_count_of_tokens_is_never_below_the_vocabulary_s(text: str, real: int) -> None:
    assert tokens(text) >= real


def test_a_person_is_known_to_the_provider_by_a_keyed_hash_only() -> None:
    assert opaque("key", "t", "ada") == opaque("key", "t", "ada") != opaque("other", "t", "ada")
    assert len(opaque("key", "t", "ada")) == 64


def test_an_answer_is_asked_of_a_double_as_of_a_loopback_server_with_its_own_path(first: ModelDouble) -> None:
    resources = Resources([f"{first.url}/openai/v1", first.url], Asker().token, Clock())
    assert {str(resource.client.base_url) for resource in resources.all} == {f"{first.url}/openai/v1/"}
