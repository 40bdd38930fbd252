"""One row about each turn, for whoever must answer for it. No field of it can hold content.

Floor 5.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dialogs.errors import (
    AssistantError,
    Blocked,
    Gone,
    NeedsSignIn,
    NotAllowed,
    OverBudget,
    SignInExpired,
    Standing,
    Stopped,
)


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
    SIGN_IN = "sign in"
    SIGN_OUT = "sign out"
    LIKE = "like"
    DISLIKE = "dislike"
    RULE = "rule"


class Outcome(StrEnum):
    """How it ended. `ERROR` told the person why; `DEAD` gave up after retries, with an apology."""

    OK = "ok"
    STOPPED = "stopped"
    BLOCKED = "blocked"
    REFUSED = "refused"
    ERROR = "error"
    DEAD = "dead"
    GONE = "gone"


OUTCOMES: tuple[tuple[type[AssistantError], Outcome], ...] = (
    (Stopped, Outcome.STOPPED),
    (Blocked, Outcome.BLOCKED),
    (NeedsSignIn, Outcome.REFUSED),
    (SignInExpired, Outcome.REFUSED),
    (NotAllowed, Outcome.REFUSED),
    (OverBudget, Outcome.REFUSED),
    (Gone, Outcome.GONE),
    (Standing, Outcome.OK),
)


def outcome_of(error: AssistantError | None) -> Outcome:
    """How a turn that met `error` is recorded; a lasting fault the person was told of is an error, ours is dead."""
    if error is None:
        return Outcome.OK
    for kind, outcome in OUTCOMES:
        if isinstance(error, kind):
            return outcome
    return Outcome.ERROR if error.lasting and type(error) is not AssistantError else Outcome.DEAD


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
