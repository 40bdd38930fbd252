"""Writes into the Graph double what stands in the channel and in the group chat, under the Playground's ids."""

import html
import re
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.world.archive import Record, application, author, fresh, place, stamp
from tests.world.graph import GraphDouble
from tests.world.people import APP, BOT_NAME, PEOPLE, TEAM, Someone, base, kind
from tests.world.playground.cast import NEWCOMER, App
from tests.world.playground.memory import Frame
from tests.world.playground.sample import Line

PARLEY = App(f"28:{APP}", BOT_NAME)
AT = re.compile("<at>(.+?)</at>")
"""A mention in a typed text."""
MARK = re.compile("&lt;at&gt;(.+?)&lt;/at&gt;")
"""The same in HTML."""
MENTIONED = {BOT_NAME: application(BOT_NAME, APP)} | {who.name: author(who) for who in (NEWCOMER, *PEOPLE)}
"""Who can be mentioned here."""


class Ledger:
    """The double's memory of everything that is posted."""

    def __init__(self, graph: GraphDouble) -> None:
        self._graph = graph
        self._known: set[str] = set()

    def sample(self, conversation: str, id: str, line: Line) -> None:
        """A message of a sample thread."""
        changed = stamp(millis(line.at))
        self._write(
            conversation,
            id,
            line.author,
            line.at,
            "" if line.deleted else rich(line.text),
            mentions=mentions(line.text),
            lastEditedDateTime=changed if line.edited else None,
            deletedDateTime=changed if line.deleted else None,
        )

    def typed(self, conversation: str, id: str, at: datetime, text: str) -> None:
        """What the newcomer wrote."""
        self._write(conversation, id, NEWCOMER, at, rich(text), mentions=mentions(text))

    def said(self, frame: Frame) -> None:
        """What the bot wrote, or wrote over."""
        message = frame["message"]
        id, content = message["messageId"], rich(message.get("text") or "")
        if id in self._known:
            self._graph.record(id).update(body={"contentType": "html", "content": content})
        elif frame["action"] == "createMessage":
            conversation = message.get("postConversationId") or frame["actionConversationId"]
            self._write(conversation, id, PARLEY, datetime.fromtimestamp(message["timestamp"] / 1000, UTC), content)

    def root(self, id: str) -> str | None:
        """The message that the message replies to."""
        found: str | None = self._graph.record(id)["replyToId"] if id in self._known else None
        return found

    def _write(
        self, conversation: str, id: str, author: Someone | App, at: datetime, content: str, **fields: Any
    ) -> None:
        if kind(conversation) == "personal":
            return
        where = base(conversation) if conversation.endswith(f";messageid={id}") else conversation
        who = author if isinstance(author, Someone) else application(author.name, author.id.removeprefix("28:"))
        record: Record = fresh(millis(at), where, TEAM, who, "", content)
        self._graph.load({"messages": [{**record, "id": id, "etag": id, **place(id, where, TEAM), **fields}]})
        self._known.add(id)


def millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def rich(text: str) -> str:
    """Typed text as Teams' HTML."""
    number = count()
    marked = MARK.sub(lambda found: f'<at id="{next(number)}">{found[1]}</at>', html.escape(text, quote=False))
    return "<p>" + marked.replace("\n", "<br>") + "</p>"


def mentions(text: str) -> list[dict[str, Any]]:
    """The entries of the mentions in a typed text."""
    names = AT.findall(text)
    return [{"id": id, "mentionText": name, "mentioned": MENTIONED.get(name)} for id, name in enumerate(names)]
