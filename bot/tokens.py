"""Entra tokens: who the bot is, and a held token per scope that is renewed before it ends.

Floor 5. No request ever waits for a token while one is valid: a token is renewed in the background when Entra advises
it, and from `AHEAD` of its end at the latest, and goes on being used while that fails. All who need the same token wait
for one attempt; after one that failed there is a rest. Errors are `Unavailable`; of what Entra said about them only its
code goes further, because its messages quote ids and claims.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol

import jwt
from azure.core.credentials import AccessTokenInfo
from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest
from azure.core.rest import HttpRequest
from azure.identity.aio import ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential

from bot.telemetry import Event, Log
from dialogs.errors import Unavailable

AHEAD = timedelta(minutes=5)
"""How long before its end a token is renewed. azure-identity's own cache lets go of it at the same time."""
SPARE = timedelta(seconds=30)
"""How long a token must still be valid to be handed out without waiting for the next one."""
PAUSE = timedelta(seconds=30)
"""Shortest time between two attempts to renew a token that is still valid."""
REST = timedelta(seconds=2)
"""Shortest time between two attempts while there is no token at all."""
COME_BACK, LATEST = timedelta(seconds=5), timedelta(seconds=150)
"""How soon and how late whoever needs a token is told to come back. A message's five tries so span five minutes."""
PATIENCE = 20.0
"""Seconds one attempt may take, with azure-identity's own retries in it."""
WAY: dict[str, Any] = {"connection_timeout": 4, "read_timeout": 9, "use_env_settings": False}
"""How azure-core makes one request. Seconds: an endpoint that hangs is asked once more within one attempt; azure-core's own
are 300. It goes by no proxy that the environment names: whoever sets one would read the secret and the tokens."""

EXCHANGE_SCOPE = "api://AzureADTokenExchange/.default"
BOT_SCOPE = "https://api.botframework.com/.default"
DATABASE_SCOPE = "https://ossrdbms-aad.database.windows.net/.default"
GOVERNMENT = "https://login.microsoftonline.us"
GOVERNMENT_SCOPES = (
    "https://api.botframework.us/.default",
    "https://ossrdbms-aad.database.usgovcloudapi.net/.default",
)

AADSTS = re.compile(r"\bAADSTS\d{4,8}\b")
"""Entra's codes."""

Token = Callable[[str], Awaitable[str]]
"""A scope in, a token out. Raises `Unavailable`."""

log = Log("bot.tokens")


class Credential(Protocol):
    """The part of azure-identity's asynchronous credentials that is used here."""

    async def get_token_info(self, *scopes: str) -> AccessTokenInfo:
        """A token, the epoch second it ends at, and the one from which it should be renewed. Raises `AzureError`."""

    async def close(self) -> None:
        """Close its connections."""


class Registration(Protocol):
    """The settings that say who the bot is; see `bot.settings.Settings`."""

    @property
    def bot_credential(self) -> str:
        """`federated`, `managed-identity` or `secret`."""

    @property
    def microsoft_app_id(self) -> str:
        """The app registration."""

    @property
    def microsoft_app_tenant_id(self) -> str:
        """Its tenant."""

    @property
    def microsoft_app_password(self) -> str:
        """Its secret, with `secret` only."""

    @property
    def managed_identity_client_id(self) -> str:
        """The user-assigned identity, if any."""

    @property
    def login_url(self) -> str:
        """The Entra authority."""


class NoToken(Exception):
    """Why no token came, as a code that is safe to show: Entra's own, such as AADSTS700213, or the kind of the error."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A token, when it is to be renewed, and when it ends."""

    text: str = field(repr=False)
    renew: datetime
    until: datetime


