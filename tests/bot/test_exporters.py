"""Telemetry on the wire: what arrives, what happens when nobody takes it, and how it ends."""

import asyncio
import json
import logging
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from bot.exporters import Bearer, azure, collector
from bot.marks import Ending, Metric, Step
from bot.sender import FLUSH, LASTS, QUEUE, Sender
from bot.signals import Span
from bot.traces import Where, origin
from tests.world.receiver import Receiver

ROOT = Path(__file__).parents[2]
NOW = time.time_ns()
FIRST = origin("tenant", "chat", "1")
KEY = "11111111-2222-4333-8444-555555555555"


def span(number: int = 1, step: Step = Step.TURN, **marks: Any) -> Span:
    return Span(step, Where(FIRST.trace, f"{number:016x}"), FIRST.span, NOW, NOW + 5_000_000, marks)  # type: ignore[arg-type]


def to(receiver: Receiver, share: float = 1.0) -> Sender:
    spans, metrics = collector(receiver.address)
    return Sender([spans], [metrics], share, "one")


async def test_a_span_arrives_with_the_ids_it_was_given() -> None:
    with Receiver() as receiver:
        sender = to(receiver)
        sender.span(span(7, attempts=2))
        sender.span(Span(Step.ACTIVITY, FIRST, "", NOW, NOW + 1, {"ending": Ending.ERROR}))
        await sender.close()
    turn, first = receiver.spans
    assert (turn.trace, turn.span, turn.parent) == (FIRST.trace, f"{7:016x}", FIRST.span)
    assert (first.span, first.parent, first.status, turn.status) == (FIRST.span, "", 2, 0)
    assert (turn.ended - turn.began, dict(turn.attributes)) == (5_000_000, {"parley.attempts": 2})


async def test_metrics_arrive_by_their_names() -> None:
    with Receiver() as receiver:
        sender = to(receiver)
        for metric in Metric:
            sender.tell(metric, 2.0, {"model": "chat"})
        await sender.close()
    assert {point.metric for point in receiver.points} == set(Metric)
    assert receiver.of(Metric.ANSWER)[0].value == 2.0


@pytest.mark.parametrize(("passed", "told"), [(LASTS, 1), (LASTS + 1, 0)])
async def test_a_gauge_says_nothing_that_is_old(passed: int, told: int) -> None:
    times = [NOW]
    with Receiver() as receiver:
        spans, metrics = collector(receiver.address)
        sender = Sender([spans], [metrics], 1.0, "one", lambda: times[-1])
        sender.tell(Metric.LANE_AGE, 2.0, {})
        sender._metrics.force_flush()  # the SDK's own gauge would from now on repeat it with every report
        times.append(NOW + passed)
        await sender.close()
    assert len(receiver.of(Metric.LANE_AGE)) == 1 + told


async def test_a_share_of_traces_is_kept_and_everybody_keeps_the_same() -> None:
    with Receiver() as receiver:
        some, others, none, all_ = (to(receiver, share) for share in (0.25, 0.25, 0.0, 1.0))
        names = [origin("t", "c", str(number)).trace for number in range(2_000)]
        kept = [some.keeps(name) for name in names]
        assert kept == [others.keeps(name) for name in names] and 400 < sum(kept) < 600
        assert not any(map(none.keeps, names)) and all(map(all_.keeps, names))
        for sender in (some, others, none, all_):
            await sender.close()


async def test_a_receiver_that_hangs_keeps_nobody_waiting_and_the_queue_small() -> None:
    with Receiver() as receiver:
        receiver.gate.clear()
        sender = to(receiver)
        began = time.perf_counter()
        for number in range(1, 3 * QUEUE):
            sender.span(span(number))
        spent = time.perf_counter() - began
        waiting = sender._handed
        receiver.gate.set()
        await sender.close()
    assert waiting <= QUEUE + 512 and spent < 10


async def test_the_end_waits_only_so_long() -> None:
    with Receiver() as receiver:
        sender = to(receiver)
        sender.span(span())
        receiver.gate.clear()
        began = asyncio.get_running_loop().time()
        await sender.close()
        assert asyncio.get_running_loop().time() - began < FLUSH + 1


