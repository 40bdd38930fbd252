"""A stock `CloudAdapter` echo bot, exactly as the SDK's samples build one: what the others are measured against.

Its settings come from one JSON argument; `port` is where it listens. Real authentication is on.
"""

import asyncio
import json
import sys
from types import SimpleNamespace

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication


class Echo(ActivityHandler):  # type: ignore[misc]  # the SDK has no types
    """Says what it hears."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Echo."""
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


async def main(settings: dict[str, str]) -> None:
    """Serve until killed."""
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(SimpleNamespace(**settings)))
    bot = Echo()

    async def messages(request: web.Request) -> web.Response:
        return await adapter.process(request, bot) or web.Response(status=200)

    application = web.Application()
    application.router.add_post("/api/messages", messages)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(settings["port"])).start()
    print("listening", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
