"""What data keys are wrapped with, so that the database holds none that would open anything.

Floor 5. Either a key that never leaves the company's Key Vault, or one in a file. Key Vault's two operations are spoken as
the REST calls they are: its client library fetches the public key and wraps by itself, with a version that it then keeps.
A token goes to the vault that the settings name and nowhere else, whatever the database says.
"""

import asyncio
import base64
import binascii
import hashlib
import os
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import orjson
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from bot.store.rows import Locked, VaultAway
from dialogs.errors import AssistantError

VERSION = "7.4"
"""Of Key Vault's REST interface."""
ALGORITHM = "RSA-OAEP-256"
PATIENCE = 5.0
"""Seconds for one operation, with the token that it takes: whoever asks holds a message of Teams', which waits for 10 to 15."""
PUBLIC_VAULT = "https://vault.azure.net/.default"
KEY = 32
"""Bytes of a key."""
Wrapped = tuple[str, bytes]
"""What a key was wrapped with (`kid`), and the wrapped key."""


class Wrapper(Protocol):
    """Wraps data keys. Raises `VaultAway` where it is not reached, `Locked` where it is not the one a key was wrapped with."""

    async def begin(self) -> None:
        """Nothing was ever wrapped for this database: the key is made, if this kind is made here and none is there."""

    async def wrap(self, key: bytes) -> Wrapped:
        """The key, wrapped with the newest version."""

    async def unwrap(self, kid: str, wrapped: bytes) -> bytes:
        """The key again."""


async def sure(by: Wrapper, key: bytes) -> Wrapped:
    """The key, wrapped, and tried out: one that did not come back from it would be lost, with all that it sealed. Raises
    `VaultAway` where it does not come back."""
    kid, wrapped = await by.wrap(key)
    if await by.unwrap(kid, wrapped) != key:
        raise VaultAway("what wraps the keys does not give back what it was given")
    return kid, wrapped


def synced(path: Path) -> None:
    """Without it a crash could leave a database whose only key was never written."""
    found = os.open(path, os.O_RDONLY)
    try:
        os.fsync(found)
    finally:
        os.close(found)


