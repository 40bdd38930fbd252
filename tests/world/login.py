"""Who may speak: the channel's signing keys, and Entra.

    async with LoginDouble() as login:
        token = login.sign(serviceurl=teams.url)          # what Teams sends along with an activity
        login.metadata                                    # OPENID_METADATA_URL
        login.authority, login.ca                         # LOGIN_URL, and the PEM file that vouches for it

azure-identity insists on https for the authority, hence the TLS door with a certificate of a test authority. Its aio
credentials post to `/{tenant}/oauth2/v2.0/token` directly, without any discovery. Ways that are known to work:

    SSL_CERT_FILE=login.ca in the environment of a bot process, from its start; then nothing else is needed
    ClientSecretCredential(TENANT, APP, SECRET, authority=login.authority, connection_verify=str(login.ca))
    ClientAssertionCredential(TENANT, APP, func, authority=…, connection_verify=…)   # func is not awaited: a plain function
    OnBehalfOfCredential(TENANT, APP, client_secret=…, user_assertion=login.person_token(ADA), authority=…, …)
    ManagedIdentityCredential(client_id=IDENTITY) with IDENTITY_ENDPOINT=login.identity, IDENTITY_HEADER=login.header

Fault kinds: metadata, keys, discovery, instance, token, identity.
"""

import ssl
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs

import jwt
import trustme
from aiohttp import web

from tests.world.door import Call, Door, Refusal, Route, Script, reply
from tests.world.people import APP, TENANT, Someone
from tests.world.signing import Key, key, key_set

ISSUER = "https://api.botframework.com"
SECRET = "a-development-secret"  # pragma: allowlist secret
IDENTITY = "9d1c7b6e-3f20-4a55-8b0e-2c4d6f8a0b1e"
"""The managed identity's client id."""
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BEHALF = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FEDERATION = "api://AzureADTokenExchange"
INTERACTIVE = (50072, 50074, 50076, 50078, 50079, 50158, 53000, 53001, 53003, 530003)
"""Codes that Entra sends as `interaction_required`, whether or not interaction will help."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was given out. `how` is secret, assertion, behalf or identity."""

    client: str
    audience: str
    how: str
    token: str


class Wrong(Exception):
    """Entra's own form of refusal."""


