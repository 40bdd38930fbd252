"""The action `Summarise thread` on a message's menu.

Floor 6. Teams waits a few seconds for the answer, so it only says that the thread is being read: the summary itself is an
errand, kept before the card is shown, and comes to the person alone. The card's button shows it in the same window once it
is there. Source: action commands of message extensions, just-in-time installation.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from bot.store.rows import Arrival
from bot.teams import adaptive as ac
from bot.teams.activity import Incoming, person, place
from bot.teams.adaptive import Element, written
from bot.teams.bodies import Answer
from bot.teams.cards import CARD_BYTES, CONTENT_TYPE, fitting
from bot.teams.citations import links
from bot.teams.errands import body, read
from bot.teams.looks import markdown, small
from bot.teams.runs import blocks, source
from dialogs.errors import AssistantError, NotAdded
from dialogs.plain import cut
from dialogs.ports import Words
from dialogs.shares import share_key
from dialogs.talk import Ask, Errand, Event, Person, Place, PlaceKind, Shared

COMMAND = "summariseThread"
PATIENCE = 2.0
"""Seconds for Teams to say who belongs to the conversation; the whole invoke has three."""
KEY = "summary"
"""The button's field. One called `key` breaks the rendering of cards in the Agents Playground's page."""
ASK, LANE = "ask", "conversation"
"""Its further fields: which ask it is, and where. They are the client's word too."""
SPOKEN = 300
"""Characters of a window that are read out, or shown where there are no cards."""
ROOM = CARD_BYTES - 6 * SPOKEN
"""Bytes of what a window shows: what is read out stands in its card twice."""
LONGEST = 25_000
"""Characters of a summary that a window shows, where its sources leave room for them."""

READING = (
    "I'm reading these messages. The summary comes to you alone in a moment: here in Teams, where only you see it."
)
WAITING = "I'm not done yet. The summary also comes to you as a message that only you see."
OVER = "I have nothing to show here. What came of it, or why nothing did, stands in the message that only you see."
LONGER = "It is too long for this window. All of it stands in the message that only you see."
OWN_CHAT = "There is nothing for me to read in our own chat: choose a message of a channel or group chat."
WRITTEN = "Written by AI. Please check what matters, by its sources where it has any."
"""Teams' own label is for messages: a window says it in words, as a document does."""
TITLE = "Summary"
SHOW = "Show it here"


async def untold(incoming: Incoming, conversation: str, ask: str) -> bool:
    """Knows of no ask that it is over."""
    return False


@dataclass(frozen=True, slots=True)
class Inside:
    """What the extension is handed.

    `accept` keeps an errand for good; `admit` raises where the person may not come in (its last argument: also without
    having signed in), or they or the bot do not belong to the conversation; `shared` finds a private answer by its person and key; `ended` says whether the ask of that id, in that conversation,
    is the person's own and over.
    """

    accept: Callable[[Arrival], Awaitable[object]]
    admit: Callable[[Incoming, Place, bool], Awaitable[object]]
    shared: Callable[[Incoming, str], Awaitable[Shared | None]]
    words: Callable[[Person], Words]
    error: Callable[[AssistantError, Words], str]
    now: Callable[[], datetime]
    ended: Callable[[Incoming, str, str], Awaitable[bool]] = untold


class Extension:
    """Answers the two invokes of the action."""

    def __init__(self, inside: Inside, patience: float = PATIENCE) -> None:
        self._inside = inside
        self._patience = patience

    async def fetch(self, incoming: Incoming) -> Answer:
        """Somebody chose the action on a message."""
        words = self._inside.words(person(incoming))
        where = thread_of(incoming)
        if where.kind is PlaceKind.PERSONAL:
            return window(words.say(TITLE), text(words.say(OWN_CHAT)))
        # Who has not signed in yet does so on the way: the errand waits for it like any question.
        if refused := await self._refused(incoming, where, words, free=True):
            return refused
        return await self._begun(incoming, where, words)

    async def _refused(self, incoming: Incoming, where: Place, words: Words, *, free: bool) -> Answer | None:
        """What is shown instead to whom it is not for."""
        try:
            async with asyncio.timeout(self._patience):
                await self._inside.admit(incoming, where, free)
        except NotAdded:
            return window(words.say(TITLE), install(words))
        except (AssistantError, TimeoutError) as error:
            failed = error if isinstance(error, AssistantError) else AssistantError()
            return window(words.say(TITLE), text(self._inside.error(failed, words)))
        return None

    async def submit(self, incoming: Incoming) -> Answer:
        """Somebody pressed the card's button."""
        if fields(data_of(incoming).get("msteams")).get("justInTimeInstall") is True:
            return await self.fetch(incoming)  # it has just been added, and the same is meant as before
        words = self._inside.words(person(incoming))
        key, ask, lane = (data_of(incoming).get(name) for name in (KEY, ASK, LANE))
        if not isinstance(key, str):
            return Answer(200, {})
        if refused := await self._refused(incoming, place(incoming), words, free=False):
            return refused
        # Asked first: what ends between the two has left its answer by the second.
        over = isinstance(ask, str) and isinstance(lane, str) and await self._inside.ended(incoming, lane, ask)
        found = await self._inside.shared(incoming, key)
        if found is not None:
            return window(words.say(TITLE), shown(found, words))
        if over:
            return window(words.say(TITLE), text(words.say(OVER)))
        return window(words.say(TITLE), text(words.say(WAITING)), show(words, data_of(incoming)))

    async def _begun(self, incoming: Incoming, where: Place, words: Words) -> Answer:
        errand = Errand(Event.MESSAGE, where, "summarise")
        stored = body({**incoming.raw, "id": incoming.id}, errand, alone=True)
        ask = read(stored)
        await self._inside.accept(
            Arrival(incoming.tenant, where.conversation, ask.id, stored, self._inside.now(), person=ask.person.id)
        )
        return window(words.say(TITLE), text(words.say(READING)), show(words, button(ask)))


