"""What a person thinks of an answer (`message/submitAction`): a thumb, and the words they wrote with it.

Floor 7. A member of the room of `bot.teams.invoke`. Source: user feedback controls of Teams. Its shapes differ: some nest all
of it under `data`; the words are JSON in a text, or the text itself (Agents Playground), which names no message either.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from bot.audit import Action, Entry, Outcome, where
from bot.store.opinions import Opinion
from bot.teams.activity import Incoming, place
from bot.teams.bodies import Answer, error

WORDS = 4_000
"""Characters that are kept of what somebody wrote."""
LIKED = {"like": True, "dislike": False}


@dataclass(frozen=True, slots=True)
class Thumb:
    """Up (`liked`) or down. `text` is what was written, "" for nothing."""

    liked: bool
    text: str = ""

    @property
    def action(self) -> Action:
        """Its name in the audit."""
        return Action.LIKE if self.liked else Action.DISLIKE


@dataclass(frozen=True, slots=True)
class Feedback:
    """Keeps thumbs, and notes in the audit that there was one. Teams itself keeps nothing of them.

    `period` is for how long those of a tenant are kept. Each of these raises `StoreAway`.
    """

    keep: Callable[[Opinion], Awaitable[object]]
    write: Callable[[Entry], Awaitable[object]]
    period: Callable[[str], Awaitable[timedelta]]
    now: Callable[[], datetime]

    async def __call__(self, incoming: Incoming) -> Answer:
        """200 with nothing in it: Teams takes any word of an answer for an error."""
        given = thumb(incoming.value)
        if given is None:
            return Answer(400, error("BadRequest"))
        if incoming.sender.entra:
            await self.keep(await self._opinion(incoming, given))
        await self.write(entry(incoming, given.action, self.now()))
        return Answer(200)

    async def _opinion(self, incoming: Incoming, given: Thumb) -> Opinion:
        now = self.now()
        return Opinion(
            incoming.tenant,
            incoming.sender.entra,
            place(incoming).conversation,
            incoming.reply_to,
            given.liked,
            given.text,
            now,
            now + await self.period(incoming.tenant),
        )


def entry(incoming: Incoming, action: Action, at: datetime) -> Entry:
    """The audit row of an invoke that did what it was to do."""
    found = place(incoming)
    return Entry(
        at=at,
        tenant=incoming.tenant,
        person=incoming.sender.entra,
        place=found.kind,
        conversation=where(found.kind, found.conversation),
        action=action,
        outcome=Outcome.OK,
    )


def thumb(value: Any) -> Thumb | None:
    """The thumb of an invoke's value; None where it is none."""
    fields = _fields(value)
    fields = fields if "actionName" in fields else _fields(fields.get("data"))
    given = _fields(fields.get("actionValue"))
    reaction = given.get("reaction")
    if fields.get("actionName") != "feedback" or not isinstance(reaction, str) or reaction not in LIKED:
        return None
    return Thumb(LIKED[reaction], _words(given.get("feedback")))


def _words(feedback: object) -> str:
    """What was written; what cannot be made out is nothing, and the thumb counts all the same."""
    read = _read(feedback)
    found = read.get("feedbackText") if isinstance(read, Mapping) else read
    return found.strip()[:WORDS] if isinstance(found, str) else ""


def _read(feedback: object) -> object:
    """The object in a text; a text that holds none as it is."""
    if not isinstance(feedback, str):
        return feedback
    try:
        found = orjson.loads(feedback)
    except ValueError:
        return feedback
    return found if isinstance(found, dict) else feedback


def _fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
