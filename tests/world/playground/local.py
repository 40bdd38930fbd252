"""The local world as it runs: doubles of Graph and of where files lie, bot, Playground, and the page in front of them."""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

import orjson
from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, web

from tests.world.drive import Drive
from tests.world.graph import GraphDouble
from tests.world.people import APP
from tests.world.playground.cast import config
from tests.world.playground.child import Child, Gone, child
from tests.world.playground.front import Front
from tests.world.playground.layout import CLI, LOOPBACK, ROOT, Layout
from tests.world.playground.ledger import Ledger
from tests.world.playground.memory import Memory
from tests.world.playground.pages import Pages
from tests.world.playground.planting import Planting

PATIENCE = 60.0
"""Seconds everything may take until it answers."""
POLL = 0.05


class Local:
    """Everything that `make run` starts. What breaks later ends the task group."""

    def __init__(self, layout: Layout, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> None:
        self._layout = layout
        self._stack = stack
        self._tasks = tasks
        self._watching: list[asyncio.Task[None]] = []

    def leave(self) -> None:
        """Nobody watches any more what breaks, so that the task group can come to its end."""
        for task in self._watching:
            task.cancel()

    def _watch(self, watching: Coroutine[None, None, None]) -> None:
        self._watching.append(self._tasks.create_task(watching))

    async def start(self) -> None:
        """Returns once the bot answers and, where Node is there, the page."""
        self._layout.data.mkdir(parents=True, exist_ok=True)
        graph = await self._stack.enter_async_context(GraphDouble())
        drive = await self._stack.enter_async_context(Drive())
        timeout = ClientTimeout(total=PATIENCE)
        session = await self._stack.enter_async_context(ClientSession(auto_decompress=False, timeout=timeout))
        async with asyncio.timeout(PATIENCE):
            await self._start_bot(graph.url, drive.host)
            if self._layout.node:
                await self._start_page(session, Ledger(graph), drive, self._layout.node)
            await answered(session, self._layout.bot + "/readyz")

    async def _start_bot(self, graph: str, files: str) -> None:
        """`files` is the host that files lie on."""
        layout = self._layout
        env = {"PORT": str(layout.bot_port), "DATA_DIR": str(layout.data), "GRAPH_URL": graph, "MICROSOFT_APP_ID": APP}
        await self._run("bot", layout.bot_command, cwd=ROOT, env={**env, "FILE_HOSTS": files})

    async def _start_page(self, session: ClientSession, ledger: Ledger, drive: Drive, node: str) -> None:
        """The Playground with the sample threads in it, and what stands in front of it."""
        layout, memory = self._layout, Memory()
        await self._start_playground(node)
        await Planting(session, layout.playground, memory, ledger).plant(datetime.now().astimezone())
        front = Front(session, layout.playground, layout.bot, Pages(memory), ledger, drive)
        self._watch(front.watch())
        await self._serve(front.app())

    async def _start_playground(self, node: str) -> None:
        folder = self._layout.data / "playground"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".m365agentsplayground.yml").write_bytes(orjson.dumps(config(), option=orjson.OPT_INDENT_2))
        preload = Path(__file__).with_name("loopback.cjs")
        env = {"NODE_OPTIONS": f'--require "{preload}"', "TEAMSAPPTESTER_BROWSER": "none"}
        playground = await self._run("playground", playground_command(node, self._layout), cwd=folder, env=env)
        port = int((await playground.says(rb"Listening on (\d+)"))[1])
        if port != self._layout.playground_port:
            raise Gone(f"The Playground's port was taken while it started; it came up on {port}. Please start again.")

    async def _run(self, name: str, command: tuple[str, ...], *, cwd: Path, env: Mapping[str, str]) -> Child:
        process = await self._stack.enter_async_context(child(name, *command, cwd=cwd, env={**os.environ, **env}))
        self._watch(process.write(self._layout.log(name)))
        self._watch(process.ended())
        return process

    async def _serve(self, app: web.Application) -> None:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, LOOPBACK, self._layout.page_port).start()


@asynccontextmanager
async def running(layout: Layout) -> AsyncIterator[None]:
    """The local world, ready. Leaving ends its processes; `Gone` (in a group) when one of them ends by itself."""
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        local = Local(layout, stack, tasks)
        await local.start()
        yield
        local.leave()


def playground_command(node: str, layout: Layout) -> tuple[str, ...]:
    """The bot and the Playground see each other through the front, which makes good what it leaves out."""
    options = {
        "--app-endpoint": f"{layout.page}/api/messages",
        "--service-url": f"{layout.page}/_connector",
        "--channel-id": "msteams",
        "--port": str(layout.playground_port),
    }
    return (node, str(CLI), "start", "--disable-telemetry", *(word for pair in options.items() for word in pair))


async def answered(session: ClientSession, address: str) -> None:
    """Until the server answers 200."""
    while not await answers(session, address):
        await asyncio.sleep(POLL)


async def answers(session: ClientSession, address: str) -> bool:
    try:
        async with session.get(address) as answer:
            return answer.status == 200
    except ClientConnectionError:
        return False
