"""Whose rights the messages of a conversation are read with.

Floor 7. A person's own token shows exactly what they may see, so it comes first where they have signed in for Graph. The
app's own has what the team or chat has granted to it; who asks must then be known to belong there (`bot.teams.members`).
Abroad, where nobody says who belongs, it is the person's own token or none.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import jwt

from bot.obo import UNSUITED, Behalf
from bot.teams.sessions import claims_of
from bot.teams.signin import SignIn
from dialogs.errors import AssistantError, Busy, NeedsSignIn, Unavailable, Unreadable
from dialogs.talk import Person

GRAPH = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph as some tokens name it."""
LOCAL = "local"
"""What stands for a token where nobody looks at it."""


class Readers:
    """The tokens to read with, in the order in which they are tried."""

    def __init__(
        self,
        graph: str,
        bot: Callable[[str], Awaitable[str]] | None,
        sign_in: SignIn,
        behalf: Behalf | None = None,
    ) -> None:
        """`graph` is Graph's address; `bot` gives the app's token for a scope, and is missing in local mode.

        `behalf` exchanges a person's token for the bot itself for one for Graph.
        """
        self._graph = graph
        self._bot = bot
        self._sign_in = sign_in
        self._behalf = behalf

    async def tokens(self, person: Person) -> tuple[str, ...]:
        """The person's own token for Graph, then the app's."""
        if self._bot is None:
            return (LOCAL,)
        try:
            own = await self.own(person)
        except AssistantError:  # the app's own rights are enough
            return (await self._bot(f"{self._graph}/.default"),)
        return (own, await self._bot(f"{self._graph}/.default"))

    async def own(self, person: Person) -> str:
        """The person's own token for Graph and no other. Raises `NeedsSignIn`, `Unavailable` or `Unreadable`."""
        if self._bot is None:
            return _unsigned(person)
        token = await self._token(person)
        claims = claims_of(token)
        if not token or not _is_of(claims, person):
            raise NeedsSignIn
        audience = claims.get("aud")
        # A token for somebody else must be sent neither to Graph nor to Entra.
        if isinstance(audience, str) and audience.rstrip("/") in (self._graph, GRAPH):
            return token
        if self._behalf is None or not self._behalf.takes(audience):
            raise Unreadable(UNSUITED)
        return await self._behalf.token(person.id, token)

    async def _token(self, person: Person) -> str | None:
        try:
            return await self._sign_in.token(person.account)
        except Busy as busy:
            raise Unavailable(retry_after=busy.retry_after) from None


def _is_of(claims: Mapping[str, Any], person: Person) -> bool:
    """Whether a token is the person's and nobody else's."""
    return bool(person.id) and str(claims.get("oid", "")).casefold() == person.id.casefold()


def _unsigned(person: Person) -> str:
    """What says in local mode who asks, where nobody asks for proof."""
    return jwt.encode({"oid": person.id}, "", algorithm="none")
