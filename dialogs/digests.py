"""Digests: what happened in a channel or chat, told one to one at set times to people who want it.

Floor 3. A member of the room of `dialogs.summary`. A digest is an errand that plans its next one, whatever becomes of it
itself; only the person, a conversation that the person or the assistant no longer belongs to, or the loss of the right to
ask at all ends it.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from dialogs.brief import Request
from dialogs.catchup import LONGEST, joins, news, recent, whole
from dialogs.errors import AssistantError, Missing, NeedsSignIn, NotAdded, NotAllowed, NotMember
from dialogs.plain import plain
from dialogs.ports import Desk, Dialog, Words
from dialogs.reading import why
from dialogs.streams import closing, forward
from dialogs.talk import Ask, Cite, Digest, Errand, Event, Part, Person, Place, PlaceKind, Say, Schedule, Visit
from dialogs.timetable import called, ended, following, key, listed, planned, promised, when

OFF = frozenset(
    (
        *("off", "stop", "end", "never", "none", "no"),
        *("aus", "ausschalten", "abbestellen", "stopp", "nie", "keine", "nein"),
        *("arrêter", "arrete", "arrête", "désactiver", "désactivé", "jamais", "non"),
        *("apagar", "apagado", "desactivar", "parar", "nunca", "ninguno"),
        *("オフ", "停止", "解除", "終了", "不要", "やめて", "やめる"),
    )
)
"""What ends a digest."""
SPREAD = timedelta(minutes=5)
"""Within so long after the wished time a digest is told: many are wished for at nine, and all would be made at once."""
OVER = (NotMember, NotAdded, Missing)
"""What trying again every day does not mend."""
SECOND = timedelta(seconds=1)
LINK = 0
"""The number of a citation that is linked by name instead of a mark."""


def digest(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Begins, ends or lists digests. `ask.text` is a schedule, a word that ends them, or empty."""
    return _wanted(ask)(ask, desk)


