"""Entra tokens: who the bot is, and a held token per scope that is renewed before it ends.

Floor 5. No request ever waits for a token while one is valid: a token is renewed in the background from `AHEAD` of its
end, and goes on being used when that fails. Errors are `Unavailable`; what Entra said about them stays out of it,
because its messages quote ids and claims.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from azure.core.credentials import AccessToken
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
PATIENCE = 20.0
"""Seconds one attempt may take, with azure-identity's own retries in it."""

EXCHANGE_SCOPE = "api://AzureADTokenExchange/.default"
BOT_SCOPE = "https://api.botframework.com/.default"
DATABASE_SCOPE = "https://ossrdbms-aad.database.windows.net/.default"
GOVERNMENT = "https://login.microsoftonline.us"
GOVERNMENT_SCOPES = (
    "https://api.botframework.us/.default",
    "https://ossrdbms-aad.database.usgovcloudapi.net/.default",
)

log = Log("bot.tokens")


class Credential(Protocol):
    """The part of azure-identity's asynchronous credentials that is used here."""

    async def get_token(self, *scopes: str) -> AccessToken:
        """A token and the epoch second it ends at. Raises `AzureError`."""

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


class TokenSource:
    """Tokens of one credential."""

    def __init__(self, credential: Credential, now: Callable[[], datetime]) -> None:
        self._credential = credential
        self._now = now
        self._held: dict[str, AccessToken] = {}
        self._tried: dict[str, datetime] = {}
        self._fetches: dict[str, asyncio.Task[None]] = {}

    async def token(self, scope: str) -> str:
        """A valid token for the scope. Raises `Unavailable`."""
        left = self._left(scope)
        if left <= SPARE:
            # Shielded: one waiter that gives up must not take the token from all the others.
            await asyncio.shield(self._fetch(scope))
        elif left <= AHEAD and self._rested(scope):
            self._fetch(scope)
        if self._left(scope) <= timedelta():
            raise Unavailable
        return self._held[scope].token

    async def close(self) -> None:
        """Stop renewing and close the credential."""
        fetches = tuple(self._fetches.values())
        for fetch in fetches:
            fetch.cancel()
        await asyncio.gather(*fetches, return_exceptions=True)
        await self._credential.close()

    def _left(self, scope: str) -> timedelta:
        held = self._held.get(scope)
        return datetime.fromtimestamp(held.expires_on, UTC) - self._now() if held else timedelta()

    def _rested(self, scope: str) -> bool:
        tried = self._tried.get(scope)
        return tried is None or self._now() - tried >= PAUSE

    def _fetch(self, scope: str) -> asyncio.Task[None]:
        """The one attempt under way for a scope."""
        if scope not in self._fetches:
            self._tried[scope] = self._now()
            task = self._fetches[scope] = asyncio.create_task(self._renew(scope))
            task.add_done_callback(lambda _: self._fetches.pop(scope))
        return self._fetches[scope]

    async def _renew(self, scope: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                self._held[scope] = await self._credential.get_token(scope)
        except (AzureError, OSError, ValueError) as error:
            log.event(Event.TOKEN_FAILED, logging.WARNING, error=error)


def bot_credential(app: Registration) -> Credential:
    """The credential that is the bot, towards Bot Framework and Graph."""
    match app.bot_credential:
        case "secret":
            return secret(app)
        case "managed-identity":
            return identity(app.managed_identity_client_id or app.microsoft_app_id)
        case _:
            return Federated(app)


def resource_credential(app: Registration) -> Credential:
    """The credential of the machine, towards the model and the database: the identity itself, not the bot's app."""
    if app.bot_credential == "secret":
        return secret(app)
    own = app.microsoft_app_id if app.bot_credential == "managed-identity" else ""
    return identity(app.managed_identity_client_id or own)


def identity(client_id: str) -> Credential:
    """A managed identity; an empty id means the system-assigned one."""
    return ManagedIdentityCredential(client_id=client_id or None)


def secret(app: Registration) -> Credential:
    """The app registration by its client secret."""
    return ClientSecretCredential(
        app.microsoft_app_tenant_id, app.microsoft_app_id, app.microsoft_app_password, **authority(app.login_url)
    )


class Federated:
    """The app registration, proved by a token of the managed identity that it trusts.

    `ClientAssertionCredential` takes its assertion from a plain function, also in azure.identity.aio, so the identity's
    token is fetched before it is asked; azure-identity keeps both tokens, so that costs nothing.
    """

    def __init__(self, app: Registration) -> None:
        self._assertion = ""
        self._identity = identity(app.managed_identity_client_id)
        self._app = ClientAssertionCredential(
            app.microsoft_app_tenant_id, app.microsoft_app_id, lambda: self._assertion, **authority(app.login_url)
        )

    async def get_token(self, *scopes: str) -> AccessToken:
        """A token of the app registration. Raises `AzureError`."""
        self._assertion = (await self._identity.get_token(EXCHANGE_SCOPE)).token
        return await self._app.get_token(*scopes)

    async def close(self) -> None:
        """Close both credentials."""
        await self._identity.close()
        await self._app.close()


def authority(login_url: str) -> dict[str, Any]:
    """Where a credential goes for its tokens."""
    if login_url.startswith("https://"):
        return {"authority": login_url}
    # azure-identity insists on https. Plain http gets past the settings for a loopback double only.
    return {"authority": login_url.replace("http://", "https://", 1), "raw_request_hook": unsealed}


def unsealed(request: PipelineRequest[HttpRequest]) -> None:
    """Speak http where azure-identity says https."""
    request.http_request.url = request.http_request.url.replace("https://", "http://", 1)


def scopes(login_url: str) -> tuple[str, str]:
    """The scopes of Bot Framework and of the database in the cloud that an authority belongs to."""
    return GOVERNMENT_SCOPES if login_url == GOVERNMENT else (BOT_SCOPE, DATABASE_SCOPE)
