"""A token server for the stock bot: MSAL takes an unknown authority only when its path begins with `adfs`."""

import ssl
import tempfile
from pathlib import Path
from typing import Self

import trustme
from aiohttp import web


class Adfs:
    """Gives out the same token to everybody, over TLS. `ca` is the PEM file that vouches for it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="adfs-")
        self.ca = Path(self._folder.name) / "ca.pem"
        self.authority = ""
        application = web.Application()
        application.router.add_get("/adfs/.well-known/openid-configuration", self._metadata)
        application.router.add_post("/adfs/token", self._token)
        self._runner = web.AppRunner(application, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls())
        await site.start()
        port = self._runner.addresses[0][1]
        self.authority = f"https://127.0.0.1:{port}/adfs"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        self._folder.cleanup()

    def _tls(self) -> ssl.SSLContext:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        return context

    async def _metadata(self, request: web.Request) -> web.Response:
        endpoint = f"{self.authority}/token"
        return web.json_response(
            {"issuer": self.authority, "authorization_endpoint": endpoint, "token_endpoint": endpoint}
        )

    async def _token(self, request: web.Request) -> web.Response:
        return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": "a.bench.token"})
