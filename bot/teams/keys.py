"""The channel's signing keys, kept fresh without ever holding a request up for long.

Floor 5. Source: the channel's OpenID metadata and the key set it names. Old keys serve until new ones have come. A key is
said to be unknown only by a key set that was asked for after the question: whoever refuses a token loses a message, and a
rotation may have come since the last look. Until then the answer is that nobody can tell.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.drift import drift
from bot.limits import KEY_AGE, KEY_REFRESH
from bot.names import origin
from bot.telemetry import Event, Log

PATIENCE = 5.0
"""Seconds for both documents together."""
DOCUMENT_BYTES = 512 * 1024
KEYS = 200
"""Most keys that are taken from one key set."""
MODULUS_BITS = 2048
WAIT = 12.0
"""Seconds an unknown key is waited for at most: the time between two looks and a little. Teams itself gives up after 10 to 15."""
WAITING = 200
"""So many wait for unknown keys at most. Whoever comes then is told at once to come again: anybody can make up a key's name."""
GRACE = timedelta(minutes=5)
"""How long a key that is not published any more still serves: for messages that were on their way when it was withdrawn. A
token that was verified before is believed as long."""
MOST_DRIFT = timedelta(minutes=15)
"""How far this machine's clock may be off before no token's times can be judged."""

log = Log("bot.teams.keys")


@dataclass(frozen=True, slots=True)
class Key:
    """A parsed public key, and the channels it may sign for."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class NoKeys(Exception):
    """The key server answered something that holds no usable key."""


class KeysAway(Exception):
    """It cannot be told now whether a token is the channel's: whoever sent it had better send it again."""


class Keys:
    """The key set behind one metadata address."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        metadata: str,
        clock: Callable[[], datetime],
        report: Callable[[BaseException], None] = lambda fault: None,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`report` is told of refreshes that failed; `pause` waits so many seconds."""
        self._session = session
        self._metadata = metadata
        self._clock = clock
        self._report = report
        self._pause = pause
        self._keys: Mapping[str, Key] = {}
        self._late: Mapping[str, tuple[Key, datetime]] = {}
        self._off = timedelta()
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._begun = self._good = 0
        self._waiting = 0
        self._refreshing: asyncio.Task[bool] | None = None

    @property
    def loaded(self) -> bool:
        """Whether there is any key to verify with."""
        return bool(self._keys)

    async def unready(self) -> dict[str, str]:
        """Why no token can be judged, if so; then it is looked again first."""
        if not self.loaded or self._astray:
            await self.refresh()
        if not self.loaded:
            return {"keys": "the channel's signing keys have not been fetched"}
        seconds = round(self._off.total_seconds())
        return {"clock": f"is {seconds} seconds off the key server's"} if self._astray else {}

    async def find(self, kid: str) -> Key | None:
        """The key of this id; None where a key set that was asked for since has none of it. Raises `KeysAway` where none came.

        For an unknown one the keys are fetched anew, at most every `KEY_REFRESH`.
        """
        key = self._known(kid)
        if key is None:
            return await self._looked_for(kid)
        if self._is_old():
            self._start()
        return key

    async def refresh(self) -> None:
        """Wait for the refresh under way, or for a new one if the last began long enough ago. Never raises."""
        task = self._start()
        if task is not None:
            # Shielded: a caller that goes away must not take the refresh from those who still wait for it.
            await asyncio.shield(task)

    async def drift(self) -> timedelta:
        """How far this machine's clock is off by the key server's, looked at anew where the last look is not of just now.

        Raises `KeysAway` where it is so far off that no token's times can be judged.
        """
        with self._queued():
            await self.refresh()
        if self._astray:
            raise KeysAway
        return abs(self._off)

    async def close(self) -> None:
        """End a refresh under way."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    @property
    def _astray(self) -> bool:
        return abs(self._off) > MOST_DRIFT

    def _known(self, kid: str) -> Key | None:
        if kid in self._keys:
            return self._keys[kid]
        late = self._late.get(kid)
        return late[0] if late is not None and self._clock() < late[1] else None

    @contextmanager
    def _queued(self) -> Iterator[None]:
        if self._waiting >= WAITING:
            raise KeysAway
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _looked_for(self, kid: str) -> Key | None:
        try:
            with self._queued():
                async with asyncio.timeout(WAIT):
                    await self._since(self._begun, kid)
        except TimeoutError:
            raise KeysAway from None
        return self._known(kid)

    async def _since(self, asked: int, kid: str) -> None:
        """Until the key is known, or a refresh has come to its end that began after so many."""
        while self._good <= asked and self._known(kid) is None:
            task = self._start()
            if task is None:
                await self._pause(self._rest())
            elif not await asyncio.shield(task):
                raise KeysAway

    def _is_old(self) -> bool:
        return self._fetched is None or self._ago(self._fetched) >= KEY_AGE

    def _rest(self) -> float:
        """Seconds until the keys may be fetched again."""
        return 0.0 if self._tried is None else (KEY_REFRESH - self._ago(self._tried)).total_seconds()

    def _ago(self, moment: datetime) -> timedelta:
        # A clock that was set back must not make the last look one of the future, after which nobody looks again.
        return abs(self._clock() - moment)

    def _start(self) -> asyncio.Task[bool] | None:
        if self._refreshing is not None and not self._refreshing.done():
            return self._refreshing
        if self._rest() > 0:
            return None
        self._tried = self._clock()
        self._refreshing = asyncio.create_task(self._refresh())
        return self._refreshing

    async def _refresh(self) -> bool:
        """Whether there are new keys, or the same again."""
        self._begun += 1
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._fetch()
        except Exception as fault:  # whatever the key server does, requests with known keys must not notice
            self._report(fault)
            return False
        self._late = self._withdrawn(found)
        self._keys, self._fetched, self._good = found, self._clock(), self._begun
        if self._off:
            log.event(Event.CLOCK_OFF, logging.WARNING, count=round(self._off.total_seconds()))
        return True

    def _withdrawn(self, found: Mapping[str, Key]) -> Mapping[str, tuple[Key, datetime]]:
        """The keys that are not published any more, and until when each still serves."""
        now = self._clock()
        left = {kid: late for kid, late in self._late.items() if now < late[1]}
        left |= {kid: (key, now + GRACE) for kid, key in self._keys.items()}
        return {kid: late for kid, late in left.items() if kid not in found}

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
            self._off = drift(response.headers, self._clock())
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
