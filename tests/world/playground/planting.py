"""Putting the sample threads where a newcomer finds them: on the page and in Graph, under the same ids."""

from collections.abc import Sequence
from datetime import datetime

from aiohttp import ClientSession

from tests.world.people import BOT, CHANNEL, GROUP, TENANT
from tests.world.playground.cast import App
from tests.world.playground.ledger import AT, Ledger
from tests.world.playground.memory import Frame, Memory, drawn
from tests.world.playground.sample import CHANNEL as THREADS
from tests.world.playground.sample import GROUP as CHAT
from tests.world.playground.sample import Line, lines


class Planting:
    """The Playground must know a channel's thread, or nobody could reply to it: its root goes in as a post."""

    def __init__(self, session: ClientSession, playground: str, memory: Memory, ledger: Ledger) -> None:
        self._session = session
        self._playground = playground
        self._memory = memory
        self._ledger = ledger

    async def plant(self, now: datetime) -> None:
        for name in THREADS:
            thread = tuple(lines(name, now))
            root = await self._post(thread[0].text)
            self._put(CHANNEL.at(root).conversation, root, thread)
        group = tuple(lines(CHAT, now))
        self._put(GROUP.conversation, stamp(group[0], 0), group)

    async def _post(self, text: str) -> str:
        """The id that the Playground gives to a new post."""
        post = {
            "isGroup": True,
            "tenantId": TENANT,
            "bot": {"id": BOT},
            "channelData": {"channel": {"id": CHANNEL.conversation}},
            "activity": {"type": "message", "text": text},
        }
        async with self._session.post(self._playground + "/_connector/v3/conversations", json=post) as answer:
            answer.raise_for_status()
            told = await answer.json()
            return str(told["activityId"])

    def _put(self, conversation: str, first: str, thread: Sequence[Line]) -> None:
        for number, line in enumerate(thread):
            id = stamp(line, number) if number else first
            self._memory.keep(frame(conversation, id, line, new=number == 0))
            self._ledger.sample(conversation, id, line)


def stamp(line: Line, number: int) -> str:
    """Teams' ids are milliseconds since 1970."""
    return str(int(line.at.timestamp() * 1000) + number)


def frame(conversation: str, id: str, line: Line, *, new: bool) -> Frame:
    """The message as the page draws it. In a channel the first one opens a post."""
    opens = new and ";messageid=" in conversation
    where = conversation.partition(";")[0] if opens else conversation
    text = f"{notice(conversation)}\n\n{shown(line)}" if new else shown(line)
    return drawn(where, id, author_id(line), line.at, text, post=conversation if opens else None)


def notice(conversation: str) -> str:
    """That it is a sample, for the page alone: nobody wrote it, so no summary quotes it."""
    if ";messageid=" in conversation:
        return "_Sample thread with invented people: reply with_ **@Parley summarise** _to try it._"
    return "_Sample chat with invented people: write_ **@Parley summarise** _to try it._"


def author_id(line: Line) -> str:
    return line.author.id if isinstance(line.author, App) else line.author.teams


def shown(line: Line) -> str:
    """With its author, because the page writes the bot's name over everybody's messages."""
    if line.deleted:
        return f"**{line.author.name}** _deleted this message._"
    text = AT.sub(r"**@\1**", line.text.replace("\n", "\n\n"))
    return f"**{line.author.name}**{' _(edited)_' if line.edited else ''}\n\n{text}"
