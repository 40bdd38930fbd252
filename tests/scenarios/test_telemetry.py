"""What a receiver of telemetry sees of a question that one process accepts and another answers, and what it never sees."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.traces import origin
from tests.scenarios.stage import Stage, alone, honest
from tests.world.activities import message
from tests.world.bots import BotProcess, url
from tests.world.completion import Reply
from tests.world.database import fresh
from tests.world.faults import throttled
from tests.world.people import ADA, BRUNO
from tests.world.receiver import Receiver, Seen
from tests.world.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

CANARY = "canary-3e9f"


@dataclass(frozen=True, slots=True)
class Played:
    """What was received, the trace of the question that changed hands, and the processes it passed through."""

    receiver: Receiver
    trace: str
    first: BotProcess
    second: BotProcess
    secrets: tuple[str, ...]

    def spans(self, name: str) -> list[Seen]:
        """The question's spans of a name."""
        return [span for span in self.receiver.named(name) if span.trace == self.trace]

    def span(self, name: str) -> Seen:
        """The only one."""
        (span,) = self.spans(name)
        return span


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(postgres: str) -> AsyncIterator[Played]:
    with Receiver() as receiver, fresh(postgres) as conninfo:
        async with World() as world:
            settings = {"DATABASE_URL": url(conninfo), "REQUIRE_SIGN_IN": "false"}
            environ = world.environ(**settings, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.address)
            async with BotProcess(environ) as first, BotProcess(environ) as second:
                trace, secrets = await play(Stage(world, first, url(conninfo)), first, second)
            # Both have ended: what they had to say has been said.
            yield Played(receiver, trace, first, second, secrets)


async def play(stage: Stage, first: BotProcess, second: BotProcess) -> tuple[str, tuple[str, ...]]:
    """The first process is told to end while it answers something: so it accepts the question, and the second answers it."""
    world, asked, released, began = stage.world, stage.group(), asyncio.Event(), asyncio.Event()

    async def pause(number: int) -> None:
        began.set()
        await released.wait()

    world.bot = first.url
    world.model.next(Reply(f"At last, {CANARY}.", pause=pause))
    await world.post(message(alone(), ADA, f"wait for me, {CANARY}"))
    await began.wait()
    ending = asyncio.create_task(first.end())
    while not any('"draining"' in line for line in first.lines):
        await asyncio.sleep(0.02)
    world.graph.post(asked.conversation, BRUNO, f"The {CANARY} sings.")
    world.model.faults.add(throttled(after=1), times=1)
    world.model.next(lambda heard: Reply(honest(heard)))
    question = message(asked, ADA, "summarise")
    assert (await world.post(question))[0] == 202
    await stage.until(lambda: any("the launch" in told.text for told in stage.answers(asked)))
    released.set()
    await ending
    id, room = str(question["id"]), asked.conversation
    tokens = (issued.token for issued in world.login.issued)
    return origin(ADA.tenant, room, id).trace, (CANARY, ADA.name, ADA.id, BRUNO.name, room, "127.0.0.1", *tokens)


async def test_a_question_is_one_trace_from_the_door_to_its_end(played: Played) -> None:
    names = {span.name for span in played.receiver.spans if span.trace == played.trace}
    ways = {"GET graph", "POST teams", "PUT teams"}
    assert names >= {"activity", "POST /api/messages", "accept", "wait", "turn", "chat gpt-5.4-mini", *ways}, names


async def test_the_process_that_answers_is_another_than_the_one_that_accepted(played: Played) -> None:
    (accepting,), answering = played.spans("accept"), played.spans("turn")
    assert {accepting.process}.isdisjoint(turn.process for turn in answering) and answering


async def test_every_span_hangs_on_another_of_its_trace_and_one_on_none(played: Played) -> None:
    known = {span.span: span for span in played.receiver.spans if span.trace == played.trace}
    assert [span.name for span in known.values() if span.parent not in known] == ["activity"]
    assert known[played.spans("accept")[0].parent].name == "POST /api/messages"


async def test_the_first_span_lasts_from_the_acceptance_to_the_last_word(played: Played) -> None:
    whole, waited = played.span("activity"), played.span("wait")
    first, *_, last = sorted(played.spans("turn"), key=lambda turn: turn.began)
    assert whole.began == waited.began < waited.ended <= first.began and last.ended >= whole.ended > last.began
    assert whole.attributes["outcome"] == "ok"


async def test_a_call_of_a_model_speaks_the_conventions(played: Played) -> None:
    answered = [span for span in played.spans("chat gpt-5.4-mini") if span.status != 2]
    told = answered[-1].attributes
    assert told["gen_ai.operation.name"] == "chat" and told["gen_ai.provider.name"] == "azure.ai.openai"
    assert isinstance(told["gen_ai.usage.input_tokens"], int) and told["gen_ai.request.model"] == "gpt-5.4-mini"


async def test_a_model_that_had_too_much_to_do_is_an_error_in_the_trace_and_counted(played: Played) -> None:
    refused = [span for span in played.spans("chat gpt-5.4-mini") if span.status == 2]
    assert [span.attributes["error.type"] for span in refused] == ["Busy"]
    assert {point.attributes["target"] for point in played.receiver.of("parley.throttled")} == {"model"}


@pytest.mark.parametrize(
    "metric",
    [
        *("parley.activities.accepted", "parley.activities.answered", "parley.tokens", "parley.ack.duration"),
        *("parley.answer.duration", "parley.first_token.duration", "gen_ai.client.operation.duration"),
        *("gen_ai.client.token.usage", "parley.lane.age", "parley.lanes.waiting", "parley.turns.running"),
    ],
)
async def test_what_happened_is_measured(played: Played, metric: str) -> None:
    assert played.receiver.of(metric)


async def test_both_questions_are_counted_once(played: Played) -> None:
    for metric in ("parley.activities.accepted", "parley.activities.answered"):
        newest = {(point.metric, *point.attributes.items()): point.value for point in played.receiver.of(metric)}
        assert sum(newest.values()) in (1, 2), newest


async def test_the_lines_of_the_log_bear_the_trace(played: Played) -> None:
    answered = [line for line in played.second.log if line["event"] == "activity answered"]
    assert [line["trace"] for line in answered] == [played.trace]


async def test_no_word_name_id_token_or_address_is_sent(played: Played) -> None:
    everything = b"\n".join(played.receiver.bodies).decode("utf-8", "replace").lower()
    assert [secret for secret in played.secrets if secret.lower() in everything] == []
    assert "gen_ai.request.model" in everything
