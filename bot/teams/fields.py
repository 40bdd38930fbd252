"""Fields of untrusted JSON, read with the one type each may have.

Floor 5. An absent field and a null are the same; anything of a wrong type is `Malformed`.
"""

from collections.abc import Mapping
from typing import Any

from bot.limits import NAME_CHARS

ID_BYTES = 600
"""Longest id; three of them must fit into a key of the database."""

Fields = Mapping[str, Any]
NOTHING: Fields = {}


class Malformed(Exception):
    """The body is no activity. The argument names the field, never its value."""


def text(fields: Fields, name: str) -> str:
    """A field that is text or absent. Raises `Malformed`."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(name)
    return value


def short(fields: Fields, name: str) -> str:
    """A name, of which more than `NAME_CHARS` are not taken. Raises `Malformed`."""
    return text(fields, name)[:NAME_CHARS]


def record(fields: Fields, name: str) -> Fields:
    """A field that is an object or absent. Raises `Malformed`."""
    value = fields.get(name)
    if value is None:
        return NOTHING
    if not isinstance(value, dict):
        raise Malformed(name)
    return value


def records(fields: Fields, name: str) -> list[Fields]:
    """A field that is a list of objects or absent. Raises `Malformed`."""
    values = fields.get(name)
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        raise Malformed(name)
    return values


def checked_id(fields: Fields, name: str) -> str:
    """An id that may go into a key and into the path of an address. Raises `Malformed`."""
    value = text(fields, name)
    # Dots alone would climb in a path, and a control character is refused by the database.
    if value and (not value.isprintable() or not value.strip(".") or len(value.encode()) > ID_BYTES):
        raise Malformed(name)
    return value


def too_deep(value: object, limit: int) -> bool:
    """Whether containers are nested more than `limit` deep."""
    level = [value]
    for _ in range(limit):
        level = [child for one in level for child in _inside(one) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _inside(value: object) -> Any:
    return value.values() if isinstance(value, dict) else value
