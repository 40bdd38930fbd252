"""What stands between the newcomer's browser, the Playground and the bot, all on this machine.

The Playground alone forgets what its page has not seen, draws nobody but the newcomer and the bot, has no Graph, and
leaves out of its activities what Teams puts in. Here that is made good, so that the bot meets what it meets in Teams.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import orjson
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

from tests.world.drive import Drive
from tests.world.people import TEAM
from tests.world.playground.buttons import apart, pressable, pressed
from tests.world.playground.byhand import meant, wakes
from tests.world.playground.cast import NEWCOMER, PERSONAL, strangers
from tests.world.playground.citations import Citations, loose
from tests.world.playground.ledger import Ledger
from tests.world.playground.memory import Frame, drawn
from tests.world.playground.orderly import orderly
from tests.world.playground.pages import Pages, closed
from tests.world.playground.paperclip import LARGEST, PATH, packed, page
from tests.world.playground.relay import Relay
from tests.world.playground.sent import Sent

CONVERSATIONS = "/_ws_conversation/v1/conversations/stream"
LOG = "/_ws/log/stream"
LOCALE = "en-US"
"""What the Playground says of everybody."""
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
ACTIVITIES = "/_connector/v3/conversations/{conversation}/activities"


class Front:
    """`app` is served at the one address people open; the Playground's app endpoint is `/api/messages` of it."""

    def __init__(
        self, session: ClientSession, playground: str, bot: str, pages: Pages, ledger: Ledger, drive: Drive
    ) -> None:
        self._session = session
        self._address = playground
        self._playground = Relay(session, playground)
        self._bot = Relay(session, bot)
        self._pages = pages
        self._ledger = ledger
        self._drive = drive
        self._sent = Sent()
        self._enclosed: dict[str, tuple[dict[str, Any], ...]] = {}
        self._citations = Citations()
        self._installed: set[str] = set()
        self._locale = LOCALE

    def app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST, middlewares=[self._listen])
        app.router.add_post("/api/messages", self._to_bot)
        app.router.add_get("/", self._page)
        app.router.add_get(CONVERSATIONS, self._pages.serve)
        app.router.add_get(LOG, self._log)
        app.router.add_get("/_internal/v1/config", self._config)
        app.router.add_post("/_debug/conversation/{conversation}/installation", self._installation)
        app.router.add_post("/_conversation/v1/conversations/{conversation}/messages", self._typed)
        app.router.add_post("/_conversation/v1/submit", self._pressed)
        app.router.add_get(PATH, self._choose)
        app.router.add_post(PATH, self._enclose)
        app.router.add_post(ACTIVITIES, self._from_bot)
        app.router.add_post(ACTIVITIES + "/{activity}", self._from_bot)
        app.router.add_put(ACTIVITIES + "/{activity}", self._from_bot)
        app.router.add_route("*", "/{path:.*}", self._pass)
        return app

    @web.middleware
    async def _listen(self, request: web.Request, handler: Answer) -> web.StreamResponse:
        """Whoever speaks from a page speaks its browser's language."""
        self._locale = language(request.headers.get("Accept-Language", "")) or self._locale
        return await handler(request)

    async def watch(self) -> None:
        """Draws what the bot says, for as long as the Playground runs."""
        async with self._session.ws_connect(self._address + CONVERSATIONS, max_msg_size=0) as socket:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._said(orjson.loads(message.data))

    def _said(self, frame: Frame) -> None:
        """The Playground buffers what it says until somebody listens: our own root post comes back to us here."""
        if self._pages.knows(frame):
            return
        for each in apart(frame):
            self._pages.draw(pressable(loose(self._citations.whole(each))))
        if "message" in frame:
            self._ledger.said(frame)

    async def _pass(self, request: web.Request) -> web.Response:
        return await self._playground.send(request)

    async def _page(self, request: web.Request) -> web.Response:
        """The Playground's own page."""
        answer = await self._playground.send(request)
        if answer.status == 200 and answer.content_type == "text/html":
            answer.body = orderly(body(answer))
        return answer

    async def _config(self, request: web.Request) -> web.Response:
        """The page is told of everybody who wrote in the sample threads."""
        answer = await self._playground.send(request)
        if answer.status != 200:
            return answer
        told = orjson.loads(body(answer))
        told["config"]["users"] += strangers()
        return web.json_response(told)

    async def _installation(self, request: web.Request) -> web.Response:
        """The page sends this once it knows its conversations. Teams installs an app once, not at every reload."""
        self._pages.ready()
        conversation = request.match_info["conversation"]
        if conversation in self._installed:
            return web.json_response({})
        self._installed.add(conversation)
        return await self._playground.send(request)

    async def _typed(self, request: web.Request) -> web.Response:
        """The page has the answer, and so draws the message, before the bot is told of it and can answer."""
        conversation, typed = request.match_info["conversation"], await request.json()
        typed = typed if conversation == PERSONAL else meant(typed)
        answer = await self._playground.send(request, orjson.dumps(typed))
        await answer.prepare(request)
        await answer.write_eof()
        if answer.status == 200:
            self._pages.typed(await self._keep(conversation, typed, orjson.loads(body(answer))))
        return answer

    async def _pressed(self, request: web.Request) -> web.Response:
        """A button that says something types it."""
        submitted = await request.json()
        typed = pressed(submitted)
        if typed is None:
            return await self._playground.send(request)
        conversation = submitted["conversation"]["id"]
        self._pages.draw(await self._keep(conversation, typed, await self._type(conversation, typed)))
        return web.Response()

    async def _choose(self, _: web.Request) -> web.Response:
        return page()

    async def _enclose(self, request: web.Request) -> web.Response:
        """Typed like anything else; the files join it on its way to the bot."""
        parcel = await packed(request, self._drive)
        told = await self._type(PERSONAL, parcel.typed)
        self._enclosed[told["messageId"]] = parcel.files
        frame = await self._keep(PERSONAL, parcel.typed, told)
        self._pages.draw({**frame, "message": {**frame["message"], "text": parcel.shown}})
        return page("Sent. The answer comes in Personal Chat.")

    async def _type(self, conversation: str, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What the Playground says to a message that is typed for the newcomer."""
        address = f"{self._address}/_conversation/v1/conversations/{quote(conversation)}/messages"
        async with self._session.post(address, json=typed, raise_for_status=True) as answer:
            told: dict[str, Any] = await answer.json()
            return told

    async def _keep(self, conversation: str, typed: Mapping[str, Any], told: Mapping[str, Any]) -> Frame:
        """What the newcomer wrote is remembered; its frame for the page."""
        post, id, text = told.get("postConversationId"), told["messageId"], typed.get("text", "")
        at = datetime.fromtimestamp(told["timestamp"] / 1000, UTC)
        self._ledger.typed(post or conversation, id, at, text)
        if conversation == PERSONAL or wakes(typed):
            await self._sent.note(post or conversation, text, id)
        return drawn(conversation, id, NEWCOMER.teams, at, text, post=post)

    async def _to_bot(self, request: web.Request) -> web.Response:
        return await self._bot.send(request, orjson.dumps(await self._complete(await request.json())))

    async def _from_bot(self, request: web.Request) -> web.Response:
        if "isTargetedActivity" in request.query:
            return not_targeted()
        return await self._playground.send(request, orjson.dumps(self._citations.cut(await request.json())))

    async def _complete(self, activity: dict[str, Any]) -> dict[str, Any]:
        """The activity with what Teams would have put in.

        That is the message's own id, the files sent with it, the language of the person's client, the team's Graph id, and a
        reply's root.
        """
        activity["locale"] = self._locale
        for client in (entity for entity in activity.get("entities") or () if entity["type"] == "clientInfo"):
            client["locale"] = self._locale
        if activity["type"] == "message" and "value" not in activity:
            place, text = activity["conversation"]["id"], activity.get("text", "")
            activity["id"] = await self._sent.take(place, text) or activity["id"]
            activity["attachments"] = [*activity.get("attachments", ()), *self._enclosed.pop(activity["id"], ())]
        if "team" in activity.get("channelData", {}):
            activity["channelData"]["team"]["aadGroupId"] = TEAM
        chosen = (activity.get("value") or {}).get("messagePayload")
        if chosen:
            chosen["replyToId"] = self._ledger.root(chosen["id"])
        return activity

    async def _log(self, request: web.Request) -> web.WebSocketResponse:
        """The page's log panel."""
        page = web.WebSocketResponse()
        await page.prepare(request)
        async with self._session.ws_connect(self._address + LOG, max_msg_size=0) as socket:
            lines = asyncio.create_task(copy(socket, page))
            await closed(page)
            lines.cancel()
        return page


def language(accepted: str) -> str:
    """The first of the languages a browser accepts; empty for a client that is none, as the Playground's own."""
    return re.split("[,;]", accepted)[0].strip("* ")


def not_targeted() -> web.Response:
    """The page would show everybody what is for one person, so nothing of that kind gets there.

    The words are those of a tenant that does not allow it; the bot then says it one to one, which the page can show.
    """
    error = {"code": "BadArgument", "message": "Targeted messages are not enabled"}
    return web.json_response({"error": error}, status=400)


async def copy(source: ClientWebSocketResponse, target: web.WebSocketResponse) -> None:
    async for message in source:
        if message.type is WSMsgType.TEXT:
            await target.send_str(message.data)


def body(answer: web.Response) -> bytes:
    return answer.body if isinstance(answer.body, bytes) else b""