class KeyFile:
    """Keys of 32 bytes in a file, one a line in base64: the first is to wrap with, the others only unwrap."""

    def __init__(self, path: Path, random: Callable[[int], bytes], sync: Callable[[Path], None] = synced) -> None:
        """`sync` returns when a file, or the names in a folder, are on the disk for good."""
        self._path = path
        self._random = random
        self._sync = sync

    async def begin(self) -> None:
        """Makes the file where there is none, for this user's eyes alone. Raises `Locked` where it may not be."""
        try:
            await asyncio.to_thread(self._make)
        except OSError as error:
            raise Locked(f"the key file cannot be written: {type(error).__name__}") from None

    async def wrap(self, key: bytes) -> Wrapped:
        """By the file's first key."""
        kid, own = next(iter((await self._keys()).items()))
        return kid, aes_key_wrap(own, key)

    async def unwrap(self, kid: str, wrapped: bytes) -> bytes:
        """By the key of that name. Raises `Locked` where there is none that opens it."""
        own = (await self._keys()).get(kid)
        if own is None:
            raise Locked("the key file is another than the one this database was sealed with")
        try:
            return aes_key_unwrap(own, wrapped)
        except (InvalidUnwrap, ValueError):
            raise Locked("a data key was changed in the database") from None

    def _make(self) -> None:
        """Written beside and then linked: who starts at the same time finds either no file or a whole one."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f"{self._path.name}.{self._random(8).hex()}")
        beside.touch(mode=0o600, exist_ok=False)
        try:
            beside.write_bytes(base64.b64encode(self._random(KEY)) + b"\n")
            self._sync(beside)
            with suppress(FileExistsError):
                self._path.hardlink_to(beside)
        finally:
            beside.unlink()
        self._sync(self._path.parent)

    async def _keys(self) -> dict[str, bytes]:
        try:
            lines = (await asyncio.to_thread(self._path.read_bytes)).split()
            keys = [base64.b64decode(line, validate=True) for line in lines]
        except FileNotFoundError:
            raise Locked("the key file is missing; this database was sealed with one") from None
        except (OSError, binascii.Error):
            raise Locked("the key file cannot be read") from None
        if not keys or any(len(key) != KEY for key in keys):
            raise Locked(f"the key file does not hold keys of {KEY} bytes, in base64, one a line")
        return {named(key): key for key in keys}


class KeyVault:
    """A key of Azure Key Vault (`https://<vault>/keys/<name>`, its newest version unless one is named).

    `token` gives one for the scope that `scope` says. Raises `Locked` also where the vault refuses: trying again helps
    nothing until somebody has permitted it.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        token: Callable[[], Awaitable[str]],
        patience: float = PATIENCE,
    ) -> None:
        parts = urlsplit(url)
        self._session = session
        self._url = url
        self._token = token
        self._patience = patience
        self._key = f"{parts.scheme}://{parts.netloc}/keys/{parts.path.split('/')[2]}"

    async def begin(self) -> None:
        """Key Vault's key is made by whoever sets up the vault."""

    async def wrap(self, key: bytes) -> Wrapped:
        """By the newest version; `kid` names it. Raises `VaultAway` where the vault does not answer, or with something else."""
        answer = await self._asked(self._url, "wrapkey", key)
        if not self._owns(answer["kid"]):
            raise VaultAway("the key vault's answer is not understood")
        return answer["kid"], decoded(answer["value"])

    async def unwrap(self, kid: str, wrapped: bytes) -> bytes:
        """By the version it was wrapped with."""
        if not self._owns(kid):
            raise Locked("this database was sealed with another key than CONTENT_KEY names")
        return decoded((await self._asked(kid, "unwrapkey", wrapped))["value"])

    def _owns(self, kid: object) -> bool:
        return isinstance(kid, str) and re.fullmatch(re.escape(self._key) + "/[0-9A-Za-z]+", kid) is not None

    async def _asked(self, url: str, operation: str, value: bytes) -> dict[str, Any]:
        body = orjson.dumps({"alg": ALGORITHM, "value": encoded(value)})
        try:
            async with asyncio.timeout(self._patience):
                return understood(*await self._answered(f"{url}/{operation}?api-version={VERSION}", body))
        except (aiohttp.ClientError, TimeoutError, OSError, AssistantError) as error:
            raise VaultAway(f"the key vault is not reached: {type(error).__name__}") from None

    async def _answered(self, url: str, body: bytes) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {await self._token()}", "Content-Type": "application/json"}
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            return response.status, await response.read()


def understood(status: int, body: bytes) -> dict[str, Any]:
    """What the vault answered. Raises `Locked` for a refusal, `VaultAway` for anything else that is no answer."""
    if status == 200:
        try:
            answer = orjson.loads(body)
            return {"kid": answer.get("kid", ""), "value": answer["value"]}
        except (ValueError, KeyError, AttributeError):
            raise VaultAway("the key vault's answer is not understood") from None
    if status in (400, 401, 403, 404):
        raise Locked(f"the key vault refuses CONTENT_KEY: status {status}")
    raise VaultAway(f"the key vault answered {status}")


def scope(url: str) -> str:
    """The token scope of the cloud that a vault's address belongs to."""
    _, dot, cloud = (urlsplit(url).hostname or "").partition(".")
    return f"https://{cloud}/.default" if dot and re.match("vault|managedhsm", cloud) else PUBLIC_VAULT


def named(key: bytes) -> str:
    """What a file's key is known by."""
    return f"file:{hashlib.sha256(b'parley' + key).hexdigest()[:16]}"


def encoded(value: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(value: str) -> bytes:
    """The bytes of base64url without padding. Raises `VaultAway`."""
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (ValueError, TypeError):
        raise VaultAway("the key vault's answer is not understood") from None
