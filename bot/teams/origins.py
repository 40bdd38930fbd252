"""Which service addresses may be spoken to.

Floor 5. Pure decisions on untrusted text: an address is taken apart by one strict pattern, and what does not match it
is no address at all. There is nothing to normalise, so there is nothing for two parsers to disagree about.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

LONGEST = 300
"""Characters of an address at most; Teams' have about seventy."""

_ADDRESS = re.compile(r"(https?)://([a-z0-9.-]+|\[::1\])(?::([0-9]{1,5}))?((?:/[a-z0-9._~-]*)*)", re.IGNORECASE)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PORTS = {"https": "443", "http": "80"}
_DOTS = frozenset({".", ".."})


class Address(NamedTuple):
    """A service address: `origin` in its one spelling, `path` without slashes at its end."""

    origin: str
    path: str


def address(text: str) -> Address | None:
    """The address that `text` is; None for anything but plain scheme, host, port and path (no user, query or escape)."""
    return _address(text) if len(text) <= LONGEST else None


@lru_cache(1024)
def _address(text: str) -> Address | None:
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return None
    scheme, host, port, path = found[1].lower(), found[2].lower(), found[3], found[4]
    if scheme == "http" and host not in _LOOPBACK:
        return None
    if not _DOTS.isdisjoint(path.split("/")):
        return None
    shown = f":{int(port)}" if port and port != _PORTS[scheme] else ""
    return Address(f"{scheme}://{host}{shown}", path.rstrip("/"))


def is_loopback(host: str) -> bool:
    """Whether a host (as it stands in a Host header, without its port) means this machine."""
    return host.lower() in _LOOPBACK


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins a service address may have; with `loopback`, any port of this machine too (local mode)."""

    exact: frozenset[str]
    loopback: bool = False

    def trust(self, text: str) -> bool:
        """Whether what is said at this address, and the bot's token, may go there."""
        found = address(text)
        if found is None:
            return False
        return found.origin in self.exact or (self.loopback and _is_near(found.origin))


def origins(texts: frozenset[str] | tuple[str, ...], *, loopback: bool = False) -> Origins:
    """The origins that settings name. Raises ValueError when one is not a plain address."""
    found = [address(text) for text in texts]
    if None in found:
        raise ValueError("an origin is not plain https://host")
    return Origins(frozenset(one.origin for one in found if one), loopback)


def same_address(one: str, other: str) -> bool:
    """Whether two texts are the same address, whatever the case of the host and the slash at the end."""
    found = address(one)
    return found is not None and found == address(other)


def _is_near(origin: str) -> bool:
    host = origin.partition("://")[2]
    return is_loopback(host if host.endswith("]") else host.rpartition(":")[0] or host)
