"""Whose rights the messages of a conversation are read with.

Floor 7. A person's own token shows exactly what they may see, so it comes first where they have signed in for Graph. The
app's own has what the team or chat has granted to it; who asks must then be known to belong there (`bot.teams.members`).
"""

from collections.abc import Awaitable, Callable

from bot.teams.sessions import claims_of
from bot.teams.signin import SignIn
from dialogs.errors import AssistantError
from dialogs.talk import Person

GRAPH = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph as some tokens name it."""
LOCAL = "local"
"""What stands for a token where nobody looks at it."""


class Readers:
    """The tokens to read with, in the order in which they are tried."""

    def __init__(self, graph: str, bot: Callable[[str], Awaitable[str]] | None, sign_in: SignIn) -> None:
        """`graph` is Graph's address; `bot` gives the app's token for a scope, and is missing in local mode."""
        self._graph = graph
        self._bot = bot
        self._sign_in = sign_in

    async def tokens(self, person: Person) -> tuple[str, ...]:
        """The person's own token for Graph, then the app's."""
        if self._bot is None:
            return (LOCAL,)
        own = await self._own(person)
        app = await self._bot(f"{self._graph}/.default")
        return (own, app) if own else (app,)

    async def _own(self, person: Person) -> str | None:
        try:
            token = await self._sign_in.token(person.account)
        except AssistantError:  # the app's own rights are enough
            return None
        return token if token and self._is_for_graph(token) else None

    def _is_for_graph(self, token: str) -> bool:
        """The connection may be for the bot itself: a token for somebody else must not be sent to Graph."""
        audience = claims_of(token).get("aud")
        return isinstance(audience, str) and audience.rstrip("/") in (self._graph, GRAPH)
