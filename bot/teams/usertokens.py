"""The Bot Framework's user token service: who has signed in, and tokens on their behalf.

Floor 6. The SDK's `UserTokenClient` over our own line. Source: the token service's REST interface.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from botbuilder.schema import Activity, TokenResponse
from botframework.connector.auth.user_token_client import UserTokenClient
from botframework.connector.token_api.models import SignInUrlResponse, TokenExchangeRequest, TokenStatus

from bot.teams.line import Call

NO_TOKEN = frozenset({404})
"""How the service says that somebody has not signed in; of anything else it says that it is not set up."""
NOT_EXCHANGED = frozenset({400, 404, 412})
"""How the service says that the person must consent first, or that the token is none it can use."""


class UserTokens(UserTokenClient):  # type: ignore[misc]  # the SDK has no types
    """The token service at one address. A person is known to it by Teams' own id, not by Entra's."""

    def __init__(self, line: Call, address: str, app_id: str) -> None:
        self._line = line
        self._address = address.rstrip("/")
        self._app_id = app_id

    async def get_user_token(
        self, user_id: str, connection_name: str, channel_id: str, magic_code: str | None = None
    ) -> TokenResponse | None:
        """The token of a person who has signed in, or has the code to prove it; None otherwise."""
        query = _who(user_id, connection_name, channel_id) | ({"code": magic_code} if magic_code else {})
        return _token(await self._call("GET", "usertoken/GetToken", query, absent=NO_TOKEN))

    async def exchange_token(
        self, user_id: str, connection_name: str, channel_id: str, exchange_request: TokenExchangeRequest
    ) -> TokenResponse | None:
        """The token that a client's own is exchanged for; None where the service has none to give."""
        wish = {"uri": exchange_request.uri, "token": exchange_request.token}
        body = {name: value for name, value in wish.items() if value is not None}
        query = _who(user_id, connection_name, channel_id)
        return _token(await self._call("POST", "usertoken/exchange", query, body, NOT_EXCHANGED))

    async def sign_out_user(self, user_id: str, connection_name: str, channel_id: str) -> None:
        """Forget the person's tokens."""
        await self._call("DELETE", "usertoken/SignOut", _who(user_id, connection_name, channel_id))

    async def get_token_status(self, user_id: str, channel_id: str, include_filter: str = "") -> list[TokenStatus]:
        """Which connections the person has a token of."""
        query = {"userId": user_id, "channelId": channel_id} | ({"include": include_filter} if include_filter else {})
        found = await self._call("GET", "usertoken/GetTokenStatus", query)
        return [TokenStatus.deserialize(one) for one in found] if isinstance(found, list) else []

    async def get_aad_tokens(
        self, user_id: str, connection_name: str, resource_urls: list[str], channel_id: str
    ) -> dict[str, TokenResponse]:
        """Tokens for several resources of the person's connection, by resource."""
        query = _who(user_id, connection_name, channel_id)
        found = await self._call("POST", "usertoken/GetAadTokens", query, {"resourceUrls": resource_urls})
        tokens = found.items() if isinstance(found, dict) else ()
        return {resource: token for resource, one in tokens if (token := _token(one)) is not None}

    async def get_sign_in_resource(
        self, connection_name: str, activity: Activity, final_redirect: str = ""
    ) -> SignInUrlResponse:
        """The link and the exchange resource for a sign-in card."""
        state = self.create_token_exchange_state(self._app_id, connection_name, activity)
        query = {"state": state} | ({"finalRedirect": final_redirect} if final_redirect else {})
        found = await self._call("GET", "botsignin/GetSignInResource", query)
        return SignInUrlResponse.deserialize(found if isinstance(found, dict) else {})

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        absent: frozenset[int] = frozenset(),
    ) -> object:
        url = f"{self._address}/api/{path}?{urlencode(query)}"
        data = None if body is None else orjson.dumps(body)
        reply = await self._line.call(method, url, data, known=absent)
        return None if reply.status in absent else reply.json


def _who(user_id: str, connection_name: str, channel_id: str) -> dict[str, str]:
    return {"userId": user_id, "connectionName": connection_name, "channelId": channel_id}


def _token(found: object) -> TokenResponse | None:
    """A token answer; one without a token says that there is none."""
    if not isinstance(found, dict) or not isinstance(found.get("token"), str) or not found["token"]:
        return None
    names = ("channelId", "connectionName", "token", "expiration")
    channel, connection, token, expiration = (found.get(name) for name in names)
    return TokenResponse(channel_id=channel, connection_name=connection, token=token, expiration=expiration)
