"""Processes with a vault of their own on one database, a clock that waits to be told, and a wrapper that fails when told to."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.store.away import Address
from bot.store.pool import Pool
from bot.store.rows import StoreAway
from bot.store.store import Store
from bot.store.vault import Vault
from bot.wrapping import KeyFile, Wrapped


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 0.001
        return self.seconds


class Counting:
    """A wrapper that counts, and fails when it is told to."""

    def __init__(self, inner: KeyFile) -> None:
        self.inner = inner
        self.unwrapped = 0
        self.error: StoreAway | None = None

    async def begin(self) -> None:
        await self.inner.begin()

    async def wrap(self, key: bytes) -> Wrapped:
        self._fail()
        return await self.inner.wrap(key)

    async def unwrap(self, kid: str, wrapped: bytes) -> bytes:
        self.unwrapped += 1
        self._fail()
        return await self.inner.unwrap(kid, wrapped)

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


@dataclass
class Process:
    """One process with a vault of its own."""

    vault: Vault
    store: Store
    wrapper: Counting
    clock: Clock
    pool: Pool


def process(pool: Pool, path: Path, name: str = "one") -> Process:
    clock, wrapper = Clock(), Counting(KeyFile(path, secrets.token_bytes))
    vault = Vault(pool, wrapper, clock, secrets.token_bytes)
    return Process(vault, Store(pool, name, vault), wrapper, clock, pool)


@pytest.fixture
async def two(database: str, tmp_path: Path) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes with the same key file."""
    async with AsyncExitStack() as stack:
        pools = [await stack.enter_async_context(Pool(Address(database))) for _ in range(2)]
        first, second = (process(pool, tmp_path / "key", f"process {number}") for number, pool in enumerate(pools))
        yield first, second


@pytest.fixture
def one(two: tuple[Process, Process]) -> Process:
    return two[0]
