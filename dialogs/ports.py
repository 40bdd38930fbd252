"""What a dialog may use of the outside world.

Floor 2. A dialog is handed one frozen `Desk` and reaches nothing else.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, Protocol

from dialogs.attachments import Attachment, Handover
from dialogs.documents import Document, Picture
from dialogs.errors import NoFilesHere, NotFetched, Unreadable
from dialogs.preferences import USUAL, Preferences
from dialogs.prompt import Prompt
from dialogs.shelves import Office, Records, Shelf
from dialogs.talk import Ask, Cite, Digest, Message, Omitted, Part, Person, Place, Post, Schedule, Shared, Window
from dialogs.terms import Terms

Form = Literal["docx", "md"]
"""What an answer can be handed over as."""


class Model(Protocol):
    """A language model. Its errors are `AssistantError`s; closing the iterator stops it."""

    @property
    def name(self) -> str:
        """What people may know it by."""

    @property
    def window(self) -> int:
        """How many tokens a prompt may take."""

    @property
    def writes(self) -> bool:
        """False where the model only quotes."""

    @property
    def sees(self) -> bool:
        """Whether it can be shown pictures."""

    def count(self, text: str) -> int:
        """At most how many tokens a text takes."""

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The answer, piece by piece."""


class History(Protocol):
    """What was said in this chat before."""

    async def recent(self, limit: int) -> tuple[Message, ...]:
        """The newest messages, oldest first."""


class Threads(Protocol):
    """What people wrote in a channel's thread or a group chat."""

    def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        """Every message of the window once, in batches as they arrive, each oldest first; often the newest come first.

        A channel's place without a thread is all of its threads. Raises `NotMember`, `Unreadable`, `Unavailable` or
        `Busy`, also half way.
        """


@dataclass(frozen=True, slots=True)
class Wish:
    """What the words after a command ask for. `window` is None where they name none; `language` is a two-letter code."""

    window: Window | None = None
    language: str | None = None


class Calendar(Protocol):
    """Times in people's own words and language."""

    def wish(self, words: str, person: Person, now: datetime) -> Wish:
        """The window and the language that `words` name. Raises `NotUnderstood`, which says what is possible."""

    def schedule(self, words: str, person: Person) -> Schedule:
        """`daily 9:00`, `weekly Monday 9:00`. Raises `NotUnderstood`."""

    def next(self, schedule: Schedule, after: datetime) -> datetime:
        """The first time of a schedule that is later than `after`."""


class Words(Protocol):
    """What the assistant itself says, in one language and time zone. English texts are the keys.

    `{name}` in a text is replaced by the value of that name.
    """

    @property
    def language(self) -> str:
        """The code of the language that is wished for, whether or not these words are spoken in it."""

    @property
    def tongue(self) -> str:
        """What English calls that language: `Italian`."""

    @property
    def colon(self) -> str:
        """What stands between a name and its value: `: `, in French with a blank before it too."""

    def say(self, text: str, **values: object) -> str:
        """The text in this language."""

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The text for a number of things; `{number}` is it, as this language writes it."""

    def number(self, value: float, places: int = 0) -> str:
        """`1,234`, rounded to so many places."""

    def stamp(self, time: datetime) -> str:
        """`Mon 2 Nov 09:02`."""

    def clock(self, time: time) -> str:
        """`09:02`, as stamps have it."""

    def day(self, day: date) -> str:
        """`2 Nov 2026`."""

    def span(self, first: datetime, last: datetime) -> str:
        """`Mon 2 Nov 09:02 to Fri 6 Nov 17:40 (Madrid)`."""

    def city(self, zone: str) -> str:
        """The place that an IANA time zone is named after: `Madrid`."""

    def within(self, language: str) -> "Words":
        """The same in another language; the words of one that is not spoken are English."""


class Memory(Protocol):
    """What was kept for the person who asks."""

    async def visited(self, home: str) -> datetime | None:
        """Until when the person knows a channel or chat."""

    async def digests(self) -> tuple[Digest, ...]:
        """What the person wants to be told of."""

    async def shared(self, key: str) -> Shared | None:
        """An answer the person may post; None where it is no longer kept."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to a conversation. `outside`: a guest, or of another tenant."""

    id: str
    outside: bool = False


