"""What the vault promises of keys that change or are destroyed while everybody works."""

import asyncio
import secrets
from pathlib import Path

import pytest

from bot.rings import Unopened
from bot.store.rows import Arrival
from bot.store.store import Store
from bot.store.vault import FRESH_SECONDS, Vault
from bot.wrapping import KeyFile
from tests.bot.store.stores import NOW, TENANT, arrival, ask, done, expire, record, taken
from tests.contracts.vaults import Process, one, process, two

__all__ = ["one", "two"]


# rotation


async def test_a_new_key_seals_and_the_old_one_still_opens(one: Process, database: str) -> None:
    await done(one.store, record("old"))
    await one.vault.rotate(TENANT)
    await done(one.store, record("new"), "2")
    assert [line.text for line in await one.store.history(TENANT, "chat", "anna", 0, 10)] == ["old", "new"]
    assert await numbers(database) == {1, 2}


async def numbers(database: str) -> set[int]:
    """The numbers of the keys that the lines are sealed with."""
    return {int.from_bytes(text[1:5], "big") for (text,) in await ask(database, "SELECT text FROM history")}


async def test_another_process_reads_at_once_what_a_new_key_sealed(two: tuple[Process, Process]) -> None:
    one, other = two
    await done(other.store, record("old"))
    await one.vault.rotate(TENANT)
    await done(one.store, record("new"), "2")
    assert [line.text for line in await other.store.history(TENANT, "chat", "anna", 0, 10)] == ["old", "new"]


async def test_another_process_seals_with_a_new_key_within_a_minute(
    two: tuple[Process, Process], database: str
) -> None:
    one, other = two
    await other.vault.ring(TENANT)
    await one.vault.rotate(TENANT)
    other.clock.seconds += FRESH_SECONDS
    await done(other.store, record("new"))
    assert await numbers(database) == {2}


async def test_two_stores_go_on_while_keys_change(two: tuple[Process, Process], database: str) -> None:
    async def talk(each: Process, lane: int) -> None:
        for number in range(15):
            await done(each.store, record(f"{number}"), str(number), f"chat {lane}")

    async def turn() -> None:
        for number in range(6):
            await two[number % 2].vault.rotate(TENANT)
            await two[number % 2].vault.reseal(TENANT, 10)

    await asyncio.gather(*(talk(two[lane % 2], lane) for lane in range(4)), turn())
    for lane in range(4):
        said = await two[lane % 2].store.history(TENANT, f"chat {lane}", "anna", 0, 100)
        assert [line.text for line in said] == [str(number) for number in range(15)]


async def test_old_rows_are_sealed_anew_in_batches(one: Process, database: str) -> None:
    for number in range(7):
        await done(one.store, record(f"q{number}", f"a{number}"), str(number))
    await ask(database, "UPDATE history SET text = 'plain' WHERE seq = (SELECT min(seq) FROM history)")
    await one.vault.rotate(TENANT)
    counts = []
    while count := await one.vault.reseal(TENANT, 4):
        counts.append(count)
    assert (sum(counts), max(counts), await numbers(database)) == (14, 4, {2})
    lines = await one.store.history(TENANT, "chat", "anna", 0, 3)
    assert [line.text for line in lines] == ["a5", "q6", "a6"]


async def test_an_ask_under_way_goes_on_after_it_was_sealed_anew(one: Process, database: str) -> None:
    claim = taken(await one.store.accept(arrival()))
    await one.store.answered(claim, b"answer")
    await one.vault.rotate(TENANT)
    assert await one.vault.reseal(TENANT, 10) + await one.vault.reseal(TENANT, 10) == 2
    await expire(database)
    assert [(heir.body, heir.answer) for heir in await one.store.claim(10)] == [(b"body 1", b"answer")]


async def test_what_is_sealed_with_the_newest_key_is_left_alone(one: Process) -> None:
    await done(one.store, record("question", "answer"))
    assert await one.vault.reseal(TENANT, 10) == 0


async def test_the_wrapping_key_is_changed_under_the_data_keys(one: Process, database: str, tmp_path: Path) -> None:
    await done(one.store, record("old"))
    path, before = tmp_path / "key", await ask(database, "SELECT DISTINCT kid FROM data_keys")
    await KeyFile(tmp_path / "new", secrets.token_bytes).begin()
    path.write_bytes((tmp_path / "new").read_bytes() + path.read_bytes())
    assert [await one.vault.rewrap(tenant) for tenant in await one.vault.tenants()] == [1, 1]
    path.write_bytes((tmp_path / "new").read_bytes())
    assert await ask(database, "SELECT DISTINCT kid FROM data_keys") != before
    heir = process(one.pool, path, "heir")
    assert len(await heir.store.history(TENANT, "chat", "anna", 0, 10)) == 1


# destruction


async def test_what_was_said_under_a_destroyed_key_is_gone(two: tuple[Process, Process]) -> None:
    await done(two[0].store, record("secret"))
    assert await two[0].vault.destroy(TENANT) == 1
    for each in two:
        assert await each.store.history(TENANT, "chat", "anna", 0, 10) == ()


async def test_a_destroyed_keys_number_is_not_given_again(one: Process) -> None:
    await one.vault.ring(TENANT)
    await one.vault.destroy(TENANT)
    assert list((await one.vault.ring(TENANT)).keys) == [2]
    assert [(key.number, key.destroyed) for key in await one.vault.listed(TENANT)] == [(1, True), (2, False)]


async def test_a_key_that_was_destroyed_elsewhere_is_forgotten_within_a_minute(two: tuple[Process, Process]) -> None:
    one, other = two
    sealed = (await other.vault.ring(TENANT)).seal(b"text", "place")
    await one.vault.destroy(TENANT)
    other.clock.seconds += FRESH_SECONDS
    with pytest.raises(Unopened):
        (await other.vault.ring(TENANT)).open(sealed, "place")


async def test_the_houses_own_key_cannot_be_destroyed(one: Process) -> None:
    with pytest.raises(ValueError, match="house"):
        await one.vault.destroy("")


async def test_an_ask_that_nobody_can_read_any_more_holds_nobody_up(one: Process, database: str) -> None:
    await one.store.accept(arrival("1"), lease=False)
    await one.store.accept(arrival("2"), lease=False)
    await one.vault.destroy(TENANT)
    await one.store.accept(Arrival(TENANT, "chat", "3", b"body 3", NOW, person="anna"), lease=False)
    assert [claim.activity for claim in await one.store.claim(10)] == ["3"]
    assert await ask(database, "SELECT activity FROM inbox WHERE outcome = 'dead' ORDER BY 1") == [("1",), ("2",)]


async def test_a_tenant_whose_key_was_changed_does_not_hold_up_the_others(one: Process, database: str) -> None:
    await one.store.accept(arrival("1", tenant="a"), lease=False)
    await one.store.accept(arrival("1", tenant="b"), lease=False)
    await ask(database, "UPDATE data_keys SET wrapped = 'nonsense' WHERE tenant = 'a'")
    one.clock.seconds += FRESH_SECONDS
    heir = Vault(one.pool, one.wrapper, one.clock, secrets.token_bytes)
    claims = await Store(one.pool, "heir", heir).claim(10)
    assert [claim.tenant for claim in claims] == ["b"]
