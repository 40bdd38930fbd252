"""Reads files and pictures, each in a child process of its own that ends with it. Nothing is parsed here.

Floor 6. The child is handed its order and the bytes and nothing else: no environment, no file, no socket. What it answers is
checked as if a stranger had written it.
"""

import asyncio
import logging
import os
import sys
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext, suppress
from datetime import datetime
from typing import TypeVar

from bot.papers import replies
from bot.papers.replies import Garbled, NoFence
from dialogs.documents import MOST_CHARACTERS, MOST_PASSAGES, Document, Picture
from dialogs.errors import AssistantError, Damaged, TooBig, TooHard, Unavailable

LARGEST = 20 << 20
"""Bytes of a file."""
WALL = 20.0
"""Seconds from a file's last byte to the end of the answer."""
FEEDING = 60.0
"""Seconds to a file's first byte, and from there to its last; whoever fetches has a shorter bound."""
CHILDREN = 2
"""Files that are read at a time: as many as there are cores."""
FED = 8
"""Files that may be on their way at a time, each into a child that waits for its end: a slow download is no work. One that has
not begun to arrive has neither place nor child."""
LIMIT = 1 << 16
LONGEST_ENDING = 12
START = "import sys; sys.path[:] = sys.argv[1:]; from bot.papers.child import serve; serve()"
"""How the child begins. It finds what this process finds, whatever the environment or the working directory are."""

T = TypeVar("T")
LOG = logging.getLogger(__name__)


class Reader:
    """Reads at most `children` files at a time, of `fed` that arrive; the others wait. `wall` and `feeding` are seconds."""

    def __init__(self, children: int = CHILDREN, wall: float = WALL, feeding: float = FEEDING, fed: int = FED) -> None:
        self._slots = asyncio.Semaphore(children)
        self._room = asyncio.Semaphore(fed)
        self._wall = wall
        self._feeding = feeding

    async def document(self, pieces: AsyncIterator[bytes], name: str, key: str, at: datetime) -> Document:
        """A file as text. Raises what `dialogs.errors` knows of files, `Unavailable`, and whatever `pieces` raises."""

        async def taken(answer: StreamReader) -> Document:
            return await document(answer, name, key, at)

        return await self._ask("document", pieces, name, taken)

    async def picture(self, pieces: AsyncIterator[bytes], name: str) -> Picture:
        """A picture, written anew. Raises as `document` does."""

        async def taken(answer: StreamReader) -> Picture:
            return await picture(answer, name)

        return await self._ask("picture", pieces, name, taken)

    async def fenced(self) -> bool:
        """Whether a child can be fenced in here at all: without that no file is read. To be asked once, at the start."""
        try:
            return await self._ask("fence", nothing(), "", fence)
        except AssistantError:
            return False

    async def _ask(
        self, verb: str, pieces: AsyncIterator[bytes], name: str, taken: Callable[[StreamReader], Awaitable[T]]
    ) -> T:
        """One order to a child of its own."""
        order = replies.line({"verb": verb, "ending": ending(name)})
        async with closed(pieces):
            async with within(self._feeding):
                first = await anext(pieces, None)
            async with self._room, child() as process:
                async with within(self._feeding):
                    await feed(process, order, first, pieces)
                async with self._slots, within(self._wall):
                    pipes(process)[0].close()
                    return await answered(process, taken)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Raises `TooHard` for what takes longer; a time-out of somebody else's passes."""
    try:
        async with asyncio.timeout(seconds) as clock:
            yield
    except TimeoutError:
        if not clock.expired():
            raise
        raise TooHard from None


def closed(pieces: AsyncIterator[bytes]) -> AbstractAsyncContextManager[object]:
    """Ends what the bytes come from, also where nobody wants the rest."""
    return aclosing(pieces) if isinstance(pieces, AsyncGenerator) else nullcontext()


@asynccontextmanager
async def child() -> AsyncIterator[Process]:
    """A process that is gone afterwards, whatever happened."""
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-S", "-B", "-c", START),
            *map(os.path.abspath, sys.path),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={},
            cwd="/",
            limit=LIMIT,
        )
    except OSError as error:
        raise Unavailable from error
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        pipes(process)[0].close()
        while await pipes(process)[1].read(LIMIT):
            pass  # what still lies in the pipe would keep it open
        await process.wait()


def pipes(process: Process) -> tuple[asyncio.StreamWriter, StreamReader]:
    """What the process hears and says. Raises `TypeError` where it has no such pipes."""
    if process.stdin is None or process.stdout is None:
        raise TypeError("a child has both")
    return process.stdin, process.stdout


async def feed(process: Process, order: bytes, first: bytes | None, pieces: AsyncIterator[bytes]) -> None:
    """Hand the child its order and the bytes as they arrive. Raises `TooBig`; one that no longer listens has its reasons."""
    ear, size, piece = pipes(process)[0], 0, first
    ear.write(order)
    while piece is not None:
        size += len(piece)
        if size > LARGEST:
            raise TooBig
        ear.write(piece)
        try:
            await ear.drain()
        except ConnectionError:
            return
        piece = await anext(pieces, None)


async def answered(process: Process, taken: Callable[[StreamReader], Awaitable[T]]) -> T:
    """What the child answers, or what its end means."""
    try:
        return await taken(pipes(process)[1])
    except (Garbled, LimitOverrunError) as error:
        LOG.error("a child that reads files answered what it never would")
        raise Damaged from error
    except NoFence:
        LOG.error("no file is read: this kernel or machine gives no fence for the process that would read it")
        raise
    except IncompleteReadError:
        # A signal ends it: of the processor's time, of memory that was refused, of a stack that is full.
        raise (TooHard if await process.wait() < 0 else Damaged) from None


async def document(answer: StreamReader, name: str, key: str, at: datetime) -> Document:
    """The document of an answer."""
    head = replies.heading(await line(answer))
    kind, gaps, whole = replies.kind(head), replies.gaps(head), replies.number(head, "whole", replies.MOST_NUMBER)
    count = replies.number(head, "passages", MOST_PASSAGES)
    passages = tuple([replies.passage(await line(answer)) for _ in range(count)])
    if not passages or sum(len(passage.text) for passage in passages) > MOST_CHARACTERS:
        raise Garbled
    return Document(key, name, kind, at, passages, whole, gaps)


async def picture(answer: StreamReader, name: str) -> Picture:
    """The picture of an answer."""
    head = replies.heading(await line(answer))
    kind = replies.media_type(head)
    width, height = (replies.number(head, side, replies.LONGEST_SIDE) for side in ("width", "height"))
    data = await answer.readexactly(replies.number(head, "size", replies.MOST_PICTURE))
    if not data.startswith(replies.MEDIA[kind]):
        raise Garbled
    return Picture(name, kind, data, width, height)


async def fence(answer: StreamReader) -> bool:
    """Whether the child says that it stands behind its fence."""
    return replies.heading(await line(answer)).get("fence") is True


async def line(answer: StreamReader) -> bytes:
    """One whole line. Raises `IncompleteReadError` at the end and `LimitOverrunError` where it is too long."""
    found = await answer.readuntil()
    if len(found) > replies.LONGEST_LINE:
        raise Garbled
    return found


def ending(name: str) -> str:
    """What a name ends with, in small letters: `csv`."""
    found = name.rpartition(".")[2].lower()
    return found if found.isascii() and found.isalnum() and len(found) <= LONGEST_ENDING else ""


async def nothing() -> AsyncIterator[bytes]:
    """No bytes."""
    return
    yield b""
