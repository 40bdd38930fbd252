"""Teams as a bot sees it: the connector, and the conversations as people see them.

    async with TeamsDouble() as teams:
        …                                             # the bot posts to teams.url
        await teams.settled(room.conversation)        # one finished message stands there
        assert teams.chat(room.conversation).texts == ["Hello"]

Fault kinds: send (POST activities), reply (POST activities/{id}), update, delete, create, members, paged, member, team,
channels, picture. `streams(call)` picks the steps of streams among them.

As a process of its own (`python -m tests.world.teams --port 3979 --keep 10`) it prints its address, takes any bearer
token, answers GET /seen with the number of messages drawn, and GET /seen/{conversation}?count=n once n messages have
settled there: [{id, text, first, at}], the times on the machine's monotonic clock.
"""

import argparse
import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Self

from aiohttp import web

from tests.world.bell import Bell
from tests.world.chat import Chat, Shown, redrawn, shown
from tests.world.door import Call, Door, Refusal, Route, bearer, ended, reply
from tests.world.labels import check, check_cards
from tests.world.pace import Pace
from tests.world.people import Someone, base, kind
from tests.world.roster import Roster, channels, personal_chat, team
from tests.world.streams import Stream, Streams, forbidden, info

FIRST_ID = 1_795_000_000_000
"""Message ids are milliseconds since 1970; these lie in November 2026."""


def streams(call: Call) -> bool:
    """Whether a request is a step of a stream."""
    return call.kind in ("send", "reply") and b'"streaminfo"' in call.body.lower()


