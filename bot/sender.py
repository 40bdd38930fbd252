"""Makes of spans and measurements those of OpenTelemetry's SDK, and keeps what waits to be sent within bounds.

Floor 6, of the room of `bot.exporters`. Nobody waits for it: spans go into a bounded queue that a thread of the SDK empties, metrics are
added up in memory, and a receiver that is away costs what is in the queue and nothing else. No provider is made the
process's own, so no library can send anything by it.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from secrets import randbits

from opentelemetry.metrics import CallbackOptions, Meter, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from bot.marks import SHAPES, Ending, Kind, Marks, Metric, Step, attributes, of_chat
from bot.signals import Span
from bot.telemetry import Event, Log
from bot.version import VERSION

QUEUE = 4_096
"""Spans that wait at most, about a kilobyte each; further ones are dropped and counted."""
BATCH = 256
EVERY = 30_000
"""Milliseconds between two reports of the metrics."""
DELAY = 2_000
"""Milliseconds that a span waits for company."""
LASTS = 45 * 10**9
"""Nanoseconds for which a gauge holds what it was told: three looks (`bot.telling`). An old figure would say that all is well."""
FLUSH = 4.0
"""Seconds for the rest at the end: the platform ends a process thirty after its sign, and twenty are the answers'."""
NAME = "parley"
KINDS = {
    Step.ACTIVITY: SpanKind.CONSUMER,
    Step.DOOR: SpanKind.SERVER,
    Step.CALL: SpanKind.CLIENT,
    Step.CHAT: SpanKind.CLIENT,
}
"""What is none of these happens within."""
CONVENTIONS = (Metric.CALLED, Metric.USED)
SCOPE = InstrumentationScope(NAME, VERSION)
SAMPLED = TraceFlags(TraceFlags.SAMPLED)
PLAIN, FAILED = Status(StatusCode.UNSET), Status(StatusCode.ERROR)

log = Log("bot.sender")


class Losses:
    """What did not arrive: counted, told once when it begins, and with its number when it is over."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = threading.Lock()

    def lost(self, count: int, cause: str) -> None:
        """So much is gone. Any thread may say so."""
        with self._lock:
            first, self._count = not self._count, self._count + count
        if first:
            log.event(Event.TELEMETRY_FAILED, logging.WARNING, cause=cause)

    def over(self) -> None:
        """Something has arrived, or nothing more will be tried."""
        with self._lock:
            count, self._count = self._count, 0
        if count:
            log.event(Event.TELEMETRY_SENT, logging.WARNING, count=count)


class Outbox(SpanExporter):
    """An exporter of spans, with its losses counted. `taken`: how many spans it has been given."""

    def __init__(self, exporter: SpanExporter, losses: Losses) -> None:
        self._exporter = exporter
        self._losses = losses
        self.taken = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them, or count them as lost."""
        result = SpanExportResult.FAILURE
        with suppress(Exception):
            result = self._exporter.export(spans)
        self.taken += len(spans)
        if result is SpanExportResult.SUCCESS:
            self._losses.over()
        else:
            self._losses.lost(len(spans), "NotSent")
        return result

    def shutdown(self) -> None:
        """Close its connections."""
        self._exporter.shutdown()


class Counts:
    """What counters have come to. The SDK asks when it reports: to be told of each step would cost it ten times as much."""

    def __init__(self) -> None:
        self._sums: dict[Metric, dict[tuple[tuple[str, object], ...], float]] = {}

    def add(self, metric: Metric, value: float, marks: Marks) -> None:
        """A counter has grown."""
        sums = self._sums.setdefault(metric, {})
        key = tuple(marks.items())
        sums[key] = sums.get(key, 0.0) + value

    def of(self, metric: Metric) -> Callable[[CallbackOptions], Iterable[Observation]]:
        """What the SDK asks, in a thread of its own."""

        def observed(_: CallbackOptions) -> Iterable[Observation]:
            for marks, total in tuple(self._sums.get(metric, {}).items()):
                yield Observation(total, attributes(Marks(**dict(marks))))  # type: ignore[typeddict-item]

        return observed


class Levels:
    """What gauges were told last. The SDK's own would go on saying it for ever, also while nobody can look any more."""

    def __init__(self, now: Callable[[], int]) -> None:
        """`now`: nanoseconds since 1970."""
        self._now = now
        self._last: dict[Metric, dict[tuple[tuple[str, object], ...], tuple[float, int]]] = {}

    def put(self, metric: Metric, value: float, marks: Marks) -> None:
        """A gauge shows this."""
        self._last.setdefault(metric, {})[tuple(marks.items())] = value, self._now()

    def of(self, metric: Metric) -> Callable[[CallbackOptions], Iterable[Observation]]:
        """What the SDK asks, in a thread of its own."""

        def observed(_: CallbackOptions) -> Iterable[Observation]:
            for marks, (value, at) in tuple(self._last.get(metric, {}).items()):
                if self._now() - at <= LASTS:
                    yield Observation(value, attributes(Marks(**dict(marks))))  # type: ignore[typeddict-item]

        return observed


