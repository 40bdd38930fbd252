"""What administrators decide in a chat, as statements of the transaction that closes their ask.

Floor 6. Each writes its own audit row where it changed anything: the ask's own says only that an administrator commanded.
"""

from dataclasses import replace

from bot.audit import Action, Actor, Entry, Outcome
from bot.store import books, statements
from bot.store.changes import Frame, Written
from bot.store.keys import key
from bot.store.notes import noted
from bot.store.parameters import REMEMBERED
from dialogs.changes import Buried, Exported, Forgotten, Held, Ruled
from dialogs.talk import PlaceKind


def held(change: Held, frame: Frame) -> Written:
    """A legal hold is placed or lifted. The person is meant by their Entra id."""
    done = entry(frame, Action.HOLD if change.on else Action.LIFT, subject=change.person)
    values = {"tenant": frame.claim.tenant, "person": key(change.person), "by": key(frame.person), **noted(done)}
    return [(books.HOLD if change.on else books.LIFT, values)]


def ruled(change: Ruled, frame: Frame) -> Written:
    """A rule is decided, or taken back."""
    done = entry(frame, Action.RULE, rule=change.name)
    values = {"tenant": frame.claim.tenant, "name": change.name, "value": change.value, "by": key(frame.person)}
    return [(books.UNSET_RULE if change.value is None else books.SET_RULE, values | noted(done))]


def exported(change: Exported, frame: Frame) -> Written:
    """Everything of somebody was written down for who asks."""
    return [(statements.WRITE, noted(entry(frame, Action.EXPORT, subject=change.person)))]


def erased(change: Forgotten, frame: Frame) -> Written:
    """Somebody is erased by another, or not. Written while they are known; then their alias there belongs to nobody."""
    if change.person in ("", frame.person):
        return []
    done = entry(frame, Action.ERASE, subject=change.person)
    return [(statements.WRITE, noted(replace(done, outcome=Outcome.REFUSED) if frame.held else done))]


def buried(change: Buried, frame: Frame) -> Written:
    """A dead letter of the administrator's own company is tried again, or emptied."""
    done = entry(frame, Action.RETRY if change.again else Action.DROP)
    values = {"tenant": frame.claim.tenant, "key": change.key, "forget": frame.at + REMEMBERED, **noted(done)}
    return [(books.BURY[change.again], values)]


def entry(frame: Frame, action: Action, *, subject: str = "", rule: str = "") -> Entry:
    """The audit row of a decision, made one to one as all of them are."""
    made = Entry(
        frame.at, frame.claim.tenant, frame.person, PlaceKind.PERSONAL, "", action, Outcome.OK, actor=Actor.ADMIN
    )
    return replace(made, subject=subject, rule=rule, expires=frame.audited)
