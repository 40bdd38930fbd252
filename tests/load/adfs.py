"""A token server for the peers: MSAL takes an unknown authority only when its path begins with `adfs`."""

import asyncio
import ssl
import tempfile
import time
from pathlib import Path
from typing import Self

import trustme
from aiohttp import web

from tests.world.people import APP
from tests.world.signing import key


class Adfs:
    """Gives out a token to everybody, over TLS, `delay` seconds after it was asked. `ca` is the PEM file that vouches for it."""

    def __init__(self, delay: float = 0.0) -> None:
        self._delay = delay
        self._folder = tempfile.TemporaryDirectory(prefix="adfs-")
        self.ca = Path(self._folder.name) / "ca.pem"
        self.origin = ""
        claims = {"aud": "https://api.botframework.com", "appid": APP, "exp": int(time.time()) + 3600}
        # A real one: the Teams SDK takes it apart. Made once, so that giving it out costs nothing.
        self._access = key(1).sign(claims)
        application = web.Application()
        application.router.add_get("/adfs/.well-known/openid-configuration", self._metadata)
        application.router.add_post("/adfs/token", self._token)
        self._runner = web.AppRunner(application, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls())
        await site.start()
        self.origin = f"https://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        self._folder.cleanup()

    @property
    def authority(self) -> str:
        """What MSAL is told."""
        return f"{self.origin}/adfs"

    def _tls(self) -> ssl.SSLContext:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        return context

    async def _metadata(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self._delay)
        endpoint = f"{self.authority}/token"
        return web.json_response(
            {"issuer": self.authority, "authorization_endpoint": endpoint, "token_endpoint": endpoint}
        )

    async def _token(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self._delay)
        return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": self._access})
