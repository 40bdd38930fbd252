"""Everything that comes in, with a canary in it: messages, files, faults of all that the bot speaks to, and strangers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import psycopg
from aiohttp import web

from tests.world import activities
from tests.world.activities import Activity, message
from tests.world.bots import BotProcess
from tests.world.door import Answer, Call, Fault
from tests.world.faults import drop, garbage, moved, refused
from tests.world.people import ADA, BRUNO, CHANNEL, GROUP, PEOPLE, Room, personal
from tests.world.world import World

CANARY = "canary5e11"
HOME = personal(ADA)
LOST = replace(HOME, conversation=f"{HOME.conversation}-lost")
"""Where the bot cannot answer."""
PATIENCE = 60.0
"""Seconds until what was asked must have come to pass, on a machine that has much else to do."""
ERRORS = (400, 401, 403, 404, 409, 413, 429, 500, 503)
BYTES = CANARY.encode()
FILES = (
    ("txt", BYTES),
    ("csv", b"a,b\n%b,1\n" % BYTES),
    ("html", b"<title>%b</title><p>%b" % (BYTES, BYTES)),
    ("eml", b"From: %b@example.com\r\nSubject: %b\r\n\r\n%b\r\n" % (BYTES, BYTES, BYTES)),
    ("docx", b"PK\x03\x04" + BYTES * 50),
    ("pdf", b"%%PDF-1.7\n1 0 obj <</%b (%b)>> endobj\nstartxref\n9\n%%%%EOF" % (BYTES, BYTES)),
    ("xlsx", BYTES),
    (CANARY, BYTES),
)
"""Whole ones, broken ones, and one of a kind that nobody knows."""


class Song:
    """Everything that comes in, with the canary in it."""

    def __init__(self, world: World, bot: BotProcess, database: str) -> None:
        self._world = world
        self._bot = bot
        self._database = database

    async def sung(self) -> list[str]:
        """All of it; what the door has answered."""
        self._world.graph.post(GROUP.conversation, BRUNO, f"The launch is on {CANARY}.")
        self._world.graph.post(CHANNEL.conversation, BRUNO, f"<b>{CANARY}</b>")
        for room, activity in self._asked():
            await self._answered(room, activity)
        await self._handed()
        for number, fault in enumerate(faults()):
            await self._broken(number, fault)
        await self._died()
        return [*[await self._given(one) for one in invokes()], *[answer async for answer in self._knocked()]]

    def _asked(self) -> Iterator[tuple[Room, Activity]]:
        """Messages that are answered."""
        for text in (f"What is {CANARY}?", f"translate to {CANARY}: {CANARY}", "usage", f"admin {CANARY}", "chats"):
            yield HOME, marked(message(HOME, ADA, text))
        save = activities.pressed(HOME, ADA, {"say": "prompts save"}, name=CANARY, prompt=CANARY)
        yield HOME, marked(save)
        for ending, data in FILES:
            link = self._world.drive.sent(f"{CANARY}.{ending}", data)
            yield HOME, marked(message(HOME, ADA, f"what does {CANARY} say?", attachments=[link]))
        for room in (GROUP, CHANNEL.at("1793610101000")):
            yield room, marked(message(room, ADA, "summarise"))
            yield room, marked(message(room, ADA, f"what was said about {CANARY}?"))

    async def _answered(self, room: Room, activity: Activity) -> None:
        chat = self._world.teams.chat(room.conversation)
        before = len(chat.finals)
        status, _ = await self._world.post(activity)
        assert status == 202
        await self._world.teams.until(lambda: len(chat.finals) > before, PATIENCE)

    async def _broken(self, number: int, fault: Fault) -> None:
        """Questions that meet this fault: one at the model, one at Graph and the token service, one at Teams."""
        world, rooms = self._world, rooms_of(number)
        for person in PEOPLE:
            world.teams.roster.admit(rooms[1].conversation, person)
        world.graph.post(rooms[1].conversation, BRUNO, f"The launch is on {CANARY}.")
        met = [Met(fault) for _ in range(5)]
        world.model.faults.add(met[0], of="chat")
        world.graph.faults.add(met[1], of="chat")
        world.users.faults.add(met[2], of="get")
        world.teams.faults.add(met[3], of="send", when=lambda call: rooms[2].conversation in call.args["conversation"])
        world.drive.faults.add(met[4], of="download")
        file = world.drive.sent(f"{CANARY}.txt", BYTES)
        asked = (message(rooms[0], ADA, CANARY), message(rooms[1], ADA, "summarise"), message(rooms[2], ADA, CANARY))
        for activity in (*asked, message(rooms[3], ADA, CANARY, attachments=[file])):
            status, _ = await world.post(marked(activity))
            assert status == 202
        # A model that is said to be gone is left alone for some seconds, in which nobody meets anything there.
        async with asyncio.timeout(PATIENCE):
            while not met[0].reached:
                await self._answered(rooms[0], marked(message(rooms[0], ADA, CANARY)))
        await asyncio.gather(*(one.met() for one in met))

    async def _handed(self) -> None:
        """An answer as a document, whose upload is refused first."""
        for text in (CANARY, "give me this as markdown"):
            await self._answered(HOME, marked(message(HOME, ADA, text)))
        chat = self._world.teams.chat(HOME.conversation)
        await self._world.teams.until(lambda: any(one.offers for one in chat.seen_by(ADA)), PATIENCE)
        met = self._world.drive.faults.add(Met(refused(503, CANARY, CANARY, {"Retry-After": "0"})), of="upload")
        assert await self._world.hand(ADA).accept() == 200
        await met.met()

    async def _died(self) -> None:
        """A message that could not be answered as often as it is tried, which is not waited for."""
        found = refused(412, CANARY, CANARY, {"Retry-After": "0"})
        self._world.teams.faults.add(
            found, when=lambda call: call.args.get("conversation") == LOST.conversation, times=None
        )
        status, _ = await self._world.post(marked(message(LOST, ADA, CANARY)))
        assert status == 202
        await self._until(lambda: self._tried() or '"activity dead"' in "\n".join(self._bot.lines))

    def _tried(self) -> bool:
        """Whether it has failed once; then its next try is the last."""
        with psycopg.connect(self._database, autocommit=True) as connection:
            spent = "UPDATE inbox SET attempts = 4 WHERE conversation = %s AND attempts = 1"
            connection.execute(spent, (LOST.conversation,))
        return False

    async def _until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not done():
                await asyncio.sleep(0.1)

    async def _given(self, activity: Activity) -> str:
        status, body = await self._world.post(marked(activity))
        assert status < 500
        return body.decode()

    async def _knocked(self) -> AsyncIterator[str]:
        """What strangers hear, and who asks whether it is ready."""
        world, body = self._world, f'{{"text":"{CANARY}","type":5}}'.encode()
        for token in ("", CANARY, world.login.forged(serviceurl=world.service, iss=CANARY), world.token()):
            yield (await world.post_raw(body, token, None, **{"X-Canary": CANARY}))[1].decode()
        for head in heads():
            yield await raw(self._bot.port, head)


class Met:
    """A fault that tells when somebody has met it."""

    def __init__(self, fault: Fault) -> None:
        self._reached = asyncio.Event()
        self._fault = fault

    @property
    def reached(self) -> bool:
        """Whether somebody has."""
        return self._reached.is_set()

    async def met(self) -> None:
        """Wait until then."""
        async with asyncio.timeout(PATIENCE):
            await self._reached.wait()

    async def __call__(self, call: Call, answer: Answer) -> web.StreamResponse:
        self._reached.set()
        return await self._fault(call, answer)


def rooms_of(number: int) -> tuple[Room, Room, Room, Room]:
    """Personal chats, the second a group chat, in which nothing else waits to be answered."""
    own = [replace(HOME, conversation=f"{HOME.conversation}-{name}{number}") for name in ("model", "teams", "drive")]
    return own[0], replace(GROUP, conversation=f"19:silence{number}@thread.v2", members=PEOPLE), own[1], own[2]


def marked(activity: Activity) -> Activity:
    """With the canary in every field that is nobody's business."""
    entities = [{**one, "platform": CANARY, "country": CANARY} for one in activity.get("entities", [])]
    return {
        **activity,
        "from": {**activity["from"], "name": f"Ada {CANARY}"},
        "locale": f"en-{CANARY}",
        "localTimezone": f"Europe/{CANARY}",
        "summary": CANARY,
        "entities": [*entities, {"type": CANARY, CANARY: CANARY}],
        CANARY: CANARY,
    }