async def deliver(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The time has come. `ask.text` is the home of the digest.

    Raises `Busy` and `Unavailable`, the next one planned; `NotAllowed` and `NeedsSignIn`, which end it.
    """
    found = await _due(ask, desk)
    if found is None or found.schedule is None:
        return
    upcoming = _errand(ask, found, following(found.schedule, desk))
    title = _title(found, found.schedule, ask.person, desk.words)
    try:
        async with closing(_told(ask, desk, found, title)) as parts:
            async for part in parts:
                yield part
    except (NotAllowed, NeedsSignIn):
        raise
    except OVER as error:
        yield Say(f"{title}\n\n{_ended(error, desk.words)}")
        yield Digest(found.place)
        return
    except AssistantError as error:
        # Also where it is tried again: should all tries fail, the digest still comes the next time.
        for part in (found, upcoming):
            yield part
        if not error.lasting:
            raise
        yield Say(f"{title}\n\n{_failed(error, desk.words)}")
        return
    yield upcoming


async def renewed(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What keeps a digest coming whose telling did not even begin: it as it was, and its next errand.

    What it says is only for where it ends instead, and follows the reason.
    """
    found = await _due(ask, desk)
    if found is not None and found.schedule is not None:
        name = _name(found.place, desk.words)
        yield _source(found.place, ask.person, name)
        yield Say(_lost(_link(found.place, ask.person, name), desk.words))
        yield found
        yield _errand(ask, found, following(found.schedule, desk))


async def _due(ask: Ask, desk: Desk) -> Digest | None:
    return next((each for each in await desk.memory.digests() if each.place.home == ask.text), None)


def _wanted(ask: Ask) -> Dialog:
    words = ask.text.casefold().strip(" .!?:,")
    if words in OFF:
        return _end
    if not words:
        return _list
    return _elsewhere if ask.source.kind is PlaceKind.PERSONAL else _begin


async def _begin(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    schedule = desk.calendar.schedule(ask.text, ask.person)
    place = whole(ask.source)
    if ask.person.id.casefold() not in {member.id.casefold() for member in await desk.members.of(place)}:
        raise NotMember
    known = next((each.since for each in await _meant(ask, desk) if each.since), desk.now)
    begun = Digest(place, schedule, await desk.members.alone(), known)
    first = following(schedule, desk)
    yield Say(_promise(schedule, first, desk))
    yield promised(ask, place, schedule, desk)
    yield begun
    yield _errand(ask, begun, first)


async def _end(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    found = await _meant(ask, desk)
    if not found:
        yield Say(desk.words.say("You have no digest that I could end here."))
    elif ask.source.kind is PlaceKind.PERSONAL:
        yield Say(desk.words.say("I no longer send you any digests."))
    else:
        yield Say(desk.words.say("I no longer send you a digest of this conversation."))
    for part in _ending(ask, found, desk):
        yield part


async def end(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Ends the one digest that a button names: `ask.text` is its key. Whoever else presses that button ends nothing."""
    found = [each for each in await _meant(ask, desk) if key(ask.person, each.place) == ask.text]
    if not found:
        yield Say(
            desk.words.say("That digest is not one of yours, or it is switched off already. I have changed nothing.")
        )
    for each in found:
        name = _name(each.place, desk.words, here=ask.source.home == each.place.home)
        yield _source(each.place, ask.person, name)
        link = _link(each.place, ask.person, name)
        yield Say(desk.words.say("I no longer send you the digest of {place}.", place=link))
    for part in _ending(ask, found, desk):
        yield part


def _ending(ask: Ask, found: Sequence[Digest], desk: Desk) -> Iterator[Part]:
    """What they were on a card, and the end of them."""
    if coming := planned(found):
        yield ended(ask, coming, desk)
    yield from (Digest(each.place) for each in found)


async def _list(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    found = planned(await _meant(ask, desk))
    if found:
        yield Say(f"{desk.words.say('These digests I send you, one to one:')}\n")
    elif ask.source.kind is PlaceKind.PERSONAL:
        yield Say(desk.words.say("I send you no digest yet."))
    else:
        yield Say(desk.words.say("I send you no digest of this conversation yet."))
    for number, (place, schedule) in enumerate(found, start=1):
        name = _name(place, desk.words, here=ask.source.kind is not PlaceKind.PERSONAL)
        yield _source(place, ask.person, name)
        line = {"what": _link(place, ask.person, name), "detail": when(schedule, desk.words)}
        yield Say(f"\n{number}. {desk.words.say('{what}: {detail}', **line)}")
    yield Say(f"\n\n{_possible(desk.words)}")
    if found:
        yield listed(ask, found, desk)


async def _meant(ask: Ask, desk: Desk) -> list[Digest]:
    """The person's digests; where it is asked among others, only the one of that conversation."""
    everywhere = ask.source.kind is PlaceKind.PERSONAL
    return [each for each in await desk.memory.digests() if everywhere or each.place.home == ask.source.home]


async def _elsewhere(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    yield Say(desk.words.say("A digest is of a channel or group chat, so please ask me for it there."))
    yield Say(f"\n\n{_possible(desk.words)}")


def _told(ask: Ask, desk: Desk, found: Digest, title: str) -> AsyncIterator[Part]:
    return forward(_telling(ask, desk, found, title))


async def _telling(ask: Ask, desk: Desk, found: Digest, title: str) -> AsyncIterator[Part | AsyncIterator[Part]]:
    """The link before the line that shows it, then what is new, and how the digest goes on."""
    yield _source(found.place, ask.person, _name(found.place, desk.words))
    window = recent(found.since, desk.now)
    heading = f"{title}\n\n{_since(found.since, desk.now, desk.words)}"
    request = Request(found.place, window, mine=True, heading=heading, visit=True)
    visited = await desk.memory.visited(found.place.home)
    told = news(ask, desk, desk.words, request, f"{title}\n\n")
    yield _noted(told, found, known=joins(window, visited, desk.now))


async def _noted(told: AsyncIterator[Part], found: Digest, *, known: bool) -> AsyncIterator[Part]:
    """What is told; then the digest, which goes on from the visit that it was, or else from where it began.

    `known`: it follows on the person's last visit, so that it is one of the place as well.
    """
    async with closing(told) as parts:
        async for part in parts:
            if isinstance(part, Visit):
                found = replace(found, since=part.at)
            if known or not isinstance(part, Visit):
                yield part
    yield found


def _since(since: datetime | None, now: datetime, words: Words) -> str:
    if since is None:
        return words.say("The last 24 hours")
    if since < now - LONGEST:
        return words.say("The last 14 days: what I told you last, {time}, is longer ago", time=words.stamp(since))
    return words.say("Since {time}", time=words.stamp(since))


def _errand(ask: Ask, found: Digest, wished: datetime) -> Errand:
    """The next time it is told: at the wished time, or a little later."""
    chat = Place(PlaceKind.PERSONAL, found.chat)
    due = wished + _delay(ask.person, found.place.home)
    return Errand(Event.DIGEST, chat, found.place.home, about=found.place, due=due)


def _delay(person: Person, home: str) -> timedelta:
    """The same for one person and place every time, for others another, up to `SPREAD`."""
    share = int.from_bytes(sha256(f"{person.id}\n{home}".encode()).digest()[:4])
    return share % (SPREAD // SECOND + 1) * SECOND


def _promise(schedule: Schedule, first: datetime, desk: Desk) -> str:
    return desk.words.say(
        "I'll tell you {when} what happened here: in our own chat, where only you see it. The first digest comes {first}. "
        "**digest off** ends it.",
        when=when(schedule, desk.words),
        first=desk.words.stamp(first),
    )


def _possible(words: Words) -> str:
    return words.say(
        "Write **digest daily 9:00** or **digest weekly Monday 9:00** in a channel or group chat to get one, and "
        "**digest off** there to end it; **digest off** in our own chat ends all of them."
    )


def _title(found: Digest, schedule: Schedule, person: Person, words: Words) -> str:
    place = _link(found.place, person, _name(found.place, words))
    return words.say("**Your digest of {place}, {when}**", place=place, when=when(schedule, words))


def _failed(error: AssistantError, words: Words) -> str:
    hint = words.say("The next digest comes as planned; **digest off** in this chat ends all of them.")
    return f"{why(error, words)}\n\n{hint}"


def _ended(error: AssistantError, words: Words) -> str:
    if isinstance(error, NotMember):
        return words.say("I can't see any more that you belong to this conversation, so its digest ends here.")
    hint = words.say("This digest ends here: ask me for a new one there once I can read it again.")
    return f"{why(error, words)}\n\n{hint}"


def _lost(place: str, words: Words) -> str:
    return words.say(
        "So your digest of {place} ends here. Once that is put right, write **digest daily 9:00** there to begin it again.",
        place=place,
    )


def _link(place: Place, person: Person, name: str) -> str:
    return f"[{name}]({_address(place, person)})"


def _source(place: Place, person: Person, name: str) -> Cite:
    """What makes the link of that place one that may be pressed."""
    return Cite(LINK, name, "", _address(place, person))


def _name(place: Place, words: Words, *, here: bool = False) -> str:
    """What a place is called, where it is shown as a link."""
    return plain(called(place, words, here=here))


def _address(place: Place, person: Person) -> str:
    """The deep link to a channel or chat. Source: "Deep link to Teams chat", Microsoft Teams platform."""
    home = quote(place.home, safe="")
    if place.kind is not PlaceKind.CHANNEL:
        return f"https://teams.microsoft.com/l/chat/{home}/conversations"
    return f"https://teams.microsoft.com/l/channel/{home}/channel?groupId={place.team or ''}&tenantId={person.tenant}"
