"""Who and what stands in the local Playground: the newcomer, the company's people, one team and one group chat."""

from dataclasses import dataclass
from typing import Any

from tests.world.people import BOT, BOT_NAME, CHANNEL, GROUP, PEOPLE, TEAM, TEAM_THREAD, TENANT, Someone

NEWCOMER = Someone(
    id="a0000000-0000-4000-8000-000000000100",
    teams="29:1robin-Kq7vN2mZ0100",
    name="Robin Keller",
    mail="robin@contoso.example",
)
"""Whoever opens the page."""
PERSONAL = "a:1a0000000000040008000000000000100"
PLAYGROUND_PEOPLE = 5
"""The Playground takes exactly so many people besides the newcomer; the page is told of the others as well."""


@dataclass(frozen=True, slots=True)
class App:
    """An app that posts in a channel beside people."""

    id: str
    name: str


BUILD_BOT = App("28:4b1f9a3e-60cb-4b53-9d0a-0f5f7f0a2c19", "Build Bot")


def config() -> dict[str, Any]:
    """The Playground's configuration; JSON is YAML."""
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": BOT_NAME},
        "currentUser": user(NEWCOMER),
        "users": [user(person) for person in PEOPLE[:PLAYGROUND_PEOPLE]],
        "personalChat": {"id": PERSONAL},
        "groupChat": {"id": GROUP.conversation, "name": GROUP.name},
        "team": {
            "id": TEAM_THREAD,
            "name": "Contoso",
            "aadGroupId": TEAM,
            "channels": [{"id": CHANNEL.conversation, "name": CHANNEL.name}],
        },
    }


def user(person: Someone) -> dict[str, str]:
    """A person as the Playground wants them; `userPrincipleName` is its own spelling."""
    given, _, family = person.name.partition(" ")
    return {
        "id": person.teams,
        "name": person.name,
        "userPrincipleName": person.mail,
        "aadObjectId": person.id,
        "givenName": given,
        "surname": family,
        "email": person.mail,
    }


def strangers() -> list[dict[str, str]]:
    """Those of the sample threads whom the Playground does not know."""
    nobody = {"userPrincipleName": "", "aadObjectId": "", "givenName": "", "surname": "", "email": ""}
    return [*map(user, PEOPLE[PLAYGROUND_PEOPLE:]), {**nobody, "id": BUILD_BOT.id, "name": BUILD_BOT.name}]
