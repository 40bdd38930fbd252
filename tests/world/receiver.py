"""A loopback OpenTelemetry receiver: takes OTLP over HTTP, decodes it, and keeps what it saw.

It runs in a thread of its own, because who sends to it may do so while the test's loop waits.
"""

import gzip
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue


@dataclass(frozen=True)
class Seen:
    """A span as it arrived. Times are nanoseconds; `process` names who sent it."""

    name: str
    trace: str
    span: str
    parent: str
    kind: int
    status: int
    began: int
    ended: int
    attributes: Mapping[str, object]
    process: str


@dataclass(frozen=True)
class Point:
    """One point of a metric: its value, or of a histogram the sum and the count."""

    metric: str
    value: float
    count: int
    attributes: Mapping[str, object]


@dataclass
class Receiver:
    """`async with` or `with`; `status` is what every request is answered."""

    status: int = 200
    spans: list[Seen] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """Every request's body, unpacked, as it came."""
    paths: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    """Nobody is answered before it is open."""
    address: str = ""
    server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self.gate.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gate.set()
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def named(self, name: str) -> list[Seen]:
        """The spans of a name."""
        return [span for span in self.spans if span.name == name]

    def of(self, metric: str) -> list[Point]:
        """The points of a metric."""
        return [point for point in self.points if point.metric == metric]

    def take(self, path: str, body: bytes) -> None:
        """Keep a request."""
        self.paths.append(path)
        self.bodies.append(body)
        if path == "/v1/traces":
            self.spans += list(spans(ExportTraceServiceRequest.FromString(body)))
        elif path == "/v1/metrics":
            self.points += list(points(ExportMetricsServiceRequest.FromString(body)))


def handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    """How a request is served."""

    class Served(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.gate.wait(30)
            if receiver.status == 200:
                receiver.take(self.path, gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(receiver.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: it would stand between the tests' own lines."""

    return Served


def spans(request: ExportTraceServiceRequest) -> Iterator[Seen]:
    """What a request for traces brings."""
    for resource in request.resource_spans:
        process = str(attributes(resource.resource.attributes).get("service.instance.id", ""))
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Seen(
                    name=span.name,
                    trace=span.trace_id.hex(),
                    span=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    kind=span.kind,
                    status=span.status.code,
                    began=span.start_time_unix_nano,
                    ended=span.end_time_unix_nano,
                    attributes=attributes(span.attributes),
                    process=process,
                )


def points(request: ExportMetricsServiceRequest) -> Iterator[Point]:
    """What a request for metrics brings."""
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.histogram.data_points:
                    yield Point(metric.name, point.sum, point.count, attributes(point.attributes))
                for one in (*metric.sum.data_points, *metric.gauge.data_points):
                    value = one.as_double if one.HasField("as_double") else one.as_int
                    yield Point(metric.name, value, 1, attributes(one.attributes))


def attributes(pairs: Any) -> dict[str, object]:
    """Names and values."""
    return {pair.key: plain(pair.value) for pair in _typed(pairs)}


def _typed(pairs: Any) -> Iterator[KeyValue]:
    yield from pairs


def plain(value: AnyValue) -> object:
    """A value as Python has it."""
    kind = value.WhichOneof("value")
    return getattr(value, kind) if kind else None
