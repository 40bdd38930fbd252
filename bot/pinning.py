"""Connections to where a message points: a name is resolved once, every answer is looked at, and the connection goes to
what was looked at and nowhere else.

Floor 5. Whoever owns a name decides what it resolves to, and may answer otherwise the next time. So the check stands where
the connection is made: there is no second look-up that could say something new. TLS still checks the name.
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any, NewType

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.names import Resolve, is_loopback, resolve

CONNECTIONS = 100
"""Connections at a time; who comes later waits within their own time."""

UNICAST = ipaddress.ip_network("2000::/3")
"""The only IPv6 addresses that are routed. Outside lie IPv4 addresses in disguise too: mapped, compatible, NAT64."""
HIDDEN = tuple(
    map(
        ipaddress.ip_network,
        (
            "2001::/23",  # Teredo and its neighbours
            "2002::/16",  # 6to4: holds an IPv4 address
            "3fff::/20",  # documentation
            "168.63.129.16/32",  # Azure's own for its machines; it counts as public
            "192.0.0.0/24",  # the protocol's own
            "192.88.99.0/24",  # relays of 6to4
        ),
    )
)

Pinned = NewType("Pinned", aiohttp.ClientSession)
"""A session of `open_pinned`: what a message points to is fetched and written over no other."""
SocketFactory = Callable[[Any], socket.socket]


class Forbidden(OSError):
    """A name leads to where no message may send us. It is not quoted."""


class Checked(AbstractResolver):
    """Resolves a name for one connection, and refuses it when any of its addresses is forbidden."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses to connect to, IPv4 first. Raises `Forbidden`, or `OSError` where there are none."""
        found = await self._resolve(host)
        # A name of this machine is asked for only where it is listed, and must not lead away from it either.
        if not found or not all(map(is_here if is_loopback(host) else is_outside, found)):
            raise Forbidden
        return [pinned(host, address, port) for address in sorted(found, key=lambda one: (":" in one, one))]

    async def close(self) -> None:
        """There is nothing to close."""


def pinned(host: str, address: str, port: int) -> ResolveResult:
    """One answer, which nobody looks up again."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=flags)


def is_outside(address: str) -> bool:
    """Whether an IP address is a plain one of the public internet, of one machine, and not another one in disguise."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if "%" in address or not found.is_global or found.is_multicast or found.is_reserved:
        return False
    return (found.version == 4 or found in UNICAST) and not any(found in network for network in HIDDEN)


def is_here(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_forbidden(error: Exception) -> bool:
    """Whether a request failed because of where its host's name leads."""
    return isinstance(getattr(error, "os_error", error), Forbidden)


def open_pinned(resolve: Resolve = resolve, sockets: SocketFactory | None = None) -> Pinned:
    """A session without cookies, proxies and decompression, whose every connection is checked; `sockets` makes sockets."""
    connector = aiohttp.TCPConnector(
        resolver=Checked(resolve), use_dns_cache=False, limit=CONNECTIONS, socket_factory=sockets
    )
    jar = aiohttp.DummyCookieJar()
    return Pinned(aiohttp.ClientSession(connector=connector, cookie_jar=jar, trust_env=False, auto_decompress=False))