class TeamsDouble:
    """The connector. `token` says which bearer tokens are good; `clock` counts seconds and is what streams are timed by."""

    def __init__(
        self,
        *,
        token: Callable[[str], bool] = bool,
        clock: Callable[[], float] = time.monotonic,
        heard: Callable[[str, Shown], None] = lambda conversation, message: None,
        pace: Pace | None = None,
        keep: int | None = None,
        port: int = 0,
    ) -> None:
        """`heard` is told the conversation and the message each time one is drawn or redrawn; `pace` keeps Teams' limits.

        `keep` is how many messages of a conversation are kept, for long measurements.
        """
        self.roster = Roster()
        self.allow_targeted = True
        """Whether the tenant lets bots say something to one member of a channel or group."""
        self.allow_files = True
        """Whether bots may hand documents to people: not in every cloud, and only if the app says that it does."""
        self.typing: dict[str, int] = {}
        """How often the bot was seen typing, by conversation."""
        self.drawn = 0
        """How many messages have ever appeared."""
        self.fetched: list[Mapping[str, str]] = []
        """The headers of every request for a picture."""
        self._pictures: dict[str, tuple[bytes, str]] = {}
        self._token, self._clock, self._heard = token, clock, heard
        self.pace = pace
        self._keep = keep
        self._stock: dict[str, dict[str, Shown]] = {}
        self._closed: dict[str, tuple[int, str]] = {}
        self._streams = Streams()
        self._bell = Bell()
        self._bells: defaultdict[str, Bell] = defaultdict(Bell)
        self._ids = map(str, itertools.count(FIRST_ID))
        self._door = Door(self._routes(), guard=self._admit, port=port)
        self.faults = self._door.faults

    def _routes(self) -> tuple[Route, ...]:
        chat = "/v3/conversations/{conversation}"
        return (
            Route("reply", "POST", chat + "/activities/{activity}", self._send),
            Route("send", "POST", chat + "/activities", self._send),
            Route("update", "PUT", chat + "/activities/{activity}", self._update),
            Route("delete", "DELETE", chat + "/activities/{activity}", self._delete),
            Route("create", "POST", "/v3/conversations", self._create),
            Route("member", "GET", chat + "/members/{member}", self._member),
            Route("members", "GET", chat + "/members", self._members),
            Route("paged", "GET", chat + "/pagedmembers", self._paged),
            Route("channels", "GET", "/v3/teams/{team}/conversations", self._channels),
            Route("team", "GET", "/v3/teams/{team}", self._team),
            Route("picture", "GET", "/v3/attachments/{picture}/views/original", self._picture),
            Route("seen", "GET", "/seen/{conversation}", self._seen),
            Route("seen", "GET", "/seen", self._seen_all),
        )

    @property
    def url(self) -> str:
        """The service address, without a slash at its end."""
        return self._door.url

    async def __aenter__(self) -> Self:
        await self._door.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._door.__aexit__()

    # what a person sees and does

    def chat(self, conversation: str) -> Chat:
        """What stands in a conversation or, with `;messageid=`, in one thread of a channel."""
        return Chat(conversation, self._stock)

    def answers(self, conversation: str) -> list[Shown]:
        """What the bot has said there and is not still streaming, as it stands now; placeholders count until edited."""
        return self.chat(conversation).finals

    def seen_by(self, person: Someone, conversation: str) -> list[str]:
        """The texts a person sees there; none for who does not belong to it."""
        if not self.roster.holds(conversation, person):
            return []
        return [one.text for one in self.chat(conversation).seen_by(person)]

    @property
    def conversations(self) -> list[str]:
        """Where the bot has said anything, without threads."""
        return [conversation for conversation, messages in self._stock.items() if messages]

    def stop(self, conversation: str) -> None:
        """The person presses Stop. What has been streamed stays, and the bot learns of it with its next step."""
        stream = self._streams.live(conversation, self._clock())
        if stream is None:
            raise LookupError("nothing is streaming there")
        self._streams.end(stream.id, "Content stream was canceled by user")
        self._redraw(conversation, replace(self._stock[conversation][stream.id], streaming=False))

    def close(self, conversation: str, status: int = 403, code: str = "BotNotInConversationRoster") -> None:
        """From now on the bot is refused in a conversation (or BotDisabledByAdmin, 404 ConversationNotFound …)."""
        self._closed[base(conversation)] = (status, code)

    def reopen(self, conversation: str) -> None:
        self._closed.pop(base(conversation), None)

    def uninstall(self, person: Someone) -> None:
        """The person has not added the bot for themselves: there is no way to them one to one."""
        self.close(personal_chat(person.teams), 403, "ForbiddenOperationException")

    def expire(self, conversation: str) -> None:
        """A day passes: what only one member saw is gone."""
        for one in self.chat(conversation):
            if one.only:
                self._redraw(conversation, replace(one, deleted=True, at=self._clock()))

    async def settled(self, conversation: str, count: int = 1, timeout: float = 5) -> Chat:
        """Returns when `count` messages stand there and none of them is still streaming."""
        chat = self.chat(conversation)
        bell = self._bells[base(conversation)]
        await bell.until(lambda: len(chat) >= count and len(chat.finals) == len(chat), timeout, lambda: repr(chat))
        return chat

    async def until(self, come: Callable[[], bool], timeout: float = 5) -> None:
        """Returns when `come()`, looked at after every change; AssertionError after `timeout` seconds."""
        await self._bell.until(come, timeout, lambda: repr([self.chat(one) for one in self.conversations]))

    def pasted(self, data: bytes, media_type: str = "image/png") -> dict[str, Any]:
        """The attachment of a message into which a person has pasted a picture; it is fetched with the bot's token."""
        id = f"0-weu-d{len(self._pictures) + 1}"
        self._pictures[id] = (data, media_type)
        return {"contentType": "image/*", "contentUrl": f"{self.url}/v3/attachments/{id}/views/original"}

    def forget(self) -> None:
        """Empties all conversations."""
        self._stock.clear()

    # the connector

    def _admit(self, request: web.BaseRequest) -> None:
        if not self._token(bearer(request)):
            raise Refusal(401, "Unauthorized", "Authorization has been denied for this request.")

    def _enter(self, call: Call) -> str:
        conversation = self._open(call.args["conversation"])
        if self.pace is not None and call.kind in ("send", "reply", "update"):
            self.pace.admit(conversation, self._clock())
        return conversation

    def _open(self, conversation: str) -> str:
        if self._closed and base(conversation) in self._closed:
            raise Refusal(*self._closed[base(conversation)], "The bot has no access to the conversation.")
        return conversation

    async def _send(self, call: Call) -> web.Response:
        conversation, activity = self._enter(call), call.json
        if info(activity) is not None:
            return self._stream(conversation, activity, call.body)
        if activity.get("type") == "typing":
            return self._type(conversation)
        check(activity, call.body)
        check_cards(activity, files=self.allow_files and kind(conversation) == "personal")
        if _targeted(call):
            return self._whisper(conversation, activity)
        return self._post(conversation, activity)

    def _type(self, conversation: str) -> web.Response:
        self.typing[conversation] = self.typing.get(conversation, 0) + 1
        self._bell.ring()
        return reply({}, 202)

    def _whisper(self, conversation: str, activity: dict[str, Any]) -> web.Response:
        """A message that one member of a group or channel sees."""
        if kind(conversation) == "personal":
            raise Refusal(400, "BadArgument", "There are no targeted messages in a personal chat")
        if not self.allow_targeted:
            raise Refusal(400, "BadArgument", "Targeted messages are not enabled")
        wanted = (activity.get("recipient") or {}).get("id", "")
        if wanted not in [one["id"] for one in self.roster.members(conversation)]:
            raise Refusal(400, "BadArgument", "The recipient must be a member of the conversation")
        return reply({"id": self.show(conversation, activity, only=wanted).id}, 201)

    def _post(self, conversation: str, activity: dict[str, Any]) -> web.Response:
        """A message with both text and attachments becomes two, and the bot learns neither's id."""
        if activity.get("text") and activity.get("attachments"):
            self.show(conversation, {**activity, "attachments": []})
            self.show(conversation, {**activity, "text": ""})
            return reply({}, 201)
        return reply({"id": self.show(conversation, activity).id}, 201)

    def show(self, conversation: str, activity: Mapping[str, Any], **fields: Any) -> Shown:
        """A message of the bot's appears."""
        message = shown(next(self._ids), conversation, activity, self._clock(), **fields)
        self._redraw(conversation, message)
        return message

    def _redraw(self, conversation: str, message: Shown) -> None:
        home = base(conversation)
        messages = self._stock.setdefault(home, {})
        self.drawn += message.id not in messages
        messages[message.id] = message
        if self._keep is not None and len(messages) > self._keep:
            del messages[next(iter(messages))]
        self._heard(conversation, message)
        self._bells[home].ring()
        self._bell.ring()

    def _stream(self, conversation: str, activity: dict[str, Any], body: bytes) -> web.Response:
        mark = info(activity) or {}
        if "streamId" in mark:
            return self._grow(self._streams.find(conversation, mark["streamId"], self._clock()), activity, body)
        id = next(self._ids)
        self._streams.open(id, conversation, activity, self._clock())
        message = shown(id, conversation, activity, self._clock(), streaming=True, steps=(activity["text"],))
        self._redraw(conversation, message)
        return reply({"id": id}, 201)

    def _grow(self, stream: Stream, activity: dict[str, Any], body: bytes) -> web.Response:
        _check_step(activity, body)
        if not self._streams.step(stream, activity):
            return reply({}, 202)
        old = self._stock[stream.conversation][stream.id]
        if stream.end:
            message = redrawn(old, activity, self._clock(), streaming=False)
        else:
            message = redrawn(old, activity, self._clock(), steps=(*old.steps, activity["text"]))
        self._redraw(stream.conversation, message)
        return reply({}, 202)

    async def _update(self, call: Call) -> web.Response:
        """An update also ends a stream, which is how a bot completes one that took too long."""
        conversation, activity = self._enter(call), call.json
        old = self._find(conversation, call)
        if old.only and activity.get("recipient"):
            raise Refusal(400, "BadArgument", "Who sees a targeted message cannot be changed")
        if info(activity) is not None:
            raise Refusal(400, "BadRequest", "An update is no step of a stream")
        check(activity, call.body)
        self._streams.end(old.id, "Content stream is not allowed on an already completed streamed message")
        self._redraw(conversation, redrawn(old, activity, self._clock(), streaming=False, edits=(*old.edits, old.text)))
        return reply({"id": old.id})

    async def _delete(self, call: Call) -> web.Response:
        conversation = self._enter(call)
        old = self._find(conversation, call)
        self._redraw(conversation, replace(old, deleted=True, streaming=False, at=self._clock()))
        return reply()

    def _find(self, conversation: str, call: Call) -> Shown:
        """The message a call means. One for a single member is known to calls that are for one, and to no others."""
        found = self._stock.get(base(conversation), {}).get(call.args["activity"])
        if _targeted(call) and found is not None and not found.only:
            raise Refusal(400, "INVALID_TARGETED_MESSAGE_ID", "The message is not a targeted one.")
        if found is not None and found.only and found.deleted and _targeted(call):
            raise Refusal(404, "TARGETED_MESSAGE_EXPIRED_OR_DELETED", "The targeted message is gone.")
        if found is None or found.deleted or bool(found.only) != _targeted(call):
            raise Refusal(404, "ActivityNotFoundInConversation", "The activity was not found in the conversation.")
        return found

    async def _create(self, call: Call) -> web.Response:
        """A new thread in a channel, or the one-to-one chat with a person; with an activity it is shown there."""
        wish = call.json
        channel = ((wish.get("channelData") or {}).get("channel") or {}).get("id")
        if not channel and not wish.get("members"):
            raise Refusal(400, "BadArgument", "A channel or a member is needed")
        home = self._open(channel or personal_chat(wish["members"][0]["id"]))
        id = self.show(home, wish["activity"]).id if wish.get("activity") else None
        conversation = f"{base(home)};messageid={id or next(self._ids)}" if channel else home
        return reply({"id": conversation} | ({"activityId": id} if id else {}), 201)

    async def _members(self, call: Call) -> web.Response:
        return reply(self.roster.members(self._enter(call)))

    async def _member(self, call: Call) -> web.Response:
        return reply(self.roster.member(self._enter(call), call.args["member"]))

    async def _paged(self, call: Call) -> web.Response:
        size = int(call.query.get("pageSize") or 200)
        return reply(self.roster.page(self._enter(call), size, call.query.get("continuationToken", "")))

    async def _team(self, call: Call) -> web.Response:
        return reply(team(call.args["team"]))

    async def _channels(self, call: Call) -> web.Response:
        return reply(channels(call.args["team"]))

    async def _picture(self, call: Call) -> web.Response:
        self.fetched.append(dict(call.request.headers))
        if call.args["picture"] not in self._pictures:
            raise Refusal(404, "NotFound", "The attachment was not found.")
        data, media_type = self._pictures[call.args["picture"]]
        return web.Response(body=data, content_type=media_type)

    # for a driver in another process

    async def _seen_all(self, call: Call) -> web.Response:
        return reply({"messages": self.drawn})

    async def _seen(self, call: Call) -> web.Response:
        try:
            chat = await self.settled(call.args["conversation"], int(call.query.get("count") or 0), timeout=30)
        except AssertionError:
            return reply(status=504)
        return reply([{"id": one.id, "text": one.text, "first": one.first, "at": one.at} for one in chat])


def _targeted(call: Call) -> bool:
    return call.query.get("isTargetedActivity") == "true"


def _check_step(activity: Mapping[str, Any], body: bytes) -> None:
    """A stream's size is refused in the words of streams."""
    try:
        check(activity, body)
    except Refusal as refusal:
        if refusal.status == 413:
            raise forbidden("Message size too large") from None
        raise


async def main() -> None:
    """Serves until the process is ended."""
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--keep", type=int, default=None)
    chosen = options.parse_args()
    async with TeamsDouble(port=chosen.port, keep=chosen.keep) as teams:
        print(teams.url, flush=True)
        await ended()


if __name__ == "__main__":
    asyncio.run(main())
