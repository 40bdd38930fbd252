"""What happened in a channel or chat since a person's last visit.

Floor 3. A member of the room of `dialogs.summary`. Only a catch-up or a digest is a visit: a summary that somebody asks
for in between takes nothing away from the next one.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.brief import Request, brief
from dialogs.errors import NothingThere, OnlyBots
from dialogs.plain import plain
from dialogs.ports import Desk, Words
from dialogs.streams import closing, forward
from dialogs.talk import Ask, Part, Place, PlaceKind, Say, Window

FIRST = timedelta(hours=24)
"""What somebody is told of who has not been caught up before."""
LONGEST = timedelta(days=14)
"""How far back a catch-up goes by itself."""


def catch_up(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Everything new to the person, what concerns them first. `ask.text` may name another window or a language."""
    return forward(_caught_up(ask, desk))


async def _caught_up(ask: Ask, desk: Desk) -> AsyncIterator[Part | AsyncIterator[Part]]:
    if ask.source.kind is PlaceKind.PERSONAL:
        yield Say(
            desk.words.say(
                "Our own chat you know. Name a channel or chat of yours: **catch me up on #incidents in Engineering**."
            )
        )
        return
    wish = desk.calendar.wish(ask.text, ask.person, desk.now)
    words = desk.words.within(wish.language) if wish.language else desk.words
    place = whole(ask.source)
    visited = await desk.memory.visited(place.home)
    if wish.window:
        visit = joins(wish.window, visited, desk.now) and _reaches(wish.window, desk.now)
        yield brief(ask, desk, words, Request(place, wish.window, mine=True, visit=visit))
    else:
        yield _unseen(ask, desk, words, place, visited)


async def news(ask: Ask, desk: Desk, words: Words, request: Request, lead: str = "") -> AsyncIterator[Part]:
    """The summary, or behind `lead` one short line where there is nothing to tell; and the `Visit` it is, as `brief` does."""
    try:
        async with closing(brief(ask, desk, words, request)) as parts:
            async for part in parts:
                yield part
    except NothingThere:
        since = words.stamp(request.window.since or desk.now)
        yield Say(lead + words.say("Nothing new since {time}: you have missed nothing.", time=since))
    except OnlyBots:
        yield Say(lead + words.say("Nothing new from people: only apps and bots wrote."))
    else:
        return
    if request.visit:
        yield request.known(desk.now)


def whole(place: Place) -> Place:
    """The channel a thread belongs to; a chat is whole by itself."""
    return replace(place, thread=None) if place.kind is PlaceKind.CHANNEL else place


def recent(since: datetime | None, now: datetime) -> Window:
    """From `since`, but not from further back than `LONGEST`, to `now`; without it the last `FIRST`."""
    start = now - FIRST if since is None else max(since, now - LONGEST)
    return Window(min(start, now), now)


def joins(window: Window, visited: datetime | None, now: datetime) -> bool:
    """Whether nothing lies between the last visit and the window that a catch-up by itself would tell."""
    return visited is None or window.since is None or window.since <= max(visited, now - LONGEST)


def _unseen(ask: Ask, desk: Desk, words: Words, place: Place, visited: datetime | None) -> AsyncIterator[Part]:
    name = plain(place.name)
    heading = f"**{f'{name} · ' if name else ''}{_heading(visited, desk.now, words)}**"
    request = Request(place, recent(visited, desk.now), mine=True, heading=heading, visit=True)
    return news(ask, desk, words, request, f"**{name}**\n\n" if name else "")


def _heading(visited: datetime | None, now: datetime, words: Words) -> str:
    if visited is None:
        return words.say("The last 24 hours: this is the first time you ask me here")
    if visited < now - LONGEST:
        return words.say("The last 14 days: your last visit, {time}, is longer ago", time=words.stamp(visited))
    return words.say("Since your last visit, {time}", time=words.stamp(visited))


def _reaches(window: Window, now: datetime) -> bool:
    """Whether the window leaves out nothing newer."""
    return window.last is None and (window.until is None or window.until >= now)
