"""How a setting's text becomes a value.

Floor 5, a leaf below `bot.settings`. Each function takes one text that is not empty and raises `Wrong`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, get_args
from urllib.parse import parse_qs, urlsplit

from bot.names import is_loopback, origin, split, stays_here
from dialogs.terms import Kind

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
T = TypeVar("T")
ENCRYPTED = ("require", "verify-ca", "verify-full")


@dataclass(frozen=True, slots=True)
class Deployed:
    """What runs behind a deployment's name, and of which kind the deployment is."""

    name: str
    model: str
    kind: Kind


class Wrong(Exception):
    """A value that cannot be used: its problem and its cure."""


def text(value: str) -> str:
    """Any printable text."""
    if not value.isprintable():
        raise Wrong("holds invisible characters", "write it anew by hand")
    return value


def guid(value: str) -> str:
    """An Entra id, in small letters."""
    if not GUID.fullmatch(value.lower()):
        raise Wrong("is not an id", "copy it from Entra: 8-4-4-4-12 digits 0-9 and a-f, no wildcard and no name")
    return value.lower()


def truth(value: str) -> bool:
    """`true` or `false`, and nothing that only looks like it."""
    if value not in ("true", "false"):
        raise Wrong("is neither true nor false", "write true or false")
    return value == "true"


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`."""

    def parse(value: str) -> int:
        if not re.fullmatch("[0-9]{1,15}", value) or not low <= int(value) <= high:
            raise Wrong("is out of range", f"write a whole number from {low} to {high}")
        return int(value)

    return parse


def share(value: str) -> float:
    """A part of the whole, from 0 to 1."""
    if not re.fullmatch(r"0|1|[01]?\.[0-9]{1,6}", value) or float(value) > 1:
        raise Wrong("is no share", "write a number from 0 to 1, such as 0.25")
    return float(value)


def address(value: str) -> str:
    """An https address without a closing slash; http only to this machine."""
    parts = split(value)
    if parts is None or parts.query or parts.fragment or "*" in value:
        raise Wrong("is not an address", "write it as https://host/path, without a wildcard, a user or a query")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Wrong("is not encrypted", "write https; http is only for a loopback address")
    return value.rstrip("/")


def bare(value: str) -> str:
    """An address that is nothing but its origin."""
    found = origin(address(value))
    if found is None or urlsplit(value).path not in ("", "/"):
        raise Wrong("has a path", "end it after the host")
    return found


def model_address(value: str) -> str:
    """An Azure OpenAI resource; a loopback server may have its API under a path of its own."""
    found = address(value) if stays_here(value) else bare(value)
    if (urlsplit(found).hostname or "").endswith("openai.com"):
        raise Wrong("is not your company's Azure", "name your own Azure OpenAI resource")
    return found


def several(parse: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """A comma-separated list, each item once, in its order."""

    def items(value: str) -> tuple[T, ...]:
        found = tuple(dict.fromkeys(parse(item) for item in listed(value)))
        if not found:
            raise Wrong("names nothing", "write at least one, separated by commas")
        return found

    return items


def in_order(value: str) -> tuple[str, ...]:
    """A comma-separated list, in which an item may stand more than once."""
    return tuple(map(text, listed(value)))


def listed(value: str) -> Iterator[str]:
    """The items of a comma-separated list, as they stand."""
    return filter(None, map(str.strip, value.split(",")))


def members(parse: Callable[[str], str]) -> Callable[[str], frozenset[str]]:
    """A comma-separated set."""
    return lambda value: frozenset(several(parse)(value))


def database(value: str) -> str:
    """A PostgreSQL URL. Off this machine it must be encrypted, for the Entra token travels in it as the password."""
    try:
        parts = urlsplit(value)
        host, query = parts.hostname or "", parse_qs(parts.query)
    except ValueError:
        host, query, parts = "", {}, urlsplit("")
    if parts.scheme not in ("postgres", "postgresql"):
        raise Wrong("is not a PostgreSQL URL", "write postgresql://role@host/database?sslmode=require")
    if not is_here(host, query) and query.get("sslmode", [""])[-1] not in ENCRYPTED:
        raise Wrong("is not encrypted", "add ?sslmode=require, or better sslmode=verify-full&sslrootcert=system")
    return value


def is_here(host: str, query: Mapping[str, list[str]]) -> bool:
    """Whether a database is reached on this machine: by loopback or by a socket's directory."""
    hosts = query.get("host", [host])
    return all(not name or name.startswith("/") or is_loopback(name) for name in hosts)


def deployed(value: str) -> Deployed:
    """`name=model/kind`, such as `chat=gpt-5.4-mini/DataZoneStandard`."""
    name, _, rest = value.partition("=")
    model, _, kind = (part.strip() for part in rest.partition("/"))
    for known in get_args(Kind):
        if name.strip() and model and kind and kind == known:
            return Deployed(text(name.strip()), text(model), known)
    raise Wrong("is not understood", f"write name=model/kind; kinds are {', '.join(filter(None, get_args(Kind)))}")


def content_key(value: str) -> str:
    """The address of a Key Vault key, or a file's path."""
    if "://" not in value:
        return text(value)
    parts = split(address(value))
    if parts is None or not re.fullmatch(r"/keys/[0-9A-Za-z-]+(/[0-9a-f]+)?", parts.path):
        raise Wrong("is no key", "write https://<vault>.vault.azure.net/keys/<name>, or the path of a key file")
    return value.rstrip("/")


def host(value: str) -> str:
    """A host's name in small letters, or `*.` and the end of one; a loopback address may have a port."""
    found = value.lower().rstrip(".")
    if stays_here(f"http://{found}") and origin(f"http://{found}"):
        return found
    if not re.fullmatch(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", found):
        raise Wrong("is no host", "write it as *.sharepoint.com or files.example.com, without a scheme or a path")
    return found
