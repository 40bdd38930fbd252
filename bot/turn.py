"""One turn: an accepted activity becomes an answer that stands in the chat.

Floor 6. A turn moves through the phases of the store: accepted → placed (a first message stands in the chat and its
id is saved) → answered (the text is saved) → finished (history, usage, audit and the closed ask in one transaction).
Whatever ends a process in between, the next life of the ask goes on from the last phase and writes over what stands
there; that is why nothing is said before its message's id is saved. Whose person must sign in first is parked instead of
answered, out of the way of others, and goes on in its next life.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.answers import pack, unpack
from bot.audit import Action, Outcome
from bot.limits import SIGN_IN_WAIT
from bot.record import Course, Remark, record
from bot.store.rows import Arrival, Claim, LeaseLost, Planned, Record, StoreAway
from bot.telemetry import Event, Log
from bot.voice import Phases, Voice, aside, halved, heading, is_silent, shows, speaks_first
from dialogs import talk
from dialogs.errors import (
    AllBusy,
    AssistantError,
    Crowded,
    Gone,
    NeedsSignIn,
    NotAllowed,
    Offered,
    SignInExpired,
    StillMissing,
    Stopped,
)
from dialogs.rules import ATTEMPTS, counts, retry_at
from dialogs.streams import closing
from dialogs.talk import Answer, Ask, Errand, Part, Usage, grow

FIRST_WORDS = "Thinking…"

log = Log("bot.turn")


class Broken(AssistantError):
    """Something in me broke while I was answering. Your message is kept, and an administrator can have it answered."""

    lasting = False


Act = Callable[[Voice], Awaitable[None]]
"""What is done with a voice."""


async def nobody(claim: Claim, ask: Ask) -> bool:
    """Shows no card to anybody."""
    return False


def nowhere(ask: Ask | None, record: Record) -> None:
    """Nobody wants to know."""


async def nothing(claim: Claim, ask: Ask) -> AsyncIterator[Part]:
    """Keeps nothing."""
    return
    yield


@dataclass(frozen=True, slots=True)
class Ways:
    """What a turn is handed: how to read its body, to speak in its conversation, to answer, and the time.

    `plan` makes an errand the ask that it will be. `words` says an error, `first` the first note and `queued` how many wait
    before it, to who asked.
    `offered`: whether the ask is to show its person how to sign in, because no card stands there yet. `renew`: what keeps
    a digest coming whose own dialog did not get as far, and what is said where it ends instead. `keep`: how long a tenant
    keeps what was said; `remark`: what the audit of a tenant says beside the turn itself; `closed` is told of the end.
    """

    read: Callable[[], Ask]
    speak: Callable[[Claim, Ask, Act], Awaitable[None]]
    answer: Callable[[Claim, Ask, Callable[[Usage], None]], AsyncIterator[Part]]
    action: Callable[[Ask], Action]
    keep: Callable[[str], timedelta]
    now: Callable[[], datetime]
    report: Callable[[BaseException], None]
    plan: Callable[[Claim, Ask, Errand], Arrival]
    words: Callable[[AssistantError, Ask], str] = lambda error, ask: error.words
    first: Callable[[Ask], str] = lambda ask: FIRST_WORDS
    queued: Callable[[Ask, int], str] = lambda ask, before: f"{before} before it"
    offered: Callable[[Claim, Ask], Awaitable[bool]] = nobody
    renew: Callable[[Claim, Ask], AsyncIterator[Part]] = nothing
    remark: Callable[[str, Ask, Sequence[Usage]], Remark] = lambda tenant, ask, usage: Remark()
    closed: Callable[[Ask | None, Record], None] = nowhere


class Turn:
    """One life of one ask. `run` it once. `stop` is done when the person does not want the answer any more."""

    def __init__(self, phases: Phases, ways: Ways, claim: Claim, stop: asyncio.Future[None] | None = None) -> None:
        self._phases = phases
        self._ways = ways
        self._claim = claim
        self._stop = stop or asyncio.get_running_loop().create_future()
        self._began = ways.now()
        self._usage: list[Usage] = []
        self._answer = Answer()
        self._cut = False
        self._held = False
        self._removed = 0
        self._planned: tuple[Planned, ...] = ()
        self._error: AssistantError | None = None

    async def run(self) -> Claim | None:
        """Answer, and hand back what the lane holds next. Raises `LeaseLost` and `StoreAway`."""
        try:
            ask = self._ways.read()
        except Exception as fault:
            return await self._unread(fault)
        error = await self._spoken(ask, lambda voice: self._act(ask, voice))
        if error is None:
            return await (self._park(ask) if self._held else self._finish(ask))
        at = self._again(error)
        if at is not None:
            log.event(Event.POSTPONED, logging.WARNING, activity=self._claim.activity, error=error)
            await self._phases.postpone(self._claim, at, self._record(ask), counted=self._counts(error))
            return None
        self._error = error
        if not isinstance(error, Gone) and not is_silent(ask):
            # Nobody may be left without a word; where even that fails, the operator has the dead letter.
            await self._spoken(aside(ask), lambda voice: self._excuse(error, ask, voice))
        return await self._finish(ask)

    async def _unread(self, fault: Exception) -> Claim | None:
        """End what is no activity, whoever put it there: no further try would read it, and others wait behind it."""
        self._ways.report(fault)
        log.event(Event.DEAD, logging.ERROR, activity=self._claim.activity, error=fault)
        return await self._close(None, Record(self._ways.now(), Outcome.DEAD))

    async def _excuse(self, error: AssistantError, ask: Ask, voice: Voice) -> None:
        """Say why there is no answer."""
        sign_in = isinstance(error, NeedsSignIn) and await self._ways.offered(self._claim, ask)
        await voice.close(Answer(self._ways.words(error, ask), sign_in=sign_in))

    async def _spoken(self, ask: Ask, act: Act) -> AssistantError | None:
        """Act with a voice in the ask's conversation; what went wrong there, a fault of ours as `Broken`."""
        try:
            await self._ways.speak(self._claim, ask, act)
        except AssistantError as error:
            return error
        except (LeaseLost, StoreAway):
            raise
        except Exception as fault:
            self._ways.report(fault)
            return Broken()
        return None

    async def _park(self, ask: Ask) -> Claim | None:
        log.event(Event.PARKED, activity=self._claim.activity, person=ask.person.id)
        return await self._phases.park(self._claim, self._ways.now() + SIGN_IN_WAIT, self._record(ask))

    async def _finish(self, ask: Ask) -> Claim | None:
        if ask.event is talk.Event.DIGEST and not self._answer.digests:
            await self._renew(ask)
        record = self._record(ask)
        dead = record.outcome is Outcome.DEAD
        event, level = (Event.DEAD, logging.ERROR) if dead else (Event.ANSWERED, logging.INFO)
        took = round((record.at - self._began) / timedelta(milliseconds=1))
        log.event(event, level, activity=self._claim.activity, person=ask.person.id, millis=took, error=self._error)
        return await self._close(ask, record)

    async def _close(self, ask: Ask | None, record: Record) -> Claim | None:
        following = await self._phases.finish(self._claim, record)
        self._ways.closed(ask, record)
        return following

    async def _renew(self, ask: Ask) -> None:
        """Whatever kept a digest from being told, and be it a fault of ours: the next one is planned."""
        kept = await self._kept(ask)
        self._answer = replace(self._answer, digests=kept.digests, errands=kept.errands)
        self._planned = self._plans(ask)

    async def _end(self, ask: Ask) -> None:
        """The person may not have this digest any more: that is told once, with how to begin it again, and not every day."""
        kept = await self._kept(ask)
        self._answer = replace(
            self._answer,
            text=f"{self._answer.text}\n\n{kept.text}".strip(),
            cites=kept.cites,
            digests=tuple(replace(digest, schedule=None) for digest in kept.digests),
            errands=(),
        )

    async def _kept(self, ask: Ask) -> Answer:
        """A digest as it would go on, and what is said where it does not; nothing where that cannot be found out."""
        kept = Answer()
        try:
            async with closing(self._ways.renew(self._claim, ask)) as parts:
                async for part in parts:
                    kept = grow(kept, part)
        except (LeaseLost, StoreAway):
            raise
        except Exception as fault:  # the ask must come to its end all the same
            self._ways.report(fault)
        return kept

    async def _act(self, ask: Ask, voice: Voice) -> None:
        try:
            await self._say(ask, voice)
        except NeedsSignIn as error:
            if not self._waits(error, ask):
                raise
            await self._hold(ask, voice)
        if voice.stopped and self._error is None:
            self._error, self._cut = Stopped(), True

    async def _hold(self, ask: Ask, voice: Voice) -> None:
        """Say that the answer waits, and show how to sign in. Only then is it parked: without a card nobody ends the wait."""
        await voice.hold()
        if voice.stopped:
            return
        try:
            if await self._ways.offered(self._claim, ask):
                await voice.offer()
        except AssistantError as error:
            if self._again(error) is not None:
                raise
            self._fail(error, ask)
            await voice.close(self._answer)
        else:
            self._held = True

    async def _say(self, ask: Ask, voice: Voice) -> None:
        if self._claim.answer is not None and not self._claim.stopped:
            self._answer = unpack(self._claim.answer)
        else:
            placeholder = await self._prepare(ask, voice)
            # Also the fence just before anybody reads it: a process that lost the lane stops here.
            kept = await self._phases.answered(self._claim, pack(self._answer), placeholder)
            if not kept and not isinstance(self._error, Stopped):
                self._refuse(Stopped(), ask)
        self._planned = self._plans(ask)
        if shows(self._answer, ask):
            await self._begin(ask, voice)
            await voice.close(self._answer, self._claim.shown, self._shown, self._begun)
            self._removed = voice.removed

    async def _begin(self, ask: Ask, voice: Voice) -> None:
        """Of what was not begun before the answer was there, say the first line: a crash then leaves one message, not two."""
        if not speaks_first(ask) and self._claim.placeholder is None:
            await self._phases.placed(self._claim, self._stands(await voice.open(heading(self._answer))))

    def _stands(self, placeholder: str) -> str:
        """A message stands in the chat: whatever else this turn has to say is written over it."""
        self._claim = replace(self._claim, placeholder=placeholder or None)
        return placeholder

    async def _prepare(self, ask: Ask, voice: Voice) -> str | None:
        """Place the first message and compose the answer at the same time; the model does not wait for Teams.

        The message's id is saved at once, unless the answer is there by then: both are saved together, and it is
        handed back for that.
        """
        composing = asyncio.create_task(self._compose(ask, voice))
        self._stop.add_done_callback(lambda _: composing.cancel())
        placeholder = None
        try:
            if self._claim.placeholder is None and speaks_first(ask):
                placeholder = self._stands(await voice.open(self._ways.first(ask)))
                if not composing.done() or composing.exception() is not None or composing.result() is not None:
                    await self._phases.placed(self._claim, placeholder)
                    placeholder = None
            error = await composing
        finally:
            if composing.cancel():
                await asyncio.wait({composing})  # the model's call is closed, and has told what it took
        if error is None:
            await self._show_once(ask)
            return placeholder
        if isinstance(error, AllBusy) and self._again(error) is not None and speaks_first(ask):
            await self._defer(ask, voice)
        await self._without(self._waited(error), ask)
        return None

    async def _defer(self, ask: Ask, voice: Voice) -> None:
        """Say how many wait before this ask: nobody looks at three dots for minutes. Unsaid, it is tried again all the same."""
        with suppress(AssistantError):
            await voice.defer(self._ways.queued(ask, await self._phases.before(self._claim)))

    def _waited(self, error: AssistantError) -> AssistantError:
        """A sign-in is waited for once: where it came and was not enough, another would not be either."""
        if not isinstance(error, NeedsSignIn) or not self._claim.parked:
            return error
        return StillMissing() if self._claim.woken else SignInExpired()

    async def _without(self, error: AssistantError, ask: Ask) -> None:
        """Make a refusal the answer. Raises the error where it is tried again, waits, or is told elsewhere."""
        if self._again(error) is not None or self._waits(error, ask):
            raise error
        self._refuse(error, ask)
        if isinstance(error, NeedsSignIn):
            self._answer = replace(self._answer, sign_in=await self._ways.offered(self._claim, ask))
        if isinstance(error, NotAllowed | NeedsSignIn) and ask.event is talk.Event.DIGEST:
            await self._end(ask)

    async def _show_once(self, ask: Ask) -> None:
        """Where a card to sign in with stands already, an answer leads to that one instead of showing another."""
        if self._answer.sign_in and not await self._ways.offered(self._claim, ask):
            self._answer = replace(self._answer, text=self._ways.words(Offered(), ask), sign_in=False)

    def _waits(self, error: AssistantError, ask: Ask) -> bool:
        """Whether it waits for its person to sign in. An errand does not: nobody sits there, and it was no question."""
        return isinstance(error, NeedsSignIn) and ask.event is talk.Event.MESSAGE

    def _refuse(self, error: AssistantError, ask: Ask) -> None:
        """There is no answer; who asked is told here, unless everybody would read it. Raises the error then."""
        if aside(ask) != ask:
            raise error
        self._fail(error, ask)

    def _fail(self, error: AssistantError, ask: Ask) -> None:
        """The answer is that there is none. A digest that cannot be told this time is still told the next."""
        words = self._ways.words(error, ask)
        kept = replace(self._answer, text=words, ai=False, cites=(), cards=(), scope=None, visit=None, share=None)
        left = kept if ask.event is talk.Event.DIGEST else Answer(words, dropped=kept.dropped)
        self._cut = isinstance(error, Stopped)  # what was asked stays: whoever wants it after all says `again`
        self._error, self._answer = error, halved(self._answer, words) if self._cut else left

    def _plans(self, ask: Ask) -> tuple[Planned, ...]:
        return tuple(self._plan(ask, errand) for errand in self._answer.errands)

    def _plan(self, ask: Ask, errand: Errand) -> Planned:
        told = errand.about if errand.event is talk.Event.DIGEST else None
        return Planned(self._ways.plan(self._claim, ask, errand), told.home if told else None)

    async def _compose(self, ask: Ask, voice: Voice) -> AssistantError | None:
        if self._claim.stopped:
            return Stopped()
        if self._claim.crowded and ask.event is talk.Event.MESSAGE:
            return Crowded()
        if self._claim.attempts >= ATTEMPTS:
            return AssistantError()
        try:
            await self._hear(await voice.located(ask), voice)
        except AssistantError as error:
            return Stopped() if self._stop.done() or voice.stopped else error
        except (LeaseLost, StoreAway):
            raise
        except asyncio.CancelledError:
            if not self._stop.done():
                raise
            return Stopped()
        except Exception as fault:  # ours: the person gets an apology and the operator a dead letter
            self._ways.report(fault)
            return AssistantError()
        return None

    async def _hear(self, ask: Ask, voice: Voice) -> None:
        async with closing(self._ways.answer(self._claim, ask, self._usage.append)) as parts:
            async for part in parts:
                self._answer = grow(self._answer, part)
                await voice.add(part)
                if voice.stopped:
                    return

    async def _begun(self, standing: str) -> None:
        await self._phases.placed(self._claim, self._stands(standing))

    async def _shown(self, count: int) -> None:
        await self._phases.shown(self._claim, count)

    def _again(self, error: AssistantError) -> datetime | None:
        return retry_at(error, self._claim.attempts + 1, self._ways.now(), counted=self._counts(error))

    def _counts(self, error: AssistantError) -> bool:
        return counts(error, self._claim.lacking, self._ways.now())

    def _record(self, ask: Ask) -> Record:
        ways, claim = self._ways, self._claim
        usage = tuple(self._usage)
        course = Course(
            claim=claim,
            ask=ask,
            action=ways.action(ask),
            answer=self._answer,
            planned=self._planned,
            usage=usage,
            error=self._error,
            began=self._began,
            cut=self._cut,
            removed=self._removed,
        )
        return record(course, ways.now(), ways.keep(claim.tenant), ways.remark(claim.tenant, ask, usage))
