"""Activities made wrong: types swapped, fields lost or twice, numbers and texts that no JSON should hold, bytes that are none.

A mutation is fixed by the random numbers it is given, so any of them can be made again.
"""

import gzip
from collections.abc import Callable
from random import Random
from typing import Any

import orjson

from bot.limits import BODY_BYTES
from tests.world.activities import Activity
from tests.world.people import OTHER_TENANT

MARK = "@@raw"
"""Stands in a text for what only bytes can say."""
RAW: tuple[bytes, ...] = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"1" * 400,
    b"-0.0e-999",
    b'"\\ud800"',
    b'"\\udfff\\ud800"',
    b'"\\u0000"',
    b'"\xff\xfe"',
    b'"\xc0\x80"',
    b'"\xed\xa0\x80"',
    b'"\x01"',
    b"'text'",
    b"[" * 900 + b"]" * 900,
    b"[" * 2_000,
    b'{"a":' * 60 + b"1" + b"}" * 60,
    b"01",
    b"",
    b'"\\x41"',
    b"/* */ 1",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**63,
    2**64 - 1,
    "",
    " ",
    "x" * 601,
    "é" * 301,
    "x" * 70_000,
    "a\0b",
    "\u202egnp.exe",
    "\u200b\ufeff\U000e0041",
    "..",
    "../../admin",
    "a/b?c=d#e",
    "19:x@thread.tacv2;messageid=",
    ";messageid=1;messageid=2",
    "19:x@thread.tacv2;messageid=../../members",
    "'; DROP TABLE inbox; --",
    "%00%2e%2e%2f",
    "{0.__class__}%s{{7*7}}${7*7}",
    "9999-99-99T99:99:99Z",
    "https://evil.example/",
    "http://169.254.169.254/metadata",
    "summarise the last 99999999999999999999 messages",
    "digest daily 99:99",
    "since 31 February",
    "<at>" * 500,
    "&nbsp;" * 500,
    "```" * 300,
    [],
    {},
    [[]],
    [None],
    [{}],
    ["x"] * 50,
    [{"type": "mention", "mentioned": {"id": "28:x"}, "text": "a"}] * 50,
    {"key": {"key": {"key": []}}},
    {"": ""},
    {"type": "clientInfo", "locale": "zz-" + "z" * 99, "timezone": "../../etc/passwd"},
)
TYPES = (
    "message",
    "messageUpdate",
    "messageDelete",
    "conversationUpdate",
    "installationUpdate",
    "invoke",
    "event",
    "typing",
    "Message",
    "invoke ",
    "messageReaction",
    "trace",
    "suggestion",
    "handoff",
)
NAMES = (
    "message/submitAction",
    "fileConsent/invoke",
    "signin/tokenExchange",
    "signin/verifyState",
    "signin/failure",
    "adaptiveCard/action",
    "composeExtension/fetchTask",
    "composeExtension/submitAction",
    "parley/errand",
    "",
    "x" * 1_000,
)
ELSEWHERE: tuple[Callable[[Activity], Any], ...] = (
    lambda one: one.update(serviceUrl="https://evil.example/"),
    lambda one: one.update(serviceUrl="https://smba.trafficmanager.net@evil.example/emea/"),
    lambda one: one.update(serviceUrl="https://smba.trafficmanager.net.evil.example/emea/"),
    lambda one: one.update(serviceUrl="https://smba.trafficmanager.net\\@evil.example/emea/"),
    lambda one: one.update(serviceUrl="https://smba.trafficmanager.net:444/emea/"),
    lambda one: one.update(serviceUrl="https://smba.trafficmanager.net./emea/"),
    lambda one: one.update(serviceUrl="http://smba.trafficmanager.net/emea/"),
    lambda one: one.update(serviceUrl="https://smba.trafficmanager.net/amer/"),
    lambda one: one.update(channelId="emulator"),
    lambda one: one.update(channelId="msteams:COPILOT"),
    lambda one: one.update(conversation={"id": "a:1", "tenantId": OTHER_TENANT}),
    lambda one: one.update(channelData={"tenant": {"id": OTHER_TENANT}}),
    lambda one: one.update(conversation={"id": "a:1"}, channelData={}),
)
"""What belongs to somebody else."""

Op = Callable[[Random, Activity, bytes, list[bytes]], None]
"""Changes the second, perhaps with a piece of the third; puts bytes that no value can say into the last."""


