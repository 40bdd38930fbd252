"""Signing in with the tenant's account: whether somebody has, the card to do it with, and what its invokes bring.

Floor 6. Source: Teams bot SSO. Silent sign-in works in personal and group chats; in a channel only the button does.
"""

from typing import Any, Protocol

from botbuilder.schema import Activity, TokenResponse
from botframework.connector.token_api.models import SignInUrlResponse, TokenExchangeRequest

from dialogs.talk import PlaceKind

CARD = "application/vnd.microsoft.card.oauth"
CHANNEL = "msteams"


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
    """Sign-in over one OAuth connection. People are meant by Teams' own id (29:…)."""

    def __init__(self, tokens: Tokens, connection: str) -> None:
        self._tokens = tokens
        self.connection = connection

    async def token(self, user: str, channel: str = CHANNEL, code: str | None = None) -> str | None:
        """The person's token, if they have signed in (or `code` proves that they just did)."""
        found = await self._tokens.get_user_token(user, self.connection, channel, code)
        return found.token if found else None

    async def signed_in(self, user: str, channel: str = CHANNEL) -> bool:
        """Whether the person has signed in."""
        return await self.token(user, channel) is not None

    async def exchange(self, user: str, token: str, channel: str = CHANNEL) -> bool:
        """Sign the person in with their client's own token; False where the tenant does not allow it (yet)."""
        wish = TokenExchangeRequest(token=token)
        return await self._tokens.exchange_token(user, self.connection, channel, wish) is not None

    async def sign_out(self, user: str, channel: str = CHANNEL) -> None:
        """Forget the person's tokens."""
        await self._tokens.sign_out_user(user, self.connection, channel)

    async def card(self, activity: Activity, kind: PlaceKind, text: str, button: str) -> dict[str, Any]:
        """The attachment to sign in with, in the words of the dialog."""
        resource = await self._tokens.get_sign_in_resource(self.connection, activity)
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
