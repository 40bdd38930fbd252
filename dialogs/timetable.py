"""Digests at a glance: which they are, when they come, the next one, and what switches one off.

Floor 3. A member of the room of `dialogs.summary`. Among others everybody sees such a card and may press what is on it: so it
says whose digest it is, and its button names this one digest of this one person, whoever presses it.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256

from dialogs.cards import Button, Card, Row
from dialogs.plain import line
from dialogs.ports import Desk, Words
from dialogs.talk import Ask, Digest, Person, Place, PlaceKind, Schedule

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EARLY = timedelta(minutes=1)
"""How far two clocks may lie apart: an errand that comes that early must not plan itself once more."""
MOST = 16
"""Digests on one card: it has room for so many in every language, be their names fifty signs of three bytes each."""
KEY = 32
"""Characters of a digest's key, as many as of any that a button says."""
Planned = tuple[Place, Schedule]
"""A digest that comes."""


def key(person: Person, place: Place) -> str:
    """What a button calls a person's digest of a place; nobody else's is called so."""
    return sha256(f"digest\n{person.id}\n{place.home}".encode()).hexdigest()[:KEY]


def planned(digests: Sequence[Digest]) -> list[Planned]:
    """Those that come."""
    return [(each.place, each.schedule) for each in digests if each.schedule]


def following(schedule: Schedule, desk: Desk) -> datetime:
    """The next time that is wished for; it is told within some minutes."""
    return desk.calendar.next(schedule, desk.now + EARLY)


def when(schedule: Schedule, words: Words) -> str:
    """`every Monday at 09:00 (Madrid)`."""
    at = {"clock": words.clock(time(schedule.hour, schedule.minute)), "zone": words.city(schedule.zone)}
    if schedule.weekday is None:
        return words.say("every day at {clock} ({zone})", **at)
    return words.say("every {day} at {clock} ({zone})", day=words.say(DAYS[schedule.weekday]), **at)


def called(place: Place, words: Words, *, here: bool = False) -> str:
    """What a place is called, `here` in itself and elsewhere, as far as anybody knows its name; plain text."""
    channel = place.kind is PlaceKind.CHANNEL
    if here:
        return words.say("this channel") if channel else words.say("this chat")
    return line(place.name) or (words.say("a channel") if channel else words.say("a group chat"))


def promised(ask: Ask, place: Place, schedule: Schedule, desk: Desk) -> Card:
    """What was begun."""
    say = desk.words.say
    rows = (
        Row((say("Channel or chat"), called(place, desk.words, here=_among(ask)))),
        Row((say("When"), when(schedule, desk.words))),
        Row((say("The next one"), desk.words.stamp(following(schedule, desk)))),
    )
    return Card(say("Your digest"), _whose(ask, desk.words), (_off(ask.person, place, desk.words),), rows=rows)


def listed(ask: Ask, found: Sequence[Planned], desk: Desk) -> Card:
    """Those that come, each with what switches it off; several in the person's own chat also with one button for all.

    Of many the first: the card says how many more there are, and stands below a list that names all of them.
    """
    say = desk.words.say
    head = Row((say("Channel or chat"), say("When"), say("The next one")), head=True, colon=desk.words.colon)
    rows = tuple(_row(ask, *each, desk) for each in found[:MOST])
    every = (Button(say("Switch all off"), "digest off", quiet=True),) if len(found) > 1 else ()
    return Card(
        say("Your digests"),
        _whose(ask, desk.words),
        every,
        rows=(head, *rows),
        foot=_more(len(found) - MOST, desk.words),
    )


def ended(ask: Ask, found: Sequence[Planned], desk: Desk) -> Card:
    """What was switched off. How it is begun again is said where it is begun: a button here would begin one for whoever presses it."""
    say = desk.words.say
    head = Row((say("Channel or chat"), say("When")), head=True, colon=desk.words.colon)
    rows = (Row((called(place, desk.words, here=_among(ask)), when(schedule, desk.words))) for place, schedule in found)
    return Card(say("Switched off"), _whose(ask, desk.words), rows=(head, *rows))


def _more(number: int, words: Words) -> tuple[str, ...]:
    """What the card has no room for, and how it is ended all the same."""
    if number <= 0:
        return ()
    more = words.count(
        "{number} more is named in the list above. Write “digest off” in its channel or chat to end it.",
        "{number} more are named in the list above. Write “digest off” in the channel or chat of one to end it.",
        number,
    )
    return (more,)


def _row(ask: Ask, place: Place, schedule: Schedule, desk: Desk) -> Row:
    name = called(place, desk.words, here=_among(ask))
    at = desk.words.stamp(following(schedule, desk))
    return Row((name, when(schedule, desk.words), at), (_off(ask.person, place, desk.words),))


def _off(person: Person, place: Place, words: Words) -> Button:
    return Button(words.say("Switch off"), f"digest off {key(person, place)}", quiet=True)


def _whose(ask: Ask, words: Words) -> tuple[str, ...]:
    """Where others read along, for whom it is."""
    return (words.say("For {name}", name=ask.person.name),) if _among(ask) and ask.person.name else ()


def _among(ask: Ask) -> bool:
    return ask.source.kind is not PlaceKind.PERSONAL
