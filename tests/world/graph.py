"""Microsoft Graph, as far as messages of channels and chats go.

    async with GraphDouble() as graph:
        graph.load(Path("threads/Bro003.json"))
        id = graph.post(THREAD.conversation, ADA, "Shall we?")         # text, or html=…
        graph.edit(id, "Shall we not?"); graph.delete(id)

        graph.channel("19:…", "incidents", team=graph.team("…", "Engineering", ADA)); graph.chat("19:…", "Falcon", ADA)

Who belongs to a place that is listed, is let in with a token of their own, and nobody else is; where such a token names
scopes (`scp`), they count too. Fault kinds: root, reply, replies, roots, chat, line, item, teams, channels, chats, me. `page(call)` is the number of the page a request wants, for faults in the middle:
`graph.faults.add(throttled(1), of="replies", when=lambda call: page(call) == 2)`.
"""

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, unquote, urlencode

import jwt
import orjson
from aiohttp import web

from tests.world.archive import Archive, Record, author, fresh
from tests.world.door import Answer, Call, Door, Refusal, Route, bearer, reply
from tests.world.drive import Drive
from tests.world.odata import Query, after, older, page
from tests.world.people import TEAM, Someone, base
from tests.world.places import Channel, Chat, Places, Team

__all__ = ["GraphDouble", "author", "page"]
EXPANDED = 1000
"""Replies that come along with a root at most."""
SCOPES = {
    "teams": {"Team.ReadBasic.All"},
    "channels": {"Channel.ReadBasic.All"},
    "chats": {"Chat.ReadBasic", "Chat.Read", "Chat.ReadWrite"},
    "chat": {"Chat.Read", "Chat.ReadWrite"},
    "line": {"Chat.Read", "Chat.ReadWrite"},
    "item": {"Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"},
    "me": {"User.Read", "User.ReadWrite"},
}
"""Delegated permissions, any of which lets a request in; for a channel's messages it is `MESSAGES`."""
MESSAGES = {"ChannelMessage.Read.All"}


