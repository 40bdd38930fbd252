"""`make run`: the bot in local mode and the Playground beside it, until Ctrl-C."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from tests.world.playground.child import Gone, words
from tests.world.playground.layout import Layout, Taken, check_folder, check_ports, read
from tests.world.playground.local import running

WELCOME = """Parley is ready: {page}

  Personal Chat                ask a question, or write help
  Release planning             a channel with sample threads: write @Parley summarise in a new post, or reply
  Launch crew                  a sample group chat: write @Parley summarise

To send files, which the Playground cannot, open {page}/send

Logs are in {data}. Ctrl-C stops everything.
"""
WITHOUT_PAGE = """The Agents Playground needs Node.js 20 or newer with npm; install it and run `make run` again to get a page.
Parley is ready without one: {bot}/api/messages takes Bot Framework activities.

Logs are in {data}. Ctrl-C stops everything.
"""


class Stopped(Exception):
    """Somebody asked us to end."""


async def main(layout: Layout) -> None:
    """Until it is stopped, which raises `Stopped`, or until a process ends, which raises `Gone`, both in a group."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as tasks, AsyncExitStack() as stack:
        tasks.create_task(stopped(stop))
        async with dots():
            await stack.enter_async_context(running(layout))
        words = WELCOME if layout.node else WITHOUT_PAGE
        print(words.format(page=layout.page, bot=layout.bot, data=layout.data), flush=True)
        await asyncio.Event().wait()


@asynccontextmanager
async def dots() -> AsyncIterator[None]:
    """A dot a second on the line that stands there: the first start takes several, and nobody is to think that it hangs."""
    dotting = asyncio.create_task(_dot())
    try:
        yield
    finally:
        dotting.cancel()
        print(flush=True)


async def _dot() -> None:
    while True:
        await asyncio.sleep(1)
        print(".", end="", flush=True)


async def stopped(stop: asyncio.Event) -> None:
    await stop.wait()
    print("\nStopping …", flush=True)
    raise Stopped


def run(environ: Mapping[str, str]) -> int:
    """The exit code."""
    code = 0
    try:
        layout = read(environ)
        check_ports(layout)
        check_folder(layout)
        print(f"Starting Parley{' and the Agents Playground' if layout.node else ''} …", end="", flush=True)
        asyncio.run(main(layout))
    except* Stopped:
        pass
    except* (Gone, Taken, TimeoutError) as errors:
        print("\n".join(words(errors)), file=sys.stderr)
        code = 1
    return code


if __name__ == "__main__":
    sys.exit(run(os.environ))
