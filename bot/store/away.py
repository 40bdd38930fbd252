"""How PostgreSQL is reached, and the edge at which its errors become ours.

Floor 6.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg
from psycopg import AsyncConnection, errors

from bot.store.rows import Outdated, StoreAway
from bot.store.sessions import ROLE, SESSION

Password = Callable[[], Awaitable[str]]
"""Where the password is a token that ages (Entra), it is asked for anew with every connection."""

CONNECT_SECONDS = 5
"""Nobody waits for as long as that: see `Pool`. A server that takes two seconds for each answer can be reached within it."""


@contextmanager
def translated() -> Iterator[None]:
    """Turns whatever psycopg raises into `StoreAway`. Only the error's kind is told: its text may quote a row."""
    try:
        yield
    except (psycopg.Error, OSError) as error:
        raise StoreAway(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is: a URL or key=value pairs, and what gives the password if it does not stand in there.

    `session` is what a connection that serves is told first; it has `patience` seconds to be heard.
    """

    conninfo: str
    password: Password | None = None
    session: bytes = SESSION
    patience: float = CONNECT_SECONDS

    async def serve(self) -> AsyncConnection:
        """A connection as the role that serves, whoever logs in: what that one may do besides is of no use here.

        Raises what `connect` does, and `Outdated` where the login may not be that role or there is none yet.
        """
        connection = await self.connect()
        # A cancelled psycopg asks the server to stop and waits for it; one that hangs would keep us here as before.
        late = asyncio.get_running_loop().call_later(self.patience, _cut, connection)
        try:
            await connection.execute(self.session)
        except (errors.InvalidParameterValue, errors.InsufficientPrivilege):
            await connection.close()
            raise Outdated(f"the database's login is no {ROLE}: migrate, or GRANT {ROLE} TO it") from None
        except BaseException:
            await connection.close()
            raise
        finally:
            late.cancel()
        return connection

    async def connect(self) -> AsyncConnection:
        """A connection on which every statement is a transaction of its own, to a server that takes what is given to it.

        Raises psycopg's errors, and `StoreAway` where there is no password to be had. A server that vanishes without a word is
        noticed within ten seconds. One that only reads is none: it waits to take over, or has been relieved, or its disk is full.
        """
        return await AsyncConnection.connect(
            self.conninfo,
            autocommit=True,
            application_name="parley",
            connect_timeout=CONNECT_SECONDS,
            target_session_attrs="read-write",
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            tcp_user_timeout=5_000,
            password=await self._secret(),
        )

    async def _secret(self) -> str | None:
        try:
            return None if self.password is None else await self.password()
        except Exception as error:  # whatever the provider's errors are, to everybody here the database is away
            raise StoreAway(type(error).__name__) from None


def _cut(connection: AsyncConnection) -> None:
    """Ends what is said on a connection; who waits for its other end finds it gone."""
    with suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
