"""A desk for tests: everything a dialog may use, in memory."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dialogs.errors import AssistantError
from dialogs.ports import Desk, Dialog, Model, Terms, Window
from dialogs.prompt import Prompt
from dialogs.talk import (
    Answer,
    Ask,
    Attachment,
    Event,
    Message,
    Note,
    Omitted,
    Part,
    Person,
    Place,
    PlaceKind,
    Post,
    grow,
)

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
    """Hands out what it is given; `error` comes after the last of it."""

    items: Sequence[Post | Omitted] = ()
    error: AssistantError | None = None
    windows: list[Window] = field(default_factory=list)

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Post | Omitted]:
        self.windows.append(window)
        for item in self.items:
            yield item
        if self.error:
            raise self.error


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
) -> Desk:
    found = threads if isinstance(threads, FakeThreads) else FakeThreads(threads)
    return Desk(model, history or FakeHistory(), found, terms or Terms(retention_days=30), NOW)


def an_ask(
    text: str = "",
    kind: PlaceKind = PlaceKind.CHANNEL,
    *,
    id: str = "ask",
    zone: str = "UTC",
    locale: str = "en-US",
    event: Event = Event.MESSAGE,
    attachments: tuple[Attachment, ...] = (),
) -> Ask:
    person = Person("person", "tenant", "Ada Byron", locale, zone)
    return Ask(id, person, Place(kind, "conversation"), text, attachments, event)


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
