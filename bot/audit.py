"""One row about each turn, for whoever must answer for it. No field of it can hold content.

Floor 5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.telemetry import hashed
from dialogs.errors import (
    AssistantError,
    Blocked,
    Crowded,
    Gone,
    NeedsSignIn,
    NotAllowed,
    NotHere,
    OverBudget,
    Personal,
    SignInExpired,
    Standing,
    Stopped,
    SwitchedOff,
    TooMany,
)
from dialogs.talk import Finding, PlaceKind


class Actor(StrEnum):
    """In what capacity somebody acted. Of the last two there is no person."""

    USER = "user"
    GUEST = "guest"
    ADMIN = "admin"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    SYSTEM = "system"


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
    CHATS = "chats"
    TASK = "task"
    PROMPTS = "prompts"
    SETTINGS = "settings"
    USAGE = "usage"
    PRIVACY = "privacy"
    ABOUT = "about"
    KNOW = "know"
    EXPORT = "export"
    HANDOVER = "handover"
    FORGET = "forget"
    AMEND = "amend"
    LEFT = "left"
    ADMIN = "admin"
    ERASE = "erase"
    HOLD = "hold"
    LIFT = "lift"
    RETRY = "retry"
    DROP = "drop"
    SWEEP = "sweep"
    AUDIT = "audit"
    FILTERS = "filters"
    FEEDBACK = "feedback"


class Outcome(StrEnum):
    """How it ended. `ERROR` told the person why; `DEAD` gave up after retries, with an apology; `BLOCKED` was filtered."""

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
    (TooMany, Outcome.REFUSED),
    (Crowded, Outcome.REFUSED),
    (SwitchedOff, Outcome.REFUSED),
    (NotHere, Outcome.REFUSED),
    (Personal, Outcome.REFUSED),
    (Gone, Outcome.GONE),
    (Standing, Outcome.OK),
)


def where(place: PlaceKind, conversation: str) -> str:
    """A conversation as the audit names it. One to one it has no name: it would tell who somebody was after they are forgotten."""
    return "" if place is PlaceKind.PERSONAL else hashed(conversation)


def outcome_of(error: AssistantError | None) -> Outcome:
    """How a turn that met `error` is recorded; a lasting fault the person was told of is an error, ours is dead."""
    if error is None:
        return Outcome.OK
    for kind, outcome in OUTCOMES:
        if isinstance(error, kind):
            return outcome
    return Outcome.ERROR if error.lasting and type(error) is not AssistantError else Outcome.DEAD


CATEGORIES = frozenset(
    {
        *("hate", "sexual", "violence", "self_harm", "jailbreak", "indirect_attack", "profanity"),
        *("custom_blocklists", "protected_material_text", "protected_material_code"),
        *("ungrounded_material", "personally_identifiable_information", "task_adherence"),
    }
)
SEVERITIES = ("safe", "low", "detected", "filtered", "medium", "high")
"""The milder first."""
OTHER = "other"
"""What stands for a category or a severity that is not known: it comes from outside and might be anything."""


def compact(findings: Iterable[Finding]) -> str:
    """`completion.violence=medium prompt.hate=low`: of each category the worst, in a closed vocabulary."""
    worst: dict[str, str] = {}
    for found in findings:
        category = found.category if found.category in CATEGORIES else OTHER
        severity = found.severity if found.severity in SEVERITIES else OTHER
        name = f"{'prompt' if found.where == 'prompt' else 'completion'}.{category}"
        worst[name] = max(worst.get(name, severity), severity, key=_weight)
    return " ".join(f"{name}={worst[name]}" for name in sorted(worst))


def expanded(text: str) -> tuple[Finding, ...]:
    """The findings that `compact` wrote."""
    found = []
    for each in text.split():
        name, _, severity = each.partition("=")
        where, _, category = name.partition(".")
        found.append(Finding("prompt" if where == "prompt" else "completion", category, severity))
    return tuple(found)


def _weight(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit row. `person` is the Entra object id, "" for an operator and the system; `conversation` and `team` are hashes.

    Tokens and milliseconds are counts. `dropped` points of a model's answer did not stand up to checking, `links_removed`
    did not get into it. `model` is the deployment, `version` what runs there, `region` where it is and `residency` how far
    prompts may travel, `request` the provider's id. `cost` is None where no price is known. `app` is this program's version.
    Until `expires`, by default a year, not even the program itself can delete the row. `subject` is the Entra object id of
    whom something was done to by another, `rule` the name of the rule that was decided.
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
    actor: Actor = Actor.USER
    team: str = ""
    version: str = ""
    region: str = ""
    residency: str = ""
    cached_tokens: int = 0
    cost: float | None = None
    findings: tuple[Finding, ...] = ()
    links_removed: int = 0
    request: str = ""
    app: str = ""
    expires: datetime | None = None
    subject: str = ""
    rule: str = ""
