"""Where an address leads: to this machine, to a private network, or out into the world.

Floor 5, a leaf: it imports nothing of the house, so every room may ask it.
"""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import SplitResult, urlsplit

Resolve = Callable[[str], Awaitable[frozenset[str]]]
"""The IP addresses of a host name. Raises `OSError` when it has none."""

PORTS = {"http": 80, "https": 443}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def split(address: str) -> SplitResult | None:
    """The parts of an http(s) address; None for anything that two readers could read differently."""
    if not address.isascii() or not address.isprintable() or any(mark in address for mark in " \\@"):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    known = parts.scheme in PORTS and bool(parts.hostname) and port != 0
    return parts if known else None


def origin(address: str) -> str | None:
    """Scheme, host and port of an address, the default port left out; None for what is not an http(s) address."""
    parts = split(address)
    if parts is None or parts.hostname is None:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def is_loopback(host: str) -> bool:
    """Whether a host is one of the three names of this machine; the other 127.x.y.z are nobody's business."""
    return host in LOOPBACK


def stays_here(address: str) -> bool:
    """Whether an http(s) address leads to this machine."""
    parts = split(address)
    return parts is not None and is_loopback(parts.hostname or "")


async def resolve(host: str) -> frozenset[str]:
    """What the system's resolver says, asked off the event loop."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None)
    return frozenset(str(entry[4][0]) for entry in found)


async def is_public(host: str, resolve: Resolve = resolve) -> bool:
    """Whether any address of the host lies in the public internet. Raises `OSError` when it has no address."""
    return any(map(is_global, await resolve(host)))


def is_global(address: str) -> bool:
    """Whether an IP address lies in the public internet, also where it is an IPv4 address dressed as IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(found, "ipv4_mapped", None) or found).is_global