def thread_of(incoming: Incoming) -> Place:
    """The thread of the message that the action was chosen on. Its payload is the client's word: only ids are used."""
    where = place(incoming)
    if where.kind is not PlaceKind.CHANNEL:
        return where
    payload = fields(fields(incoming.value).get("messagePayload"))
    root = payload.get("replyToId") or payload.get("id")
    base = where.conversation.partition(";messageid=")[0]
    if not isinstance(root, str) or not root.isascii() or not root.isdigit():
        return where
    return replace(where, conversation=f"{base};messageid={root}", thread=root)


def is_ours(incoming: Incoming) -> bool:
    """Whether an invoke is of this action."""
    return fields(incoming.value).get("commandId") == COMMAND


def data_of(incoming: Incoming) -> Mapping[str, Any]:
    """What the card sent."""
    return fields(fields(incoming.value).get("data"))


def fields(value: Any) -> Mapping[str, Any]:
    """An object, empty for what is none."""
    return value if isinstance(value, Mapping) else {}


def window(title: str, lines: list[Element], *actions: Element) -> Answer:
    """A window with a card in it."""
    told = markdown(cut("\n".join(filter(None, map(_spoken, lines))), SPOKEN))
    frame = ac.AdaptiveCard(version="1.5", fallback_text=told, speak=told)
    card = written(frame) | {"body": lines, "actions": list(actions)}
    value = {"title": title, "width": "medium", "height": "medium"}
    content = {"contentType": CONTENT_TYPE, "content": card}
    return Answer(200, {"task": {"type": "continue", "value": {**value, "card": content}}})


def _spoken(line: Element) -> str:
    return "".join(str(run["text"]) for run in line.get("inlines", ()))


def text(words: str) -> list[Element]:
    """What we say ourselves; it may name what people named."""
    return list(blocks(words, frozenset()))


def button(ask: Ask) -> dict[str, str]:
    """What the button sends: where the answer to the ask will be kept, and how to see whether it is over."""
    return {KEY: share_key(ask), ASK: ask.id, LANE: ask.place.conversation}


def show(words: Words, data: Mapping[str, Any]) -> Element:
    """The button that asks for the summary."""
    sent = {key: data.get(key) for key in (KEY, ASK, LANE)}
    return written(ac.SubmitAction(title=words.say(SHOW), data=sent))


def install(words: Words) -> list[Element]:
    """The card with which Teams offers to add the bot to the conversation."""
    lines = text(words.say("To read this conversation I have to be added to it."))
    add = ac.SubmitAction(title=words.say("Add me"), data={"msteams": {"justInTimeInstall": True}})
    return [*lines, written(ac.ActionSet(actions=[add]))]


def shown(found: Shared, words: Words) -> list[Element]:
    """The kept answer, with its sources below and who wrote it; of one that is too long the beginning, which says so."""
    answer = found.answer
    allowed = links(answer.cites)
    sources = [source(cite.number, cite.title, cite.link, allowed) for cite in answer.cites]
    sources = fitting(sources, CARD_BYTES // 3)
    lines = list(blocks(answer.text[:LONGEST], allowed))
    label = [written(small(words.say(WRITTEN), first=True))] if answer.ai else []
    room = ROOM - sum(len(orjson.dumps(one)) for one in (*sources, *label))
    fits = fitting(lines, room)
    short = text(words.say(LONGER)) if len(answer.text) > LONGEST or len(fits) < len(lines) else []
    return [*fits, *short, *sources, *label]
