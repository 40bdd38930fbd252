"""An echo bot of the Microsoft 365 Agents SDK, as its samples build one; run in the peers' environment.

Its settings come from one JSON argument; `port` is where it listens. Real authentication is on. The address of the
channel's keys cannot be set in this SDK, so its key client is put where it would make one of its own.
"""

import asyncio
import json
import sys
from threading import Lock
from typing import Any

from aiohttp import web
from jwt import PyJWKClient
from microsoft_agents.authentication.msal import MsalConnectionManager  # type: ignore[import-not-found]
from microsoft_agents.hosting.aiohttp import (  # type: ignore[import-not-found]
    CloudAdapter,
    jwt_authorization_middleware,
)
from microsoft_agents.hosting.core import ActivityHandler, AgentAuthConfiguration  # type: ignore[import-not-found]
from microsoft_agents.hosting.core.authorization import JwtTokenValidator  # type: ignore[import-not-found]
from microsoft_agents.hosting.core.authorization._entra_issuers import (  # type: ignore[import-not-found]
    BOTFRAMEWORK_JWKS_URIS,
)
from microsoft_agents.hosting.core.authorization.jwt.jwt_token_validator import (  # type: ignore[import-not-found]
    _JwkClientCacheEntry,
)


class Echo(ActivityHandler):  # type: ignore[misc]  # not there where types are checked
    """Says what it hears."""

    async def on_message_activity(self, turn_context: Any) -> None:
        """Echo."""
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


def application(settings: dict[str, str]) -> web.Application:
    """The bot behind the SDK's own adapter and middleware."""
    uri = BOTFRAMEWORK_JWKS_URIS[settings["issuer"]]
    JwtTokenValidator._jwk_client_manager._cache[uri] = _JwkClientCacheEntry(PyJWKClient(settings["keys"]), Lock())
    known = AgentAuthConfiguration(
        client_id=settings["app"],
        tenant_id=settings["tenant"],
        client_secret=settings["secret"],
        authority=settings["authority"],
        connection_name="SERVICE_CONNECTION",
    )
    connections = MsalConnectionManager(connections_configurations={"SERVICE_CONNECTION": known})
    adapter, bot = CloudAdapter(connection_manager=connections), Echo()

    async def messages(request: web.Request) -> web.Response:
        return await adapter.process(request, bot) or web.Response(status=200)

    found = web.Application(middlewares=[jwt_authorization_middleware])
    found["agent_configuration"] = connections.get_default_connection_configuration()
    found.router.add_post("/api/messages", messages)
    return found


async def main(settings: dict[str, str]) -> None:
    """Serve until killed."""
    runner = web.AppRunner(application(settings), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(settings["port"])).start()
    print("listening", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
