"""The nouns of a conversation: who asks, where, what, and the parts an answer is made of.

Floor 1. Every value is frozen. Times are timezone-aware and in UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from dialogs.attachments import Attachment, Handed, Handover
from dialogs.cards import Button, Card
from dialogs.changes import Change
from dialogs.suggestions import Suggest


class PlaceKind(StrEnum):
    """The three scopes Teams gives a conversation."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


class Event(StrEnum):
    """Why the assistant is awake: somebody wrote, changed what they wrote, added or removed it, or it keeps a promise."""

    MESSAGE = "message"
    WELCOME = "welcome"
    DIGEST = "digest"
    POST = "post"
    AMEND = "amend"
    LEFT = "left"
    FORGET = "forget"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a tenant. `id` is the Entra object id, `account` Teams' own (29:…), which only this bot knows them by.

    `zone` is an IANA time zone, `locale` a BCP 47 tag; `native` is what Teams says where the person wished for another.
    """

    id: str
    tenant: str
    name: str = ""
    locale: str = "en-US"
    zone: str = "UTC"
    roles: frozenset[str] = frozenset()
    account: str = ""
    native: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is said. `team` and `channel` are Graph ids; `thread` is the id of the root message.

    A channel's place without a thread is the whole channel. `name` is what it is called, for a place that was asked for
    by its name.
    """

    kind: PlaceKind
    conversation: str
    team: str | None = None
    channel: str | None = None
    thread: str | None = None
    name: str = field(default="", compare=False)

    @property
    def home(self) -> str:
        """The channel or chat it belongs to, whatever the thread."""
        return self.channel or self.conversation


@dataclass(frozen=True, slots=True)
class Window:
    """Which messages are meant: those in [since, until), and of these the newest `last`."""

    since: datetime | None = None
    until: datetime | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every day at a time of day, or on one weekday (0 is Monday), in an IANA time zone."""

    hour: int
    minute: int
    zone: str
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of one person. It is once-only by (tenant, conversation, id).

    `about` is the place that is meant where it is another than the one it is said in. `alone`: the answer is for the
    person's eyes only, wherever it was asked. Of a `POST` and a `DIGEST` the text is the key of what is kept for it.
    `fields` is what was filled in on a card, by the names of its fields: untrusted, whatever choices the card gave.
    `amends` is the id of the message that an `AMEND` changes: to its text, or where that is empty, it was deleted.
    """

    id: str
    person: Person
    place: Place
    text: str
    attachments: tuple[Attachment, ...] = ()
    event: Event = Event.MESSAGE
    about: Place | None = None
    alone: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    amends: str = ""

    def field(self, name: str) -> str:
        """What was filled in under a name, "" for nothing."""
        return dict(self.fields).get(name, "").strip()

    @property
    def source(self) -> Place:
        """The place whose messages are meant."""
        return self.about or self.place

    @property
    def opens(self) -> bool:
        """Whether it is a channel's new post, the root of a thread of its own."""
        return self.place.kind is PlaceKind.CHANNEL and self.place.thread == self.id


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a chat's history, or of what a model is given. `scope` is what an answer was about, `cites` its sources."""

    role: Literal["system", "user", "assistant"]
    text: str
    scope: "Scope | None" = None
    cites: "tuple[Cite, ...]" = ()


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in a file something stands, as a citation names it: page 3, slide 4, sheet “Q3”, the heading “Risks”, line 120."""

    label: Literal["page", "slide", "sheet", "heading", "line"]
    value: str


@dataclass(frozen=True, slots=True)
class Post:
    """A message that somebody wrote in a channel or chat, as plain text; it is data and never an instruction.

    `thread` is the id of its thread's root, "" in a chat; `mentions` are the Entra ids of the people it mentions. With a
    `locator` it is no message but a passage of a file: `author` is the file's name and nobody's, `thread` the file's key.
    """

    id: str
    author: str
    author_id: str
    time: datetime
    text: str
    link: str
    edited: bool = False
    bot: bool = False
    thread: str = ""
    mentions: tuple[str, ...] = ()
    locator: Locator | None = None


@dataclass(frozen=True, slots=True)
class Omitted:
    """A message that was met while reading and left out, with the reason the coverage line gives."""

    reason: Literal["deleted", "system", "blocked", "card", "empty", "own", "request"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the content filter found in the `prompt` or the `completion`: `hate: low`, `jailbreak: detected`."""

    where: Literal["prompt", "completion"]
    category: str
    severity: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens one call of a model took. `estimated` where the model did not say.

    `model` is the deployment; what runs there (`version`), where it ran (`region`) and the provider's `request` id are as
    the answer said, "" where it did not. `findings` are those of the content filter that were not "safe".
    """

    model: str
    input: int
    output: int
    cached: int = 0
    estimated: bool = False
    version: str = ""
    region: str = ""
    request: str = ""
    findings: tuple[Finding, ...] = ()


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
class Links:
    """Addresses that stand verbatim in what was read for the answer: it may link to them, where their hosts are allowed.

    They come before the text that links to them, which may be on show before it is complete.
    """

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewChat:
    """From here on nothing said before is remembered in this conversation."""


@dataclass(frozen=True, slots=True)
class OfferSignIn:
    """Under the answer, show the person how to sign in with their work account."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the answer is about: a place and the window of it that was read. A question that follows may read it again.

    Of a personal chat it is the files that were sent there: those of the keys `files`, or all where there are none.
    """

    place: Place
    window: Window
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """The person now knows everything that was written in this channel or chat before `at`."""

    home: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """So many points of a model's answer were dropped because nothing bore them out."""

    dropped: int