class Members(Protocol):
    """Who belongs to a conversation, asked of Teams at this moment."""

    async def of(self, place: Place) -> tuple[Member, ...]:
        """Everybody who belongs to a channel or chat. Raises `NotMember` or `Unavailable`: who cannot tell, denies."""

    async def alone(self) -> str:
        """The one-to-one conversation with the person who asks, opened where there is none. Raises `NotReached`."""


class Account(Protocol):
    """The work account of the person who asks, as they have signed in with it. Raises `Unavailable`."""

    async def name(self) -> str | None:
        """What it is called, "" where nobody says; None where the person has not signed in."""

    async def leave(self) -> None:
        """Forget that they have."""


@dataclass(frozen=True, slots=True)
class Found:
    """A channel or chat found by its name. `title`, typed where a name may stand, means it and nothing else.

    `name` is the one of the names asked for that fits it, `exact` whether it fits as it is.
    """

    place: Place
    title: str
    name: str
    exact: bool = True


class Directory(Protocol):
    """The channels, group chats and meetings a person belongs to, looked up with their own rights at this moment."""

    async def find(self, person: Person, names: Sequence[str]) -> tuple[Found, ...]:
        """The places that one of the names may mean, the best first; one alone where it fits as it is.

        Names stand in the order in which they are preferred. Raises `NeedsSignIn`, `Unreadable` or `Unavailable`.
        """


class Files(Protocol):
    """What was sent along with the ask, and the files that this chat knows already: of who asks and of nobody else."""

    async def read(self, attachment: Attachment) -> Document:
        """A file that was sent along, as text; it is kept with the chat from then on, and an ask that is tried again finds it.

        Raises what `dialogs.errors` lists as what can be wrong with a file, or `Unavailable`.
        """

    async def look(self, attachment: Attachment) -> Picture:
        """A picture that was sent along, for a model that sees. It is not kept. Raises as `read` does."""

    async def kept(self) -> tuple[Document, ...]:
        """The documents that this chat knows, the newest first."""

    async def posted(self) -> tuple[Attachment, ...]:
        """The files on the asker's own message in a channel or group chat, found with that person's rights.

        Raises `NoFilesHere` where there are no such rights, and `Unavailable`.
        """

    async def write(self, text: str, cites: Sequence[Cite], form: Form) -> Handover:
        """An answer (CommonMark) as a document that waits to be handed over. Raises `Unavailable`."""


class NoFiles:
    """Neither fetches nor keeps anything: for where no files are."""

    async def read(self, attachment: Attachment) -> Document:
        """Raises `NotFetched`."""
        raise NotFetched

    async def look(self, attachment: Attachment) -> Picture:
        """Raises `NotFetched`."""
        raise NotFetched

    async def kept(self) -> tuple[Document, ...]:
        """None."""
        return ()

    async def posted(self) -> tuple[Attachment, ...]:
        """Raises `NoFilesHere`."""
        raise NoFilesHere

    async def write(self, text: str, cites: Sequence[Cite], form: Form) -> Handover:
        """Raises `NotFetched`."""
        raise NotFetched


class Nowhere:
    """Neither finds nor reads anything: for where there is no Microsoft Graph."""

    async def find(self, person: Person, names: Sequence[str]) -> tuple[Found, ...]:
        """Raises `Unreadable`."""
        raise Unreadable

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        """Raises `Unreadable`."""
        raise Unreadable
        yield


NOWHERE = Nowhere()
NO_FILES = NoFiles()


@dataclass(frozen=True, slots=True)
class Desk:
    """All that one dialog may use. `directory` and `abroad` have the person's own rights and nobody else's."""

    model: Model
    history: History
    threads: Threads
    calendar: Calendar
    words: Words
    memory: Memory
    members: Members
    account: Account
    terms: Terms
    now: datetime
    shelf: Shelf
    records: Records
    office: Office
    preferences: Preferences = USUAL
    directory: Directory = NOWHERE
    abroad: Threads = NOWHERE
    files: Files = NO_FILES


Dialog = Callable[[Ask, Desk], AsyncIterator[Part]]
"""Everything the assistant does has this one shape."""
