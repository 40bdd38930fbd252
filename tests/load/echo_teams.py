"""An echo bot of the Teams SDK, as its samples build one, on the quickest loop it has; run in the peers' environment.

Its settings come from one JSON argument; `port` is where it listens. Real authentication is on.
"""

import asyncio
import json
import sys
from typing import Any

import uvicorn  # type: ignore[import-not-found]
import uvloop  # type: ignore[import-not-found]
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from microsoft_teams.apps import App
from microsoft_teams.apps.http import FastAPIAdapter


class Quiet(uvicorn.Server):  # type: ignore[misc]  # not there where types are checked
    """Says once that it listens."""

    async def startup(self, sockets: Any = None) -> None:
        """As always, and then a line."""
        await super().startup(sockets)
        print("listening", flush=True)


def application(settings: dict[str, str]) -> Any:
    """The bot behind the SDK's own server."""
    port = int(settings["port"])
    cloud = with_overrides(
        PUBLIC,
        login_endpoint=settings["origin"],
        login_tenant="adfs",
        openid_metadata_url=settings["metadata"],
        token_service_url=settings["service"],
    )

    def server(application: Any) -> Quiet:
        return Quiet(uvicorn.Config(application, host="127.0.0.1", port=port, log_level="warning"))

    app = App(
        client_id=settings["app"],
        client_secret=settings["secret"],
        cloud=cloud,
        http_server_adapter=FastAPIAdapter(server_factory=server),
    )

    async def echo(context: Any) -> None:
        await context.send(f"Echo: {context.activity.text}")

    app.on_message(echo)
    return app


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(application(given).start(int(given["port"])))
