"""A desk for tests: everything a dialog may use, in memory."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dialogs.attachments import Attachment, Handed, Handover, Sent
from dialogs.cards import COLON
from dialogs.documents import Document, Gap, Kind, Passage, Picture
from dialogs.errors import AssistantError, Foreign, NoFilesHere, NotMember, NotReached, NotUnderstood, Unreadable
from dialogs.ports import Calendar, Desk, Dialog, Form, Found, Member, Model, Wish, Words
from dialogs.preferences import USUAL, Preferences
from dialogs.prompt import Prompt
from dialogs.shelves import Chat, Hits, Holding, Report, Saved, Spending, Upload
from dialogs.talk import (
    Answer,
    Ask,
    Cite,
    Digest,
    Event,
    Locator,
    Message,
    Note,
    Omitted,
    Part,
    Person,
    Place,
    PlaceKind,
    Post,
    Schedule,
    Shared,
    Window,
    grow,
)
from dialogs.terms import Terms
from dialogs.times import span, stamp, zone

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
"""A Saturday."""
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""The Monday before, when threads of tests begin."""


@dataclass
class ScriptedModel:
    """Says what it is told to, piece by piece, and keeps the prompts it was given."""

    says: str | Sequence[str] | AssistantError = ""
    window: int = 100_000
    writes: bool = True
    sees: bool = False
    name: str = "scripted"
    prompts: list[Prompt] = field(default_factory=list)
    closed: int = 0
    count: Callable[[str], int] = len

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        self.prompts.append(prompt)
        if isinstance(self.says, AssistantError):
            raise self.says
        try:
            for piece in self.says:
                yield piece
        finally:
            self.closed += 1


@dataclass
class FakeThreads:
    """Hands out what it is given, in batches of `size` with the newest batch first; `error` comes after the last."""

    items: Sequence[Post | Omitted] = ()
    error: AssistantError | None = None
    size: int = 50
    windows: list[Window] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        self.windows.append(window)
        self.places.append(place)
        for start in reversed(range(0, len(self.items), self.size)):
            yield self.items[start : start + self.size]
        if self.error:
            raise self.error


@dataclass
class FakeCalendar:
    """Knows the phrases it is told, and of schedules only `daily H:MM`."""

    known: dict[str, Wish] = field(default_factory=dict)

    def wish(self, words: str, person: Person, now: datetime) -> Wish:
        if not words.strip():
            return Wish()
        if words.strip().casefold() not in self.known:
            raise NotUnderstood
        return self.known[words.strip().casefold()]

    def schedule(self, words: str, person: Person) -> Schedule:
        daily, _, time = words.partition(" ")
        hour, _, minute = time.partition(":")
        if daily != "daily" or not (hour + minute).isdigit():
            raise NotUnderstood
        return Schedule(int(hour), int(minute), person.zone)

    def next(self, schedule: Schedule, after: datetime) -> datetime:
        local = after.astimezone(zone(schedule.zone)).replace(hour=schedule.hour, minute=schedule.minute)
        return (local if local > after else local + timedelta(days=1)).astimezone(UTC)


@dataclass(frozen=True)
class English:
    """Says the keys themselves."""

    zone: str = "UTC"
    language: str = "en"

    @property
    def tongue(self) -> str:
        names = {"en": "English", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "ja": "Japanese"}
        return names[self.language]

    @property
    def colon(self) -> str:
        return COLON

    def say(self, text: str, **values: object) -> str:
        return text.format(**values)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        return (one if number == 1 else many).format(number=number, **values)

    def number(self, value: float, places: int = 0) -> str:
        return f"{value:,.{places}f}"

    def stamp(self, time: datetime) -> str:
        return stamp(time, zone(self.zone))

    def clock(self, time: time) -> str:
        return f"{time:%H:%M}"

    def day(self, day: date) -> str:
        return f"{day.day} {day:%b %Y}"

    def span(self, first: datetime, last: datetime) -> str:
        return span(first, last, zone(self.zone))

    def city(self, zone: str) -> str:
        return zone.rpartition("/")[2].replace("_", " ")

    def within(self, language: str) -> Words:
        return English(self.zone, language)


@dataclass
class FakeMemory:
    """What was kept."""

    visits: dict[str, datetime] = field(default_factory=dict)
    kept: dict[str, Shared] = field(default_factory=dict)
    told: tuple[Digest, ...] = ()

    async def visited(self, home: str) -> datetime | None:
        return self.visits.get(home)

    async def digests(self) -> tuple[Digest, ...]:
        return self.told

    async def shared(self, key: str) -> Shared | None:
        return self.kept.get(key)


@dataclass
class FakeMembers:
    """Who belongs to every conversation; None where Teams cannot tell."""

    everybody: Sequence[Member] | None = (Member("person"),)
    chat: str = "a:alone"

    async def of(self, place: Place) -> tuple[Member, ...]:
        if self.everybody is None:
            raise NotMember
        return tuple(self.everybody)

    async def alone(self) -> str:
        if not self.chat:
            raise NotReached
        return self.chat


