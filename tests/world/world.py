"""All doubles together, and the environment that points a real bot process at them.

    async with World() as world:
        process = … "app.py", env=world.environ(DATABASE_URL=…, PORT="…")
        world.bot = "http://127.0.0.1:…"
        status, body = await world.post(message(personal(ADA), ADA, "hello"))
        await world.teams.settled(personal(ADA).conversation)

Authentication is on everywhere: the bot's tokens must have been given out by `world.login` for the right audience.
By hand: `python -m tests.world.world` opens a world and prints its environment as JSON.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from tempfile import TemporaryDirectory
from typing import Any, Literal, Self

import aiohttp

from tests.world.clients import Clients
from tests.world.door import ended
from tests.world.drive import Drive
from tests.world.graph import GraphDouble
from tests.world.hand import Hand
from tests.world.login import IDENTITY, SECRET, LoginDouble
from tests.world.openai import DEPLOYMENTS, ModelDouble, Script
from tests.world.people import ADA, APP, TENANT, Room, Someone, personal
from tests.world.teams import TeamsDouble
from tests.world.userlogin import TokenServiceDouble

CONNECTOR = "https://api.botframework.com"
MODELS = "https://cognitiveservices.azure.com"


class World:
    """Teams, Entra, the token service, Graph, OneDrive and a model, on loopback. `roles` are the app roles of a person."""

    def __init__(
        self,
        *,
        answer: Script = "Hello.",
        clock: Callable[[], float] = time.monotonic,
        connection: Literal["graph", "bot"] = "graph",
    ) -> None:
        """`clock` is that of Teams' streams; tokens follow the real one, because the bot's process does too.

        `connection`: whom the OAuth connection's tokens are for. Entra puts the bot's app roles only into tokens for
        the bot itself (as the client's own SSO token is, see `sso_token`); such a token is then exchanged for Graph's.
        """
        self.bot = ""
        """Where the bot listens: set it once the bot is up, without /api/messages."""
        self.roles: dict[str, tuple[str, ...]] = {ADA.id: ("admin",)}
        self._connection = connection
        self.login = LoginDouble()
        self.teams = TeamsDouble(token=self.login.knows(CONNECTOR), clock=clock)
        self.users = TokenServiceDouble(token=self.login.knows(CONNECTOR), issue=self._user_token)
        self.drive = Drive()
        self.graph = GraphDouble(token=self._graph_token, drive=self.drive)
        self.model = ModelDouble(answer, token=self.login.knows(MODELS))
        self._stack = AsyncExitStack()
        self._home = ""
        self._tokens: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        for double in (self.login, self.teams, self.users, self.graph, self.drive, self.model):
            await self._stack.enter_async_context(double)
        self._session = await self._stack.enter_async_context(aiohttp.ClientSession(trust_env=False))
        self._home = self._stack.enter_context(TemporaryDirectory())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def environ(self, **changes: str | None) -> dict[str, str]:
        """Every setting that points at the world, for a process of its own; None takes a setting out."""
        found: dict[str, str | None] = {
            "MICROSOFT_APP_ID": APP,
            "MICROSOFT_APP_TENANT_ID": TENANT,
            "MICROSOFT_APP_PASSWORD": SECRET,
            "BOT_CREDENTIAL": "secret",
            "ALLOWED_TENANTS": TENANT,
            "OAUTH_CONNECTION_NAME": "sso",
            "CONTENT_KEY": f"{self._home}/content.key",
            **self._model_settings(),
            **self._addresses(),
            **changes,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _model_settings(self) -> dict[str, str]:
        return {
            "AZURE_OPENAI_ENDPOINTS": self.model.url,
            "AZURE_OPENAI_DEPLOYMENTS": ",".join(DEPLOYMENTS),
            "AZURE_OPENAI_MODELS": ",".join(f"{name}={name}/DataZoneStandard" for name in DEPLOYMENTS),
            "AZURE_OPENAI_SCOPE": f"{MODELS}/.default",
            "ALLOW_PUBLIC_MODEL_ENDPOINT": "false",
        }

    def _addresses(self) -> dict[str, str]:
        return {
            "HOST": "127.0.0.1",
            "SERVICE_ORIGINS": self.teams.url,
            "OPENID_METADATA_URL": self.login.metadata,
            "TOKEN_ISSUER": CONNECTOR,
            "USER_TOKEN_URL": self.users.url,
            "LOGIN_URL": self.login.authority,
            "GRAPH_URL": self.graph.url,
            "FILE_HOSTS": self.drive.host,
            "SSL_CERT_FILE": str(self.login.ca),
            "MANAGED_IDENTITY_CLIENT_ID": IDENTITY,
            "IDENTITY_ENDPOINT": self.login.identity,
            "IDENTITY_HEADER": self.login.header,
        }

    @property
    def service(self) -> str:
        """The `serviceUrl` of activities."""
        return f"{self.teams.url}/"

    def token(self) -> str:
        """A good token of the channel, made once and used again."""
        if self.service not in self._tokens:
            self._tokens[self.service] = self.login.sign(serviceurl=self.service)
        return self._tokens[self.service]

    async def post(
        self, activity: Mapping[str, Any], token: str | None = None, bot: str | None = None
    ) -> tuple[int, bytes]:
        """Sends an activity to the bot as Teams does, signed unless a `token` is given ("" for none).

        Its serviceUrl becomes this world's; `bot` is the address of another process. Returns the status and the body.
        """
        signed = self.token() if token is None else token
        return await self.post_raw(json.dumps({**activity, "serviceUrl": self.service}).encode(), signed, bot)

    async def post_raw(
        self, body: bytes, token: str | None = None, bot: str | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Sends bytes to the bot's door; `token` "" for none."""
        signed = self.token() if token is None else token
        bearer = {"Authorization": f"Bearer {signed}"} if signed else {}
        sent = {"Content-Type": "application/json; charset=utf-8", **bearer, **headers}
        async with self._session.post(f"{bot or self.bot}/api/messages", data=body, headers=sent) as response:
            return response.status, await response.read()

    def sign_in(self, person: Someone) -> str:
        """The person has signed in to the bot before; the token it gets for them."""
        return self.users.sign_in(person)

    def sso_token(self, person: Someone) -> str:
        """What the person's client offers for silent sign-in: a token for the bot, with their app roles."""
        return self.login.person_token(person, *self.roles.get(person.id, ()))

    def hand(self, person: Someone, room: Room | None = None, bot: str | None = None) -> Hand:
        """The person at their client, in a room, else in their own chat with the bot; `bot` is another process."""

        async def post(activity: Mapping[str, Any]) -> tuple[int, bytes]:
            return await self.post(activity, bot=bot)

        return Hand(self.teams, self.drive, person, room or personal(person), post)

    def clients(self, person: Someone, count: int = 1, bots: Sequence[str] = ()) -> Clients:
        """The person's Teams clients, which talk to these processes in turn; to `bot` where none are named."""

        async def post(activity: Mapping[str, Any], number: int) -> tuple[int, bytes]:
            return await self.post(activity, bot=bots[number % len(bots)] if bots else None)

        return Clients(self.teams, self.users, person, post, self.sso_token, count)

    def _user_token(self, person: Someone) -> str:
        if self._connection == "bot":
            return self.sso_token(person)
        return self.login.person_token(person, audience=self.graph.url)

    def _graph_token(self, token: str) -> bool:
        return self.login.knows(self.graph.url, "https://graph.microsoft.com")(token)


async def main() -> None:
    """Serves until the process is ended."""
    async with World() as world:
        print(json.dumps(world.environ()), flush=True)
        await ended()


if __name__ == "__main__":
    asyncio.run(main())
