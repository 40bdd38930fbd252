"""One row about each turn, for whoever must answer for it. No field of it can hold content.

Floor 5.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What was done."""

    ANSWER = "answer"
    SUMMARY = "summary"
    CATCH_UP = "catch-up"
    DIGEST = "digest"
    SHARE = "share"
    STOP = "stop"
    HELP = "help"
    WELCOME = "welcome"
    NEW_CHAT = "new chat"
    LIKE = "like"
    DISLIKE = "dislike"


class Outcome(StrEnum):
    """How it ended. `ERROR` told the person why; `DEAD` gave up after retries, with an apology."""

    OK = "ok"
    STOPPED = "stopped"
    BLOCKED = "blocked"
    REFUSED = "refused"
    ERROR = "error"
    DEAD = "dead"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit row. `person` is the Entra object id, `conversation` a hash; tokens and milliseconds are counts.

    `dropped` points of a model's answer did not stand up to checking.
    """

    at: datetime
    tenant: str
    person: str
    place: str
    conversation: str
    action: Action
    outcome: Outcome
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    sources: int = 0
    millis: int = 0
    dropped: int = 0
