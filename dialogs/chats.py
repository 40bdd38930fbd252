"""The chats a person has with the assistant: listed, searched, opened, named and deleted; and stopping.

Floor 3. Several chats are for one to one; among others there is one, which can begin afresh. Titles are how people begin,
and untrusted like everything they write.
"""

import re
from collections.abc import AsyncIterator, Callable

from dialogs import chatlist
from dialogs.changes import Dropped, Opened, Titled
from dialogs.chatlist import PAGE, TITLE, YES
from dialogs.errors import NotUnderstood, OnHold, Personal, Vanished
from dialogs.plain import cut, line, plain
from dialogs.ports import Desk
from dialogs.shelves import Chat
from dialogs.talk import Ask, NewChat, Part, PlaceKind, Say

PAGES = 1_000
"""How far a list is turned over."""
FOUND = 20
"""Chats that a search shows."""
SOUGHT = 200
"""Characters of what is searched for."""
BATCH = 200
"""Chats that are looked up in one go."""

HOW = (
    "You can say **chats search** and words, and with a chat's number **chats open 7**, **chats rename 7** or "
    "**chats delete 7**; **chats delete all** deletes them all."
)


async def new_chat(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Starts afresh."""
    if ask.place.kind is PlaceKind.PERSONAL:
        yield Say(
            desk.words.say(
                "A new chat begins here. The others are kept: **chats** shows them, to open again or delete."
            )
        )
    else:
        yield Say(
            desk.words.say(
                "I no longer go by what you asked me here before. The messages of this conversation I still read."
            )
        )
    yield NewChat()


async def stop(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """For a stop that comes when nothing is under way; one that comes in time never gets here."""
    yield Say(desk.words.say("There is nothing under way that I could stop."))


def chats(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The person's chats, and what is done with one of them: `ask.text` is what follows `chats`. Raises `Personal` or
    `NotUnderstood`."""
    if ask.place.kind is not PlaceKind.PERSONAL:
        raise Personal
    verb, _, rest = ask.text.strip().partition(" ")
    if verb.casefold() not in DIALOGS:
        raise NotUnderstood(HOW)
    return DIALOGS[verb.casefold()](ask, desk, rest.strip())


async def _listed(ask: Ask, desk: Desk, rest: str) -> AsyncIterator[Part]:
    page = min(max(1, _number(rest) if rest else 1), PAGES)
    found = await desk.shelf.chats(PAGE + 1, (page - 1) * PAGE)
    if not found and page == 1:
        yield Say(
            desk.words.say(
                "There are no chats yet. Ask me something, and one begins; **new chat** begins another, and I keep them apart."
            )
        )
        return
    yield chatlist.listed(found, page, desk.words) if found else chatlist.ended(desk.words)


async def _searched(ask: Ask, desk: Desk, rest: str) -> AsyncIterator[Part]:
    words = cut(line(ask.field("words") or rest), SOUGHT)
    if not words:
        raise NotUnderstood("Say what to look for: **chats search** and then the words.")
    hits = await desk.shelf.search(words, FOUND)
    yield chatlist.found(words, hits, desk.words, full=len(hits.chats) == FOUND)


async def _opened(ask: Ask, desk: Desk, rest: str) -> AsyncIterator[Part]:
    chat = await _chat(rest, desk)
    name = plain(chat.title) or chatlist.unnamed(chat, desk.words)
    if chat.open:
        yield Say(desk.words.say("**{chat}** is the chat we are in.", chat=name))
        return
    yield Say(
        desk.words.say(
            "We go on with **{chat}**, where something was last said {time}.", chat=name, time=desk.words.stamp(chat.at)
        )
    )
    yield Opened(chat.number)


async def _renamed(ask: Ask, desk: Desk, rest: str) -> AsyncIterator[Part]:
    number, _, typed = rest.partition(" ")
    chat = await _chat(number, desk)
    filled = any(id == "title" for id, _ in ask.fields)
    title = cut(line(ask.field("title") if filled else typed), TITLE)
    if not title and not filled:
        yield chatlist.naming(chat, desk.words)
        return
    yield Titled(chat.number, title)
    if title:
        yield Say(desk.words.say("This chat is now called **{title}**.", title=plain(title)))
    else:
        yield Say(desk.words.say("This chat has no title of its own any more: it is known by how it begins."))


async def _deleted(ask: Ask, desk: Desk, rest: str) -> AsyncIterator[Part]:
    which, _, sure = rest.casefold().partition(" ")
    many = which == "all"
    found = await _every(desk) if many else (await _chat(which, desk),)
    if not found:
        raise Vanished
    if await desk.records.held():
        raise OnHold
    if sure.strip() != YES:
        yield chatlist.question(found, which, desk.words)
        return
    yield Dropped(tuple(chat.number for chat in found))
    if many:
        yield Say(
            desk.words.count(
                "Deleted: {number} chat. A new one begins here.",
                "Deleted: {number} chats. A new one begins here.",
                len(found),
            )
        )
        return
    name = plain(found[0].title) or chatlist.unnamed(found[0], desk.words)
    yield Say(
        desk.words.say("Deleted: **{chat}**.", chat=name) + (chatlist.afresh(desk.words) if found[0].open else "")
    )


DIALOGS: dict[str, Callable[[Ask, Desk, str], AsyncIterator[Part]]] = {
    "": _listed,
    "page": _listed,
    "search": _searched,
    "open": _opened,
    "rename": _renamed,
    "delete": _deleted,
}
VERBS: tuple[str, ...] = (
    *("page", "page #", "search", "search …", "open", "open #", "rename", "rename #", "rename # …"),
    *("delete", "delete #", f"delete # {YES}", "delete all", f"delete all {YES}"),
)
"""What may follow `chats`."""


def _number(text: str) -> int:
    """A number that was typed. Raises `NotUnderstood`."""
    if not re.fullmatch(r"[0-9]{1,18}", text.strip()):
        raise NotUnderstood(HOW)
    return int(text)


async def _chat(text: str, desk: Desk) -> Chat:
    """The person's own chat of that number. Raises `NotUnderstood` or `Vanished`."""
    number = _number(text)
    found = next((chat for chat in await _every(desk) if chat.number == number), None)
    if found is None:
        raise Vanished
    return found


async def _every(desk: Desk) -> tuple[Chat, ...]:
    found: tuple[Chat, ...] = ()
    while more := await desk.shelf.chats(BATCH, len(found)):
        found += more
        if len(more) < BATCH:
            break
    return found
