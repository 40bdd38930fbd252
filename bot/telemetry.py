"""Log lines: one JSON object each, and nothing in them that a person wrote.

Floor 5, a leaf. A line is built from an allow-list of typed fields, so there is no place for content to stand in.
What is about an activity bears its `trace`. Records of foreign libraries are reduced to logger, level and the type of an exception, because their messages and
arguments hold bodies, headers and tokens. Ids of Teams are hashed as in the audit; ids of Entra stand as they are.
"""

import contextlib
import hashlib
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TypedDict, Unpack

import orjson

from bot.traces import HERE

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ("app.py", "bot/", "dialogs/")
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LOGGER = re.compile(r"[\w.]{1,80}")
MODEL = re.compile(r"[\w.-]{1,64}", re.ASCII)
NAME = re.compile(r"[A-Za-z]{1,60}|AADSTS\d{4,8}")
"""The name of a kind of error, or Entra's code for it; nothing that a person wrote passes for one for long."""
SEAL = re.compile(r"[0-9a-f]{64}")
FRAMES = 8


class Event(StrEnum):
    """What happened. A line of the log is one of these or a foreign library's."""

    STARTED = "started"
    READY = "ready"
    DRAINING = "draining"
    ENDED = "ended"
    REFUSED = "request refused"
    ANSWERED = "activity answered"
    POSTPONED = "activity postponed"
    PARKED = "activity parked"
    DEAD = "activity dead"
    FAILED = "turn failed"
    LEASE_LOST = "lease lost"
    STORE_AWAY = "store away"
    VAULT_AWAY = "key vault away"
    KEYS_FAILED = "channel keys not refreshed"
    CLOCK_OFF = "clock is off"
    TOKEN_FAILED = "token not refreshed"  # noqa: S105  a name, not a token
    EXCHANGE_FAILED = "token not exchanged"
    MODEL_FAILED = "model call failed"
    MODEL_RETIRES = "model retires soon"
    MODEL_OPENED = "model endpoint set aside"
    GRAPH_FAILED = "graph call failed"
    UPLOAD_FAILED = "upload failed"
    FETCH_FAILED = "download failed"
    SIGN_IN_FAILED = "sign in failed"
    SEALED = "audit sealed"
    SWEPT = "retention done"
    UNCAUGHT = "uncaught exception"
    TELEMETRY_FAILED = "telemetry not sent"
    TELEMETRY_SENT = "telemetry sent again"
    FOREIGN = "library"


class Fields(TypedDict, total=False):
    """Everything a line may say of its event. `conversation` and `activity` are hashed; `cause` names a kind of error, `model`
    a deployment.

    `seal` is the hash of the newest link of a tenant's audit, whose number is the `count`: kept here, it stands outside
    the database that it is about.
    """

    tenant: str
    conversation: str
    activity: str
    person: str
    millis: int
    status: int
    count: int
    cause: str
    model: str
    seal: str
    error: BaseException | None


class Log:
    """Writes the events of one room."""

    def __init__(self, room: str) -> None:
        self._logger = logging.getLogger(room)

    def event(self, event: Event, level: int = logging.INFO, **fields: Unpack[Fields]) -> None:
        """Write one line."""
        if not self._logger.isEnabledFor(level):
            return
        # Not by `Logger.log`, which looks through the stack for where it was called from.
        own = {"line": line(event, fields)}
        self._logger.handle(self._logger.makeRecord(self._logger.name, level, "", 0, "", (), None, extra=own))


def hashed(identifier: str) -> str:
    """An id of Teams as logs and audit name it: the first 32 digits of its SHA-256."""
    return hashlib.sha256(identifier.encode(errors="replace")).hexdigest()[:32]


def entra(identifier: str) -> str:
    """An Entra id as it is; anything else is hashed, for it might be a name."""
    return identifier if GUID.fullmatch(identifier) else hashed(identifier)


def line(event: Event, fields: Fields) -> dict[str, str | int | list[str]]:
    """The fields of a line. Each is a count, an id, a hash, or a name out of the code."""
    found: dict[str, str | int | list[str]] = {"event": event.value}
    found |= {name: entra(fields[name]) for name in ("tenant", "person") if name in fields}
    found |= {name: hashed(fields[name]) for name in ("conversation", "activity") if name in fields}
    found |= {name: int(fields[name]) for name in ("millis", "status", "count") if name in fields}
    found |= {"cause": fields["cause"]} if NAME.fullmatch(fields.get("cause", "")) else {}
    found |= {"model": fields["model"]} if MODEL.fullmatch(fields.get("model", "")) else {}
    found |= {"seal": fields["seal"]} if SEAL.fullmatch(fields.get("seal", "")) else {}
    return found | blame(fields.get("error"))


def blame(error: BaseException | None) -> dict[str, str | int | list[str]]:
    """The type of an exception and where in our own code it passed; never its message."""
    if error is None:
        return {}
    return {"error": type(error).__name__, "at": frames(error.__traceback__)}


def frames(trace: TracebackType | None) -> list[str]:
    """`file:line` of the innermost frames that are ours."""
    places = ((Path(frame.f_code.co_filename), number) for frame, number in traceback.walk_tb(trace))
    found = [f"{path.relative_to(ROOT).as_posix()}:{number}" for path, number in places if path.is_relative_to(ROOT)]
    return [place for place in found if place.startswith(HOUSE)][-FRAMES:]


class Lines(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Our own lines as they are, foreign ones reduced."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        logger = record.name if LOGGER.fullmatch(record.name) else ""
        head = {"time": time, "level": record.levelname.lower(), "logger": logger}
        here = HERE.get()
        if here is not None:
            head["trace"] = here.trace
        own = getattr(record, "line", None)
        return orjson.dumps(head | (own if isinstance(own, dict) else foreign(record))).decode()


def foreign(record: logging.LogRecord) -> dict[str, str | int | list[str]]:
    """What may be said of a record that we did not write."""
    error = record.exc_info[1] if record.exc_info else None
    return {"event": Event.FOREIGN.value} | blame(error)


class Writer(logging.Handler):
    """Hands each line to `write`."""

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__()
        self.setFormatter(Lines())
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        """A line that cannot be written is dropped: nothing may fail, and nothing may go to stderr, because of it."""
        with contextlib.suppress(Exception):
            self._write(self.format(record) + "\n")


def configure(write: Callable[[str], object]) -> None:
    """Send every record, warning and uncaught exception of the process through `write`, once each, as lines."""
    logging.raiseExceptions = False  # it would print a record's arguments to stderr
    logging.basicConfig(handlers=[Writer(write)], level=logging.WARNING, force=True)
    for room in ("bot", "dialogs", "app"):
        logging.getLogger(room).setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = lambda kind, error, trace: uncaught(error)
    sys.unraisablehook = lambda raised: uncaught(raised.exc_value)
    threading.excepthook = lambda raised: uncaught(raised.exc_value)


def uncaught(error: BaseException | None) -> None:
    """What nobody caught; the interpreter would print its message."""
    if not isinstance(error, KeyboardInterrupt):
        Log("app").event(Event.UNCAUGHT, logging.CRITICAL, error=error)
