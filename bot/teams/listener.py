"""How bytes become requests: what a connection may do before anybody looks at it, and how little it is told of its errors.

Floor 7. A member of the room of `bot.teams.endpoint`.
"""

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.limits import HEAD_BYTES, HEADERS, IDLE, LINGER
from bot.teams.endpoint import refused

SHUTDOWN_SECONDS = 5.0
NO_BANNER = {"Server": ""}


class Listener(web.AppRunner):
    """Serves an application of the endpoint."""

    def __init__(self, application: web.Application) -> None:
        super().__init__(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)

    async def _make_server(self) -> web.Server:
        served = await super()._make_server()
        return _Server(
            served.request_handler,
            request_factory=served.request_factory,
            access_log=None,
            # Packed bodies are refused, so nothing may unpack them first.
            auto_decompress=False,
            keepalive_timeout=IDLE.total_seconds(),
            lingering_time=LINGER.total_seconds(),
            max_line_size=HEAD_BYTES,
            max_field_size=HEAD_BYTES,
            max_headers=HEADERS,
        )


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        return _Protocol(self, loop=self._loop, **self._kwargs)


class _Protocol(RequestHandler):
    __slots__ = ()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """The framework's own answer quotes the line it could not read, which may hold a token."""
        if request.writer.output_size > 0:
            raise ConnectionError("already answered")
        response = refused(status if status < 500 else 503, "BadRequest" if status < 500 else "Unavailable", NO_BANNER)
        response.force_close()
        return response
