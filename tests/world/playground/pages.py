"""The open pages, each with its own WebSocket. They are drawn on in one order, from the first message on."""

import asyncio

import orjson
from aiohttp import WSMsgType, web

from tests.world.playground.memory import Frame, Memory

Desk = asyncio.Queue[Frame]


class Pages:
    """Draws on every open page. A page can take messages only once it knows the conversations: then it is `ready`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._waiting: set[Desk] = set()
        self._drawn: set[Desk] = set()

    def ready(self) -> None:
        """The pages just opened get all that stands there already."""
        for desk in self._waiting:
            for frame in self._memory.frames():
                desk.put_nowait(frame)
        self._drawn |= self._waiting
        self._waiting.clear()

    def draw(self, frame: Frame) -> None:
        """On every open page, and what is more than a sign of typing is kept for those to come."""
        if "message" in frame:
            self._memory.keep(frame)
        for desk in self._drawn:
            desk.put_nowait(frame)

    def knows(self, frame: Frame) -> bool:
        """Whether a page would be told of a message for the second time, which it does not survive."""
        return frame["action"] == "createMessage" and frame["message"]["messageId"] in self._memory

    def typed(self, frame: Frame) -> None:
        """The page on which it was typed has drawn it already."""
        self._memory.keep(frame)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One page's WebSocket, until the page is closed."""
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        desk: Desk = asyncio.Queue()
        self._waiting.add(desk)
        writer = asyncio.create_task(write(socket, desk))
        try:
            await closed(socket)
        finally:
            writer.cancel()
            self._waiting.discard(desk)
            self._drawn.discard(desk)
        return socket


async def write(socket: web.WebSocketResponse, desk: Desk) -> None:
    while not socket.closed:
        await socket.send_str(orjson.dumps(await desk.get()).decode())


async def closed(socket: web.WebSocketResponse) -> None:
    async for message in socket:
        if message.type is WSMsgType.ERROR:
            return
