"""Fetches what a message names, and is the only room that does: files at their download address, pictures from Teams.

Floor 6. A download address bears the right to read the file, so it is a secret: it stands in no log line and no error, and
no token of ours goes along. The bot's token goes with pictures, to the very origin of the conversation's service address and
nowhere else. No redirect is followed, nothing is unpacked, and both bytes and seconds are bounded. Sources: Teams'
`file.download.info` (a pre-authenticated address of SharePoint) and inline pictures (an address of the connector, which
wants the bot's token).
"""

import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

import aiohttp
from yarl import URL

from bot.hosts import allowed
from bot.pinning import Pinned, is_forbidden
from bot.teams.origins import Origins
from bot.teams.origins import address as address_of
from bot.telemetry import Event, Log
from dialogs.errors import AssistantError, NotFetched, TooBig, Unavailable

MOST = 20 * 1024 * 1024
"""Bytes of one file."""
SECONDS = 30.0
"""For everything: the name, the connection, the answer, its last byte."""
PIECE = 64 * 1024
"""Bytes handed on in one go."""
PLAIN = re.compile(r"[!-\[\]-~]{1,2000}")
"""Visible ASCII but the backslash, which some readers take for a slash."""

Token = Callable[[], Awaitable[str | None]]

log = Log("bot.fetching")


async def nobody() -> None:
    """The token of a download: none."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Streams bytes from outside. `hosts` are those of `FILE_HOSTS`, `teams` those of `SERVICE_ORIGINS`.

    `token` is the bot's; None in local mode. Both verbs raise `NotFetched`, `TooBig` or `Unavailable`, at the first piece or
    a later one; whoever stops early closes the stream.
    """

    session: Pinned
    hosts: frozenset[str]
    teams: Origins
    token: Token
    seconds: float = SECONDS

    def download(self, address: str) -> AsyncGenerator[bytes, None]:
        """A file at its download address, without any token."""
        return self._pieces(address if allowed(address, self.hosts) else "", nobody)

    def picture(self, address: str, service_url: str) -> AsyncGenerator[bytes, None]:
        """A picture on the connector that a conversation is held at; only there does the bot's token go."""
        return self._pieces(address if self._is_home(address, service_url) else "", self.token)

    def _is_home(self, address: str, service_url: str) -> bool:
        """Whether an address has the very origin of a service address that is trusted."""
        # Up to the third slash, and matched strictly there: nothing that a parser could read as another host gets by.
        front, home = address_of("/".join(address.split("/", 3)[:3])), address_of(service_url)
        same = front is not None and home is not None and front.origin == home.origin
        return same and self.teams.trust(service_url) and PLAIN.fullmatch(address) is not None

    async def _pieces(self, address: str, token: Token) -> AsyncGenerator[bytes, None]:
        """The pieces of what is there, with every foreign error translated; an address that was refused is empty."""
        if not address:
            raise NotFetched
        headers = await headers_of(token)
        try:
            async with aclosing(self._arriving(address, headers)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # The kind alone: its text may quote the address.
            log.event(Event.FETCH_FAILED, logging.WARNING, error=error)
            failure: AssistantError = NotFetched() if is_forbidden(error) else Unavailable()
        # Not raised above, for then the foreign error would hang on it as its context.
        raise failure

    async def _arriving(self, address: str, headers: dict[str, str]) -> AsyncGenerator[bytes, None]:
        async with self.session.get(
            URL(address, encoded=True),
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=self.seconds),
        ) as response:
            check(response)
            got = 0
            async for piece in response.content.iter_chunked(PIECE):
                got += len(piece)
                if got > MOST:
                    raise TooBig
                yield piece


async def headers_of(token: Token) -> dict[str, str]:
    """The headers of a request. What is sent packed could unpack to anything, so nothing is taken packed."""
    found = await token()
    return {"Accept": "*/*", "Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {found}"} if found else {})


def check(response: aiohttp.ClientResponse) -> None:
    """Whether the answer is a file of bearable size. Raises `NotFetched`, `TooBig` or `Unavailable`."""
    if response.status != 200:
        log.event(Event.FETCH_FAILED, logging.WARNING, status=response.status)
        raise Unavailable if response.status in (408, 429) or response.status >= 500 else NotFetched
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched
    if (response.content_length or 0) > MOST:
        raise TooBig
