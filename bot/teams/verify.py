"""Whether a request comes from the channel, and whether what it carries may come in.

Floor 6. Source: Bot Framework connector authentication. RS256 by a key of the channel, issuer and audience exact, `exp`
required; then the body is bound to the token: channel, service address, tenant. A forged token is cheap to refuse: it is
first looked at here, which can only refuse it; PyJWT, which is thorough and slow, alone finds that a token is signed.
"""

import base64
import hashlib
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import jwt
import orjson

from bot.limits import CLOCK_LEEWAY
from bot.teams.activity import Incoming
from bot.teams.keys import Key
from bot.teams.origins import Origins, same_address

TOKEN_CHARS = 8_000
TRUSTED_FOR = timedelta(minutes=5)
"""How long a token that was verified is not verified again."""
REMEMBERED = 4096
"""How many verified tokens are remembered."""

_BEARER = re.compile(r"(?i:bearer) +([\w-]+\.[\w-]+\.[\w-]+) *", re.ASCII)
_JWS = jwt.PyJWS(algorithms=["RS256"])
_RS256 = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)


class Unverified(Exception):
    """There is no token, or it proves nothing. The argument is one of our own words, never a piece of the token."""


class Untimely(Unverified):
    """The token is not good yet, or not any more, by this machine's clock."""


class Forbidden(Exception):
    """The token is good, but what it carries is not allowed here. The argument is one of our own words."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. `endorsements` are the channels its key may sign for."""

    serviceurl: str
    endorsements: frozenset[str]
    expires: datetime


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who and what may come in. An empty set of tenants allows every one (local mode)."""

    origins: Origins
    tenants: frozenset[str]
    channels: frozenset[str] = frozenset({"msteams"})


class FindKey(Protocol):
    """Where keys come from; see `bot.teams.keys.Keys`."""

    async def find(self, kid: str) -> Key | None:
        """The key of this id, if there is one. Raises `bot.teams.keys.KeysAway` where that cannot be told."""


async def steady() -> timedelta:
    """A clock that is right."""
    return timedelta()


class Verifier:
    """Verifies the tokens that one issuer makes for one audience."""

    def __init__(
        self,
        keys: FindKey,
        issuer: str,
        audience: str,
        clock: Callable[[], datetime],
        drift: Callable[[], Awaitable[timedelta]] = steady,
    ) -> None:
        """`drift`: how far the clock is off, asked where it makes a difference; it raises where that is too far to judge."""
        self._drift = drift
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._known: dict[bytes, tuple[Claims, datetime]] = {}

    async def verify(self, authorization: str | None) -> Claims:
        """What the token of an Authorization header says. Raises `Unverified`, or `KeysAway` where nobody can tell now."""
        token = bearer(authorization)
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None and self._clock() < known[1]:
            return known[0]
        kid = key_id(token)
        await self._read(said(token, 1))
        key = await self._keys.find(kid)
        if key is None:
            raise Unverified("unknown key")
        service, expires = await self._read(signed(token, key))
        claims = Claims(service, key.endorsements, expires)
        self._remember(digest, claims)
        return claims

    async def _read(self, claims: Mapping[str, Any]) -> tuple[str, datetime]:
        try:
            return read(claims, self._issuer, self._audience, self._clock())
        except Untimely:
            # It may be the clock that is wrong, and the message a real one.
            leeway = CLOCK_LEEWAY + await self._drift()
            return read(claims, self._issuer, self._audience, self._clock(), leeway)

    def _remember(self, digest: bytes, claims: Claims) -> None:
        self._known.pop(digest, None)
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[digest] = claims, min(claims.expires, self._clock() + TRUSTED_FOR)


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header. Raises `Unverified`."""
    if authorization is None or len(authorization) > TOKEN_CHARS:
        raise Unverified("no token")
    found = _BEARER.fullmatch(authorization)
    if found is None:
        raise Unverified("no token")
    return found[1]


def said(token: str, part: int) -> Mapping[str, Any]:
    """The object in a part of a token (0 its header, 1 its claims), signed or not. Raises `Unverified`."""
    text = token.split(".")[part]
    try:
        found = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise Unverified("no JSON") from None
    if not isinstance(found, dict):
        raise Unverified("no object")
    return found


def key_id(token: str) -> str:
    """Which key a token says it was signed with; the header is refused before anything else is looked at. Raises `Unverified`
    where it says none."""
    header = said(token, 0)
    kid = header.get("kid")
    if header.get("alg") != "RS256" or not isinstance(kid, str) or not kid:
        raise Unverified("algorithm or key id")
    # Extensions change what is signed; the channel uses none.
    if "crit" in header or "b64" in header:
        raise Unverified("extension")
    return kid


def signed(token: str, key: Key) -> Mapping[str, Any]:
    """The claims under a good signature. Raises `Unverified`."""
    message, _, tail = token.rpartition(".")
    try:
        signature = base64.urlsafe_b64decode(tail + "=" * (-len(tail) % 4))
        if not _RS256.verify(message.encode(), key.public, signature):
            raise Unverified("signature")
        claims = orjson.loads(_JWS.decode(token, key.public, algorithms=["RS256"]))
    except (jwt.PyJWTError, ValueError):
        raise Unverified("signature") from None
    if not isinstance(claims, dict):
        raise Unverified("claims")
    return claims


def read(
    claims: Mapping[str, Any], issuer: str, audience: str, now: datetime, leeway: timedelta = CLOCK_LEEWAY
) -> tuple[str, datetime]:
    """The service address that claims name, "" where they name none, and their end. Raises `Unverified` for claims that are
    not good, `Untimely` for those that are not good at this moment."""
    if claims.get("iss") != issuer:
        raise Unverified("issuer")
    if claims.get("aud") != audience:
        raise Unverified("audience")
    expires = moment(claims, "exp")
    if expires is None:
        raise Unverified("no end")
    if now >= expires + leeway:
        raise Untimely("expired")
    for name in ("nbf", "iat"):
        begin = moment(claims, name)
        if begin is not None and begin - leeway > now:
            raise Untimely("not yet valid")
    service = claims.get("serviceurl")
    return service if isinstance(service, str) else "", expires


def moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    """A time claim; None when it is absent. Raises `Unverified` when it is no time."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unverified("time")
    if not 0 <= value < 2**35:
        raise Unverified("time")
    return datetime.fromtimestamp(value, UTC)


def bind(claims: Claims, allowed: Allowed, incoming: Incoming) -> None:
    """Raises `Forbidden` unless the body says what the token vouches for."""
    channel = admit(allowed, incoming)
    if channel not in claims.endorsements:
        raise Forbidden("endorsement")
    if not same_address(claims.serviceurl, incoming.service_url):
        raise Forbidden("service address")


def admit(allowed: Allowed, incoming: Incoming) -> str:
    """The channel of a body whose channel, service address and tenants are all allowed. Raises `Forbidden`."""
    channel = incoming.channel.partition(":")[0]
    if channel not in allowed.channels:
        raise Forbidden("channel")
    if not allowed.origins.trust(incoming.service_url):
        raise Forbidden("origin")
    if allowed.tenants and not _at_home(incoming.tenants, allowed.tenants):
        raise Forbidden("tenant")
    return channel


def _at_home(tenants: tuple[str, ...], allowed: frozenset[str]) -> bool:
    return bool(tenants) and allowed.issuperset(tenants)
