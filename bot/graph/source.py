"""Where the messages of a place are in Microsoft Graph, and the words for when they cannot be had.

Floor 6, of the family of `bot.graph`. Pure. Ids come from outside, so each is escaped into one part of a path.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from bot.graph.pace import HOME, TEAM, TENANT, Road
from bot.posts import Spot
from dialogs.errors import Unreadable
from dialogs.talk import Person, Place, PlaceKind, Window

CHANNEL_DENIED = "An owner of this team can change that by granting me ChannelMessage.Read.Group in the team's apps."
CHAT_DENIED = "A member can change that by adding me to this chat with the permission ChatMessage.Read.Chat."
NO_TEAM = "Teams did not say which team this is."
PERSONAL = "I can only read channels and group chats."
GONE = "The thread is gone."
NOT_IN_TEAM = "I am not in this team, or its channel is gone. An owner of the team can add me under the team's apps."
OWN_DENIED = (
    "Microsoft Graph says that your account may not read it, or that I may not on your behalf. Your administrator can "
    "allow the latter: ChannelMessage.Read.All for channels, Chat.Read for chats."
)
OWN_ABSENT = "It is gone, or you no longer belong to it."
NOT_IN_CHAT = "I am not in this chat, or it is gone. A member can add me to it."


@dataclass(frozen=True, slots=True)
class Source:
    """What to ask Graph for: `streams` are the addresses, below its root, of pages to be read at the same time.

    `denied` and `absent` are the words for 403 and 404. `home` is the address of the channel where a thread may be
    gone while its channel is there. `roots`: the pages are roots with their replies in them. `own`: it is read with the
    person's own rights alone, so that a new sign-in may help where they are refused.
    """

    streams: tuple[str, ...]
    denied: str
    absent: str
    spot: Spot
    road: Road
    home: str = ""
    roots: bool = False
    own: bool = False


def source_of(person: Person, place: Place, window: Window) -> Source:
    """Where the messages of a place are read. Raises `Unreadable`."""
    if place.kind is PlaceKind.GROUP:
        return chat(person, place.conversation, window)
    if place.kind is not PlaceKind.CHANNEL:
        raise Unreadable(PERSONAL)
    if not (place.team and place.channel):
        raise Unreadable(NO_TEAM)
    messages = f"/teams/{escaped(place.team)}/channels/{escaped(place.channel)}/messages"
    road = ((TENANT, person.tenant), (TEAM, place.team), (HOME, place.channel))
    spot = Spot(place.channel, person.tenant, place.team, place.thread or "")
    streams: tuple[str, ...] = (f"{messages}?$top=50&$expand=replies",)
    if place.thread:
        root = f"{messages}/{escaped(place.thread)}"
        # Graph refuses any query on a single message.
        streams = (root, f"{root}/replies?$top=50")
    return Source(streams, CHANNEL_DENIED, NOT_IN_TEAM, spot, road, messages, not place.thread)


def own_source_of(person: Person, place: Place, window: Window) -> Source:
    """The same for who reads with their own rights alone."""
    found = source_of(person, place, window)
    return Source(found.streams, OWN_DENIED, OWN_ABSENT, found.spot, found.road, found.home, found.roots, own=True)


def chat(person: Person, conversation: str, window: Window) -> Source:
    """The messages of a group chat, newest first.

    Graph filters `createdDateTime` by `lt` alone, and only beside an order by the same property.
    """
    address = f"/chats/{escaped(conversation)}/messages?$top=50&$orderby=createdDateTime%20desc"
    if window.until is not None:
        # A millisecond more: what `stamp` cuts off must not cost a message; the window itself is kept later.
        address += f"&$filter=createdDateTime%20lt%20{stamp(window.until + timedelta(milliseconds=1))}"
    road = ((TENANT, person.tenant), (HOME, conversation))
    return Source((address,), CHAT_DENIED, NOT_IN_CHAT, Spot(conversation, person.tenant), road)


def escaped(part: str) -> str:
    """A part of a path that cannot leave its place; `.` and `..` would climb."""
    if part.strip(".") == "":
        raise Unreadable
    return quote(part, safe="")


def stamp(time: datetime) -> str:
    """A time as Graph writes it, to the millisecond."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
