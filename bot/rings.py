"""A tenant's data keys: what turns content into what the database holds, and back.

Floor 5. AES-256-GCM. What is sealed is bound to where it stands (`place`: the table and the keys of its row), so that it
opens nowhere else. Sealed bytes are the version, the number of the key, the nonce, and the ciphertext with its tag.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
FOREIGN = frozenset(range(0x02, 0x09))
"""First bytes of versions that are not there yet; no text of ours and no JSON begins with one."""
KEY, NUMBER, NONCE = 32, 4, 12
"""Bytes of a key, of its number and of a nonce. A random nonce is good for 2^32 seals with one key: rotate long before."""
HEAD = len(VERSION) + NUMBER


class Unopened(ValueError):
    """Sealed with a key that is not there, changed, moved, or of a version that this program does not understand."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of one tenant by their number; the highest is the one to seal with."""

    keys: Mapping[int, bytes] = field(repr=False)
    random: Callable[[int], bytes] = field(default=secrets.token_bytes, repr=False, compare=False)
    ciphers: dict[int, AESGCM] = field(default_factory=dict, repr=False, compare=False)
    """Those in use: to make one costs as much as to seal with it."""

    @property
    def head(self) -> bytes:
        """What begins everything that is sealed with the newest key."""
        return VERSION + max(self.keys).to_bytes(NUMBER, "big")

    def seal(self, text: bytes, *place: str) -> bytes:
        """What the database holds in place of a text."""
        number, nonce = max(self.keys), self.random(NONCE)
        head = VERSION + number.to_bytes(NUMBER, "big")
        return head + nonce + self._cipher(number).encrypt(nonce, text, joined(place))

    def open(self, sealed: bytes, *place: str) -> bytes:
        """The text again; what an older program wrote in the plain, as it is. Raises `Unopened`."""
        number = number_of(sealed)
        if number is None:
            return sealed
        if number not in self.keys:
            raise Unopened
        try:
            return self._cipher(number).decrypt(sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :], joined(place))
        except (InvalidTag, ValueError):  # ValueError: too short for a nonce
            raise Unopened from None

    def _cipher(self, number: int) -> AESGCM:
        found = self.ciphers.get(number)
        if found is None:
            found = self.ciphers[number] = AESGCM(self.keys[number])
        return found


class Rings(Protocol):
    """The rings of all tenants."""

    async def ring(self, tenant: str, *sealed: bytes | None) -> Ring:
        """The ring of a tenant, with the keys that these were sealed with as far as there are any. Raises `StoreAway`."""


def number_of(sealed: bytes) -> int | None:
    """The number of the key that bytes were sealed with; None for the plain ones of an older program. Raises `Unopened`."""
    if sealed[:1] != VERSION:
        if sealed and sealed[0] in FOREIGN:
            raise Unopened
        return None
    if len(sealed) < HEAD:
        raise Unopened
    return int.from_bytes(sealed[1:HEAD], "big")


@lru_cache(maxsize=1_000)
def joined(place: tuple[str, ...]) -> bytes:
    """The parts with their lengths before them, so that no other parts make the same bytes. Lines of one chat share theirs."""
    parts = [part.encode("utf-8", "surrogatepass") for part in place]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
