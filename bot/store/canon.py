"""What a seal says of an audit row: the row as canonical JSON, its digest, and the hash that binds it to all before it.

Floor 6. Pure. Whoever has the rows can work it out again without this program: SHA-256 over UTF-8 JSON with sorted names and
no spaces, times in UTC to the microsecond.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

VERSION = 1
COLUMNS: Mapping[int, tuple[str, ...]] = {
    1: (
        *("id", "tenant", "at", "person", "place", "conversation", "action", "outcome", "model", "input_tokens"),
        *("output_tokens", "sources", "millis", "dropped", "actor", "team", "version", "region", "residency"),
        *("cached_tokens", "cost", "findings", "links_removed", "request", "app", "expires", "subject", "rule"),
    )
}
"""The columns of a version stay what they are: a new column makes a new version, and old seals go by their own."""
FIRST = b""
"""What stands before the first seal."""

Row = Mapping[str, Any]
"""An audit row by its columns."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of a tenant's chain: about the row with the id `audit`, which expires then."""

    tenant: str
    number: int
    at: datetime
    audit: int
    version: int
    expires: datetime
    digest: bytes
    previous: bytes
    hash: bytes = b""

    @property
    def true_hash(self) -> bytes:
        """The hash that its other columns give."""
        said = [self.version, self.tenant, self.number, self.at, self.audit, self.expires, self.digest.hex()]
        return hashlib.sha256(self.previous + canonical(said)).digest()


def digest(row: Row, version: int = VERSION) -> bytes:
    """The digest of a row. Raises `KeyError` for a version that this program does not know."""
    return hashlib.sha256(canonical({name: row[name] for name in COLUMNS[version]})).digest()


def canonical(value: object) -> bytes:
    """A value as the one JSON that stands for it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_time).encode()


def _time(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(type(value).__name__)
    return value.astimezone(UTC).isoformat(timespec="microseconds")