class GraphDouble:
    """Graph. `token` says which bearer tokens are good; `latency` is awaited before every answer."""

    def __init__(
        self,
        *,
        token: Callable[[str], bool] = bool,
        latency: Callable[[], Awaitable[object]] | None = None,
        drive: Drive | None = None,
    ) -> None:
        """`drive` is where the tenant's files lie."""
        self.readers: dict[str, set[str]] = {}
        """Object ids of those who may read a conversation (without thread); where it has no entry, anybody may."""
        self.places = Places()
        self.departments: dict[str, str | None] = {}
        """Where people work, by their object ids."""
        self.millis = 0
        """How long every answer takes at least."""
        self._token, self._latency, self._drive = token, latency, drive or Drive()
        self._archive = Archive()
        self._door = Door(self._routes(), guard=self._admit)
        self.faults = self._door.faults

    def _routes(self) -> tuple[Route, ...]:
        channel = "/v1.0/teams/{team}/channels/{channel}/messages"
        return (
            Route("reply", "GET", channel + "/{root}/replies/{reply}", self._timed(self._reply)),
            Route("replies", "GET", channel + "/{root}/replies", self._timed(self._replies)),
            Route("root", "GET", channel + "/{root}", self._timed(self._root)),
            Route("roots", "GET", channel, self._timed(self._roots)),
            Route("line", "GET", "/v1.0/chats/{chat}/messages/{id}", self._timed(self._line)),
            Route("chat", "GET", "/v1.0/chats/{chat}/messages", self._timed(self._chat)),
            Route("item", "GET", "/v1.0/shares/{share}/driveItem", self._timed(self._item)),
            Route("teams", "GET", "/v1.0/me/joinedTeams", self._timed(self._joined)),
            Route("channels", "GET", "/v1.0/teams/{team}/allChannels", self._timed(self._all_channels)),
            Route("chats", "GET", "/v1.0/me/chats", self._timed(self._chats)),
            Route("me", "GET", "/v1.0/me", self._timed(self._me)),
        )

    async def __aenter__(self) -> Self:
        await self._door.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._door.__aexit__()

    @property
    def url(self) -> str:
        """GRAPH_URL: without /v1.0."""
        return self._door.url

    # what people do

    def team(self, id: str, name: str, *members: Someone) -> str:
        """There is a team."""
        self.places.teams[id] = Team(id, name, list(members))
        return id

    def channel(self, id: str, name: str, *members: Someone, team: str = TEAM, shared: Sequence[str] = ()) -> str:
        """There is a channel: of the whole team, or of `members`; it is `shared` with other teams."""
        kind = "shared" if shared else "private" if members else "standard"
        self.places.channels[id] = Channel(id, name, team, list(members) or None, kind)
        self._archive.open(id, team)
        for other in shared:
            self.places.teams[other].shared.append(id)
        return id

    def chat(self, id: str, topic: str | None, *members: Someone, kind: str = "group") -> str:
        """There is a chat, a `meeting` or a `oneOnOne`."""
        self.places.chats[id] = Chat(id, topic, list(members), kind)
        self._archive.open(id)
        return id

    def load(self, thread: Path | Mapping[str, Any]) -> Sequence[Record]:
        """Puts a recorded or generated thread, {"root", "replies"} or {"messages"} of a chat, where it says it belongs."""
        found = orjson.loads(thread.read_bytes()) if isinstance(thread, Path) else thread
        return self._archive.load(found)

    def post(
        self,
        conversation: str,
        who: Someone | Mapping[str, Any] | None,
        text: str = "",
        *,
        html: str | None = None,
        team: str = TEAM,
        **fields: Any,
    ) -> str:
        """Somebody writes; returns the message's id. `conversation` is a chat, a channel (new root) or a thread.

        `who` may be the `from` of an application, or None for the system; `fields` overwrite Graph's, such as
        attachments=…, mentions=…, messageType="systemEventMessage", policyViolation={"dlpAction": "blockAccess"}.
        """
        record = fresh(self._archive.next_id(), conversation, team, who, text, html)
        return self._archive.add({**record, **fields}, conversation.partition(";messageid=")[2])

    def edit(self, id: str, html: str) -> None:
        """The author changes the words."""
        record = self._archive.find(id)
        record["body"] = {"contentType": "html", "content": html}
        self._archive.touch(record, "lastEditedDateTime")

    def delete(self, id: str) -> None:
        """The author takes it back: Graph keeps the shell."""
        record = self._archive.find(id)
        record["body"] = {"contentType": "html", "content": ""}
        record["attachments"], record["mentions"] = [], []
        self._archive.touch(record, "deletedDateTime")

    def react(self, id: str, person: Someone, kind: str = "like") -> None:
        """A reaction; it moves lastModifiedDateTime and nothing else."""
        record = self._archive.find(id)
        record["reactions"].append({"reactionType": kind, "user": author(person)})
        self._archive.touch(record)

    def record(self, id: str) -> Record:
        """A message as Graph has it; may be changed."""
        return self._archive.find(id)

    # the service

    def _admit(self, request: web.BaseRequest) -> None:
        if not self._token(bearer(request)):
            raise Refusal(401, "InvalidAuthenticationToken", "Access token is empty or invalid.")

    def _enter(self, call: Call, conversation: str) -> None:
        allowed, reader = self.readers.get(base(conversation)), _reader(bearer(call.request))
        stranger = bool(reader) and not self.places.belong(reader, base(conversation))
        if stranger if allowed is None else reader not in allowed:
            raise Refusal(403, "Forbidden", "Insufficient privileges to read these messages.")
        _check_scopes(call)

    def _timed(self, answer: Answer) -> Answer:
        """The answer no sooner than after `millis`, its making included."""

        async def timed(call: Call) -> web.StreamResponse:
            due = time.monotonic() + self.millis / 1000
            response = await answer(call)
            if self.millis:
                await asyncio.sleep(due - time.monotonic())
            return response

        return timed

    async def _root(self, call: Call) -> web.Response:
        await self._pause()
        channel, root = self._channel(call), call.args["root"]
        Query(call, ())
        return reply(self._archive.root(channel, root))

    async def _reply(self, call: Call) -> web.Response:
        """One reply; Graph refuses any query here too."""
        await self._pause()
        channel, root, id = self._channel(call), call.args["root"], call.args["reply"]
        Query(call, ())
        return reply(_only(self._archive.replies(channel, root), id))

    async def _replies(self, call: Call) -> web.Response:
        await self._pause()
        channel, root = self._channel(call), call.args["root"]
        query = Query(call, ("$top", "$skiptoken"))
        self._archive.root(channel, root)
        newest = after(self._archive.replies(channel, root), query)
        return self._page(call, query, newest)

    async def _roots(self, call: Call) -> web.Response:
        await self._pause()
        channel = self._channel(call)
        query = Query(call, ("$top", "$skiptoken", "$expand"))
        if query.text("$expand") not in ("", "replies"):
            raise Refusal(400, "BadRequest", "Only replies can be expanded.")
        found = after(self._archive.roots(channel), query)
        expand = self._expanded if query.text("$expand") else lambda channel, root: root
        return self._page(call, query, found, lambda root: expand(channel, root))

    async def _chat(self, call: Call) -> web.Response:
        await self._pause()
        chat = call.args["chat"]
        self._enter(call, chat)
        query = Query(call, ("$top", "$skiptoken", "$orderby", "$filter"))
        return self._page(call, query, after(older(self._archive.chat(chat), query), query))

    async def _line(self, call: Call) -> web.Response:
        """One message of a chat."""
        await self._pause()
        chat = call.args["chat"]
        self._enter(call, chat)
        Query(call, ())
        return reply(_only(self._archive.chat(chat), call.args["id"]))

    async def _item(self, call: Call) -> web.Response:
        """The file that a sharing address leads to: `u!` and base64url without padding."""
        await self._pause()
        _check_scopes(call)
        Query(call, ("$select",))
        item = self._drive.item(_shared(call.args["share"]), _reader(bearer(call.request)))
        wanted = (call.query.get("$select") or ",".join(item)).split(",")
        return reply({name: value for name, value in item.items() if name in wanted})

    async def _joined(self, call: Call) -> web.Response:
        await self._pause()
        person = _myself(call)
        Query(call, ("$select",))
        return reply({"value": self.places.joined(person)})

    async def _all_channels(self, call: Call) -> web.Response:
        await self._pause()
        person = _myself(call)
        Query(call, ("$select", "$filter"))
        return reply({"value": self.places.all_channels(call.args["team"], person, f"{self.url}/v1.0")})

    async def _chats(self, call: Call) -> web.Response:
        await self._pause()
        person = _myself(call)
        query = Query(call, ("$top", "$skiptoken", "$expand", "$orderby"))
        expand = query.text("$expand") == "members"
        found = after(self.places.own_chats(person), query)
        return self._page(call, query, found, lambda chat: chat if expand else {**chat, "members": None})

    async def _me(self, call: Call) -> web.Response:
        """A profile; only what is selected of it."""
        await self._pause()
        person = _myself(call)
        Query(call, ("$select",))
        known = {"id": person, "department": self.departments.get(person)}
        wanted = (call.query.get("$select") or "id").split(",")
        return reply({name: value for name, value in known.items() if name in wanted})

    async def _pause(self) -> None:
        if self._latency is not None:
            await self._latency()

    def _channel(self, call: Call) -> str:
        team, channel = call.args["team"], call.args["channel"]
        self._enter(call, channel)
        self._archive.check(team, channel)
        return channel

    def _expanded(self, channel: str, root: Record) -> Record:
        replies = self._archive.replies(channel, root["id"])
        full = {**root, "replies@odata.count": len(replies[:EXPANDED]), "replies": replies[:EXPANDED]}
        if len(replies) <= EXPANDED:
            return full
        team, last = root["channelIdentity"]["teamId"], replies[EXPANDED - 1]["id"]
        more = f"{self.url}/v1.0/teams/{team}/channels/{channel}/messages/{root['id']}/replies?$skiptoken=2~{last}"
        return {**full, "replies@odata.nextLink": more}

    def _page(
        self,
        call: Call,
        query: Query,
        found: Sequence[Record],
        draw: Callable[[Record], Record] = lambda record: record,
    ) -> web.Response:
        """A page, and the way to the next on our own host where there is more."""
        value = [_masked(call, draw(record)) for record in found[: query.top]]
        body = {"@odata.context": f"{self.url}/v1.0/$metadata#messages", "@odata.count": len(value), "value": value}
        if len(found) <= query.top:
            return reply(body)
        kept = {**call.query, "$skiptoken": query.next(found[query.top - 1])}
        # The ids in it stand as they are, with their `@`.
        path = quote(unquote(call.request.rel_url.raw_path), safe="/:@")
        return reply({**body, "@odata.nextLink": f"{self.url}{path}?{urlencode(kept, safe='$:')}"})


