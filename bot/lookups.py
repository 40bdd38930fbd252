"""Names are looked up in threads of their own, so that a resolver that hangs holds nothing up but what asked for that name.

Floor 5, a leaf. An event loop looks names up in its few threads for everything that blocks, and everybody's libraries ask
the loop: six names that hang, or one that six asked for, and no file would be read any more. Here a name has one thread
however many ask, nobody waits longer than `PATIENCE`, and no thread keeps the process from ending.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

PATIENCE = 5.0
"""Seconds whoever asks waits at most. The system's resolver goes on, and what it finds is for those who ask meanwhile."""

Found = list[Any]
"""What `socket.getaddrinfo` gives."""
Look = Callable[..., Found]


class Loop(asyncio.SelectorEventLoop):
    """The usual event loop, but for its look-ups."""

    def __init__(self, look: Look = socket.getaddrinfo, patience: float = PATIENCE) -> None:
        """`look` asks the system and blocks meanwhile; `patience`: seconds."""
        super().__init__()
        self._look = look
        self._patience = patience
        self._under_way: dict[tuple[Any, ...], asyncio.Future[Found]] = {}

    async def getaddrinfo(
        self, host: Any, port: Any, *, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> Found:
        """As `socket.getaddrinfo`. Raises `socket.gaierror`, also where nothing is found in time."""
        asked = (host, port, family, type, proto, flags)
        finding = self._under_way.get(asked) or self._begun(asked)
        try:
            # Shielded: one who gives up must not take the answer from the others.
            return await asyncio.wait_for(asyncio.shield(finding), self._patience)
        except TimeoutError:
            raise socket.gaierror(socket.EAI_AGAIN, "not found in time") from None

    def _begun(self, asked: tuple[Any, ...]) -> asyncio.Future[Found]:
        finding: asyncio.Future[Found] = self.create_future()
        self._under_way[asked] = finding
        finding.add_done_callback(lambda _: self._under_way.pop(asked))
        finding.add_done_callback(_looked_at)
        threading.Thread(target=self._ask, args=(asked, finding), name="name look-up", daemon=True).start()
        return finding

    def _ask(self, asked: tuple[Any, ...], finding: asyncio.Future[Found]) -> None:
        told: Callable[[], object]
        try:
            told = partial(finding.set_result, self._look(*asked))
        except Exception as error:  # an `OSError`, or a `UnicodeError` for what is no name
            told = partial(finding.set_exception, error)
        with suppress(RuntimeError):  # the loop has ended meanwhile
            self.call_soon_threadsafe(told)


def _looked_at(finding: asyncio.Future[Found]) -> None:
    """A failure that everybody gave up waiting for is no failure that was never looked at."""
    if not finding.cancelled():
        finding.exception()
