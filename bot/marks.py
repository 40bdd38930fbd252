"""What telemetry may say: steps, metrics, and the attributes of either, each of a type that holds no words of anybody.

Floor 5, of the room of `bot.signals`. There is no attribute for a text, so none can be captured by mistake or by a setting. The names
are those of OpenTelemetry's conventions where there are any (`gen_ai.*` as of the package's 0.66b2), else Parley's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypedDict

from bot.telemetry import MODEL, NAME, entra, hashed

Value = str | int


class Step(StrEnum):
    """What takes time on an activity's way, as its span is called."""

    ACTIVITY = "activity"
    DOOR = "POST /api/messages"
    ACCEPT = "accept"
    WAIT = "wait"
    TURN = "turn"
    CHAT = "chat"
    CALL = "call"


class Target(StrEnum):
    """Who was called. Never an address."""

    TEAMS = "teams"
    GRAPH = "graph"
    MODEL = "model"
    SIGN_IN = "sign-in"
    OTHER = "other"


class Ending(StrEnum):
    """How an activity was answered."""

    OK = "ok"
    REFUSED = "refused"
    FILTERED = "filtered"
    CANCELLED = "cancelled"
    ERROR = "error"


class TokenType(StrEnum):
    """Of which kind tokens are; the cached are part of the input."""

    INPUT = "input"
    OUTPUT = "output"
    CACHED = "cached"


class Kind(StrEnum):
    """How a metric is kept."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)
"""Bounds of a histogram of times."""
POWERS = tuple(float(4**power) for power in range(14))
"""Bounds of a histogram of tokens, as the conventions advise."""


class Metric(StrEnum):
    """What is counted or measured."""

    ACCEPTED = "parley.activities.accepted"
    ANSWERED = "parley.activities.answered"
    DEAD = "parley.activities.dead"
    THROTTLED = "parley.throttled"
    FILTERED = "parley.filtered"
    TOKENS = "parley.tokens"
    COST = "parley.cost"
    ACK = "parley.ack.duration"
    ANSWER = "parley.answer.duration"
    FIRST_TOKEN = "parley.first_token.duration"  # noqa: S105  a name
    CALLED = "gen_ai.client.operation.duration"
    USED = "gen_ai.client.token.usage"
    LANE_AGE = "parley.lane.age"
    LANES = "parley.lanes.waiting"
    BREAKERS = "parley.breakers.open"
    TURNS = "parley.turns.running"


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a metric: how it is kept, its unit, and the bounds of a histogram."""

    kind: Kind
    unit: str
    bounds: tuple[float, ...] = ()


SHAPES: dict[Metric, Shape] = {
    Metric.ACCEPTED: Shape(Kind.COUNTER, "{activity}"),
    Metric.ANSWERED: Shape(Kind.COUNTER, "{activity}"),
    Metric.DEAD: Shape(Kind.COUNTER, "{activity}"),
    Metric.THROTTLED: Shape(Kind.COUNTER, "{response}"),
    Metric.FILTERED: Shape(Kind.COUNTER, "{finding}"),
    Metric.TOKENS: Shape(Kind.COUNTER, "{token}"),
    Metric.COST: Shape(Kind.COUNTER, "1"),
    Metric.ACK: Shape(Kind.HISTOGRAM, "s", SECONDS),
    Metric.ANSWER: Shape(Kind.HISTOGRAM, "s", SECONDS),
    Metric.FIRST_TOKEN: Shape(Kind.HISTOGRAM, "s", SECONDS),
    Metric.CALLED: Shape(Kind.HISTOGRAM, "s", SECONDS),
    Metric.USED: Shape(Kind.HISTOGRAM, "{token}", POWERS),
    Metric.LANE_AGE: Shape(Kind.GAUGE, "s"),
    Metric.LANES: Shape(Kind.GAUGE, "{conversation}"),
    Metric.BREAKERS: Shape(Kind.GAUGE, "{breaker}"),
    Metric.TURNS: Shape(Kind.GAUGE, "{turn}"),
}


class Marks(TypedDict, total=False):
    """Everything a span or a measurement may say beside its name, its time and its value.

    `conversation` and `activity` are hashed. `model` is a deployment, `version` what the provider says runs there; `cause`
    names a kind of error, `category` one of the content filter's. `input`, `output` and `cached` are tokens.
    """

    tenant: str
    conversation: str
    activity: str
    ending: Ending
    target: Target
    method: str
    status: int
    model: str
    version: str
    input: int
    output: int
    cached: int
    attempts: int
    token: TokenType
    category: str
    severity: str
    cause: str


METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
PROVIDER = "azure.ai.openai"


def model(value: str) -> str:
    """A deployment's or a model's name; what is none is left out."""
    return value if MODEL.fullmatch(value) else ""


def kind(value: str) -> str:
    """The name of a class in the code."""
    return value if NAME.fullmatch(value) else ""


def method(value: str) -> str:
    """One of the methods that are used."""
    return value if value in METHODS else ""


def word(value: str) -> str:
    """A word of the content filter's lists."""
    return value if value.isascii() and value.replace("_", "").isalpha() and len(value) <= 60 else ""


ALLOWED: dict[str, tuple[str, Callable[[Any], Value]]] = {
    "tenant": ("parley.tenant", entra),
    "conversation": ("gen_ai.conversation.id", hashed),
    "activity": ("parley.activity", hashed),
    "ending": ("outcome", Ending),
    "target": ("target", Target),
    "method": ("http.request.method", method),
    "status": ("http.response.status_code", int),
    "model": ("gen_ai.request.model", model),
    "version": ("gen_ai.response.model", model),
    "input": ("gen_ai.usage.input_tokens", int),
    "output": ("gen_ai.usage.output_tokens", int),
    "cached": ("gen_ai.usage.cache_read.input_tokens", int),
    "attempts": ("parley.attempts", int),
    "token": ("gen_ai.token.type", TokenType),
    "category": ("category", word),
    "severity": ("severity", word),
    "cause": ("error.type", kind),
}
"""Of each mark: what it is called outside, and what makes of its value one that may leave."""


def attributes(marks: Marks) -> dict[str, Value]:
    """The marks as they leave; what has another shape than it should is left out."""
    found: dict[str, Value] = {}
    for name, value in marks.items():
        called, allowed = ALLOWED[name]
        told = allowed(value)
        if told != "":
            found[called] = told.value if isinstance(told, StrEnum) else told
    return found


def of_chat(marks: Marks) -> dict[str, Value]:
    """The same for what tells of a call of a model."""
    return {"gen_ai.operation.name": "chat", "gen_ai.provider.name": PROVIDER} | attributes(marks)
