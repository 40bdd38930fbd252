"""Answers for one person's eyes alone, and how such an answer comes before everybody.

Floor 3. Who belongs to the conversation is asked when the answer is made, when its button is pressed, and once more when
it is posted: nobody is shown what was said before they came.
"""

import hashlib
from collections.abc import AsyncIterator, Collection, Sequence

from dialogs.cards import Button, Card
from dialogs.errors import AssistantError, Expired, NotMember, Standing, Widened
from dialogs.plain import plain
from dialogs.ports import Desk, Member
from dialogs.streams import closing
from dialogs.talk import Ask, Errand, Event, Part, Place, PlaceKind, Say, Share, Shared

BUTTONS = {
    PlaceKind.PERSONAL: "Post to the chat",
    PlaceKind.GROUP: "Post to the chat",
    PlaceKind.CHANNEL: "Post to the thread",
}


OPEN = "“Again” and “shorter” do not mean this answer, but the last one that is part of the conversation itself."


async def shared(parts: AsyncIterator[Part], ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The parts of a private answer, and below them the button that posts it where its messages stand."""
    place = _thread(ask)
    # Asked before the first message is read: whoever comes while I read counts as a newcomer.
    audience = await _audience(place, desk)
    async with closing(parts) as answer:
        async for part in answer:
            yield part
    if place.kind is PlaceKind.PERSONAL:
        return
    if not audience:
        yield Say(f"\n\n{desk.words.say('I could not see who belongs to this conversation, so it stays with you.')}")
        return
    yield Share(place, audience)
    yield _offer(ask, place, desk)


async def post(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The button was pressed. `ask.text` is the key. Raises `Expired`, `Standing`, `NotMember` or `Widened`."""
    found = await _checked(ask, desk)
    if found.place.kind is PlaceKind.CHANNEL:
        yield Say(desk.words.say("I'm posting it to the thread. It stands there once, however often this is pressed."))
    else:
        yield Say(desk.words.say("I'm posting it to the chat. It stands there once, however often this is pressed."))
    yield Errand(Event.POST, found.place, ask.text)


async def posted(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The answer where everybody sees it. `ask.text` is the key. Raises what `post` raises, which only who asked is told."""
    found = await _checked(ask, desk)
    name = plain(ask.person.name)
    yield Say(
        f"{desk.words.say('Posted for {name}.', name=name) if name else desk.words.say('Posted on request.')}\n\n"
    )
    for cite in found.answer.cites:
        yield cite
    yield Say(found.answer.text, ai=found.answer.ai)
    if found.answer.scope:
        yield found.answer.scope


def share_key(ask: Ask) -> str:
    """Under which key the private answer to this ask is kept for its person: 32 hexadecimal digits."""
    once = "\n".join((ask.person.tenant, ask.place.conversation, ask.id))
    return hashlib.sha256(once.encode(errors="surrogatepass")).hexdigest()[:32]


def may_post(asker: str, then: Collection[str], now: Sequence[Member], kind: PlaceKind) -> bool:
    """Whether all who belong to a place `now` may see what was made for those who belonged to it `then`.

    A newcomer to a team may read what its channels hold, a newcomer to a chat need not have been shown its history,
    and nobody from outside may come by a summary what they were not there for.
    """
    known = {id.casefold() for id in then if id}
    new = [member for member in now if member.id.casefold() not in known]
    return _belongs(asker, now) and not any(member.outside or kind is not PlaceKind.CHANNEL for member in new)


def _belongs(person: str, members: Sequence[Member]) -> bool:
    return any(member.id.casefold() == person.casefold() for member in members)


async def _checked(ask: Ask, desk: Desk) -> Shared:
    found = await desk.memory.shared(ask.text)
    if found is None:
        raise Expired
    if found.posted:
        raise Standing
    now = await desk.members.of(found.place)
    if not _belongs(ask.person.id, now):
        raise NotMember
    if not may_post(ask.person.id, found.audience, now, found.place.kind):
        raise Widened
    return found


def _thread(ask: Ask) -> Place:
    """Where it would be posted: the thread it was asked in, also where that is a new one about the whole channel."""
    whole = ask.source.thread is None and ask.source.home == ask.place.home
    return ask.place if whole else ask.source


async def _audience(place: Place, desk: Desk) -> tuple[str, ...]:
    """Who belongs to it; nobody where that cannot be told, so that nothing is posted."""
    if place.kind is PlaceKind.PERSONAL:
        return ()
    try:
        return tuple(member.id for member in await desk.members.of(place))
    except AssistantError:
        return ()


def _offer(ask: Ask, place: Place, desk: Desk) -> Card:
    say = desk.words.say
    whole = place.kind is PlaceKind.CHANNEL and place.thread is None
    title = say("Post to the channel") if whole else say(BUTTONS[place.kind])
    button = Button(title, f"post {share_key(ask)}", quiet=True)
    lines = (say("For a day you can post it for everybody there to see."),)
    return Card(say("Only you see this"), lines, (button,), foot=(say(OPEN),))
