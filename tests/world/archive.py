"""All messages that Graph knows, in Graph's own shape."""

import html as markup
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.world.door import Refusal
from tests.world.people import CHANNEL, GROUP, TEAM, TENANT, Someone, base, kind

Record = dict[str, Any]
FIRST = 1_795_248_000_000
"""Milliseconds since 1970 of the first message that a test posts: 21 November 2026, 08:00 UTC."""

SYSTEM: Record = {
    "messageType": "systemEventMessage",
    "from": None,
    "body": {"contentType": "html", "content": "<systemEventMessage/>"},
    "eventDetail": {"@odata.type": "#microsoft.graph.membersAddedEventMessageDetail", "members": []},
}
"""Fields of "somebody was added", for `GraphDouble.post(…, None, **SYSTEM)`."""
BLOCKED: Record = {"policyViolation": {"dlpAction": "blockAccess", "justificationText": None, "userAction": "none"}}
"""Fields of a message that a company's policy took down."""


def stamp(millis: int) -> str:
    moment = datetime.fromtimestamp(millis / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{millis % 1000:03d}Z"


def author(who: Someone | Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The `from` of a message."""
    if not isinstance(who, Someone):
        return dict(who) if who is not None else None
    user = {"id": who.id, "displayName": who.name, "userIdentityType": "aadUser", "tenantId": who.tenant}
    return {
        "application": None,
        "device": None,
        "user": {"@odata.type": "#microsoft.graph.teamworkUserIdentity", **user},
    }


def application(name: str, id: str) -> dict[str, Any]:
    """The `from` of a bot's message."""
    return {
        "user": None,
        "device": None,
        "application": {"id": id, "displayName": name, "applicationIdentityType": "bot"},
    }


def fresh(
    millis: int,
    conversation: str,
    team: str,
    who: Someone | Mapping[str, Any] | None,
    text: str,
    html: str | None,
) -> Record:
    """A new message as Graph shows it."""
    plain = {"contentType": "text", "content": text}
    rich = {"contentType": "html", "content": html}
    return {
        "id": str(millis),
        "etag": str(millis),
        "messageType": "message",
        "createdDateTime": stamp(millis),
        "lastModifiedDateTime": stamp(millis),
        "lastEditedDateTime": None,
        "deletedDateTime": None,
        "subject": None,
        "summary": None,
        "importance": "normal",
        "locale": "en-us",
        "policyViolation": None,
        "eventDetail": None,
        "from": author(who),
        "body": rich if html is not None else plain,
        "attachments": [],
        "mentions": [],
        "reactions": [],
        **place(str(millis), conversation, team),
    }


def place(id: str, conversation: str, team: str) -> Record:
    """The fields that say where a message stands; a chat's message has no link."""
    if kind(conversation) != "channel":
        return {"replyToId": None, "chatId": conversation, "channelIdentity": None, "webUrl": None}
    channel, root = base(conversation), conversation.partition(";messageid=")[2]
    link = f"https://teams.microsoft.com/l/message/{channel}/{id}?groupId={team}&tenantId={TENANT}&createdTime={id}"
    return {
        "replyToId": root or None,
        "chatId": None,
        "channelIdentity": {"teamId": team, "channelId": channel},
        "webUrl": f"{link}&parentMessageId={root or id}",
    }


def mention(number: int, who: Someone) -> tuple[str, Record]:
    """The tag and the entry of a mention, for html=… and mentions=[…]."""
    tag = f'<at id="{number}">{markup.escape(who.name)}</at>'
    return tag, {"id": number, "mentionText": who.name, "mentioned": author(who)}


def card(content: str, id: str = "74d20c7f34aa4a7fb74e2b30004247c5") -> tuple[str, Record]:  # pragma: allowlist secret
    """The tag and the entry of an Adaptive Card, whose JSON is a string, for html=… and attachments=[…]."""
    entry = {"id": id, "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return f'<attachment id="{id}"></attachment>', {**entry, "name": None, "thumbnailUrl": None, "teamsAppId": None}


class Archive:
    """Every message by id, and where it stands."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._teams = {CHANNEL.conversation: TEAM}
        self._chains: defaultdict[str, dict[str, dict[str, Record]]] = defaultdict(dict)
        self._chats: defaultdict[str, dict[str, Record]] = defaultdict(dict, {GROUP.conversation: {}})
        self._now = FIRST

    def open(self, conversation: str, team: str = "") -> None:
        """There is a channel of a team, or a chat, before anybody has written there."""
        if team:
            self._teams[conversation] = team
        else:
            self._chats.setdefault(conversation, {})

    def load(self, thread: Mapping[str, Any]) -> Sequence[Record]:
        records = [thread["root"], *thread["replies"]] if "root" in thread else list(thread["messages"])
        root = thread["root"]["id"] if "root" in thread else ""
        for record in records:
            self.add({**record}, root)
        return [self._records[record["id"]] for record in records]

    def add(self, record: Record, root: str = "") -> str:
        """`root` is the thread a reply stands in; it may lack a `replyToId`, as some of Graph's do."""
        id, where, chat = str(record["id"]), record.get("channelIdentity"), record.get("chatId")
        if where:
            self._teams[where["channelId"]] = where["teamId"]
            chain = self._chains[where["channelId"]].setdefault(record["replyToId"] or root or id, {})
            chain[id] = record
        if chat:
            self._chats[chat][id] = record
        self._records[id] = record
        self._now = max(self._now, int(id))
        return id

    def next_id(self) -> int:
        """A second after everything that is there."""
        self._now += 1_000
        return self._now

    def touch(self, record: Record, *fields: str) -> None:
        """The message changed just now."""
        now = stamp(self.next_id())
        record.update(dict.fromkeys(("lastModifiedDateTime", *fields), now))

    def find(self, id: str) -> Record:
        if id not in self._records:
            raise Refusal(404, "NotFound", "Not Found")
        return self._records[id]

    def check(self, team: str, channel: str) -> None:
        if self._teams.get(channel) != team:
            raise Refusal(404, "NotFound", "Team or channel not found.")

    def root(self, channel: str, id: str) -> Record:
        if id not in self._chains[channel].get(id, {}):
            raise Refusal(404, "NotFound", "Not Found")
        return self._records[id]

    def roots(self, channel: str) -> list[Record]:
        """The roots of a channel, the chain that changed last first."""
        chains = {id: chain for id, chain in self._chains[channel].items() if id in chain}
        return [self._records[id] for id in sorted(chains, key=lambda id: _changed(chains[id]), reverse=True)]

    def replies(self, channel: str, root: str) -> list[Record]:
        """The replies under a root, newest first."""
        found = [record for id, record in self._chains[channel].get(root, {}).items() if id != root]
        return sorted(found, key=lambda record: (record["createdDateTime"], int(record["id"])), reverse=True)

    def chat(self, chat: str) -> list[Record]:
        if chat not in self._chats:
            raise Refusal(404, "NotFound", "Chat not found.")
        return list(self._chats[chat].values())


def _changed(chain: Mapping[str, Record]) -> str:
    return max(str(record["lastModifiedDateTime"]) for record in chain.values())
