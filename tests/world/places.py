"""The teams, channels and chats that Graph lists, and who belongs to them.

What no listing knows, anybody may read; so may an application's token, which speaks for nobody.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.world.door import Refusal
from tests.world.odata import Record
from tests.world.people import CHANNEL, GROUP, PEOPLE, TEAM, TENANT, Someone


@dataclass
class Team:
    """A team. `shared` are the ids of other teams' channels that it sees."""

    id: str
    name: str
    members: list[Someone]
    shared: list[str] = field(default_factory=list)


@dataclass
class Channel:
    """A channel; without `members` of its own, those of its team belong to it."""

    id: str
    name: str
    team: str
    members: list[Someone] | None = None
    kind: str = "standard"


@dataclass
class Chat:
    """A chat between people."""

    id: str
    topic: str | None
    members: list[Someone]
    kind: str = "group"


class Places:
    """Who belongs where."""

    def __init__(self) -> None:
        self.teams = {TEAM: Team(TEAM, "Contoso", list(PEOPLE))}
        self.channels = {CHANNEL.conversation: Channel(CHANNEL.conversation, CHANNEL.name, TEAM)}
        self.chats = {GROUP.conversation: Chat(GROUP.conversation, GROUP.name, list(GROUP.members))}

    def belong(self, person: str, conversation: str) -> bool:
        """Whether somebody, by object id, may read a channel or chat."""
        if conversation in self.chats:
            return _has(self.chats[conversation].members, person)
        if conversation not in self.channels:
            return True
        channel = self.channels[conversation]
        if channel.members is not None:
            return _has(channel.members, person)
        teams = [self.teams[channel.team], *(team for team in self.teams.values() if conversation in team.shared)]
        return any(_has(team.members, person) for team in teams)

    def joined(self, person: str) -> list[Record]:
        """The teams of somebody."""
        mine = [team for team in self.teams.values() if _has(team.members, person)]
        return [{"id": team.id, "displayName": team.name, "description": None} for team in mine]

    def all_channels(self, team: str, person: str, root: str) -> list[Record]:
        """The channels in a team or shared with it that somebody may see."""
        if team not in self.teams or not _has(self.teams[team].members, person):
            raise Refusal(403, "Forbidden", "The user is not a member of the team.")
        return [_channel(one, root) for one in self._of(team) if self.belong(person, one.id)]

    def own_chats(self, person: str) -> list[Record]:
        """The chats of somebody with their members."""
        return [_chat(chat) for chat in self.chats.values() if _has(chat.members, person)]

    def _of(self, team: str) -> Iterator[Channel]:
        yield from (one for one in self.channels.values() if one.team == team)
        yield from (self.channels[id] for id in self.teams[team].shared)


def _has(members: Iterable[Someone], person: str) -> bool:
    return any(member.id == person for member in members)


def _channel(channel: Channel, root: str) -> Record:
    where = f"{root}/tenants/{TENANT}/teams/{channel.team}/channels/{channel.id}"
    return {"@odata.id": where, "id": channel.id, "displayName": channel.name, "membershipType": channel.kind}


def _chat(chat: Chat) -> Record:
    members: Sequence[Record] = [
        {"@odata.type": "#microsoft.graph.aadUserConversationMember", "userId": one.id, "displayName": one.name}
        for one in chat.members
    ]
    return {"id": chat.id, "topic": chat.topic, "chatType": chat.kind, "members": members}