class Sender:
    """The receiver of `bot.signals`: makes of each span and measurement one of the SDK's."""

    def __init__(
        self,
        spans: Sequence[SpanExporter],
        metrics: Sequence[MetricExporter],
        share: float,
        instance: str,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        """`share` of all traces is sent, 0 to 1; `instance` names the process; `now`: nanoseconds since 1970."""
        self._now = now
        self._bound = round(share * 2**64)
        self._losses = Losses()
        self._boxes = [Outbox(each, self._losses) for each in spans]
        self._handed = 0
        self._resource = Resource({"service.name": NAME, "service.version": VERSION, "service.instance.id": instance})
        self._posts = [BatchSpanProcessor(box, QUEUE, DELAY, BATCH) for box in self._boxes]
        readers = [PeriodicExportingMetricReader(each, EVERY) for each in metrics]
        self._metrics = MeterProvider(readers, self._resource, shutdown_on_exit=False)
        self._instruments = instruments(self._metrics.get_meter(NAME, VERSION), Counts(), Levels(now))

    def span(self, span: Span) -> None:
        """See `Receiver`."""
        if self._handed - min(box.taken for box in self._boxes) >= QUEUE:
            self._losses.lost(1, "QueueFull")
            return
        with suppress(Exception):
            self._send(span)
            self._handed += 1

    def tell(self, metric: Metric, value: float, marks: Marks) -> None:
        """See `Receiver`."""
        with suppress(Exception):
            self._instruments[metric](value, marks)

    def keeps(self, trace: str) -> bool:
        """See `Receiver`. Half of a trace's name is a number that is as good as drawn by lot, and the same everywhere."""
        return int(trace[16:], 16) < self._bound

    def now(self) -> int:
        """See `Receiver`."""
        return self._now()

    def name(self) -> str:
        """See `Receiver`."""
        return f"{randbits(64) or 1:016x}"

    async def close(self) -> None:
        """Send what is left, for `FLUSH` at most."""
        loop, ended = asyncio.get_running_loop(), [asyncio.Event(), asyncio.Event()]
        # Daemons: a thread that hangs on its receiver would otherwise keep the process from ending.
        for part, done in zip((self._posted, self._metrics.shutdown), ended, strict=True):
            threading.Thread(target=_ended, args=(part, loop, done), daemon=True).start()
        with suppress(TimeoutError):
            async with asyncio.timeout(FLUSH):
                for done in ended:
                    await done.wait()
        self._losses.over()

    def _posted(self) -> None:
        for post in self._posts:
            post.shutdown()  # type: ignore[no-untyped-call]

    def _send(self, span: Span) -> None:
        made = readable(span, self._resource)
        for post in self._posts:
            post.on_end(made)


def readable(span: Span, resource: Resource) -> ReadableSpan:
    """A span as the SDK has it when it has ended.

    Made in one go and not by a tracer, which makes its ids itself, copies every attribute and takes five times as long.
    """
    chat = span.step is Step.CHAT
    return ReadableSpan(
        name=called(span),
        context=place(span.where.trace, span.where.span),
        parent=place(span.where.trace, span.parent) if span.parent else None,
        resource=resource,
        attributes=of_chat(span.marks) if chat else attributes(span.marks),
        kind=KINDS.get(span.step, SpanKind.INTERNAL),
        status=FAILED if failed(span.marks) else PLAIN,
        start_time=span.began,
        end_time=span.ended,
        instrumentation_scope=SCOPE,
    )


def place(trace: str, span: str) -> SpanContext:
    """A span's place, as the SDK has it."""
    return SpanContext(int(trace, 16), int(span, 16), is_remote=False, trace_flags=SAMPLED)


def _ended(shutdown: Callable[[], object], loop: asyncio.AbstractEventLoop, done: asyncio.Event) -> None:
    with suppress(Exception):
        shutdown()
    with suppress(RuntimeError):  # the loop may be closed by then
        loop.call_soon_threadsafe(done.set)


def called(span: Span) -> str:
    """The name of a span: few, and none of anybody's."""
    if span.step is Step.CHAT:
        return f"chat {attributes(span.marks).get('gen_ai.request.model', '')}".strip()
    if span.step is Step.CALL:
        found = attributes(span.marks)
        return f"{found.get('http.request.method', '')} {found.get('target', '')}".strip()
    return span.step.value


def failed(marks: Marks) -> bool:
    """Whether it went wrong."""
    return "cause" in marks or marks.get("status", 0) >= 400 or marks.get("ending") is Ending.ERROR


def instruments(meter: Meter, counts: Counts, levels: Levels) -> dict[Metric, Callable[[float, Marks], None]]:
    """What takes each metric's values."""
    return {metric: _instrument(meter, metric, counts, levels) for metric in Metric}


def _instrument(meter: Meter, metric: Metric, counts: Counts, levels: Levels) -> Callable[[float, Marks], None]:
    shape = SHAPES[metric]
    if shape.kind is Kind.COUNTER:
        meter.create_observable_counter(metric.value, [counts.of(metric)], shape.unit)
        return partial(counts.add, metric)
    if shape.kind is Kind.GAUGE:
        meter.create_observable_gauge(metric.value, [levels.of(metric)], shape.unit)
        return partial(levels.put, metric)
    named = of_chat if metric in CONVENTIONS else attributes
    bounds = shape.bounds
    histogram = meter.create_histogram(metric.value, shape.unit, explicit_bucket_boundaries_advisory=bounds)
    return lambda value, marks: histogram.record(value, named(marks))