class Demand(Exception):
    """A refusal of the on-behalf-of flow."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code)
        kind = "interaction_required" if code in INTERACTIVE else "invalid_grant"
        self.body = {"error": kind, "error_description": f"AADSTS{code}: {text}", "error_codes": [code]}


class LoginDouble:
    """The keys of the channel and the token endpoints. `clock` is seconds since 1970 and goes into all tokens."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self.issued: list[Issued] = []
        """Every token Entra has given out, in order."""
        self._known: dict[str, str] = {}
        self.demands: dict[str, int] = {}
        """Entra's code (65001: consent, 50076: another factor …) with which an exchange is refused, by the person's object id."""
        self.lifetime = 3600
        """Seconds for which tokens of Entra are good."""
        self.header = "identity-header"
        self._clock = clock
        self._keys = [key(0)]
        self._secrets = {APP: SECRET}
        script = Script()
        self._plain = Door(self._routes(), script=script)
        self._folder = tempfile.TemporaryDirectory(prefix="world-")
        self._sealed = Door(self._routes(), script=script, tls=self._certificate())
        self._doors = AsyncExitStack()
        self.faults = script

    def _routes(self) -> tuple[Route, ...]:
        return (
            Route("metadata", "GET", "/v1/.well-known/openidconfiguration", self._metadata),
            Route("keys", "GET", "/v1/.well-known/keys", self._channel_keys),
            Route("discovery", "GET", "/{tenant}/v2.0/.well-known/openid-configuration", self._discovery),
            Route("keys", "GET", "/{tenant}/discovery/v2.0/keys", self._channel_keys),
            Route("instance", "GET", "/common/discovery/instance", self._instance),
            Route("token", "POST", "/{tenant}/oauth2/v2.0/token", self._token),
            Route("identity", "GET", "/msi/token", self._identity),
        )

    def _certificate(self) -> ssl.SSLContext:
        authority = trustme.CA()
        self.ca = Path(self._folder.name) / "ca.pem"
        """The test authority's certificate, as PEM."""
        authority.cert_pem.write_to_path(str(self.ca))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        return context

    async def __aenter__(self) -> Self:
        await self._doors.enter_async_context(self._plain)
        await self._doors.enter_async_context(self._sealed)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._doors.aclose()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """Everything over plain http."""
        return self._plain.url

    @property
    def authority(self) -> str:
        """Everything over https: Entra's address."""
        return self._sealed.url

    @property
    def metadata(self) -> str:
        """Where the channel's keys are announced."""
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def identity(self) -> str:
        """The managed identity's endpoint, as App Service has it."""
        return f"{self.url}/msi/token"

    # the channel

    def sign(self, *, by: Key | None = None, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """The token Teams sends with an activity. `claims` overwrite (None leaves one out); `serviceurl` is needed.

        `by` signs with another key, `header` overwrites the token's header.
        """
        now = int(self._clock())
        usual = {"iss": ISSUER, "aud": APP, "iat": now, "nbf": now - 300, "exp": now + 3600}
        return (by or self._keys[-1]).sign({**usual, **claims}, **(header or {}))

    def forged(self, **claims: Any) -> str:
        """As `sign`, but with a key nobody has published under a name that is published."""
        return self.sign(by=key(99), header={"kid": self._keys[-1].kid}, **claims)

    @property
    def seconds(self) -> float:
        """The time here."""
        return self._clock()

    @property
    def signer(self) -> Key:
        """The key that signs."""
        return self._keys[-1]

    def rotate(self, *, keep: bool = False) -> Key:
        """From now on tokens are signed with a new key, which is published at once; `keep`: next to the old one."""
        fresh = key(int(self._keys[-1].kid.removeprefix("key-")) + 1)
        self._keys = [*(self._keys if keep else ()), fresh]
        return fresh

    def publish(self, *keys: Key) -> None:
        """The key set to be published; the last one signs."""
        self._keys = list(keys)

    # Entra

    def token(self, audience: str, *, client: str = APP, how: str = "secret", **claims: Any) -> str:
        """A token of Entra for an audience, remembered in `issued`."""
        now = int(self._clock())
        usual = {"iss": f"{self.authority}/{TENANT}/v2.0", "aud": audience, "tid": TENANT, "ver": "2.0"}
        times = {"iat": now, "nbf": now, "exp": now + self.lifetime, "uti": str(len(self.issued))}
        token = self._keys[-1].sign({**usual, **times, "azp": client, "appid": client, **claims})
        self.issued.append(Issued(client, audience, how, token))
        self._known[token] = audience
        return token

    def person_token(self, person: Someone, *roles: str, audience: str = APP, **claims: Any) -> str:
        """A person's token, as single sign-on gives it to a client or the token service to the bot.

        `roles` are app roles of this bot's registration: Entra puts them into tokens for the bot itself, not for Graph.
        """
        about = {"oid": person.id, "tid": person.tenant, "name": person.name, "preferred_username": person.mail}
        fields: dict[str, Any] = {**about, "sub": person.id, "roles": list(roles) or None, **claims}
        return self.token(audience, how="person", **fields)

    def knows(self, *audiences: str) -> Callable[[str], bool]:
        """A check for other doubles: was this token given out here, for one of these audiences (none: any)?"""

        def check(token: str) -> bool:
            found = self._known.get(token)
            return found is not None and (not audiences or found in audiences)

        return check

    async def _metadata(self, call: Call) -> web.Response:
        keys = f"{self.url}/v1/.well-known/keys"
        ways = {
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }
        return reply({"issuer": ISSUER, "authorization_endpoint": "https://invalid", "jwks_uri": keys, **ways})

    async def _channel_keys(self, call: Call) -> web.Response:
        return reply(key_set(self._keys))

    async def _discovery(self, call: Call) -> web.Response:
        home = f"{self.authority}/{call.args['tenant']}"
        ends = {
            "token_endpoint": f"{home}/oauth2/v2.0/token",
            "authorization_endpoint": f"{home}/oauth2/v2.0/authorize",
        }
        return reply({"issuer": f"{home}/v2.0", "jwks_uri": f"{home}/discovery/v2.0/keys", **ends})

    async def _instance(self, call: Call) -> web.Response:
        host = self.authority.removeprefix("https://")
        alias = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
        where = f"{self.authority}/{TENANT}/v2.0/.well-known/openid-configuration"
        return reply({"tenant_discovery_endpoint": where, "api-version": "1.1", "metadata": [alias]})

    async def _token(self, call: Call) -> web.Response:
        form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        try:
            how = self._authenticate(form)
            token = self._grant(form, how)
        except Demand as demand:
            return reply(demand.body, 400)
        except Wrong as wrong:
            return reply({"error": "invalid_client", "error_description": str(wrong), "error_codes": []}, 401)
        return reply({"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token})

    def _authenticate(self, form: Mapping[str, str]) -> str:
        client = form.get("client_id", "")
        if client not in self._secrets:
            raise Wrong("AADSTS700016: Application was not found in the directory.")
        if "client_assertion" not in form:
            if form.get("client_secret") != self._secrets[client]:
                raise Wrong("AADSTS7000215: Invalid client secret provided.")
            return "secret"
        if form.get("client_assertion_type") != ASSERTION or not self.knows(FEDERATION)(form["client_assertion"]):
            raise Wrong("AADSTS700213: No matching federated identity record found for presented assertion.")
        return "assertion"

    def _grant(self, form: Mapping[str, str], how: str) -> str:
        audience = form.get("scope", "").split(" ")[0].removesuffix("/.default")
        if form.get("grant_type") == "client_credentials":
            return self.token(audience, client=form["client_id"], how=how)
        if form.get("requested_token_use") != "on_behalf_of" or form.get("grant_type") != BEHALF:
            raise Wrong("AADSTS70003: The app requested an unsupported grant type.")
        return self.token(audience, client=form["client_id"], how="behalf", **self._on_behalf(form))

    def _on_behalf(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The claims of the person whose token for the client itself is handed in."""
        assertion, client = form.get("assertion", ""), form["client_id"]
        person = _person(assertion)
        if not self.knows(client, f"api://{client}", f"api://botid-{client}")(assertion):
            raise Demand(50013, "Assertion failed signature validation.")
        code = self.demands.get(str(person.get("oid")))
        if code is not None:
            raise Demand(code, f"A demand made of {person.get('name')} ({person.get('oid')}).")
        return person

    async def _identity(self, call: Call) -> web.Response:
        """The managed identity endpoint of App Service and Container Apps, 2019-08-01."""
        if call.request.headers.get("X-IDENTITY-HEADER") != self.header:
            raise Refusal(401, "Unauthorized", "X-IDENTITY-HEADER is wrong")
        if call.query.get("api-version") != "2019-08-01" or not call.query.get("resource"):
            raise Refusal(400, "BadRequest", "api-version and resource are needed")
        client = call.query.get("client_id") or IDENTITY
        resource = call.query["resource"]
        token = self.token(resource, client=client, how="identity")
        until = str(int(self._clock()) + self.lifetime)
        return reply(
            {
                "access_token": token,
                "expires_on": until,
                "resource": resource,
                "token_type": "Bearer",
                "client_id": client,
            }
        )


def _person(assertion: str) -> dict[str, Any]:
    """Whose token is handed in, for one on their behalf."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise Wrong("AADSTS50013: Assertion failed signature validation.") from error
    return {name: claims[name] for name in ("oid", "tid", "name") if name in claims}
