"""The Bot Framework's user token service: who has signed in, and tokens on their behalf.

A person is known to it by the 29: id. `sign_in` lets somebody be signed in already; `code` gives out a magic code as the
sign-in window would; `withhold` makes the silent exchange fail, as where consent is missing. What happened to a person's
tokens is counted, so that "once" can be seen:

    users.count(ADA, "exchanged")     # of "exchanged", "refused", "redeemed", "wrong code", "signed out"

Fault kinds: get, exchange, out, status, aad, resource, link.
"""

import itertools
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self

import jwt
from aiohttp import web

from tests.world.door import Call, Door, Refusal, Route, bearer, reply
from tests.world.people import APP, PEOPLE, Someone

Key = tuple[str, str, str]
"""Person (29: id), connection, channel."""


def plain_token(person: Someone) -> str:
    """A token that nobody verifies, for a double that stands alone."""
    claims = {"oid": person.id, "tid": person.tenant, "name": person.name, "exp": int(time.time()) + 3600}
    return jwt.encode(claims, "a secret that is long enough for HS256", algorithm="HS256")


class TokenServiceDouble:
    """The token service. `issue` makes the token that a signed-in person's connection yields."""

    def __init__(
        self,
        *,
        issue: Callable[[Someone], str] = plain_token,
        token: Callable[[str], bool] = bool,
        connection: str = "sso",
    ) -> None:
        """`token` says which bearer tokens of the bot are good."""
        self._issue, self._token, self._connection = issue, token, connection
        self._tokens: dict[Key, str] = {}
        self._codes: dict[str, tuple[Someone, Someone]] = {}
        self._happened: Counter[tuple[str, str]] = Counter()
        self._withheld: set[str] = set()
        self._numbers = itertools.count(100_000)
        self._door = Door(self._routes(), guard=self._admit)
        self.faults = self._door.faults

    def _routes(self) -> tuple[Route, ...]:
        return (
            Route("get", "GET", "/api/usertoken/GetToken", self._get),
            Route("exchange", "POST", "/api/usertoken/exchange", self._exchange),
            Route("out", "DELETE", "/api/usertoken/SignOut", self._sign_out),
            Route("status", "GET", "/api/usertoken/GetTokenStatus", self._status),
            Route("aad", "POST", "/api/usertoken/GetAadTokens", self._aad),
            Route("resource", "GET", "/api/botsignin/GetSignInResource", self._resource),
            Route("link", "GET", "/api/botsignin/GetSignInUrl", self._link),
        )

    async def __aenter__(self) -> Self:
        await self._door.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._door.__aexit__()

    @property
    def url(self) -> str:
        return self._door.url

    # what people do

    def sign_in(self, person: Someone, token: str | None = None) -> str:
        """The person is signed in; the token the bot will get."""
        found = token or self._issue(person)
        self._tokens[person.teams, self._connection, "msteams"] = found
        return found

    def signed_in(self, person: Someone) -> bool:
        return (person.teams, self._connection, "msteams") in self._tokens

    def code(self, person: Someone, account: Someone | None = None) -> str:
        """The magic code with which the person's sign-in can be completed once.

        `account` is whose password was typed into the window, where it was another's.
        """
        code = str(next(self._numbers))
        self._codes[code] = (person, account or person)
        return code

    def count(self, person: Someone, what: str) -> int:
        """How often something happened to the person's tokens."""
        return self._happened[person.teams, what]

    def withhold(self, person: Someone) -> None:
        """Silent exchange fails for this person, as where consent is missing."""
        self._withheld.add(person.teams)

    def consent(self, person: Someone) -> None:
        self._withheld.discard(person.teams)

    # the service

    def _admit(self, request: web.BaseRequest) -> None:
        if not self._token(bearer(request)):
            raise Refusal(401, "Unauthorized", "Authorization has been denied for this request.")

    async def _get(self, call: Call) -> web.Response:
        key = self._key(call)
        code = call.query.get("code")
        if code:
            self._redeem(key, code)
        if key not in self._tokens:
            raise Refusal(404, "NotFound", "No token for this user and connection")
        return reply(_response(key, self._tokens[key]))

    def _redeem(self, key: Key, code: str) -> None:
        person, account = self._codes.get(code, (None, None))
        good = person is not None and account is not None and person.teams == key[0]
        self._happened[key[0], "redeemed" if good else "wrong code"] += 1
        if not good or account is None:
            raise Refusal(404, "NotFound", "No token for this user, connection and code")
        del self._codes[code]
        self._tokens[key] = self._issue(account)

    async def _exchange(self, call: Call) -> web.Response:
        """The on-behalf-of step: the person's own token for one with the connection's scopes."""
        key = self._key(call)
        offered = (call.json or {}).get("token")
        person = next((one for one in PEOPLE if one.teams == key[0]), None)
        fits = person is not None and offered and _owner(offered) == (person.id, person.tenant)
        given = fits and key[0] not in self._withheld
        self._happened[key[0], "exchanged" if given else "refused"] += 1
        if not fits or person is None:
            raise Refusal(400, "BadRequest", "The token cannot be exchanged")
        if not given:
            raise Refusal(412, "ConsentRequired", "Consent is required")
        self._tokens[key] = self._issue(person)
        return reply(_response(key, self._tokens[key]))

    async def _sign_out(self, call: Call) -> web.Response:
        key = self._key(call)
        self._tokens.pop(key, None)
        self._happened[key[0], "signed out"] += 1
        return reply()

    async def _status(self, call: Call) -> web.Response:
        user = call.query.get("userId", "")
        key = (user, self._connection, call.query.get("channelId", "msteams"))
        about = {"channelId": key[2], "connectionName": self._connection, "serviceProviderDisplayName": "Entra"}
        return reply([{**about, "hasToken": key in self._tokens}])

    async def _aad(self, call: Call) -> web.Response:
        key = self._key(call)
        if key not in self._tokens:
            raise Refusal(404, "NotFound", "No token for this user and connection")
        wanted = (call.json or {}).get("resourceUrls") or ()
        return reply({address: _response(key, self._tokens[key]) for address in wanted})

    async def _resource(self, call: Call) -> web.Response:
        exchange = {"id": f"exchange-{next(self._numbers)}", "uri": f"api://botid-{APP}", "providerId": "entra"}
        body = {"signInLink": self._sign_in_link(call), "tokenExchangeResource": exchange}
        return reply({**body, "tokenPostResource": {"sasUrl": f"{self.url}/post"}})

    async def _link(self, call: Call) -> web.Response:
        return web.Response(text=self._sign_in_link(call))

    def _sign_in_link(self, call: Call) -> str:
        if not call.query.get("state"):
            raise Refusal(400, "BadRequest", "state is missing")
        return f"{self.url}/api/oauth/signin?signin=1"

    def _key(self, call: Call) -> Key:
        user, connection = call.query.get("userId", ""), call.query.get("connectionName", "")
        if not user or connection != self._connection:
            raise Refusal(400, "BadRequest", "userId or connectionName is wrong")
        return user, connection, call.query.get("channelId", "msteams")


def _response(key: Key, token: str) -> dict[str, Any]:
    """A TokenResponse; it lapses when its token does."""
    until = datetime.fromtimestamp(jwt.decode(token, options={"verify_signature": False})["exp"], UTC)
    return {"channelId": key[2], "connectionName": key[1], "token": token, "expiration": until.isoformat()}


def _owner(token: str) -> tuple[str, str]:
    """Whose token it is, by object id and tenant; nobody's for what is no token."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return "", ""
    return str(claims.get("oid", "")).lower(), str(claims.get("tid", "")).lower()
