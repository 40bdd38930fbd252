"""What an accepted activity says and what that means, each found out once a turn: both are dear.

Floor 7. A member of the room of `bot.teams.desk`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from bot.calendar.calendar import Calendar
from bot.teams import errands
from bot.teams.activity import Incoming, parse
from bot.teams.kept import Tongues
from dialogs import choice
from dialogs.choice import Meant
from dialogs.talk import Ask


class Hearing:
    """One stored body. Of what is no activity, everything raises `Malformed`."""

    def __init__(self, body: bytes, calendar: Calendar, tongues: Tongues, now: Callable[[], datetime]) -> None:
        self._body = body
        self._calendar = calendar
        self._tongues = tongues
        self._now = now
        self._meant: dict[str, Meant] = {}

    @cached_property
    def incoming(self) -> Incoming:
        """The activity."""
        return parse(self._body)

    @cached_property
    def ask(self) -> Ask:
        """What is asked. What is asked for privately is answered to that person alone."""
        ask = errands.asked(self.incoming)
        spoken = spoken_to(ask, self._tongues.of(ask.person))
        return replace(spoken, alone=True) if not ask.alone and choice.alone(ask) else spoken

    def meant(self, ask: Ask) -> Meant:
        """What the ask means, which its person's language may change, and nothing else that a turn learns of it."""
        known = self._meant.get(ask.person.locale)
        if known is None:
            known = self._meant[ask.person.locale] = choice.mean(ask, self._calendar, self._now())
        return known


def spoken_to(ask: Ask, language: str) -> Ask:
    """The ask of somebody who wants to be spoken to in a language, "" for the one Teams names."""
    person = ask.person
    native = person.native or person.locale
    locale, native = language or native, native if language else ""
    return ask if (locale, native) == (person.locale, person.native) else _in(ask, locale, native)


def _in(ask: Ask, locale: str, native: str) -> Ask:
    return replace(ask, person=replace(ask.person, locale=locale, native=native))
