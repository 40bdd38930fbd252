"""What both ways to wrap a data key promise: the file and the vault."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.store.rows import Locked, StoreAway, VaultAway
from bot.wrapping import KeyFile, KeyVault, Wrapped, Wrapper, scope, sure
from dialogs.errors import Unavailable
from tests.world.vault import TOKEN, KeyVaultServer

KEY = bytes(range(32))


async def token() -> str:
    return TOKEN


@dataclass
class Setup:
    """A wrapper, how its key is changed for a newer one, and how it comes to be another altogether."""

    wrapper: Wrapper
    turn: Callable[[], None]
    other: Callable[[], Awaitable[Wrapper]]


def key_line() -> bytes:
    return base64.b64encode(secrets.token_bytes(32)) + b"\n"


@pytest.fixture(params=["file", "vault"])
async def setup(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Setup]:
    async with AsyncExitStack() as stack:
        if request.param == "file":
            path = tmp_path / "content.key"
            yield Setup(KeyFile(path, secrets.token_bytes), lambda: turned(path), lambda: another_file(tmp_path))
            return
        session = await stack.enter_async_context(aiohttp.ClientSession())
        server = await stack.enter_async_context(KeyVaultServer())

        async def other() -> Wrapper:
            return KeyVault(session, f"{server.address}/keys/another", token)

        yield Setup(KeyVault(session, server.key, token), server.turn, other)


def turned(path: Path) -> None:
    """A new key before the old ones."""
    path.write_bytes(key_line() + path.read_bytes())


async def another_file(folder: Path) -> Wrapper:
    other = KeyFile(folder / "other.key", secrets.token_bytes)
    await other.begin()
    return other


async def test_a_wrapped_key_is_unwrapped(setup: Setup) -> None:
    await setup.wrapper.begin()
    kid, wrapped = await setup.wrapper.wrap(KEY)
    assert KEY not in wrapped and await setup.wrapper.unwrap(kid, wrapped) == KEY


async def test_a_key_wrapped_before_a_change_is_still_unwrapped(setup: Setup) -> None:
    await setup.wrapper.begin()
    kid, wrapped = await setup.wrapper.wrap(KEY)
    setup.turn()
    newest, _ = await setup.wrapper.wrap(KEY)
    assert newest != kid and await setup.wrapper.unwrap(kid, wrapped) == KEY


async def test_another_wrapping_key_unwraps_nothing(setup: Setup) -> None:
    await setup.wrapper.begin()
    kid, wrapped = await setup.wrapper.wrap(KEY)
    with pytest.raises(Locked):
        await (await setup.other()).unwrap(kid, wrapped)


async def test_a_changed_wrapped_key_is_refused(setup: Setup) -> None:
    await setup.wrapper.begin()
    kid, wrapped = await setup.wrapper.wrap(KEY)
    with pytest.raises(Locked):
        await setup.wrapper.unwrap(kid, wrapped[:-1] + bytes([wrapped[-1] ^ 1]))


async def test_to_begin_again_changes_nothing(setup: Setup) -> None:
    await setup.wrapper.begin()
    kid, wrapped = await setup.wrapper.wrap(KEY)
    await setup.wrapper.begin()
    assert await setup.wrapper.unwrap(kid, wrapped) == KEY


# the file


async def test_a_key_file_is_made_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "content.key"
    await KeyFile(path, secrets.token_bytes).begin()
    assert path.stat().st_mode & 0o777 == 0o600 and [each.name for each in path.parent.iterdir()] == ["content.key"]


async def test_a_key_is_on_the_disk_before_it_has_its_name(tmp_path: Path) -> None:
    seen: list[tuple[Path, list[str]]] = []
    path = tmp_path / "content.key"

    def sync(found: Path) -> None:
        seen.append((found, [each.name for each in tmp_path.iterdir()]))

    await KeyFile(path, secrets.token_bytes, sync).begin()
    (beside, before), folder = seen
    assert before == [beside.name] != [path.name] and folder == (tmp_path, [path.name])


async def test_those_who_make_a_key_file_at_once_have_the_same(tmp_path: Path) -> None:
    files = [KeyFile(tmp_path / "content.key", secrets.token_bytes) for _ in range(8)]
    await asyncio.gather(*(each.begin() for each in files))
    kid, wrapped = await files[0].wrap(KEY)
    assert [await each.unwrap(kid, wrapped) for each in files] == [KEY] * 8


@pytest.mark.parametrize("text", [b"", b"not base64", b"c2hvcnQ="])
async def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "content.key"
    path.write_bytes(text)
    with pytest.raises(Locked):
        await KeyFile(path, secrets.token_bytes).wrap(KEY)


async def test_a_key_file_that_is_not_there_is_not_made_by_wrapping(tmp_path: Path) -> None:
    with pytest.raises(Locked):
        await KeyFile(tmp_path / "content.key", secrets.token_bytes).wrap(KEY)
    assert list(tmp_path.iterdir()) == []


# the vault


@pytest.fixture
async def vault() -> AsyncIterator[KeyVaultServer]:
    async with KeyVaultServer() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, Locked), (404, Locked), (401, Locked), (429, VaultAway), (500, VaultAway), (302, VaultAway)],
)
async def test_a_vault_that_refuses_is_told_from_one_that_is_away(
    vault: KeyVaultServer, session: aiohttp.ClientSession, status: int, kind: type[StoreAway]
) -> None:
    vault.status = status
    with pytest.raises(StoreAway) as caught:
        await KeyVault(session, vault.key, token).wrap(KEY)
    assert type(caught.value) is kind and str(status) in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"value":1}',
        b'{"value":"a"}',
        b'{"value":"YWJj"}',
        b'{"kid":"https://b/keys/c/1","value":"YWJj"}',
    ],
)
async def test_an_answer_without_sense_is_no_answer(
    vault: KeyVaultServer, session: aiohttp.ClientSession, body: bytes
) -> None:
    vault.body = body
    with pytest.raises(StoreAway):
        await KeyVault(session, vault.key, token).wrap(KEY)


class Shredder:
    """Takes keys and gives back others."""

    async def begin(self) -> None:
        """There is nothing to begin."""

    async def wrap(self, key: bytes) -> Wrapped:
        return "shredder", b"shreds"

    async def unwrap(self, kid: str, wrapped: bytes) -> bytes:
        return bytes(32)


async def test_a_key_that_does_not_come_back_is_not_taken_for_wrapped() -> None:
    with pytest.raises(VaultAway):
        await sure(Shredder(), KEY)


async def test_a_vault_that_hangs_is_away_before_teams_gives_up(
    vault: KeyVaultServer, session: aiohttp.ClientSession
) -> None:
    vault.gate.clear()
    with pytest.raises(VaultAway):
        await KeyVault(session, vault.key, token, patience=0.05).wrap(KEY)


async def test_a_token_that_does_not_come_is_not_waited_for_longer(
    vault: KeyVaultServer, session: aiohttp.ClientSession
) -> None:
    never = asyncio.Event()

    async def hangs() -> str:
        await never.wait()
        return TOKEN

    with pytest.raises(VaultAway):
        await KeyVault(session, vault.key, hangs, patience=0.05).wrap(KEY)


async def test_a_vault_that_is_not_there_is_away(session: aiohttp.ClientSession) -> None:
    with pytest.raises(StoreAway):
        await KeyVault(session, "http://127.0.0.1:1/keys/content", token).wrap(KEY)


async def test_without_a_token_the_vault_is_away(vault: KeyVaultServer, session: aiohttp.ClientSession) -> None:
    async def none() -> str:
        raise Unavailable

    with pytest.raises(StoreAway):
        await KeyVault(session, vault.key, none).wrap(KEY)
    assert vault.asked == []


@pytest.mark.parametrize(
    "kid",
    [
        "{0}/keys/content/1?x=",
        "{0}/keys/content/1/../2",
        "https://elsewhere/keys/content/1",
        "{0}/keys/b/1",
        "",
        "file:1",
    ],
)
async def test_a_key_of_the_database_leads_the_token_nowhere_else(
    vault: KeyVaultServer, session: aiohttp.ClientSession, kid: str
) -> None:
    with pytest.raises(Locked):
        await KeyVault(session, vault.key, token).unwrap(kid.format(vault.address), b"wrapped")
    assert vault.asked == []


async def test_a_version_that_is_named_wraps(vault: KeyVaultServer, session: aiohttp.ClientSession) -> None:
    named = f"{vault.key}/{next(iter(vault.versions))}"
    vault.turn()
    kid, _ = await KeyVault(session, named, token).wrap(KEY)
    assert kid == named


def test_the_scope_is_that_of_the_vaults_cloud() -> None:
    addresses = (
        "https://a.vault.azure.net/keys/k",
        "https://a.vault.usgovcloudapi.net/keys/k",
        "http://127.0.0.1:1/keys/k",
    )
    assert [scope(address) for address in addresses] == [
        "https://vault.azure.net/.default",
        "https://vault.usgovcloudapi.net/.default",
        "https://vault.azure.net/.default",
    ]