class Held:
    """The token of one scope, and the one attempt under way to get the next."""

    def __init__(self, ask: Callable[[], Awaitable[AccessTokenInfo]], now: Callable[[], datetime]) -> None:
        self._ask = ask
        self._now = now
        self._kept: Kept | None = None
        self._rest: datetime | None = None
        self._down: datetime | None = None
        self._why = ""
        self.attempt: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """The token, fetched where none is valid. Raises `Unavailable`, whose cause is a `NoToken`."""
        if self._left() <= SPARE:
            await self._fetched()
        elif self._kept is not None and self._kept.renew <= self._now() and self._rested():
            self._begun()
        if self._kept is None or self._left() <= timedelta():
            raise self._missing() from NoToken(self._why)
        return self._kept.text

    async def _fetched(self) -> None:
        if self.attempt is not None or self._rested():
            # Shielded: one waiter that gives up must not take the token from all the others.
            await asyncio.shield(self.attempt or self._begun())

    def _left(self) -> timedelta:
        return self._kept.until - self._now() if self._kept else timedelta()

    def _rested(self) -> bool:
        return self._rest is None or self._now() >= self._rest

    def _begun(self) -> asyncio.Task[None]:
        if self.attempt is None:
            self.attempt = asyncio.create_task(self._renew())
            self.attempt.add_done_callback(self._ended)
        return self.attempt

    def _ended(self, attempt: asyncio.Task[None]) -> None:
        self.attempt = None

    async def _renew(self) -> None:
        try:
            kept = taken(await self._ask(), self._now())
        except Exception as error:  # answers of any shape make azure-identity raise errors of any kind
            log.event(Event.TOKEN_FAILED, logging.WARNING, error=error)
            self._failed(error)
        else:
            self._kept, self._down, self._rest = kept, None, self._now() + PAUSE

    def _failed(self, error: Exception) -> None:
        now = self._now()
        self._why = reason(error)
        self._down = self._down or now
        self._rest = now + (PAUSE if self._left() > SPARE else min(max(now - self._down, REST), PAUSE))

    def _missing(self) -> Unavailable:
        """Nobody's fault who asked something: whatever is tried without a token does not count as tried."""
        missing = Unavailable(retry_after=self._patience())
        missing.counts = False
        return missing

    def _patience(self) -> timedelta:
        """When it is worth coming back: the longer nobody has answered, the later.

        Whoever tries a few times and then gives up so outlasts an outage, whenever in it they began.
        """
        lost = self._now() - self._down if self._down else timedelta()
        return min(max(3 * lost, COME_BACK), LATEST)


class TokenSource:
    """Tokens of one credential."""

    def __init__(self, credential: Credential, now: Callable[[], datetime], patience: float = PATIENCE) -> None:
        """`patience`: seconds that one attempt may take."""
        self._credential = credential
        self._now = now
        self._patience = patience
        self._held: dict[str, Held] = {}

    async def token(self, scope: str) -> str:
        """A valid token for the scope. Raises `Unavailable`."""
        if scope not in self._held:
            self._held[scope] = Held(partial(self._ask, scope), self._now)
        return await self._held[scope].token()

    @property
    def attempts(self) -> tuple[asyncio.Task[None], ...]:
        """What is being fetched at this moment."""
        return tuple(held.attempt for held in self._held.values() if held.attempt is not None)

    async def close(self) -> None:
        """Stop renewing and close the credential."""
        attempts = self.attempts
        for attempt in attempts:
            attempt.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
        await self._credential.close()

    async def _ask(self, scope: str) -> AccessTokenInfo:
        async with asyncio.timeout(self._patience):
            return await self._credential.get_token_info(scope)


def taken(info: AccessTokenInfo, now: datetime) -> Kept:
    """What came, looked at. Raises `ValueError` where it is no token, or one that has ended already."""
    until = datetime.fromtimestamp(info.expires_on, UTC)
    if not isinstance(info.token, str) or not info.token:
        raise ValueError("no token")
    if until <= now:
        raise ValueError("ended before it came")
    early = until - AHEAD
    advised = datetime.fromtimestamp(info.refresh_on, UTC) if info.refresh_on else early
    return Kept(info.token, min(advised, early), until)