@dataclass
class FakeAccount:
    """Who has signed in; None for nobody, an error where nobody can tell."""

    who: str | AssistantError | None = None

    async def name(self) -> str | None:
        if isinstance(self.who, AssistantError):
            raise self.who
        return self.who

    async def leave(self) -> None:
        self.who = None


@dataclass
class FakeDirectory:
    """Places by the name they are found under; a name that is another one with a star behind it is not exact."""

    known: dict[str, Sequence[Place]] = field(default_factory=dict)
    error: AssistantError | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    async def find(self, person: Person, names: Sequence[str]) -> tuple[Found, ...]:
        self.asked.append(tuple(names))
        if self.error:
            raise self.error
        found = [Found(place, place.name, name) for name in names for place in self.known.get(name, ())]
        loose = [Found(place, place.name, name, False) for name in names for place in self.known.get(f"{name}*", ())]
        return (*found, *loose)


@dataclass
class FakeShelf:
    """Chats with their lines, and prompts."""

    kept: tuple[Chat, ...] = ()
    lines: dict[int, tuple[str, ...]] = field(default_factory=dict)
    saved: tuple[Saved, ...] = ()

    async def chats(self, limit: int, skip: int = 0) -> tuple[Chat, ...]:
        return self.kept[skip : skip + limit]

    async def search(self, words: str, limit: int) -> Hits:
        wanted = words.casefold().split()
        texts = {chat.number: " ".join((chat.title, *self.lines.get(chat.number, ()))).casefold() for chat in self.kept}
        found = tuple(chat for chat in self.kept if all(word in texts[chat.number] for word in wanted))
        return Hits(found[:limit])

    async def prompts(self, team: str | None = None) -> tuple[Saved, ...]:
        return tuple(each for each in self.saved if each.mine or (team and each.team == team))


@dataclass
class FakeRecords:
    """What is kept of one person."""

    rows: tuple[Holding, ...] = ()
    files: tuple[Handover, ...] = ()
    spent: Spending = field(default_factory=lambda: Spending(0, 1000, ()))
    hold: bool = False
    busy: int = 0
    gone: bool = False
    uploads: list[Upload] = field(default_factory=list)
    error: AssistantError | None = None

    async def holdings(self) -> tuple[Holding, ...]:
        return self.rows

    async def export(self) -> AsyncIterator[int | Handover]:
        yield sum(holding.rows for holding in self.rows)
        if self.error:
            raise self.error
        for file in self.files:
            yield file

    async def hand_over(self, upload: Upload) -> Handed:
        if self.error:
            raise self.error
        self.uploads.append(upload)
        return Handed(upload.name, upload.link, upload.id, upload.type)

    async def spending(self, days: int) -> Spending:
        return self.spent

    async def held(self) -> bool:
        return self.hold

    async def halt(self) -> int:
        return self.busy

    async def left(self) -> bool:
        return self.gone


@dataclass
class FakeOffice:
    """Reports by their name; what it was asked."""

    reports: dict[str, Report] = field(default_factory=dict)
    files: tuple[Handover, ...] = ()
    refuses: AssistantError | None = None
    busy: int = 0
    progress: tuple[int, ...] = ()
    asked: list[tuple[str, ...]] = field(default_factory=list)

    async def report(self, name: str, arguments: Sequence[str]) -> Report:
        self.asked.append((name, *arguments))
        if name not in self.reports:
            raise NotUnderstood
        return self.reports[name]

    async def check(self, name: str, arguments: Sequence[str]) -> None:
        self.asked.append((name, *arguments))
        if self.refuses:
            raise self.refuses

    async def halt(self, person: str) -> int:
        self.asked.append(("halt", person))
        return self.busy

    async def export(self, person: str) -> AsyncIterator[int | Handover]:
        self.asked.append(("export", person))
        for number in self.progress:
            yield number
        for file in self.files:
            yield file


@dataclass
class FakeFiles:
    """What each attachment turns out to be, by its name; what the chat knows; what hangs on a message among others."""

    sent: Mapping[str, Document | Picture | AssistantError] = field(default_factory=dict)
    known: tuple[Document, ...] = ()
    hanging: tuple[Attachment, ...] | AssistantError = field(default_factory=NoFilesHere)
    fetched: list[str] = field(default_factory=list)
    written: list[tuple[str, tuple[Cite, ...], Form]] = field(default_factory=list)

    async def read(self, attachment: Attachment) -> Document:
        found = self._fetch(attachment)
        if isinstance(found, Picture):
            raise Foreign
        return found

    async def look(self, attachment: Attachment) -> Picture:
        found = self._fetch(attachment)
        if isinstance(found, Document):
            raise Foreign
        return found

    def _fetch(self, attachment: Attachment) -> Document | Picture:
        self.fetched.append(attachment.name)
        found = self.sent[attachment.name]
        if isinstance(found, AssistantError):
            raise found
        return found

    async def kept(self) -> tuple[Document, ...]:
        return self.known

    async def posted(self) -> tuple[Attachment, ...]:
        if isinstance(self.hanging, AssistantError):
            raise self.hanging
        return self.hanging

    async def write(self, text: str, cites: Sequence[Cite], form: Form) -> Handover:
        self.written.append((text, tuple(cites), form))
        return Handover("key", f"answer.{form}", len(text))


