"""The line that says which messages of which place an answer is about.

Floor 3. A member of the room of `dialogs.summary`.
"""

from datetime import datetime

from dialogs.plain import plain
from dialogs.ports import Desk, Words
from dialogs.talk import Person, Place, PlaceKind, Window

THREAD = ("This thread", "This thread since {since}", "This thread until {until}", "This thread, {span}")
CHANNEL = ("This channel", "This channel since {since}", "This channel until {until}", "This channel, {span}")
CHAT = ("This chat", "This chat since {since}", "This chat until {until}", "This chat, {span}")
LAST_OF_THREAD = ("The last message of this thread", "The last {number} messages of this thread")
LAST_OF_CHANNEL = ("The last message of this channel", "The last {number} messages of this channel")
LAST_OF_CHAT = ("The last message of this chat", "The last {number} messages of this chat")


def heading(person: Person, desk: Desk, words: Words, place: Place, window: Window) -> str:
    """`This channel since Mon 16 Nov 00:00 (Madrid)`, `The last 50 messages of this chat`, `This thread`."""
    if place.name:
        return _named(person, desk, words, place, window)
    (whole, since, until, span), (one, many) = _phrases(place)
    if window.last is not None:
        return words.count(one, many, window.last)
    if window.since and (window.until or window.since.year != desk.now.year):
        return words.say(span, span=words.span(window.since, window.until or desk.now))
    if window.since:
        return words.say(since, since=_moment(window.since, person, words))
    if window.until:
        return words.say(until, until=_moment(window.until, person, words))
    return words.say(whole)


def _named(person: Person, desk: Desk, words: Words, place: Place, window: Window) -> str:
    """`#incidents in Engineering since Mon 16 Nov 00:00 (Madrid)`."""
    name = plain(place.name)
    if window.last is not None:
        one, many = "{place}: the last message", "{place}: the last {number} messages"
        return words.count(one, many, window.last, place=name)
    if window.since and (window.until or window.since.year != desk.now.year):
        return words.say("{place}, {span}", place=name, span=words.span(window.since, window.until or desk.now))
    if window.since:
        return words.say("{place} since {since}", place=name, since=_moment(window.since, person, words))
    if window.until:
        return words.say("{place} until {until}", place=name, until=_moment(window.until, person, words))
    return name


def _phrases(place: Place) -> tuple[tuple[str, str, str, str], tuple[str, str]]:
    if place.kind is not PlaceKind.CHANNEL:
        return CHAT, LAST_OF_CHAT
    return (THREAD, LAST_OF_THREAD) if place.thread else (CHANNEL, LAST_OF_CHANNEL)


def _moment(time: datetime, person: Person, words: Words) -> str:
    return words.say("{time} ({zone})", time=words.stamp(time), zone=words.city(person.zone))