def mutated(chance: Random, seed: bytes, other: bytes) -> bytes:
    """The body of an activity that was made wrong once to thrice; `other` lends pieces."""
    activity = orjson.loads(seed)
    raw: list[bytes] = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choice(OPS)(chance, activity, other, raw)
    body = written(activity, raw)
    return chance.choice(BYTES)(chance, body) if chance.random() < 0.15 else body


def written(activity: Activity, raw: list[bytes]) -> bytes:
    """As JSON, with the bytes where their marks stand."""
    body = orjson.dumps(activity)
    for number, piece in enumerate(raw):
        mark = f"{MARK}{number}@".encode()
        body = body.replace(b'"' + mark + b'"', piece).replace(mark, b"")
    return body


def copied(value: Any) -> Any:
    """A value that further changes share with no other."""
    return orjson.loads(orjson.dumps(value)) if isinstance(value, dict | list) else value


def _slot(chance: Random, value: Any) -> tuple[Any, Any]:
    """A place of a value that is not empty: the container and the key in it. Every place is met, the outer ones more often."""
    while True:
        key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        within = value[key]
        if not isinstance(within, dict | list) or not within or chance.random() < 0.2:
            return value, key
        value = within


def _swap(chance: Random, activity: Activity, lender: bytes, raw: list[bytes]) -> None:
    holder, key = _slot(chance, activity)
    holder[key] = copied(chance.choice(VALUES))


def _say_raw(chance: Random, activity: Activity, lender: bytes, raw: list[bytes]) -> None:
    holder, key = _slot(chance, activity)
    holder[key] = f"{MARK}{len(raw)}@"
    raw.append(chance.choice(RAW))


def _lose(chance: Random, activity: Activity, lender: bytes, raw: list[bytes]) -> None:
    holder, key = _slot(chance, activity)
    del holder[key]
    if not activity:
        activity["type"] = "message"


def _double(chance: Random, activity: Activity, lender: bytes, raw: list[bytes]) -> None:
    """The same key twice in one object."""
    holder, key = _slot(chance, activity)
    if not isinstance(holder, dict):
        holder, key = activity, chance.choice(list(activity))
    holder[f"{MARK}{len(raw)}@{key}"] = copied(chance.choice(VALUES))
    raw.append(b"")


def _exchange(chance: Random, activity: Activity, lender: bytes, raw: list[bytes]) -> None:
    (one, here), (other, there) = _slot(chance, activity), _slot(chance, activity)
    if isinstance(one[here], dict | list) or isinstance(other[there], dict | list):
        return  # one might come to stand within itself
    one[here], other[there] = other[there], one[here]


def _graft(chance: Random, activity: Activity, lender: bytes, raw: list[bytes]) -> None:
    holder, key = _slot(chance, activity)
    source, piece = _slot(chance, orjson.loads(lender))
    holder[key] = copied(source[piece])


def _rename(chance: Random, activity: Activity, lender: bytes, raw: list[bytes]) -> None:
    if chance.random() < 0.5:
        activity["type"] = chance.choice(TYPES)
    else:
        activity["name"] = chance.choice(NAMES)


def _move(chance: Random, activity: Activity, lender: bytes, raw: list[bytes]) -> None:
    chance.choice(ELSEWHERE)(activity)


OPS: tuple[Op, ...] = (_swap, _swap, _swap, _say_raw, _lose, _lose, _double, _exchange, _graft, _rename, _move)


def _cut(chance: Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _flip(chance: Random, body: bytes) -> bytes:
    found = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        if found:
            found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _insert(chance: Random, body: bytes) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.randbytes(chance.randint(1, 16)) + body[at:]


def _pad(chance: Random, body: bytes) -> bytes:
    """To the limit, one less or one more."""
    return body + b" " * max(0, BODY_BYTES + chance.choice((-1, 0, 1)) - len(body))


BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _cut,
    _cut,
    _flip,
    _flip,
    _insert,
    lambda chance, body: b"\xef\xbb\xbf" + body,
    lambda chance, body: body.decode("utf-8", "replace").encode("utf-16"),
    lambda chance, body: body.decode("utf-8", "replace").encode("latin-1", "replace"),
    lambda chance, body: gzip.compress(body, 1, mtime=0),
    lambda chance, body: body + body,
    lambda chance, body: b"[" + body + b"]",
    lambda chance, body: orjson.dumps(body.decode("utf-8", "replace")),
    lambda chance, body: b"",
    lambda chance, body: _pad(chance, body) if chance.random() < 0.05 else body + b"\n\n",
)
