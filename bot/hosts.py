"""Which hosts a file may be fetched from or put to: those of `FILE_HOSTS`.

Floor 5. Pure decisions on untrusted addresses. A host is a name, `*.` and the end of names, or a loopback address with its
port. An IP address in any spelling is none of the first two, so what is connected to has always been resolved and checked.
"""

import re
from urllib.parse import quote

from bot.names import is_loopback, split

NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def allowed(address: str, hosts: frozenset[str]) -> bool:
    """Whether an address is https on its usual port to one of the hosts, or listed as it is on this machine."""
    parts = split(address)
    name = (parts and parts.hostname) or ""
    if parts is None or is_loopback(name):
        return parts is not None and parts.netloc.lower() in hosts
    return parts.scheme == "https" and parts.port in (None, 443) and any(fits(name, host) for host in hosts)


def fits(name: str, host: str) -> bool:
    """Whether a host's name is the one that is meant, or for `*.example.com` one below it."""
    if not NAME.fullmatch(name):
        return False
    return name == host or (host.startswith("*.") and name.endswith(host[1:]))


def lying(address: str, hosts: frozenset[str]) -> str:
    """The address of a file as it may be pressed; "" where it lies on none of the hosts.

    Microsoft writes the path of a file as people named it, with spaces and letters of theirs, so the host alone is looked at.
    """
    front = "/".join(address.split("/", 3)[:3])
    return quote(address, safe="%/:?#[]@!$&'()*+,;=~") if allowed(front, hosts) and address.isprintable() else ""
