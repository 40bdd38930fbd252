"""A company for tests: its tenant, its people and the places where they talk.

The tenant, the team and the channel are those of the recorded threads, so that these can be loaded as they are.
"""

from dataclasses import dataclass, replace

TENANT = "7d6f5a3b-2b1c-4f7e-8f5d-2a4f0e9b1c11"
OTHER_TENANT = "0f2c9b1e-6a57-4c7d-9d5e-3b8f4a1c7e90"
APP = "5c0e4c1a-8d7b-4f0e-a1d3-6f2b9e7c4d58"
BOT = f"28:{APP}"
BOT_NAME = "Parley"
TEAM = "b4c1f0de-6f3b-4a52-9c80-0e6a54a1d2aa"
"""The team's Graph id (aadGroupId)."""
TEAM_THREAD = "19:2c5f0f3d1b3a4c0f9a9f1e6f8c7b5d20@thread.tacv2"
"""The team's id in Bot Framework terms: the thread of its General channel."""


@dataclass(frozen=True, slots=True)
class Someone:
    """A person. `id` is the Entra object id, `teams` the id by which this bot knows them, `zone` their time zone."""

    id: str
    teams: str
    name: str
    mail: str
    tenant: str = TENANT
    locale: str = "en-US"
    zone: str = "Europe/Berlin"


def _someone(number: int, name: str, mail: str, tenant: str = TENANT) -> Someone:
    return Someone(
        id=f"a0000000-0000-4000-8000-{number:012d}",
        teams=f"29:1{mail.split('@')[0]}-Kq7vN2mZ{number:04d}",
        name=name,
        mail=mail,
        tenant=tenant,
    )


ADA = _someone(1, "Ada Lindqvist", "ada@contoso.example")
BRUNO = _someone(2, "Bruno Costa", "bruno@contoso.example")
CHIDI = _someone(3, "Chidi Okafor", "chidi@contoso.example")
DANA = _someone(4, "Dana Nováková", "dana@contoso.example")
EMRE = _someone(5, "Emre Yılmaz", "emre@contoso.example")
FATIMA = _someone(6, "Fatima Haddad", "fatima@contoso.example")
GUEST = _someone(7, "Guy Fremde", "guy@fabrikam.example", OTHER_TENANT)
PEOPLE = (ADA, BRUNO, CHIDI, DANA, EMRE, FATIMA)


@dataclass(frozen=True, slots=True)
class Room:
    """A place where people talk. `kind` is Teams' conversationType; `thread` the id of a channel thread's root."""

    kind: str
    conversation: str
    members: tuple[Someone, ...]
    name: str = ""
    team: str | None = None
    channel: str | None = None

    def at(self, root: str) -> "Room":
        """The thread under a root message of this channel."""
        return replace(self, conversation=f"{self.channel};messageid={root}")


def personal(person: Someone) -> Room:
    """The person's one-to-one chat with the bot."""
    return Room("personal", f"a:1{person.id.replace('-', '')}", (person,))


GROUP = Room("groupChat", "19:4e1d7a90c6b84f7ea3d2@thread.v2", PEOPLE[:4], "Launch crew")
CHANNEL = Room(
    "channel",
    "19:9f0d6c1be0f94f7b8d0f4b7c2a6e51c3@thread.tacv2",
    PEOPLE,
    "Release planning",
    TEAM,
    "19:9f0d6c1be0f94f7b8d0f4b7c2a6e51c3@thread.tacv2",
)
ROOT = "1793610101000"
"""The root message of `THREAD`."""
THREAD = CHANNEL.at(ROOT)
ROOMS = (*(personal(person) for person in PEOPLE), GROUP, CHANNEL)


def base(conversation: str) -> str:
    """A conversation's id without the thread."""
    return conversation.partition(";messageid=")[0]


def kind(conversation: str) -> str:
    """Which conversationType an id belongs to, by its form."""
    if not conversation.startswith("19:"):
        return "personal"
    return "channel" if "@thread.tacv2" in conversation or "@thread.skype" in conversation else "groupChat"
