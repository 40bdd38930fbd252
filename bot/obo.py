"""A person's own token for another resource, for the token with which they signed in to the bot (on-behalf-of).

Floor 6. Tokens stand in this process's memory alone, one a person, until shortly before their end. What Entra says of a
failure stays out of the error, because its messages quote ids and claims; the log has its code. Source: the identity platform's on-behalf-of
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
from bot.tokens import AADSTS, EXCHANGE_SCOPE, PATIENCE, SPARE, WAY, Registration, Token, authority
from dialogs.errors import AssistantError, NeedsSignIn, Unavailable, Unreadable

MOST = 1_000
"""People whose tokens are kept."""
UNSUITED = "I am not set up to read on your behalf yet. Your administrator can change that."
UNGRANTED = (
    "Your administrator has not allowed me to read Microsoft Graph in your name. It takes consent for everybody to "
    "Team.ReadBasic.All, Channel.ReadBasic.All, ChannelMessage.Read.All and Chat.Read: docs/registration.md, step 6."
)
BARRED = "A rule of your company's keeps me from reading in your name. Your administrator can tell which one it is."
KIND = re.compile(r"\((\w+)\)")
"""What Entra calls a refusal, besides its code."""
CONSENT = frozenset({"AADSTS65001", "AADSTS65004", "AADSTS90094", "AADSTS650057"})
"""Consent is missing. No sign-in brings it: the connection asks for the bot's own scope, so its page is not about Graph."""
RULES = frozenset(
    {
        *("AADSTS53000", "AADSTS53001", "AADSTS53002", "AADSTS53003", "AADSTS53004", "AADSTS530003"),  # policies
        *("AADSTS50053", "AADSTS50057", "AADSTS50105"),  # the account is locked, closed, or not assigned to the app
    }
)
"""A rule of the tenant's that stands just the same after a new sign-in."""
ASKS = frozenset(
    {
        *("AADSTS50072", "AADSTS50074", "AADSTS50076", "AADSTS50078", "AADSTS50079", "AADSTS50158"),  # another factor
        *("AADSTS50089", "AADSTS50132", "AADSTS50133", "AADSTS50173", "AADSTS500133"),  # the sign-in has ended
        *("AADSTS70008", "AADSTS70043", "AADSTS700082"),  # the same
        *("AADSTS16000", "AADSTS16001"),  # another account
    }
)
"""A new sign-in, before a person's eyes, can mend it."""
PASSING = frozenset({"AADSTS90006", "AADSTS90024", "AADSTS90025", "AADSTS90033", "AADSTS90055", "AADSTS50196"})
"""Entra has too much to do."""