def reason(error: Exception) -> str:
    """A code for why an attempt failed, without a word of the other side."""
    if isinstance(error.__cause__, NoToken):  # the token that this one was to be earned by
        return str(error.__cause__)
    code = AADSTS.search(str(error)) if isinstance(error, AzureError) else None
    if code is not None:
        return code[0]
    status = getattr(error, "status_code", None)
    return f"status {status}" if isinstance(status, int) else type(error).__name__


def claims(token: str) -> Mapping[str, Any]:
    """What a token says of itself, unverified; nothing of what is no token."""
    try:
        found = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    return found if isinstance(found, dict) else {}


def sources(
    app: Registration, now: Callable[[], datetime], patience: float = PATIENCE
) -> tuple[TokenSource, TokenSource]:
    """The tokens of the bot, and those of the machine it runs on, which a federated bot is proved by. Close both."""
    machine = TokenSource(resource_credential(app), now, patience)
    return TokenSource(bot_credential(app, machine.token), now, patience), machine


def bot_credential(app: Registration, machine: Token) -> Credential:
    """The credential that is the bot, towards Bot Framework and Graph. `machine` gives the tokens of `resource_credential`."""
    match app.bot_credential:
        case "secret":
            return secret(app)
        case "managed-identity":
            return identity(app.managed_identity_client_id or app.microsoft_app_id)
        case _:
            return Federated(app, machine)


def resource_credential(app: Registration) -> Credential:
    """The credential of the machine, towards the model and the database: the identity itself, not the bot's app."""
    if app.bot_credential == "secret":
        return secret(app)
    own = app.microsoft_app_id if app.bot_credential == "managed-identity" else ""
    return identity(app.managed_identity_client_id or own)


def identity(client_id: str) -> Credential:
    """A managed identity; an empty id means the system-assigned one."""
    return ManagedIdentityCredential(client_id=client_id or None, **WAY)


def secret(app: Registration) -> Credential:
    """The app registration by its client secret."""
    return ClientSecretCredential(
        app.microsoft_app_tenant_id, app.microsoft_app_id, app.microsoft_app_password, **authority(app.login_url)
    )


class Federated:
    """The app registration, proved by a token of the managed identity that it trusts.

    `ClientAssertionCredential` takes its assertion from a plain function, also in azure.identity.aio, so the identity's
    token is fetched before it is asked; it is held by its source, so that costs nothing.
    """

    def __init__(self, app: Registration, machine: Token) -> None:
        self._assertion = ""
        self._machine = machine
        self._app = ClientAssertionCredential(
            app.microsoft_app_tenant_id, app.microsoft_app_id, lambda: self._assertion, **authority(app.login_url)
        )

    async def get_token_info(self, *scopes: str) -> AccessTokenInfo:
        """A token of the app registration. Raises `AzureError`, or `Unavailable` where the identity has none."""
        self._assertion = await self._machine(EXCHANGE_SCOPE)
        return await self._app.get_token_info(*scopes)

    async def close(self) -> None:
        """Close the credential; the identity's is its source's."""
        await self._app.close()


def authority(login_url: str) -> dict[str, Any]:
    """Where a credential goes for its tokens."""
    if login_url.startswith("https://"):
        return {"authority": login_url, **WAY}
    # azure-identity insists on https. Plain http gets past the settings for a loopback double only.
    return {"authority": login_url.replace("http://", "https://", 1), "raw_request_hook": unsealed, **WAY}


def unsealed(request: PipelineRequest[HttpRequest]) -> None:
    """Speak http where azure-identity says https."""
    request.http_request.url = request.http_request.url.replace("https://", "http://", 1)


def scopes(login_url: str) -> tuple[str, str]:
    """The scopes of Bot Framework and of the database in the cloud that an authority belongs to."""
    return GOVERNMENT_SCOPES if login_url == GOVERNMENT else (BOT_SCOPE, DATABASE_SCOPE)
