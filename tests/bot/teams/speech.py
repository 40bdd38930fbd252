"""The adapter put together over the doubles, as `app` puts it together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.teams.adapter import Adapter
from bot.teams.authentication import Authentication
from bot.teams.connector import Connectors
from bot.teams.line import Line, Ways
from bot.teams.origins import origins
from bot.teams.pacing import Pacing
from bot.teams.signin import SignIn
from bot.teams.usertokens import UserTokens
from tests.bot.teams.clock import Clock
from tests.world.people import APP


@dataclass(frozen=True)
class Speech:
    """What speaks to Teams and to the token service."""

    adapter: Adapter
    connectors: Connectors
    tokens: UserTokens
    sign_in: SignIn


def speech(
    session: aiohttp.ClientSession,
    clock: Clock,
    teams: str,
    users: str = "http://127.0.0.1:1",
    token: Callable[[], Awaitable[str | None]] | None = None,
    pacing: Pacing | None = None,
) -> Speech:
    """Over the connector at `teams` and the token service at `users`."""
    ways = Ways(token or bot_token, clock.pause, lambda: 0.5, clock.now)
    trusted = origins((teams,))
    connectors = Connectors(Line(session, trusted, ways, pacing), trusted)
    tokens = UserTokens(Line(session, origins((users,)), ways), users, APP)
    return Speech(Adapter(Authentication(connectors.client, tokens), APP), connectors, tokens, SignIn(tokens, "sso"))


async def bot_token() -> str | None:
    return "bot-token"


def entity(found: Any, kind: str) -> dict[str, Any]:
    """The first entity of this type in a JSON activity."""
    return next(one for one in found["entities"] if one["type"] == kind)
