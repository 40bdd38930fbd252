"""The last answer once more: anew, shorter, longer, or in another language.

Floor 3. The last question is answered again as if its answer had never been given: from the same messages and files, with
the same checks and citations. What is only reworded could say what no source bears out.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.errors import NotUnderstood
from dialogs.ports import Calendar, Desk, Dialog, History, Memory, Wish
from dialogs.preferences import Length
from dialogs.streams import forward
from dialogs.talk import Ask, Digest, Message, Part, Person, PlaceKind, Schedule, Scope, Shared

HISTORY = 40
"""Lines of the chat among which the last question is looked for."""
NO_ANSWER = "There is no answer of mine here yet that I could give once more. Ask me something first."
NONE_OPEN = (
    "There is no answer of mine here yet that everybody sees, and only such an answer I give once more. "
    "Ask me something first."
)
"""What one person alone saw is no part of the conversation: said once more, everybody might read it."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the answer shall be this time; nothing of it: as before. `language` is a code of `dialogs.preferences`."""

    length: Length = ""
    language: str = ""

    def over(self, earlier: "Manner") -> "Manner":
        """Both wishes; of two of a kind this one counts."""
        return Manner(self.length or earlier.length, self.language or earlier.language)


Earlier = Callable[[Ask, Desk, Manner], Manner | Dialog | None]
"""What an earlier line of the person means: such a wish too, what is to be done again, or nothing that could be."""


def repeat(ask: Ask, desk: Desk, manner: Manner, earlier: Earlier, otherwise: Dialog) -> AsyncIterator[Part]:
    """The last answer once more; `otherwise` where it followed no question. Raises `NotUnderstood` where there is none."""
    return forward(_repeat(ask, desk, manner, earlier, otherwise))


async def _repeat(
    ask: Ask, desk: Desk, manner: Manner, earlier: Earlier, otherwise: Dialog
) -> AsyncIterator[AsyncIterator[Part]]:
    lines = await desk.history.recent(HISTORY)
    if not lines:
        raise NotUnderstood(NO_ANSWER if ask.place.kind is PlaceKind.PERSONAL else NONE_OPEN)
    found = _last(ask, desk, manner, lines, earlier) if _asked(lines) else None
    if found is None:
        yield otherwise(ask, desk)
    else:
        scope = lines[-1].scope
        yield found.dialog(_again(ask, found.text, scope), _before(desk, lines[: found.at], scope, found.manner))


@dataclass(frozen=True, slots=True)
class _Question:
    """The line `at` of the chat, and what it leads to."""

    at: int
    text: str
    dialog: Dialog
    manner: Manner


def _asked(lines: Sequence[Message]) -> bool:
    """Whether the last line answers a question: a digest comes by itself."""
    return [line.role for line in lines[-2:]] == ["user", "assistant"]


def _last(ask: Ask, desk: Desk, manner: Manner, lines: Sequence[Message], earlier: Earlier) -> _Question | None:
    """The last question; wishes that came after it are heeded too."""
    for at in (at for at in reversed(range(len(lines))) if lines[at].role == "user"):
        text = lines[at].text
        match earlier(_again(ask, text, None), desk, manner):
            case Manner() as wish:
                manner = manner.over(wish)
            case None:
                return None
            case dialog:
                return _Question(at, text, dialog, manner)
    return None


def _again(ask: Ask, text: str, scope: Scope | None) -> Ask:
    """The question as if it were asked now; a summary of a whole channel is one again, though its thread has begun."""
    whole = scope is not None and scope.place.kind is PlaceKind.CHANNEL and scope.place.thread is None
    about = scope.place if scope and whole and scope.place.home == ask.place.home else ask.about
    return replace(ask, text=text, about=about, attachments=(), fields=())


def _before(desk: Desk, lines: Sequence[Message], scope: Scope | None, manner: Manner) -> Desk:
    """The desk as it was before the answer was given. What it was about is known still: files came with the question."""
    about = (Message("assistant", "", scope),) if scope else ()
    language = manner.language or desk.preferences.language
    since = scope.window.since if scope and scope.place.kind is not PlaceKind.PERSONAL else None
    return replace(
        desk,
        history=_History((*lines, *about)),
        memory=_Memory(desk.memory, since) if since else desk.memory,
        calendar=_Calendar(desk.calendar, manner.language) if manner.language else desk.calendar,
        preferences=replace(desk.preferences, length=manner.length or desk.preferences.length, language=language),
        words=desk.words.within(manner.language) if manner.language else desk.words,
    )


@dataclass(frozen=True, slots=True)
class _History(History):
    lines: tuple[Message, ...]

    async def recent(self, limit: int) -> tuple[Message, ...]:
        return self.lines[-limit:]


@dataclass(frozen=True, slots=True)
class _Memory(Memory):
    """The catch-up that is told again was a visit: it begins where it began."""

    kept: Memory
    since: datetime

    async def visited(self, home: str) -> datetime | None:
        return self.since

    async def digests(self) -> tuple[Digest, ...]:
        return await self.kept.digests()

    async def shared(self, key: str) -> Shared | None:
        return await self.kept.shared(key)


@dataclass(frozen=True, slots=True)
class _Calendar(Calendar):
    """The language that is wished for now counts more than the one that the question named."""

    known: Calendar
    language: str

    def wish(self, words: str, person: Person, now: datetime) -> Wish:
        return replace(self.known.wish(words, person, now), language=self.language)

    def schedule(self, words: str, person: Person) -> Schedule:
        return self.known.schedule(words, person)

    def next(self, schedule: Schedule, after: datetime) -> datetime:
        return self.known.next(schedule, after)