def faults() -> Iterator[Fault]:
    """Errors with the canary in their code, their words, their headers or instead of any answer."""
    for status in ERRORS:
        yield refused(status, CANARY, f"{CANARY}: {CANARY}", {"Retry-After": "0", "x-ms-request-id": CANARY})
    yield garbage(200, f"<html>{CANARY}</html>")
    yield garbage(502, CANARY)
    yield moved(f"https://{CANARY}.example/")
    yield drop


def invokes() -> list[Activity]:
    """Invokes with the canary in what they bring."""
    return [
        activities.feedback(HOME, ADA, "1", "dislike", CANARY),
        activities.token_exchange(HOME, ADA, f"{CANARY}.{CANARY}.{CANARY}", "attempt-1"),
        activities.verify_state(HOME, ADA, CANARY),
        activities.signin_failure(HOME, ADA, CANARY),
        activities.card_action(HOME, ADA, CANARY, {CANARY: CANARY}),
        activities.on_message(GROUP, ADA, "1", f"<p>{CANARY}</p>", CANARY),
        activities.invoke(HOME, ADA, CANARY, {CANARY: CANARY}),
        activities.file_consent(HOME, ADA, "1", {"key": CANARY}, {"name": CANARY, "uploadUrl": CANARY}),
    ]


def heads() -> Iterator[bytes]:
    """Requests that are none, and questions after its health."""
    name = CANARY.encode()
    for line in (b"POST /api/messages HTTP/1.1", b"GET /readyz HTTP/1.1", b"GET /" + name + b" HTTP/1.1", name):
        yield line + b"\r\nHost: " + name + b"\r\nConnection: close\r\n\r\n"
        yield line + b"\r\nAuthorization: Bearer " + name + b"\x01\r\n\r\n"
        yield line + b"\r\n" + name + b" " + name + b"\r\n\r\n"


async def raw(port: int, sent: bytes) -> str:
    """What comes back on a connection of one's own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        async with asyncio.timeout(PATIENCE):
            return (await reader.read()).decode(errors="replace")
    finally:
        writer.close()