class Refusing(SpanExporter):
    """Takes nothing while it is `away`."""

    def __init__(self) -> None:
        self.away = True

    def export(self, spans: Any) -> SpanExportResult:
        if self.away:
            raise OSError("somebody's words")
        return SpanExportResult.SUCCESS


async def test_losses_are_told_once_and_counted_when_they_are_over(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.sender")
    refusing = Refusing()
    sender = Sender([refusing], [], 1.0, "one")
    for batch in (3, 2):
        sender._boxes[0].export([None] * batch)  # type: ignore[list-item]
    refusing.away = False
    sender._boxes[0].export([None])  # type: ignore[list-item]
    await sender.close()
    said = [getattr(record, "line", {}) for record in caplog.records]
    assert [(line["event"], line.get("count")) for line in said] == [
        ("telemetry not sent", None),
        ("telemetry sent again", 5),
    ]
    assert "words" not in json.dumps(said)


async def test_a_receiver_that_is_not_there_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with Receiver() as gone:
        pass
    sender = to(gone)
    sender.span(span())
    sender.tell(Metric.ACCEPTED, 1, {})
    await sender.close()
    assert "Traceback" not in caplog.text


async def test_a_redirect_is_not_followed() -> None:
    with Receiver() as elsewhere, Receiver(status=307) as receiver:
        sender = to(receiver)
        sender.span(span())
        await sender.close()
    assert elsewhere.paths == []


async def test_the_machines_token_is_handed_on_and_never_kept() -> None:
    asked: list[str] = []

    async def token(scope: str) -> str:
        asked.append(scope)
        return f"token {len(asked)}"

    bearer = Bearer(token, asyncio.get_running_loop())
    first = await asyncio.to_thread(bearer.get_token, "https://monitor.azure.com//.default")
    second = await asyncio.to_thread(bearer.get_token, "https://monitor.azure.com//.default")
    assert (first.token, second.token) == ("token 1", "token 2") and first.expires_on <= time.time()


AZURE = """
import asyncio, socket, sys, threading
import app
app.os.environ.update(app.QUIET)
hosts, real = set(), socket.getaddrinfo

def listened(host, *rest, **more):
    hosts.add(host)
    return real(host, *rest, **more)

socket.getaddrinfo = listened
from bot.exporters import azure
from bot.marks import Metric, Step
from bot.sender import Sender
from bot.signals import Span
from bot.traces import Where, origin

async def main():
    first = origin("tenant", "chat", "1")
    spans, metrics = azure(sys.argv[1], None)
    sender = Sender([spans], [metrics], 1.0, "one")
    print([thread.name for thread in threading.enumerate() if not thread.name.startswith(("Main", "Otel"))])
    sender.span(Span(Step.TURN, Where(first.trace, "00000000000000aa"), first.span, 1, 2, {"attempts": 1}))
    sender.tell(Metric.LANE_AGE, 3.0, {})
    await sender.close()

asyncio.run(main())
print(sorted(hosts))
"""


def test_azure_monitor_is_told_and_nobody_else(tmp_path: Path) -> None:
    with Receiver() as receiver:
        connection = f"InstrumentationKey={KEY};IngestionEndpoint={receiver.address}/"
        command = [sys.executable, "-c", AZURE, connection]
        environ = {"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=environ)
    told = b"".join(receiver.bodies).decode()
    assert done.stdout == "[]\n['127.0.0.1']\n" and set(receiver.paths) == {"/v2.1/track"}
    assert FIRST.trace in told and "parley.lane.age" in told
    assert list(tmp_path.rglob("*")) == []


def test_azure_monitor_bears_the_machines_token_only() -> None:
    async def token(scope: str) -> str:
        return "token"

    loop = asyncio.new_event_loop()
    try:
        bearer = Bearer(token, loop)
        connection = f"InstrumentationKey={KEY};IngestionEndpoint=https://ingestion.example/"
        exporters = azure(connection, bearer)
        assert {vars(each)["_credential"] for each in exporters} == {bearer}
        assert {vars(each)["storage"] for each in exporters} == {None}
    finally:
        loop.close()