def _only(found: Sequence[Record], id: str) -> Record:
    """The message of that id."""
    for record in found:
        if record["id"] == id:
            return record
    raise Refusal(404, "NotFound", "Not Found")


def _shared(share: str) -> str:
    """The address that a sharing token stands for."""
    text = share.removeprefix("u!")
    if text == share or not set(text).isdisjoint("=+/"):
        raise Refusal(400, "invalidRequest", "Invalid shares key")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def _masked(call: Call, record: Record) -> Record:
    """System messages go by their name only where the client says it knows newer names."""
    if "replies" in record:
        record = {**record, "replies": [_masked(call, reply) for reply in record["replies"]]}
    known = "include-unknown-enum-members" in call.request.headers.get("Prefer", "")
    if known or record.get("messageType") != "systemEventMessage":
        return record
    return {**record, "messageType": "unknownFutureValue"}


def _reader(token: str) -> str:
    """On whose behalf a token speaks; "" for one of an application."""
    return str(_claims(token).get("oid", ""))


def _myself(call: Call) -> str:
    """Who `/me` is."""
    _check_scopes(call)
    person = _reader(bearer(call.request))
    if not person:
        raise Refusal(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    return person


def _check_scopes(call: Call) -> None:
    granted = _claims(bearer(call.request)).get("scp")
    wanted = SCOPES.get(call.kind, MESSAGES)
    if isinstance(granted, str) and wanted.isdisjoint(granted.split()):
        raise Refusal(403, "Forbidden", f"Missing scope permissions on the request. API requires one of {wanted}.")


def _claims(token: str) -> Mapping[str, Any]:
    try:
        claims: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    return claims
