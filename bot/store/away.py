"""How PostgreSQL is reached, and the edge at which its errors become ours.

Floor 6.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import AsyncConnection, errors

from bot.store.rows import Outdated, StoreAway
from bot.store.sessions import ROLE, SESSION

Password = Callable[[], Awaitable[str]]
"""Where the password is a token that ages (Entra), it is asked for anew with every connection."""

CONNECT_SECONDS = 3
"""PostgreSQL knows no shorter one than 2."""


@contextmanager
def translated() -> Iterator[None]:
    """Turns whatever psycopg raises into `StoreAway`. Only the error's kind is told: its text may quote a row."""
    try:
        yield
    except (psycopg.Error, OSError) as error:
        raise StoreAway(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is: a URL or key=value pairs, and what gives the password if it does not stand in there."""

    conninfo: str
    password: Password | None = None

    async def serve(self) -> AsyncConnection:
        """A connection as the role that serves, whoever logs in: what that one may do besides is of no use here.

        Raises what `connect` does, and `Outdated` where the login may not be that role or there is none yet.
        """
        connection = await self.connect()
        try:
            await connection.execute(SESSION)
        except (errors.InvalidParameterValue, errors.InsufficientPrivilege):
            await connection.close()
            raise Outdated(f"the database's login is no {ROLE}: migrate, or GRANT {ROLE} TO it") from None
        except BaseException:
            await connection.close()
            raise
        return connection

    async def connect(self) -> AsyncConnection:
        """A connection on which every statement is a transaction of its own.

        Raises psycopg's errors, and `StoreAway` where there is no password to be had. A server that vanishes without a word is noticed within ten seconds.
        """
        return await AsyncConnection.connect(
            self.conninfo,
            autocommit=True,
            application_name="parley",
            connect_timeout=CONNECT_SECONDS,
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
