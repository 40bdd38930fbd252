"""The SDK's idea of a cloud: who the bot is, and where its clients come from.

Floor 6. The door has verified a request before the SDK sees it, so that everything the SDK itself would verify (headers,
streams, the emulator, skills, nobody at all) is refused here.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity, ConnectorFactory
from botframework.connector.auth.user_token_client import UserTokenClient

AUDIENCE = "https://api.botframework.com"

Client = Callable[[str], Any]
"""The connector client of a service address; see `bot.teams.connector`."""


class Authentication(BotFrameworkAuthentication):  # type: ignore[misc]  # the SDK has no types
    """Hands out clients and verifies nothing."""

    def __init__(self, client: Client, tokens: UserTokenClient) -> None:
        self._factory = _Factory(client)
        self._tokens = tokens

    async def authenticate_request(self, activity: Any, auth_header: str) -> NoReturn:
        """Refused: the door does this."""
        raise PermissionError

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> NoReturn:
        """Refused: there is no streaming door."""
        raise PermissionError

    async def authenticate_channel_request(self, auth_header: str) -> NoReturn:
        """Refused: there are no skills."""
        raise PermissionError

    def create_bot_framework_client(self) -> NoReturn:
        """Refused: there are no skills."""
        raise PermissionError

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        """The one factory."""
        return self._factory

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> UserTokenClient:
        """The one client."""
        return self._tokens

    def get_originating_audience(self) -> str:
        """Whom the bot's token is for."""
        return AUDIENCE


class _Factory(ConnectorFactory):  # type: ignore[misc]
    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(self, service_url: str, audience: str) -> Any:
        """The pooled client of a service address."""
        return self._client(service_url)