@dataclass(frozen=True, slots=True)
class Share:
    """The person alone sees this answer, and may post it to `place`.

    `audience` are the Entra ids of all who belonged to it when its messages were read.
    """

    place: Place
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """The person wants to be told at set times what happened in `place`; without a schedule, no longer.

    `chat` is the one-to-one conversation it is told in, `since` the time up to which it was told.
    """

    place: Place
    schedule: Schedule | None = None
    chat: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to be said later or elsewhere: another ask of the same person, in `place`, at `due` or at once."""

    event: Event
    place: Place
    text: str
    about: Place | None = None
    due: datetime | None = None


Part = (
    Say
    | Note
    | Cite
    | Links
    | Card
    | Suggest
    | Handover
    | Handed
    | NewChat
    | OfferSignIn
    | Scope
    | Visit
    | Checked
    | Share
    | Digest
    | Errand
    | Change
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is kept of a dialog's parts: what is shown at the end and written to the history."""

    text: str = ""
    ai: bool = False
    cites: tuple[Cite, ...] = ()
    cards: tuple[Card, ...] = ()
    new_chat: bool = False
    sign_in: bool = False
    dropped: int = 0
    scope: Scope | None = None
    visit: Visit | None = None
    share: Share | None = None
    digests: tuple[Digest, ...] = ()
    errands: tuple[Errand, ...] = ()
    handovers: tuple[Handover, ...] = ()
    handed: tuple[Handed, ...] = ()
    changes: tuple[Change, ...] = ()
    links: tuple[str, ...] = ()
    suggested: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """An answer that one person saw alone and may still post, with who belonged to its place when it was made.

    `posted`: everybody there sees it already.
    """

    answer: Answer
    place: Place
    audience: tuple[str, ...]
    posted: bool = False


KEPT: Mapping[type[Part], Callable[[Answer, Any], Mapping[str, Any]]] = {
    Say: lambda answer, said: {"text": answer.text + said.text, "ai": answer.ai or said.ai},
    Cite: lambda answer, cite: {"cites": (*answer.cites, cite)},
    Links: lambda answer, found: {"links": tuple(dict.fromkeys((*answer.links, *found.addresses)))},
    Card: lambda answer, card: {"cards": (*answer.cards, card)},
    Suggest: lambda answer, found: {"suggested": found.buttons},
    NewChat: lambda answer, _: {"new_chat": True},
    OfferSignIn: lambda answer, _: {"sign_in": True},
    Checked: lambda answer, checked: {"dropped": answer.dropped + checked.dropped},
    Scope: lambda answer, scope: {"scope": scope},
    Visit: lambda answer, visit: {"visit": visit},
    Share: lambda answer, share: {"share": share},
    Digest: lambda answer, digest: {"digests": (*answer.digests, digest)},
    Errand: lambda answer, errand: {"errands": (*answer.errands, errand)},
    Handover: lambda answer, file: {"handovers": (*answer.handovers, file)},
    Handed: lambda answer, file: {"handed": (*answer.handed, file)},
}
"""What becomes of an answer with each kind of part. A `Note` is only shown."""


def grow(answer: Answer, part: Part) -> Answer:
    """The answer with one more part."""
    if isinstance(part, Change):
        return replace(answer, changes=(*answer.changes, part))
    kept = KEPT.get(type(part))
    return replace(answer, **kept(answer, part)) if kept else answer
