"""A person's own token for another resource, for the token with which they signed in to the bot (on-behalf-of).

Floor 6. Tokens stand in this process's memory alone, one a person, until shortly before their end. What Entra says of a
failure stays out of the error, because its messages quote ids and claims. Source: the identity platform's on-behalf-of
flow, by azure-identity.
"""

import asyncio
import hashlib
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline.transport import AioHttpTransport
from azure.identity.aio import OnBehalfOfCredential

from bot.telemetry import Event, Log
from bot.tokens import EXCHANGE_SCOPE, PACE, PATIENCE, SPARE, Registration, TokenSource, authority, identity
from dialogs.errors import AssistantError, NeedsSignIn, Unavailable, Unreadable

MOST = 1_000
"""People whose tokens are kept."""
UNSUITED = "I am not set up to read on your behalf yet. Your administrator can change that."
INTERACTION = re.compile(r"\((?:interaction_required|consent_required|login_required)\)")
"""How Entra says that the person must do something."""
CODE = re.compile(r"AADSTS(\d+)")
ASKS = frozenset(
    {
        *("65001", "65004"),  # consent is missing, or was declined
        *("50072", "50074", "50076", "50079", "50158"),  # another factor
        *("50173", "50132", "50133", "70043", "70008", "700082", "500133", "50089"),  # the sign-in has ended
        *("16000", "16001", "53000", "53001", "53003", "530003"),  # another account, or conditional access
    }
)
"""Entra's codes for failures that a new sign-in can mend, as far as anything here can."""

log = Log("bot.obo")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange, under way or done, and which assertion it is for."""

    assertion: str
    outcome: asyncio.Task[AccessToken | AssistantError]

    def good(self, assertion: str, now: datetime) -> bool:
        """Whether its token is, or will be, of use for an assertion."""
        if self.assertion != assertion:
            return False
        if not self.outcome.done():
            return True
        token = None if self.outcome.cancelled() else self.outcome.result()
        return isinstance(token, AccessToken) and datetime.fromtimestamp(token.expires_on, UTC) - now > SPARE


class Behalf:
    """Tokens for one scope on behalf of people."""

    def __init__(self, app: Registration, scope: str, now: Callable[[], datetime], most: int = MOST) -> None:
        self._app = app
        self._scope = scope
        self._now = now
        self._most = most
        self._held: OrderedDict[str, Exchange] = OrderedDict()
        self._machine = (
            TokenSource(identity(app.managed_identity_client_id), now) if app.bot_credential == "federated" else None
        )
        self._transport: AioHttpTransport | None = None

    def takes(self, audience: object) -> bool:
        """Whether a token for this audience is one for the bot itself, and may be exchanged."""
        own = self._app.microsoft_app_id.lower()
        return isinstance(audience, str) and audience.lower() in (own, f"api://{own}", f"api://botid-{own}")

    async def token(self, person: str, assertion: str) -> str:
        """The token of whoever `assertion` is of; `person` is their Entra id.

        Raises `NeedsSignIn`, `Unavailable`, and `Unreadable` where the bot's own credential does not allow it.
        """
        mark = hashlib.sha256(assertion.encode()).hexdigest()
        held = self._held.get(person)
        if held is None or not held.good(mark, self._now()):
            held = self._held[person] = Exchange(mark, asyncio.create_task(self._exchanged(assertion)))
        self._held.move_to_end(person)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        # Shielded: one ask that gives up must not take the token from the person's others.
        outcome = await asyncio.shield(held.outcome)
        if isinstance(outcome, AssistantError):
            raise type(outcome)(outcome.detail, retry_after=outcome.retry_after)
        return outcome.token

    async def close(self) -> None:
        """Forget everything and close the connections."""
        exchanges = [held.outcome for held in self._held.values()]
        self._held.clear()
        for exchange in exchanges:
            exchange.cancel()
        await asyncio.gather(*exchanges, return_exceptions=True)
        if self._machine is not None:
            await self._machine.close()
        if self._transport is not None:
            await self._transport.close()

    async def _exchanged(self, assertion: str) -> AccessToken | AssistantError:
        try:
            async with asyncio.timeout(PATIENCE):
                credential = await self._credential(assertion)
                return await credential.get_token(self._scope)
        except AssistantError as error:
            return error
        except ClientAuthenticationError as error:
            log.event(Event.TOKEN_FAILED, logging.WARNING, error=error)
            return NeedsSignIn() if asks(str(error)) else Unavailable()
        except Exception as error:  # answers of any shape make azure-identity raise errors of any kind
            log.event(Event.TOKEN_FAILED, logging.WARNING, error=error)
            return Unavailable()

    async def _credential(self, assertion: str) -> OnBehalfOfCredential:
        """How the app proves itself beside the person's token. Raises `Unavailable` or `Unreadable`."""
        app = self._app
        if app.bot_credential == "managed-identity":
            raise Unreadable(UNSUITED)
        proof: dict[str, Any] = {"client_secret": app.microsoft_app_password}
        if self._machine is not None:
            token = await self._machine.token(EXCHANGE_SCOPE)
            proof = {"client_assertion_func": lambda: token}
        if self._transport is None:
            self._transport = AioHttpTransport(**PACE)
        return OnBehalfOfCredential(
            app.microsoft_app_tenant_id,
            app.microsoft_app_id,
            user_assertion=assertion,
            transport=self._transport,
            **proof,
            **authority(app.login_url),
        )


def asks(message: str) -> bool:
    """Whether a refusal of Entra's says that the person must sign in, agree or prove themselves anew."""
    return bool(INTERACTION.search(message)) or not ASKS.isdisjoint(CODE.findall(message))
