"""More than anybody needs: too much, too deep, too slow, too many. Every bound of the front door, met and passed by one.

Also the time that the worst texts take to be read, and the memory that a thousand halves of requests hold.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.limits import ATTACHMENTS, BODY_BYTES, BODY_DEPTH, HEAD_BYTES, HEADERS, MENTIONS, NAME_CHARS
from bot.store.rows import Arrival
from bot.teams import origins, zones
from bot.teams.activity import FIELD_CHARS, FIELDS, Incoming, ask, parse, said
from bot.teams.feedback import WORDS, thumb
from bot.teams.fields import ID_BYTES
from tests.attacks.connection import Connection, Server
from tests.attacks.door import resident, statuses
from tests.attacks.indoors import NOW, SERVICE, House, token
from tests.attacks.report import Report
from tests.attacks.seeds import file
from tests.world.activities import Activity, mention, message, pressed
from tests.world.people import ADA, GROUP, TENANT, THREAD, Room, personal

HOME = personal(ADA)
NAME = "consumption: bounds passed by one"
READING = "consumption: texts of 240 KB that are slow to read"
PATIENCE = 1.0
"""Seconds of CPU in which the worst text must be read, and what hangs on it decided."""
SIZE = 240_000
PIECES = (
    *(
        "a",
        "a ",
        " ",
        "\n",
        "\u00a0",
        "9",
        "9 ",
        "```",
        "[",
        "![](",
        "*_",
        "> ",
        "'",
        "-",
        "—",
        ",",
        ".",
        "?",
        "#",
        "#a ",
    ),
    *("<at>", "<at", "&nbsp;", "ﷺ", "é", "e\u0301", "\u0301", "ß", "İ", "\u200b", "\U000e0041", ": ", "@Parley "),
    *(
        "summarise ",
        "privately ",
        "translate to ",
        "prompt x: ",
        "since monday ",
        "from 3 to 7 november ",
        "in german ",
    ),
    *("what was said about ", "catch me up on ", "digest daily ", "every day at 9 ", "admin ", "please ", "can you "),
)
OPENINGS = ("", "summarise ", "translate to french: ", "privately ")
WAITING = 1_000
"""Requests that begin and never go on."""
HELD = 64 * 1024
"""Bytes that one of them may hold."""


@dataclass(frozen=True, slots=True)
class Bound:
    """`keeps` tells whether what passes it by one is refused or cut, and what meets it is not."""

    name: str
    keeps: Callable[[], Awaitable[bool]]


def hello(**changes: Any) -> Activity:
    """A message."""
    return {**message(HOME, ADA, "hello", service=SERVICE), **changes}


def padded(size: int) -> bytes:
    """A message of that many bytes."""
    frame = json.dumps(hello(text="", attachments=[])).encode()
    return frame.replace(b'"text": ""', b'"text": "' + b"x" * (size - len(frame)) + b'"')


def deep(levels: int) -> bytes:
    """A message nested so deep."""
    value: Any = "x"
    for _ in range(levels - 1):
        value = [value]
    return json.dumps(hello(value=value)).encode()


async def status(body: bytes, *more: tuple[bytes, bytes], length: bool = True) -> int:
    """How a request is answered; 0 where more of it is waited for."""
    async with Server(House().application()) as server:
        return await posted(server.connect(), body, *more, length=length)


async def posted(connection: Connection, body: bytes, *more: tuple[bytes, bytes], length: bool = True) -> int:
    """The same on a connection that is there."""
    headers = [(b"Host", b"x"), (b"Authorization", b"Bearer " + token().encode()), *more]
    if length:
        headers.append((b"Content-Length", str(len(body)).encode()))
    head = b"".join(b"%b: %b\r\n" % header for header in headers)
    heard = await connection.send(b"POST /api/messages HTTP/1.1\r\n" + head + b"\r\n" + body)
    await connection.end()
    return (statuses(heard) or [0])[0]


def read(activity: Activity) -> Incoming:
    """As it is read at the door."""
    return parse(json.dumps(activity).encode())


async def body_bytes() -> bool:
    return (await status(padded(BODY_BYTES)), await status(padded(BODY_BYTES + 1))) == (202, 413)


async def hidden_bytes() -> bool:
    """In pieces, whose sum nobody has told."""
    body = padded(BODY_BYTES + 1)
    pieces = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return await status(pieces, (b"Transfer-Encoding", b"chunked"), length=False) == 413


async def depth() -> bool:
    return (await status(deep(BODY_DEPTH - 1)), await status(deep(BODY_DEPTH + 1))) == (202, 400)


async def head_bytes() -> bool:
    body = json.dumps(hello()).encode()
    return (await status(body, (b"X", b"x" * 8_000)), await status(body, (b"X", b"x" * (HEAD_BYTES + 1)))) == (202, 400)


async def headers() -> bool:
    body, more = json.dumps(hello()).encode(), ((b"X", b"x"),)
    return (await status(body, *more * (HEADERS - 10)), await status(body, *more * (HEADERS + 1))) == (202, 400)


async def ids() -> bool:
    """Of an activity, its conversation, tenant, sender, team and channel, and of what it replies to."""
    long, longest = "x" * (ID_BYTES + 1), "x" * ID_BYTES
    places: tuple[Callable[[str], Mapping[str, Any]], ...] = (
        lambda id: {"id": id},
        lambda id: {"replyToId": id},
        lambda id: {"conversation": {"id": id, "tenantId": TENANT}},
        lambda id: {"from": {"id": id}},
        lambda id: {"from": {"id": "29:1", "aadObjectId": id}},
        lambda id: {"recipient": {"id": id}},
        lambda id: {"channelData": {"tenant": {"id": TENANT}, "team": {"aadGroupId": id}}},
        lambda id: {"channelData": {"tenant": {"id": TENANT}, "channel": {"id": id}}},
    )
    met = [await status(json.dumps(hello(**place(longest))).encode()) for place in places]
    passed = [await status(json.dumps(hello(**place(long))).encode()) for place in places]
    return set(met) == {202} and set(passed) == {400}


async def names() -> bool:
    long = hello(
        **{"from": {"id": "29:1", "name": "x" * (NAME_CHARS + 1)}}, attachments=[{**file(), "name": "x" * 999}]
    )
    found = read(long)
    return len(found.sender.name) == NAME_CHARS and len(found.attachments[0].name) == NAME_CHARS


async def attachments() -> bool:
    return len(read(hello(attachments=[file()] * (ATTACHMENTS + 1))).attachments) == ATTACHMENTS


async def mentions() -> bool:
    marks = [mention("28:x", "a") for _ in range(MENTIONS + 1)]
    shown = said(read(hello(text="<at>a</at>" * (MENTIONS + 1), entities=marks)))
    return shown.count("<at>") == 1


async def fields() -> bool:
    many = {f"f{number}": "x" for number in range(FIELDS + 1)}
    long = {"f": "x" * (FIELD_CHARS + 1), "g": "x" * FIELD_CHARS}
    first, second = (ask(read(pressed(HOME, ADA, {"say": "settings save"}, **filled))) for filled in (many, long))
    return len(first.fields) == FIELDS and [name for name, _ in second.fields] == ["g"]


async def words() -> bool:
    given = thumb({"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": "x" * (WORDS + 1)}})
    return given is not None and len(given.text) == WORDS


async def caches() -> bool:
    """What is remembered to be quick is never as long as whatever somebody sends."""
    before = zones._is_known.cache_info().currsize, origins._address.cache_info().currsize
    for number in range(50):
        zones.zone_or("x" * 70_000 + str(number))
        origins.address("https://x/" + "x" * 70_000 + str(number))
    plain = not hasattr(zones.is_zone, "cache_info") and not hasattr(origins.address, "cache_info")
    return plain and before == (zones._is_known.cache_info().currsize, origins._address.cache_info().currsize)


async def waiting() -> bool:
    """Requests that begin and never go on hold next to nothing, and keep nobody else waiting."""
    async with Server(House().application()) as server:
        before = resident()
        begun = [server.connect() for _ in range(WAITING)]
        for connection in begun:
            await connection.begin(b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nX: ")
        held = (resident() - before) / WAITING
        answered = await posted(server.connect(), json.dumps(hello()).encode())
        for connection in begun:
            await connection.end()
    return answered == 202 and held < HELD


BOUNDS = (
    Bound("bytes of a body", body_bytes),
    Bound("bytes of a body in pieces", hidden_bytes),
    Bound("depth of a body", depth),
    Bound("bytes of a line of the head", head_bytes),
    Bound("lines of the head", headers),
    Bound("bytes of an id", ids),
    Bound("characters of a name", names),
    Bound("attachments of a message", attachments),
    Bound("mentions of a message", mentions),
    Bound("fields of a card", fields),
    Bound("words of a rating", words),
    Bound("texts in caches", caches),
    Bound("halves of requests", waiting),
)


def texts() -> Iterator[tuple[Room, bytes]]:
    """The worst that fits into a body, in every kind of place."""
    for room in (HOME, GROUP, THREAD):
        for piece in PIECES:
            for opening in OPENINGS:
                text = opening + piece * (SIZE // len(piece.encode()))
                activity = message(room, ADA, text, service=SERVICE) | {"attachments": []}
                yield room, json.dumps(activity, ensure_ascii=False).encode()


def slowest() -> tuple[int, float]:
    """How many texts there are, and the seconds of CPU that the slowest takes."""
    house, times = House(), []
    for room, body in texts():
        started = time.process_time()
        house.read(Arrival(TENANT, room.conversation, "1", body, NOW))
        times.append(time.process_time() - started)
    return len(times), max(times)


async def run(report: Report) -> None:
    """Every bound, and the worst texts."""
    kept = [(bound.name, await bound.keeps()) for bound in BOUNDS]
    report.count(NAME, len(kept), sum(not kept for _, kept in kept))
    count, worst = await asyncio.to_thread(slowest)
    report.count(READING, count, int(worst > PATIENCE))
    report.remark(f"the slowest of {count} texts of {SIZE // 1000} KB took {worst:.3f} s of CPU to read and decide on")
    for name, held in kept:
        if not held:
            report.remark(f"no bound: {name}")
