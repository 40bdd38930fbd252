"""The network of a house in one process: what aiohttp's session would send is answered by the town, byte for byte.

Teams' connector, the token service, Graph, the channel's keys and people's drives. Only what is wrong with a network itself
is missing.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.attacks.badges import token_of
from tests.attacks.connector import Connector, Heard, personal
from tests.attacks.graph import Graph
from tests.attacks.replies import Response, absent, told
from tests.attacks.town import Town
from tests.world.signing import key, key_set

DRIVE = "https://contoso.sharepoint.com"
NOTHING: dict[str, Any] = {}


class Wires:
    """Stands where the house wants an `aiohttp.ClientSession`."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.heard: Heard = lambda region, conversation, body, only: None
        self.teams = Connector(town, lambda *shown: self.heard(*shown))
        self.graph = Graph(town)
        self.texts: dict[str, str] = {}
        """What stands in files, by their download address; see `tests.attacks.premises.Parcels`."""
        self.offers: defaultdict[tuple[str, str], list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
        """The account for which, and the data of buttons that stand in a conversation of a region, the newest last."""

    def get(self, url: object, **sent: Any) -> Response:
        return self.request("GET", url, **sent)

    def put(self, url: object, **sent: Any) -> Response:
        return self.request("PUT", url, **sent)

    def request(
        self, method: str, url: object, *, data: bytes | None = None, headers: Mapping[str, str] = NOTHING, **_: Any
    ) -> Response:
        """Whatever is asked of anybody."""
        parts = urlsplit(str(url))
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        match parts.hostname:
            case "smba.trafficmanager.net":
                return self.teams.answer(method, parts.path, parts.query, json.loads(data or b"{}"))
            case "token.botframework.com":
                return self._token(parts.path, {name: found[0] for name, found in parse_qs(parts.query).items()})
            case "graph.microsoft.com":
                return self.graph.answer(unquote(parts.path), token)
            case "contoso.sharepoint.com":
                return self._taken(parts.path, data or b"")
            case "login.botframework.com":
                return self._keys(parts.path)
        return told({"error": {"code": "NotFound"}}, 404)

    # who has signed in

    def _token(self, path: str, asked: Mapping[str, str]) -> Response:
        if path.endswith("GetSignInResource"):
            return told({"signInLink": "https://token.botframework.com/api/oauth/signin"})
        user = asked.get("userId", "")
        if path.endswith("SignOut"):
            self.town.signed.discard(user)
            return told({})
        one = next(
            (each for company in self.town.companies for each in self.town.anybody(company.id) if each.teams == user),
            None,
        )
        if one is None or user not in self.town.signed:
            return absent("NotFound")
        return told({"channelId": "msteams", "connectionName": "sso", "token": token_of(one)})

    # the rest

    def _taken(self, path: str, data: bytes) -> Response:
        """A document goes to a person's drive: /region/account."""
        _, region, account, *_ = map(unquote, path.split("/"))
        self.heard(region, personal(region, account), {"document": data.decode("utf-8", "replace")}, account)
        return told({}, 201)

    def _keys(self, path: str) -> Response:
        if path.endswith("configuration"):
            return told({"jwks_uri": "https://login.botframework.com/keys"})
        return told(key_set([key(1)]))
