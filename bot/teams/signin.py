"""Signing in with the tenant's account: whether somebody has, the card to do it with, and what its invokes bring.

Floor 6. A person's tokens live at the token service alone; here they only pass through. Source: Teams bot SSO. Silent
sign-in works in personal and group chats; in a channel only the button does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from botbuilder.schema import Activity, TokenResponse
from botframework.connector.token_api.models import SignInUrlResponse, TokenExchangeRequest

from bot.teams.sessions import claims_of, session
from dialogs.errors import AssistantError, NoSignIn, Unavailable
from dialogs.ports import Words
from dialogs.talk import Person, PlaceKind

CARD = "application/vnd.microsoft.card.oauth"
CHANNEL = "msteams"

WHY = "Sign in once with your work account, so that I know who is asking. Your password stays with Microsoft."
PRESS = "Sign in"


class Failure(StrEnum):
    """What keeps a person from signing in: what their client says, and the last six, which we see. All that is logged."""

    INSTALL = "installappfailed"
    REQUEST = "authrequestfailed"
    NOT_INSTALLED = "installedappnotfound"
    INVOKE = "invokeerror"
    RESOURCE = "resourcematchfailed"
    CARD = "oauthcardnotvalid"
    NO_TOKEN = "tokenmissing"  # noqa: S105  a name, not a token
    OTHER = "other"
    FOREIGN = "tokenofanother"
    KEPT = "tokenofanotherkept"
    REFUSED = "tokennotexchanged"
    SPENT = "attemptspent"
    UNREDEEMED = "codenotredeemed"
    AWAY = "tokenserviceaway"

    @classmethod
    def of(cls, code: object) -> "Failure":
        """The failure of a client's code; what nobody knows, and might be anything, is `OTHER`."""
        return next((one for one in cls if one == code and one not in OURS), cls.OTHER)


OURS = frozenset({Failure.FOREIGN, Failure.KEPT, Failure.REFUSED, Failure.SPENT, Failure.UNREDEEMED, Failure.AWAY})


class Tokens(Protocol):
    """The token service; see `bot.teams.usertokens`."""

    async def get_user_token(
        self, user_id: str, connection_name: str, channel_id: str, magic_code: str | None = None
    ) -> TokenResponse | None:
        """A person's token."""

    async def exchange_token(
        self, user_id: str, connection_name: str, channel_id: str, exchange_request: TokenExchangeRequest
    ) -> TokenResponse | None:
        """A token for a client's token."""

    async def sign_out_user(self, user_id: str, connection_name: str, channel_id: str) -> None:
        """Forget a person's tokens."""

    async def get_sign_in_resource(
        self, connection_name: str, activity: Activity, final_redirect: str = ""
    ) -> SignInUrlResponse:
        """Where to sign in."""


class SignIn:
    """Sign-in over one OAuth connection. People are meant by Teams' own id (29:…).

    Where the token service does not answer, everything raises `Unavailable`; where it will not, `NoSignIn`.
    """

    def __init__(self, tokens: Tokens, connection: str) -> None:
        self._tokens = tokens
        self.connection = connection

    async def token(self, user: str, channel: str = CHANNEL, code: str | None = None) -> str | None:
        """The person's token, if they have signed in (or `code` proves that they just did)."""
        with translated():
            found = await self._tokens.get_user_token(user, self.connection, channel, code)
        return found.token if found else None

    async def exchange(self, user: str, token: str, channel: str = CHANNEL) -> bool:
        """Sign the person in with their client's own token; False where the tenant does not allow it (yet)."""
        wish = TokenExchangeRequest(token=token)
        with translated():
            return await self._tokens.exchange_token(user, self.connection, channel, wish) is not None

    async def sign_out(self, user: str, channel: str = CHANNEL) -> None:
        """Forget the person's tokens."""
        with translated():
            await self._tokens.sign_out_user(user, self.connection, channel)

    async def card(self, activity: Activity, kind: PlaceKind, text: str, button: str) -> dict[str, Any]:
        """The attachment to sign in with, for the kind of place it will stand in.

        Wherever Teams can, it first tries by itself with what the card says, and shows the card only if that fails.
        """
        with translated():
            resource = await self._tokens.get_sign_in_resource(self.connection, activity)
        if not resource.sign_in_link:
            raise NoSignIn  # rather than a button that leads nowhere
        content: dict[str, Any] = {
            "text": text,
            "connectionName": self.connection,
            "buttons": [{"type": "signin", "title": button, "value": resource.sign_in_link}],
        }
        if resource.token_post_resource is not None:
            content["tokenPostResource"] = resource.token_post_resource.serialize()
        if kind is not PlaceKind.CHANNEL and resource.token_exchange_resource is not None:
            content["tokenExchangeResource"] = resource.token_exchange_resource.serialize()
        return {"contentType": CARD, "content": content}

    async def message(self, activity: Activity, words: Words, kind: PlaceKind) -> Activity:
        """The message with that card, in the words of the person it is for."""
        return Activity(type="message", attachments=[await self.card(activity, kind, words.say(WHY), words.say(PRESS))])


@contextmanager
def translated() -> Iterator[None]:
    """The errors of the line tell of Teams and of the model; here it is the token service that does not answer."""
    try:
        yield
    except Unavailable:
        raise
    except AssistantError as error:
        raise (NoSignIn() if error.lasting else Unavailable(retry_after=error.retry_after)) from error


@dataclass(frozen=True, slots=True)
class Own:
    """The account of one person: the `dialogs.ports.Account` of their desk."""

    sign_in: SignIn
    person: Person
    now: datetime

    async def name(self) -> str | None:
        """What the person is signed in as, "" where nobody says; None where they are not, or with another's account."""
        token = await self.sign_in.token(self.person.account)
        found = session(token)
        if found is None or found.expires <= self.now or found.person.lower() != self.person.id.lower():
            return None
        return found.name

    async def leave(self) -> None:
        """Have the token service forget the person's tokens."""
        await self.sign_in.sign_out(self.person.account)


def owns(token: str | None, person: str, tenants: frozenset[str]) -> bool:
    """Whether a token is that person's, of one of the tenants (small letters)."""
    claims = claims_of(token)
    owner, tenant = claims.get("oid"), claims.get("tid")
    if not isinstance(owner, str) or not isinstance(tenant, str) or not person:
        return False
    return owner.lower() == person.lower() and tenant.lower() in tenants