log = Log("bot.obo")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange, under way or done, and which assertion it is for."""

    assertion: str
    outcome: asyncio.Task[AccessToken | AssistantError]

    def good(self, assertion: str, now: datetime) -> bool:
        """Whether its token is, or will be, of use for an assertion."""
        return self.assertion == assertion and not self.over(now)

    def over(self, now: datetime) -> bool:
        """Whether it has brought no token, or one whose time is up."""
        if not self.outcome.done():
            return False
        token = None if self.outcome.cancelled() else self.outcome.result()
        return not isinstance(token, AccessToken) or datetime.fromtimestamp(token.expires_on, UTC) - now <= SPARE


class Behalf:
    """Tokens for one scope on behalf of people."""

    def __init__(
        self, app: Registration, scope: str, now: Callable[[], datetime], machine: Token, most: int = MOST
    ) -> None:
        """`machine` gives the tokens of the managed identity that proves a federated app."""
        self._app = app
        self._scope = scope
        self._now = now
        self._most = most
        self._held: OrderedDict[str, Exchange] = OrderedDict()
        self._machine = machine
        self._transport: AioHttpTransport | None = None

    def takes(self, audience: object) -> bool:
        """Whether a token for this audience is one for the bot itself, and may be exchanged."""
        own = self._app.microsoft_app_id.lower()
        return isinstance(audience, str) and audience.lower() in (own, f"api://{own}", f"api://botid-{own}")

    async def token(self, person: str, assertion: str) -> str:
        """The token of whoever `assertion` is of; `person` is their Entra id.

        Raises `NeedsSignIn`, `Unavailable`, and `Unreadable` where neither a sign-in nor time will change it.
        """
        now, mark = self._now(), hashlib.sha256(assertion.encode()).hexdigest()
        self._tidy(now)
        held = self._held.get(person)
        if held is None or not held.good(mark, now):
            held = self._held[person] = Exchange(mark, asyncio.create_task(self._exchanged(assertion)))
        self._held.move_to_end(person)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        # Shielded: one ask that gives up must not take the token from the person's others.
        outcome = await asyncio.shield(held.outcome)
        if isinstance(outcome, AssistantError):
            raise type(outcome)(outcome.detail, retry_after=outcome.retry_after)
        return outcome.token

    @property
    def people(self) -> frozenset[str]:
        """Whose tokens are kept at this moment, or on their way."""
        return frozenset(self._held)

    def _tidy(self, now: datetime) -> None:
        """Forget every token whose time is up, whoever's it is."""
        for person in [person for person, held in self._held.items() if held.over(now)]:
            del self._held[person]

    async def close(self) -> None:
        """Forget everything and close the connections."""
        exchanges = [held.outcome for held in self._held.values()]
        self._held.clear()
        for exchange in exchanges:
            exchange.cancel()
        await asyncio.gather(*exchanges, return_exceptions=True)
        if self._transport is not None:
            await self._transport.close()

    async def _exchanged(self, assertion: str) -> AccessToken | AssistantError:
        try:
            async with asyncio.timeout(PATIENCE):
                credential = await self._credential(assertion)
                return await credential.get_token(self._scope)
        except AssistantError as error:
            return error
        except Exception as error:  # answers of any shape make azure-identity raise errors of any kind
            log.event(Event.EXCHANGE_FAILED, logging.WARNING, cause=code(error), error=error)
            return refusal(error) if isinstance(error, ClientAuthenticationError) else Unavailable()

    async def _credential(self, assertion: str) -> OnBehalfOfCredential:
        """How the app proves itself beside the person's token. Raises `Unavailable` or `Unreadable`."""
        app = self._app
        if app.bot_credential == "managed-identity":
            raise Unreadable(UNSUITED)
        proof: dict[str, Any] = {"client_secret": app.microsoft_app_password}
        if app.bot_credential == "federated":
            token = await self._machine(EXCHANGE_SCOPE)
            proof = {"client_assertion_func": lambda: token}
        if self._transport is None:
            self._transport = AioHttpTransport(**WAY)
        return OnBehalfOfCredential(
            app.microsoft_app_tenant_id,
            app.microsoft_app_id,
            user_assertion=assertion,
            transport=self._transport,
            **proof,
            **authority(app.login_url),
        )


def code(error: Exception) -> str:
    """Entra's code for a refusal; "" where it gave none."""
    found = AADSTS.search(str(error)) if isinstance(error, ClientAuthenticationError) else None
    return found[0] if found else ""


def refusal(error: ClientAuthenticationError) -> AssistantError:
    """What becomes of a refusal: consent, a rule, a new sign-in, time, or nothing at all mends it."""
    why, kinds = code(error), KIND.findall(str(error))
    if why in CONSENT or (not why and "consent_required" in kinds):
        return Unreadable(UNGRANTED)
    if why in RULES:
        return Unreadable(BARRED)
    if why in ASKS or not {"interaction_required", "login_required"}.isdisjoint(kinds):
        return NeedsSignIn()
    status = error.status_code or 0
    passing = not why or why in PASSING or status == 429 or status >= 500
    return Unavailable() if passing else Unreadable(UNSUITED)
