"""What a turn leaves behind, of which nothing is thought out here: pure, from how it went.

Floor 6. A member of the room of `bot.turn`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.audit import Action, Actor, Entry, Outcome, outcome_of, where
from bot.store.rows import Claim, Planned, Record
from bot.telemetry import hashed
from dialogs.errors import AssistantError, Gone
from dialogs.shares import share_key
from dialogs.talk import Answer, Ask, Event, Message, PlaceKind, Shared, Usage
from dialogs.tasks import spoken

REMEMBERED = (Action.ANSWER, Action.SUMMARY, Action.CATCH_UP, Action.TASK)
"""What is part of the conversation; what a command says of itself is not."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What the audit says beside the turn itself, and for how long: who acted, what the tokens cost, where they were processed,
    by what program."""

    keep: timedelta | None = None
    actor: Actor = Actor.USER
    cost: float | None = None
    residency: str = ""
    app: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """How a turn went. `cut`: it was stopped, perhaps after some of it stood in the chat; `removed` links did not get there."""

    claim: Claim
    ask: Ask
    action: Action
    answer: Answer
    planned: tuple[Planned, ...]
    usage: tuple[Usage, ...]
    error: AssistantError | None
    began: datetime
    cut: bool = False
    removed: int = 0

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return outcome_of(self.error)


def record(course: Course, now: datetime, keep: timedelta, remark: Remark) -> Record:
    """What is written with the closing of the ask; lines of the conversation are kept for `keep`."""
    ask, outcome, left = course.ask, course.outcome, _left(course)
    return Record(
        at=now,
        outcome=outcome,
        history=_lines(course),
        new_chat=course.answer.new_chat,
        person=ask.person.id,
        usage=course.usage,
        audit=_entry(course, now, remark),
        expires=now + keep,
        visit=left.visit,
        shared=_shared(course.answer, left),
        key=share_key(ask) if left.share else "",
        posted=ask.text if ask.event is Event.POST and outcome is Outcome.OK else "",
        digests=left.digests,
        errands=course.planned if left.errands else (),
        renews=ask.event is Event.DIGEST,
        changes=left.changes,
    )


def _shared(answer: Answer, left: Answer) -> Shared | None:
    return Shared(replace(answer, share=None), left.share.place, left.share.audience) if left.share else None


def _lines(course: Course) -> tuple[Message, ...]:
    """What becomes part of the conversation; nothing that was for one person alone among others."""
    ask, answer = course.ask, course.answer
    alone = ask.place.kind is not PlaceKind.PERSONAL and (ask.alone or answer.share is not None)
    told = Message("assistant", answer.text, answer.scope, answer.cites)
    if alone or not answer.text or not (course.outcome is Outcome.OK or course.cut):
        return ()
    if ask.event in (Event.DIGEST, Event.POST):
        return (told,)
    return (Message("user", spoken(ask)), told) if course.action in REMEMBERED else ()


def _left(course: Course) -> Answer:
    """What is to be done once the answer stands in the chat; of one that does not, only a digest's next time.

    Where the chat is gone, the digest ends too: whoever removed the assistant is not written to every morning.
    """
    answer = course.answer
    if course.outcome is Outcome.OK:
        return answer
    if course.ask.event is not Event.DIGEST:
        return Answer()
    if isinstance(course.error, Gone):
        return Answer(digests=tuple(replace(digest, schedule=None) for digest in answer.digests))
    return Answer(digests=answer.digests, errands=answer.errands)


def _entry(course: Course, now: datetime, remark: Remark) -> Entry:
    ask, usage = course.ask, course.usage
    last = usage[-1] if usage else Usage("", 0, 0)
    return Entry(
        at=now,
        tenant=course.claim.tenant,
        person=ask.person.id,
        place=ask.place.kind,
        conversation=where(ask.place.kind, course.claim.conversation),
        action=course.action,
        outcome=course.outcome,
        actor=remark.actor,
        team=hashed(ask.place.team) if ask.place.team else "",
        model=last.model,
        version=last.version,
        region=last.region,
        request=last.request,
        residency=remark.residency,
        app=remark.app,
        input_tokens=sum(each.input for each in usage),
        output_tokens=sum(each.output for each in usage),
        cached_tokens=sum(each.cached for each in usage),
        cost=remark.cost,
        findings=tuple(dict.fromkeys(found for each in usage for found in each.findings)),
        sources=len(course.answer.cites),
        millis=round((now - course.began) / timedelta(milliseconds=1)),
        dropped=course.answer.dropped,
        links_removed=course.removed,
        expires=None if remark.keep is None else now + remark.keep,
    )
