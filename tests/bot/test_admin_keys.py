import secrets
import time

import pytest

from bot.store.rows import Locked, StoreAway, VaultAway
from bot.store.vault import HOUSE, Vault
from bot.wrapping import Wrapped
from tests.bot.operator import CANARY, Desk, desk
from tests.bot.store.stores import ask
from tests.world.people import ADA, TENANT

__all__ = ["desk"]


async def test_keys_are_listed_without_the_keys(desk: Desk) -> None:
    await desk.happened("19:a")
    rows = await desk.rows("keys")
    assert [(row["tenant"], row["number"], row["state"]) for row in rows] == [(HOUSE, 1, ""), (TENANT, 1, "")]
    assert set(rows[0]) == {"tenant", "number", "kid", "at", "state"}


async def test_after_a_rotation_and_resealing_everything_is_sealed_with_the_new_key(desk: Desk) -> None:
    await desk.happened("19:a")
    assert (await desk.run("keys", "rotate", "--tenant", TENANT))[0] == 0
    code, said = await desk.run("keys", "reseal", "--tenant", TENANT)
    assert code == 0 and said[0].endswith("rows encrypted with the newest key")
    heads = await ask(desk.database, "SELECT DISTINCT substring(text FROM 1 FOR 5) FROM history")
    assert heads == [(b"\x01\x00\x00\x00\x02",)]
    assert [line.text for line in await desk.store.history(TENANT, "19:a", ADA.id, 0, 5)] == [CANARY, CANARY]


async def test_keys_are_wrapped_anew_for_every_company(desk: Desk) -> None:
    await desk.happened("19:a")
    code, said = await desk.run("keys", "rewrap")
    assert (code, said) == (0, ["(the house): 1 keys wrapped anew", f"{TENANT}: 1 keys wrapped anew"])


class Failing:
    """Wraps nothing, for a reason."""

    def __init__(self, why: StoreAway) -> None:
        self.why = why

    async def begin(self) -> None:
        raise self.why

    async def wrap(self, key: bytes) -> Wrapped:
        raise self.why

    async def unwrap(self, kid: str, wrapped: bytes) -> bytes:
        raise self.why


@pytest.mark.parametrize(
    "why", [VaultAway("the key vault's answer is not understood"), Locked("the key vault refuses CONTENT_KEY")]
)
async def test_a_vault_that_fails_is_not_told_as_a_database_that_is_away(desk: Desk, why: StoreAway) -> None:
    await desk.happened("19:a")
    desk.vault = Vault(desk.pool, Failing(why), time.monotonic, secrets.token_bytes)
    assert await desk.run("keys", "rewrap") == (3, [])
    assert desk.warned == [f"{why}: look at CONTENT_KEY with app.py check"]


class Shredding(Failing):
    """Gives keys back, and takes them for what it cannot give back."""

    def __init__(self, vault: Vault) -> None:
        self.inner = vault._wrapper

    async def wrap(self, key: bytes) -> Wrapped:
        return (await self.inner.wrap(key))[0], b"shreds"

    async def unwrap(self, kid: str, wrapped: bytes) -> bytes:
        return bytes(32) if wrapped == b"shreds" else await self.inner.unwrap(kid, wrapped)


async def test_a_key_that_would_not_come_back_stays_wrapped_as_it_was(desk: Desk) -> None:
    await desk.happened("19:a")
    was = await ask(desk.database, "SELECT kid, wrapped FROM data_keys ORDER BY tenant")
    desk.vault = Vault(desk.pool, Shredding(desk.vault), time.monotonic, secrets.token_bytes)
    assert (await desk.run("keys", "rewrap"))[0] == 3
    assert await ask(desk.database, "SELECT kid, wrapped FROM data_keys ORDER BY tenant") == was


async def test_a_company_whose_keys_are_destroyed_can_be_read_by_nobody(desk: Desk) -> None:
    await desk.happened("19:a")
    desk.answers = [TENANT]
    assert await desk.run("keys", "destroy", "--tenant", TENANT) == (0, ["1 keys destroyed"])
    rows = await desk.rows("keys", "--tenant", TENANT)
    assert [row["state"] for row in rows] == ["destroyed"]


async def test_without_the_right_answer_no_key_is_destroyed(desk: Desk) -> None:
    await desk.happened("19:a")
    desk.answers = ["yes"]
    assert await desk.run("keys", "destroy", "--tenant", TENANT) == (1, [])
    assert [line.text for line in await desk.store.history(TENANT, "19:a", ADA.id, 0, 5)] == [CANARY, CANARY]


async def test_under_a_legal_hold_no_key_is_destroyed(desk: Desk) -> None:
    await desk.happened("19:a")
    await desk.run("hold", "--person", ADA.id)
    assert await desk.run("keys", "destroy", "--tenant", TENANT, "--yes") == (1, [])
    assert "legal hold" in desk.warned[0]


async def test_what_is_done_with_keys_stands_in_the_audit(desk: Desk) -> None:
    await desk.happened("19:a")
    await desk.run("keys", "rotate", "--tenant", TENANT)
    row, *_ = await desk.rows("audit")
    assert (row["action"], row["rule"], row["actor"]) == ("admin", "keys.rotate", "operator")
