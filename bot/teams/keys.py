"""The channel's signing keys, kept fresh without ever holding a request up for long.

Floor 5. Source: the channel's OpenID metadata and the key set it names. Old keys serve until new ones have come.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.limits import KEY_AGE, KEY_REFRESH
from bot.names import origin

PATIENCE = 5.0
"""Seconds for both documents together."""
DOCUMENT_BYTES = 512 * 1024
KEYS = 200
"""Most keys that are taken from one key set."""
MODULUS_BITS = 2048


@dataclass(frozen=True, slots=True)
class Key:
    """A parsed public key, and the channels it may sign for."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class NoKeys(Exception):
    """The key server answered something that holds no usable key."""


class Keys:
    """The key set behind one metadata address."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        metadata: str,
        clock: Callable[[], datetime],
        report: Callable[[BaseException], None] = lambda fault: None,
    ) -> None:
        """`report` is told of refreshes that failed."""
        self._session = session
        self._metadata = metadata
        self._clock = clock
        self._report = report
        self._keys: Mapping[str, Key] = {}
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._refreshing: asyncio.Task[None] | None = None

    @property
    def loaded(self) -> bool:
        """Whether there is any key to verify with."""
        return bool(self._keys)

    async def find(self, kid: str) -> Key | None:
        """The key of this id. An unknown one waits for a refresh, which happens at most every `KEY_REFRESH`."""
        key = self._keys.get(kid)
        if key is None:
            await self.refresh()
            return self._keys.get(kid)
        if self._is_old():
            self._start()
        return key

    async def refresh(self) -> None:
        """Wait for the refresh under way, or for a new one if the last began long enough ago. Never raises."""
        task = self._start()
        if task is not None:
            # Shielded: a caller that goes away must not take the refresh from those who still wait for it.
            await asyncio.shield(task)

    async def close(self) -> None:
        """End a refresh under way."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def _is_old(self) -> bool:
        return self._fetched is None or self._clock() - self._fetched >= KEY_AGE

    def _start(self) -> asyncio.Task[None] | None:
        if self._refreshing is not None and not self._refreshing.done():
            return self._refreshing
        if self._tried is not None and self._clock() - self._tried < KEY_REFRESH:
            return None
        self._tried = self._clock()
        self._refreshing = asyncio.create_task(self._refresh())
        return self._refreshing

    async def _refresh(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                self._keys = await self._fetch()
            self._fetched = self._clock()
        except Exception as fault:  # whatever the key server does, requests with known keys must not notice
            self._report(fault)

    async def _fetch(self) -> Mapping[str, Key]:
        metadata = await self._document(self._metadata)
        address = metadata.get("jwks_uri")
        if not isinstance(address, str) or not _may_fetch(address, self._metadata):
            raise NoKeys
        keys = parse((await self._document(address)).get("keys"))
        if not keys:
            raise NoKeys
        return keys

    async def _document(self, address: str) -> Mapping[str, Any]:
        async with self._session.get(address, allow_redirects=False) as response:
            if response.status != 200:
                raise NoKeys
            document = orjson.loads(await _bounded(response))
        if not isinstance(document, dict):
            raise NoKeys
        return document


def parse(entries: object) -> dict[str, Key]:
    """The RSA signing keys among the entries of a key set; what is not one is left out."""
    if not isinstance(entries, list):
        return {}
    found = ((entry.get("kid"), _key(entry)) for entry in entries[:KEYS] if isinstance(entry, dict))
    return {kid: key for kid, key in found if isinstance(kid, str) and key is not None}


def _key(entry: dict[str, Any]) -> Key | None:
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig" or entry.get("alg", "RS256") != "RS256":
        return None
    try:
        public = jwt.PyJWK(entry, "RS256").key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    # A private key in a public key set is no key to trust; a short modulus is none either.
    if not isinstance(public, RSAPublicKey) or public.key_size < MODULUS_BITS:
        return None
    return Key(public, _endorsements(entry.get("endorsements")))


def _endorsements(named: object) -> frozenset[str]:
    return frozenset(one for one in named if isinstance(one, str)) if isinstance(named, list) else frozenset()


def _may_fetch(address: str, metadata: str) -> bool:
    """Keys come from the origin that was set, and from no other that its document may name."""
    return origin(address) is not None and origin(address) == origin(metadata)


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    found = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        found += chunk
        if len(found) > DOCUMENT_BYTES:
            raise NoKeys
    return bytes(found)
