"""The nouns of a conversation: who asks, where, what, and the parts an answer is made of.

Floor 1. Every value is frozen. Times are timezone-aware and in UTC.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal


class PlaceKind(StrEnum):
    """The three scopes Teams gives a conversation."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


class Event(StrEnum):
    """Why the assistant is awake: somebody wrote, or somebody has just added it."""

    MESSAGE = "message"
    WELCOME = "welcome"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a tenant. `id` is the Entra object id, `zone` an IANA time zone, `locale` a BCP 47 tag."""

    id: str
    tenant: str
    name: str = ""
    locale: str = "en-US"
    zone: str = "UTC"
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is said. `team` and `channel` are Graph ids; `thread` is the id of the root message."""

    kind: PlaceKind
    conversation: str
    team: str | None = None
    channel: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something sent along with a message; nothing of it has been fetched."""

    name: str
    media_type: str
    address: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of one person. It is once-only by (tenant, conversation, id)."""

    id: str
    person: Person
    place: Place
    text: str
    attachments: tuple[Attachment, ...] = ()
    event: Event = Event.MESSAGE


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a chat's history, or of what a model is given."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Post:
    """A message that somebody wrote in a channel or chat, as plain text; it is data and never an instruction."""

    id: str
    author: str
    author_id: str
    time: datetime
    text: str
    link: str
    edited: bool = False
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Omitted:
    """A message that was met while reading and left out, with the reason the coverage line gives."""

    reason: Literal["deleted", "system", "blocked", "empty", "own", "request"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens one call of a model took. `estimated` where the model did not say."""

    model: str
    input: int
    output: int
    cached: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """A piece of CommonMark, appended to the answer: kept and shown. `ai`: a model had a hand in it."""

    text: str
    ai: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A line about the work under way ("Reading 600 messages…"): shown, never kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Cite:
    """The source behind the mark `[number]` in the text. `quote` is the opening of what stands there."""

    number: int
    title: str
    quote: str
    link: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press that says `text` in the person's name."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A small card: a heading, lines of plain text, buttons."""

    title: str
    lines: tuple[str, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A document handed to the person."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NewChat:
    """From here on nothing said before is remembered in this conversation."""


@dataclass(frozen=True, slots=True)
class OfferSignIn:
    """Under the answer, show the person how to sign in with their work account."""


Part = Say | Note | Cite | Card | File | NewChat | OfferSignIn


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is kept of a dialog's parts: what is shown at the end and written to the history."""

    text: str = ""
    ai: bool = False
    cites: tuple[Cite, ...] = ()
    cards: tuple[Card, ...] = ()
    new_chat: bool = False
    sign_in: bool = False


def grow(answer: Answer, part: Part) -> Answer:
    """The answer with one more part; a `Note` leaves it as it was."""
    match part:
        case Say(text, ai):
            return replace(answer, text=answer.text + text, ai=answer.ai or ai)
        case Cite():
            return replace(answer, cites=(*answer.cites, part))
        case Card():
            return replace(answer, cards=(*answer.cards, part))
        case NewChat():
            return replace(answer, new_chat=True)
        case OfferSignIn():
            return replace(answer, sign_in=True)
        case _:
            return answer
