"""Who is where, in the words of the Bot Framework."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.world.door import Refusal
from tests.world.people import CHANNEL, PEOPLE, ROOMS, TEAM, TEAM_THREAD, TENANT, Room, Someone, base, personal


def member(person: Someone, role: str = "user") -> dict[str, Any]:
    """A person as an entry of a conversation's roster. `role` is user, guest or anonymous (who has no Entra id)."""
    given, _, surname = person.name.partition(" ")
    found = {
        "id": person.teams,
        "name": person.name,
        "givenName": given,
        "surname": surname,
        "email": person.mail,
        "userPrincipalName": person.mail,
        "tenantId": person.tenant,
        "userRole": role,
    }
    return found if role == "anonymous" else {**found, "objectId": person.id, "aadObjectId": person.id}


class Roster:
    """The members of every room. `leave` takes somebody out, `admit` brings somebody in."""

    def __init__(self, rooms: Iterable[Room] = ROOMS) -> None:
        self._members = {room.conversation: dict.fromkeys(room.members, "user") for room in rooms}

    def admit(self, conversation: str, person: Someone, role: str = "user") -> None:
        """A guest of the tenant comes with that role and the tenant's id; people of shared channels with their own."""
        self._members.setdefault(base(conversation), {})[person] = role

    def leave(self, conversation: str, person: Someone) -> None:
        del self._members[base(conversation)][person]

    def holds(self, conversation: str, person: Someone) -> bool:
        return person in self._members.get(base(conversation), {})

    def members(self, conversation: str) -> list[dict[str, Any]]:
        """Everybody of a conversation, or of the team whose General thread it is."""
        key = CHANNEL.conversation if base(conversation) == TEAM_THREAD else base(conversation)
        found = self._members.get(key) or _owner(key)
        if not found:
            raise Refusal(404, "ConversationNotFound", "Conversation not found.")
        return [member(person, role) for person, role in found.items()]

    def member(self, conversation: str, id: str) -> dict[str, Any]:
        """One of them, by the 29: id or the Entra object id."""
        for found in self.members(conversation):
            if id in (found["id"], found.get("objectId")):
                return found
        raise Refusal(404, "MemberNotFoundInConversation", "The member is not in the conversation roster.")

    def page(self, conversation: str, size: int, token: str) -> dict[str, Any]:
        """A page of the roster; no `continuationToken` on the last one."""
        everybody = self.members(conversation)
        start = int(token or 0)
        page: dict[str, Any] = {"members": everybody[start : start + size]}
        return page if start + size >= len(everybody) else {**page, "continuationToken": str(start + size)}


def _owner(conversation: str) -> dict[Someone, str]:
    """Whose personal chat it is, one of the many that tests open for a person."""
    return {person: "user" for person in PEOPLE if conversation.startswith(f"{personal(person).conversation}-")}


def personal_chat(member_id: str) -> str:
    """The one-to-one conversation with a person, known or not."""
    known = (personal(one).conversation for one in PEOPLE if member_id in (one.teams, one.id))
    return next(known, f"a:1{member_id.removeprefix('29:')}")


def team(id: str) -> Mapping[str, Any]:
    """The details of the company's one team."""
    _check_team(id)
    return {"id": TEAM_THREAD, "name": "Product", "aadGroupId": TEAM, "tenantId": TENANT, "type": "standard"}


def channels(id: str) -> Mapping[str, Any]:
    """The team's channels; Teams gives General no name."""
    _check_team(id)
    return {"conversations": [{"id": TEAM_THREAD}, {"id": CHANNEL.conversation, "name": CHANNEL.name}]}


def _check_team(id: str) -> None:
    if id != TEAM_THREAD:
        raise Refusal(404, "ConversationNotFound", "The team was not found.")
