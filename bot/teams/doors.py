"""Who may come in: Teams with its signed token, or in local mode whoever sits at this machine.

Floor 7. A door is passed in two steps, because the token is looked at before a byte of the body is read: `admit` looks at
the request and hands back the check that the body must pass.
"""

from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from bot.teams.activity import Incoming
from bot.teams.origins import is_loopback
from bot.teams.verify import Allowed, Unverified, Verifier, admit, bind

Check = Callable[[Incoming], object]
"""Raises `Forbidden` for a body that may not come in."""


class ChannelDoor:
    """For Teams: a verified token, and a body bound to it."""

    def __init__(self, verifier: Verifier, allowed: Allowed) -> None:
        self._verifier = verifier
        self._allowed = allowed

    async def admit(self, request: web.BaseRequest) -> Check:
        """Raises `Unverified`."""
        headers = request.headers.getall("Authorization", [])
        if len(headers) != 1:
            raise Unverified("no token")
        return partial(bind, await self._verifier.verify(headers[0]), self._allowed)


class LocalDoor:
    """For local mode: no token, but only from this machine and from no web page of somebody else."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed

    async def admit(self, request: web.BaseRequest) -> Check:
        """Raises `Unverified`."""
        if not is_local(request.remote, request.headers.get("Host"), request.headers.get("Origin")):
            raise Unverified("not from this machine")
        return partial(admit, self._allowed)


def is_local(peer: str | None, host: str | None, origin: str | None) -> bool:
    """Whether a request comes from this machine by its own name.

    The Host header must name it too: a web page whose name was pointed at 127.0.0.1 has its own name there (DNS rebinding).
    """
    if not _is_near(peer) or not is_loopback(_without_port(host or "")):
        return False
    return origin is None or is_loopback(_without_port(urlsplit(origin).netloc))


def _is_near(peer: str | None) -> bool:
    try:
        return ip_address(peer or "").is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    return host if host.endswith("]") or ":" not in host else host.rpartition(":")[0]
