"""A server that sends everybody elsewhere, and one that counts who comes.

async with Signpost() as elsewhere, Signpost(elsewhere.url) as here:
    …                                   # a client asks here.url
    assert elsewhere.visits == []       # and followed nothing
"""

from typing import Self

from aiohttp import web


class Signpost:
    """Answers every request with a redirect; without a destination, with an empty JSON object. `visits` are the paths."""

    def __init__(self, to: str = "", status: int = 307) -> None:
        self.visits: list[str] = []
        self._to, self._status = to, status
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{self.host}"

    @property
    def host(self) -> str:
        """Name and port."""
        return f"127.0.0.1:{self._runner.addresses[0][1]}"

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.visits.append(request.path_qs)
        if not self._to:
            return web.json_response({})
        return web.Response(status=self._status, headers={"Location": f"{self._to}{request.path_qs}"})
