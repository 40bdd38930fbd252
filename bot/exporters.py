"""The ways to who receives telemetry: an OpenTelemetry collector, Azure Monitor, or both.

Floor 6, with `bot.sender` the only room that knows `opentelemetry`; imported only where an address is set.
"""

import asyncio
import logging
import ssl
import time

import requests
from azure.core.credentials import AccessToken
from azure.monitor.opentelemetry.exporter import AzureMonitorMetricExporter, AzureMonitorTraceExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics.export import MetricExporter
from opentelemetry.sdk.trace.export import SpanExporter

from bot.sender import Sender
from bot.settings import Fault, Settings, Unfit
from bot.tokens import Token

REQUEST = 5
"""Seconds that one request may take."""
QUIET = ("opentelemetry", "azure.monitor", "azure.core.pipeline.policies.http_logging_policy", "urllib3")
"""Loggers that would say at every attempt what is said here once."""


CONNECTION = Fault(
    "APPLICATIONINSIGHTS_CONNECTION_STRING", "is not understood", "copy it from the Application Insights resource"
)


class Bearer:
    """The machine's token for Azure Monitor, as azure-core wants it: asked for from a thread of the exporter's."""

    def __init__(self, token: Token, loop: asyncio.AbstractEventLoop) -> None:
        self._token = token
        self._loop = loop

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        """A token that is good now. It is not to be kept: `bot.tokens` does that, and renews it in time."""
        asked = asyncio.run_coroutine_threadsafe(_asked(self._token, scopes[0]), self._loop)
        return AccessToken(asked.result(REQUEST), int(time.time()))


async def _asked(token: Token, scope: str) -> str:
    return await token(scope)


def collector(address: str) -> tuple[SpanExporter, MetricExporter]:
    """OTLP over HTTP, in protobuf. No proxy of the environment, and no redirect to where nobody has looked."""
    known = ssl.get_default_verify_paths()
    authorities = known.cafile or known.capath
    root = address.rstrip("/")
    spans = OTLPSpanExporter(
        f"{root}/v1/traces", authorities, timeout=REQUEST, compression=Compression.Gzip, session=plain()
    )
    metrics = OTLPMetricExporter(
        f"{root}/v1/metrics", authorities, timeout=REQUEST, compression=Compression.Gzip, session=plain()
    )
    return spans, metrics


def plain() -> requests.Session:
    """A session that takes nothing from the environment."""
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    return session


def azure(connection: str, bearer: Bearer | None) -> tuple[SpanExporter, MetricExporter]:
    """Azure Monitor, by the machine's identity. Nothing is kept on the disk, and nothing is told to Microsoft of the exporter itself."""
    ways = {
        "connection_string": connection,
        "credential": bearer,
        "disable_offline_storage": True,
        "instrumentation_collection": True,  # its own figures of itself, "statsbeat", stay off
        "timeout": float(REQUEST),
        "read_timeout": REQUEST,
        "retry_total": 1,
        "use_env_settings": False,
    }
    return AzureMonitorTraceExporter(**ways), AzureMonitorMetricExporter(**ways)


def sender(settings: Settings, machine: Token | None, instance: str) -> Sender:
    """The receiver that the settings ask for. Raises `Unfit` for a connection string that is none."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    ways = []
    if settings.otel_exporter_otlp_endpoint:
        ways.append(collector(settings.otel_exporter_otlp_endpoint))
    if settings.applicationinsights_connection_string:
        bearer = Bearer(machine, asyncio.get_running_loop()) if machine else None
        try:
            ways.append(azure(settings.applicationinsights_connection_string, bearer))
        except ValueError:
            raise Unfit((CONNECTION,)) from None
    spans, metrics = zip(*ways, strict=True)
    return Sender(spans, metrics, settings.otel_traces_sampler_arg, instance)
