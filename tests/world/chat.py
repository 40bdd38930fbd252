"""What stands in a conversation: the messages a person sees there, and what became of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.world import faces
from tests.world.people import Someone, base

Activity = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it stands now.

    `thread` is the id of the thread's root (channels; a root's own id), "" elsewhere. `edits` are the texts it had before
    each update, `steps` the texts it had while it was streaming. `at` is the double's clock when it was last touched,
    `first` when it appeared. `only` is the 29: id of the one member who sees a targeted message. `activity` is the activity as it was last sent.
    """

    id: str
    text: str
    author: str
    thread: str = ""
    entities: Sequence[Mapping[str, Any]] = ()
    attachments: Sequence[Mapping[str, Any]] = ()
    channel_data: Mapping[str, Any] = field(default_factory=dict)
    edits: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    streaming: bool = False
    deleted: bool = False
    only: str = ""
    first: float = 0.0
    at: float = 0.0
    activity: Activity = field(default_factory=dict, repr=False)

    @property
    def label(self) -> Mapping[str, Any] | None:
        """The schema.org entity that carries the AI label, citations and sensitivity."""
        return next((one for one in self.entities if one.get("type") == "https://schema.org/Message"), None)

    @property
    def ai(self) -> bool:
        """Whether Teams shows "AI generated"."""
        return "AIGeneratedContent" in ((self.label or {}).get("additionalType") or ())

    @property
    def citations(self) -> Sequence[Mapping[str, Any]]:
        return (self.label or {}).get("citation") or ()

    @property
    def feedback(self) -> bool:
        """Whether thumbs are shown."""
        return bool(self.channel_data.get("feedbackLoop") or self.channel_data.get("feedbackLoopEnabled"))

    @property
    def cards(self) -> list[Mapping[str, Any]]:
        """The Adaptive Cards under it."""
        return [one["content"] for one in faces.attached(self.attachments, faces.ADAPTIVE)]

    @property
    def offers(self) -> list[Mapping[str, Any]]:
        """The cards under it that offer a document: each an attachment with `name` and `content`."""
        return faces.attached(self.attachments, faces.CONSENT)

    @property
    def files(self) -> list[Mapping[str, Any]]:
        """The documents under it that were handed over: each an attachment with `name` and `contentUrl`."""
        return faces.attached(self.attachments, faces.FILE)

    @property
    def reading(self) -> str:
        """All that is to be read on it: its text, its cards with their rows, fields and buttons, its documents by name."""
        cards = (line for card in self.cards for line in (*faces.lines(card), *_foot(card)))
        names = (str(one.get("name")) for one in (*self.offers, *self.files))
        return "\n".join(filter(None, (self.text, *cards, *names)))

    @property
    def suggestions(self) -> list[str]:
        """The titles of its suggested actions."""
        actions = (self.activity.get("suggestedActions") or {}).get("actions") or ()
        return [action.get("title", "") for action in actions]


def _foot(card: Mapping[str, Any]) -> Iterator[str]:
    titles = [f"[{action['title']}]" for action in card.get("actions") or ()]
    yield " ".join(titles)


def shown(id: str, conversation: str, activity: Activity, at: float, **fields: Any) -> Shown:
    """A message as an activity draws it."""
    thread = conversation.partition(";messageid=")[2]
    if not thread and "@thread.tacv2" in conversation:
        thread = id
    return Shown(
        id=id,
        text=activity.get("text") or "",
        author=(activity.get("from") or {}).get("name") or "bot",
        thread=thread,
        entities=activity.get("entities") or (),
        attachments=activity.get("attachments") or (),
        channel_data=activity.get("channelData") or {},
        first=at,
        at=at,
        activity=activity,
        **fields,
    )


def redrawn(old: Shown, activity: Activity, at: float, **fields: Any) -> Shown:
    """The message after it was sent anew; author, place and history stay."""
    return replace(
        old,
        text=activity.get("text") or "",
        entities=activity.get("entities") or (),
        attachments=activity.get("attachments") or (),
        channel_data=activity.get("channelData") or {},
        at=at,
        activity=activity,
        **fields,
    )


class Chat:
    """A conversation or, with `;messageid=` in its id, one thread of a channel. A view: it is always up to date."""

    def __init__(self, conversation: str, stock: Mapping[str, Mapping[str, Shown]]) -> None:
        self._base = base(conversation)
        self._thread = conversation.partition(";messageid=")[2]
        self._stock = stock

    def __iter__(self) -> Iterator[Shown]:
        return iter(self.messages)

    def __len__(self) -> int:
        return len(self.messages)

    def __repr__(self) -> str:
        return f"<Chat {[('…' if one.streaming else '') + one.text[:80] for one in self.messages]}>"

    @property
    def messages(self) -> list[Shown]:
        """What is to be seen, oldest first; what was deleted is not."""
        return [one for one in self._all() if not one.deleted]

    @property
    def public(self) -> list[Shown]:
        """What everybody there sees."""
        return [one for one in self.messages if not one.only]

    def seen_by(self, person: Someone) -> list[Shown]:
        """What a member sees: that, and what is for their eyes alone."""
        return [one for one in self.messages if one.only in ("", person.teams)]

    @property
    def finals(self) -> list[Shown]:
        """Those that are not still streaming."""
        return [one for one in self.messages if not one.streaming]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.messages]

    @property
    def last(self) -> Shown:
        return self.messages[-1]

    @property
    def deleted(self) -> list[Shown]:
        """What once stood there."""
        return [one for one in self._all() if one.deleted]

    def _all(self) -> Iterable[Shown]:
        everything = self._stock.get(self._base, {}).values()
        return [one for one in everything if not self._thread or one.thread == self._thread]
