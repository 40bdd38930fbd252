"""One resource asked for one answer: begun, read piece by piece, ended; metered once, and its breaker told.

Floor 6.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.marks import Step
from bot.models.breaker import Try
from bot.models.tally import Tally
from bot.models.transport import PAUSE
from bot.signals import Begun, asked, begun
from bot.telemetry import Event, Log
from dialogs.errors import AssistantError, Silent
from dialogs.talk import Usage

EAGER = 80
"""Characters of an answer that are handed on as they come: who asked waits for the first words, and sees the others at the next
step of a stream."""
TOGETHER = 64
"""Chunks that are handed on as one piece at most."""
Meter = Callable[[Usage], None]

log = Log("bot.models.attempt")


class Chunks(Protocol):
    """An answer as it arrives."""

    async def following(self) -> Any | None:
        """The next chunk, `PAUSE` after those that had arrived together; None at the end. Raises an `AssistantError`."""

    @property
    def together(self) -> bool:
        """Whether a `PAUSE` follows what has arrived together."""

    def calm(self) -> None:
        """Nobody waits for each of its pieces any more: several may come together."""

    async def close(self) -> None:
        """Let go of it; the resource then writes no more."""


@dataclass(frozen=True, slots=True)
class Times:
    """Until when the first word and the whole answer are waited for (the loop's time), and seconds between two pieces."""

    first: float
    whole: float
    silence: float


class Attempt:
    """`ask` begins the request; `leave` is the breaker's."""

    def __init__(
        self, ask: Callable[[], Awaitable[Chunks]], leave: Try, tally: Tally, meter: Meter, times: Times
    ) -> None:
        self._ask = ask
        self._leave = leave
        self._tally = tally
        self._meter = meter
        self._times = times
        self._chunks: Chunks | None = None
        self._kept: Any | None = None
        self._late: AssistantError | None = None
        self._ended = False
        self._begun: Begun | None = None

    @property
    def failure(self) -> AssistantError | None:
        """Why the answer did not come to its end."""
        return self._tally.failure

    @property
    def said(self) -> bool:
        """Whether a person may have seen some of it."""
        return self._tally.said

    async def begin(self) -> None:
        """Ask, and return with the first chunk, which says nothing yet. Raises an `AssistantError`, and is ended then.

        A resource that has sent nothing but its headers has not begun.
        """
        self._begun = begun(Step.CHAT)
        try:
            self._chunks = await self._ask()
            while (chunk := await self._chunks.following()) == PAUSE:
                continue  # a line of comment keeps a connection open, and begins no answer
            self._kept = chunk
        except AssistantError as error:
            self._failed(error)
            await self.end()
            raise
        self._leave.began()

    async def pieces(self) -> AsyncGenerator[str, None]:
        """The text of what has begun, as it arrives; whether it came to its end says `failure`."""
        try:
            said = 0
            while (text := await self._following()) is not None:
                yield text
                said += len(text)
                if said > EAGER and self._chunks is not None:
                    self._chunks.calm()
                # What has arrived already comes without waiting, and eight answers may have arrived whole.
                await asyncio.sleep(0)
            self._tally.complete()
            self._leave.succeeded()
        except AssistantError as error:
            self._failed(error)
        finally:
            await self.end()

    async def end(self, *, late: bool = False) -> None:
        """Let go of it and meter what it took, also what it took in vain; `late`: it took too long to begin."""
        if self._ended:
            return
        self._ended = True
        if self._late is not None and self._tally.failure is None:
            self._failed(self._late)
        if late:
            self._broke(Silent())
        self._leave.withdrew()
        usage = self._tally.usage()
        if self._tally.charged:
            self._meter(usage)
        asked(self._begun, usage, self._tally.failure, charged=self._tally.charged)
        if self._chunks is not None:
            await self._chunks.close()

    async def _following(self) -> str | None:
        """The text of what has arrived together; what goes wrong behind it comes after it. None at the end."""
        if self._late is not None:
            raise self._late
        said: list[str] = []
        until = self._until()
        # Where nothing tells what has arrived together, each chunk is handed on by itself.
        most = TOGETHER if self._chunks is not None and self._chunks.together else 1
        while len(said) < most:
            try:
                chunk = await self._in_time(until)
                text = "" if chunk is None or chunk == PAUSE else self._tally.take(chunk)
            except AssistantError as error:
                if not said:
                    raise
                self._late = error
                break
            if chunk is None or (chunk == PAUSE and said):
                break
            if text:
                said.append(text)
                until = self._until()
        return "".join(said) or None

    def _until(self) -> float:
        """Until when the next text is waited for; a chunk without any is none."""
        return asyncio.get_running_loop().time() + self._times.silence if self.said else self._times.first

    async def _in_time(self, until: float) -> Any | None:
        try:
            # A deadline around the whole answer would strike at whoever is being yielded to.
            async with asyncio.timeout_at(min(until, self._times.whole)):
                return await self._next()
        except TimeoutError as error:
            log.event(Event.MODEL_FAILED, logging.WARNING, status=0, error=error)
            raise Silent from None

    async def _next(self) -> Any | None:
        kept, self._kept = self._kept, None
        if kept is not None or self._chunks is None:
            return kept
        return await self._chunks.following()

    def _failed(self, error: AssistantError) -> None:
        self._tally.fail(error)
        if error.final:
            self._leave.began()  # it is well: what it refuses is this request
        else:
            self._broke(error)

    def _broke(self, error: AssistantError) -> None:
        if self._leave.failed(error):
            log.event(Event.MODEL_OPENED, logging.WARNING)