def a_file(name: str, sent: Sent = Sent.FILE, media_type: str = "") -> Attachment:
    return Attachment(name, media_type, "https://files.example/1", sent)


def a_document(
    name: str, *pages: str, key: str = "f1", gaps: Mapping[Gap, int] | None = None, whole: int = 0, at: datetime = START
) -> Document:
    """A PDF of so many pages; its passages are `f1.1`, `f1.2`, …"""
    passages = tuple(Passage(Locator("page", str(number)), text) for number, text in enumerate(pages, start=1))
    return Document(key, name, Kind.PDF, at, passages, whole or len(pages), gaps or {})


@dataclass
class FakeHistory:
    """What was said before."""

    messages: tuple[Message, ...] = ()

    async def recent(self, limit: int) -> tuple[Message, ...]:
        return self.messages[-limit:]


def said(*texts: str) -> FakeHistory:
    """A history in which person and assistant take turns, the person first."""
    return FakeHistory(tuple(Message("assistant" if n % 2 else "user", text) for n, text in enumerate(texts)))


def a_desk(
    model: Model,
    threads: FakeThreads | Sequence[Post | Omitted] = (),
    history: FakeHistory | None = None,
    terms: Terms | None = None,
    *,
    calendar: Calendar | None = None,
    memory: FakeMemory | None = None,
    members: FakeMembers | None = None,
    account: FakeAccount | None = None,
    directory: FakeDirectory | None = None,
    abroad: FakeThreads | None = None,
    shelf: FakeShelf | None = None,
    records: FakeRecords | None = None,
    office: FakeOffice | None = None,
    files: FakeFiles | None = None,
    preferences: Preferences = USUAL,
    zone: str = "UTC",
    now: datetime = NOW,
) -> Desk:
    return Desk(
        model=model,
        history=history or FakeHistory(),
        threads=threads if isinstance(threads, FakeThreads) else FakeThreads(threads),
        calendar=calendar or FakeCalendar(),
        words=English(zone),
        memory=memory or FakeMemory(),
        members=members or FakeMembers(),
        account=account or FakeAccount(),
        terms=terms or Terms(retention_days=30),
        now=now,
        directory=directory or FakeDirectory(),
        abroad=abroad or FakeThreads(error=Unreadable()),
        shelf=shelf or FakeShelf(),
        records=records or FakeRecords(),
        office=office or FakeOffice(),
        preferences=preferences,
        files=files or FakeFiles(),
    )


def an_ask(
    text: str = "",
    kind: PlaceKind = PlaceKind.CHANNEL,
    *,
    id: str = "ask",
    zone: str = "UTC",
    locale: str = "en-US",
    event: Event = Event.MESSAGE,
    attachments: tuple[Attachment, ...] = (),
    fields: dict[str, str] | None = None,
) -> Ask:
    person = Person("person", "tenant", "Ada Byron", locale, zone)
    return Ask(id, person, Place(kind, "conversation"), text, attachments, event, fields=tuple((fields or {}).items()))


def a_post(number: int, author: str, text: str, *, bot: bool = False, minutes: int | None = None) -> Post:
    """The post `m<number>`, some minutes after the one before."""
    time = START + timedelta(minutes=7 * number if minutes is None else minutes)
    link = f"https://teams.microsoft.com/l/message/19:x@thread.tacv2/m{number}"
    return Post(f"m{number}", author, f"id of {author}", time, text, link, bot=bot)


def thread(*said: tuple[str, str]) -> tuple[Post, ...]:
    """Posts m1, m2, … of (author, text)."""
    return tuple(a_post(number, author, text) for number, (author, text) in enumerate(said, start=1))


def a_point(text: str, *ids: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "ids": list(ids), **more}


def a_summary(**sections: list[Any]) -> str:
    """The JSON of a summary; sections that are not given are empty."""
    empty: dict[str, list[Any]] = {"key_points": [], "decisions": [], "actions": [], "questions": []}
    return json.dumps(empty | sections)


async def parts(dialog: Dialog, ask: Ask, desk: Desk) -> list[Part]:
    return [part async for part in dialog(ask, desk)]


async def shown(dialog: Dialog, ask: Ask, desk: Desk) -> Answer:
    """What a person has before them at the end."""
    answer = Answer()
    for part in await parts(dialog, ask, desk):
        answer = grow(answer, part)
    return answer


def notes(found: Sequence[Part]) -> list[str]:
    return [part.text for part in found if isinstance(part, Note)]
