"""Digests: what happened in a channel or chat, told one to one at set times to people who want it.

Floor 3. A member of the room of `dialogs.summary`. A digest is an errand that plans its next one, whatever becomes of it
itself; only the person, or leaving the conversation, ends it.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from dialogs.brief import Request
from dialogs.catchup import news, recent, whole
from dialogs.errors import AssistantError, NotMember
from dialogs.ports import Desk, Dialog, Words
from dialogs.streams import closing
from dialogs.talk import Ask, Cite, Digest, Errand, Event, Part, Person, Place, PlaceKind, Say, Schedule, Visit

OFF = frozenset(
    (
        *("off", "stop", "end", "never", "none", "no"),
        *("aus", "ausschalten", "abbestellen", "stopp", "nie", "keine", "nein"),
        *("arrêter", "arrete", "arrête", "désactiver", "désactivé", "jamais", "non"),
        *("apagar", "apagado", "desactivar", "parar", "nunca", "ninguno"),
    )
)
"""What ends a digest."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EARLY = timedelta(minutes=1)
"""How far two clocks may lie apart: an errand that comes that early must not plan itself once more."""
LINK = 0
"""The number of a citation that is linked by name instead of a mark."""


def digest(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Begins, ends or lists digests. `ask.text` is a schedule, a word that ends them, or empty."""
    return _wanted(ask)(ask, desk)


async def deliver(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The time has come. `ask.text` is the home of the digest. Raises `Busy` and `Unavailable`, the next one planned."""
    found = next((each for each in await desk.memory.digests() if each.place.home == ask.text), None)
    if found is None or found.schedule is None:
        return
    following = _errand(found, found.schedule, desk)
    try:
        async with closing(_told(ask, desk, found, found.schedule)) as parts:
            async for part in parts:
                yield part
    except NotMember:
        yield Say(desk.words.say("I can't see any more that you belong to this conversation, so its digest ends here."))
        yield Digest(found.place)
        return
    except AssistantError as error:
        # Also where it is tried again: should all tries fail, the digest still comes the next time.
        for part in (found, following):
            yield part
        if not error.lasting:
            raise
        title = _title(found, found.schedule, ask.person, desk.words)
        yield Say(f"{title}\n\n{_failed(error, desk.words)}")
        return
    yield replace(found, since=desk.now)
    yield following


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
    first = _errand(begun, schedule, desk)
    yield Say(_promise(schedule, first, desk))
    yield begun
    yield first


async def _end(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    ended = await _meant(ask, desk)
    if not ended:
        yield Say(desk.words.say("You have no digest that I could end here."))
    elif ask.source.kind is PlaceKind.PERSONAL:
        yield Say(desk.words.say("I no longer send you any digests."))
    else:
        yield Say(desk.words.say("I no longer send you a digest of this conversation."))
    for each in ended:
        yield Digest(each.place)


async def _list(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    found = [(each.place, each.schedule) for each in await _meant(ask, desk) if each.schedule]
    if found:
        yield Say(f"{desk.words.say('These digests I send you, one to one:')}\n")
    elif ask.source.kind is PlaceKind.PERSONAL:
        yield Say(desk.words.say("I send you no digest yet."))
    else:
        yield Say(desk.words.say("I send you no digest of this conversation yet."))
    for place, schedule in found:
        yield _source(place, ask.person, desk.words)
        yield Say(f"\n- {_link(place, ask.person, desk.words)}: {_when(schedule, desk.words)}")
    yield Say(f"\n\n{_possible(desk.words)}")


async def _meant(ask: Ask, desk: Desk) -> list[Digest]:
    """The person's digests; where it is asked among others, only the one of that conversation."""
    everywhere = ask.source.kind is PlaceKind.PERSONAL
    return [each for each in await desk.memory.digests() if everywhere or each.place.home == ask.source.home]


async def _elsewhere(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    yield Say(desk.words.say("A digest is of a channel or group chat, so please ask me for it there."))
    yield Say(f"\n\n{_possible(desk.words)}")


async def _told(ask: Ask, desk: Desk, found: Digest, schedule: Schedule) -> AsyncIterator[Part]:
    """The link before the line that shows it, then what is new; from then on the person knows."""
    yield _source(found.place, ask.person, desk.words)
    title = _title(found, schedule, ask.person, desk.words)
    request = Request(found.place, recent(found.since, desk.now), mine=True, heading=title)
    async with closing(news(ask, desk, desk.words, request, f"{title}\n\n")) as parts:
        async for part in parts:
            yield part
    yield Visit(found.place.home, desk.now)


def _errand(found: Digest, schedule: Schedule, desk: Desk) -> Errand:
    """The next time it is told."""
    chat = Place(PlaceKind.PERSONAL, found.chat)
    due = desk.calendar.next(schedule, desk.now + EARLY)
    return Errand(Event.DIGEST, chat, found.place.home, about=found.place, due=due)


def _promise(schedule: Schedule, first: Errand, desk: Desk) -> str:
    return desk.words.say(
        "I'll tell you {when} what happened here: in our own chat, where only you see it. The first digest comes {first}. "
        "**digest off** ends it.",
        when=_when(schedule, desk.words),
        first=desk.words.stamp(first.due or desk.now),
    )


def _possible(words: Words) -> str:
    return words.say(
        "Write **digest daily 9:00** or **digest weekly Monday 9:00** in a channel or group chat to get one, and "
        "**digest off** there to end it; **digest off** in our own chat ends all of them."
    )


def _when(schedule: Schedule, words: Words) -> str:
    """`every Monday at 9:00 (Madrid)`."""
    at = {"clock": f"{schedule.hour}:{schedule.minute:02}", "zone": words.city(schedule.zone)}
    if schedule.weekday is None:
        return words.say("every day at {clock} ({zone})", **at)
    return words.say("every {day} at {clock} ({zone})", day=words.say(DAYS[schedule.weekday]), **at)


def _title(found: Digest, schedule: Schedule, person: Person, words: Words) -> str:
    place = _link(found.place, person, words)
    return words.say("**Your digest of {place}, {when}**", place=place, when=_when(schedule, words))


def _failed(error: AssistantError, words: Words) -> str:
    why = f"{words.say(error.text)} {words.say(error.detail)}".strip()
    hint = words.say("The next digest comes as planned; **digest off** in this chat ends all of them.")
    return f"{why}\n\n{hint}"


def _link(place: Place, person: Person, words: Words) -> str:
    return f"[{_name(place, words)}]({_address(place, person)})"


def _source(place: Place, person: Person, words: Words) -> Cite:
    """What makes the link of that place one that may be pressed."""
    return Cite(LINK, _name(place, words), "", _address(place, person))


def _name(place: Place, words: Words) -> str:
    return words.say("this channel") if place.kind is PlaceKind.CHANNEL else words.say("this chat")


def _address(place: Place, person: Person) -> str:
    """The deep link to a channel or chat. Source: "Deep link to Teams chat", Microsoft Teams platform."""
    home = quote(place.home, safe="")
    if place.kind is not PlaceKind.CHANNEL:
        return f"https://teams.microsoft.com/l/chat/{home}/conversations"
    return f"https://teams.microsoft.com/l/channel/{home}/channel?groupId={place.team or ''}&tenantId={person.tenant}"
