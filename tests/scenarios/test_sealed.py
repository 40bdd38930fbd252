"""What stands in the database when people have spoken: nothing that anybody could read without the key."""

import base64
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest
import pytest_asyncio

from tests.scenarios.firm import Firm, opened, readiness
from tests.scenarios.stage import honest
from tests.world.activities import message
from tests.world.bots import BotProcess
from tests.world.completion import Reply
from tests.world.login import IDENTITY
from tests.world.openai import Hold
from tests.world.people import ADA, BRUNO, CHIDI, DANA, TENANT, personal
from tests.world.vault import KeyVaultServer

pytestmark = pytest.mark.asyncio(loop_scope="session")
CANARY = "CANARY-5c2d"
NEWEST = """
    SELECT count(*) FROM history WHERE substring(text FROM 1 FOR 5) <>
        '\\x01'::bytea || int4send((SELECT max(number) FROM data_keys WHERE tenant = %s AND wrapped <> ''))
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str) -> AsyncIterator[Firm]:
    async with opened(postgres, answer=f"I will remember {CANARY}.") as firm:
        for person in (ADA, CHIDI, DANA):
            firm.world.sign_in(person)
        yield firm


def for_the_vault(token: str) -> bool:
    """Whether a token is one that the machine's identity got for Key Vault."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return (claims["aud"], claims["azp"]) == ("https://vault.azure.net", IDENTITY)


def other_key(folder: Path) -> str:
    """Another key file."""
    path = folder / "other.key"
    path.write_bytes(base64.b64encode(secrets.token_bytes(32)) + b"\n")
    return str(path)


async def everything_said(firm: Firm) -> Hold:
    """A conversation, a title, a prompt, feedback, an export, a private summary, an ask that waits, and one under way."""
    world, home = firm.world, personal(ADA)
    told = await firm.ask(f"Our mascot is {CANARY}.")
    assert await world.hand(ADA).rate(told.messages[0], "dislike", f"{CANARY} is wrong") == 200
    ((chat,),) = await firm.rows("SELECT DISTINCT chat FROM history WHERE person = %s", ADA.id)
    await firm.ask(f"chats rename {chat} {CANARY}")
    await firm.ask("prompts")
    await firm.press("Save", name=CANARY, prompt=f"Say {CANARY}: {{}}")
    assert (await firm.ask("export my data")).offers
    group = firm.group()
    firm.write(group, BRUNO, f"We launch {CANARY} on Friday.")
    world.model.next(honest)
    await firm.among(group, "privately summarise")
    world.users.withhold(BRUNO)
    assert (await world.post(message(personal(BRUNO), BRUNO, f"May I know {CANARY}?")))[0] == 202
    await firm.stands("SELECT FROM inbox WHERE person = %s AND parked", BRUNO.id)
    hold = Hold(2)
    world.model.next(Reply(f"One two three {CANARY}", pause=hold))
    assert (await world.post(message(home, ADA, f"Tell me all of {CANARY}.")))[0] == 202
    await hold.reached.wait()
    return hold


async def test_nothing_that_was_said_stands_in_any_column_or_log_line(firm: Firm) -> None:
    hold = await everything_said(firm)
    written = await firm.written()
    hold.release()
    sealed = ("history", "titles", "prompts", "feedback", "exports", "shares")
    kept = [(await firm.rows(f"SELECT count(*) FROM {table}"))[0][0] > 0 for table in sealed]
    marks = {part for word in (CANARY, ADA.name, BRUNO.mail) for part in (word, word.encode().hex())}
    marks.add(base64.b64encode(CANARY.encode()).decode().rstrip("="))
    assert all(kept) and not [text for text in written if any(mark in text for mark in marks)]
    await firm.until(lambda: firm.told(ADA, f"One two three {CANARY}") == 1)


async def test_a_process_with_another_key_says_so_and_takes_nothing_in(firm: Firm, tmp_path: Path) -> None:
    wrong = BotProcess({**firm.environ, "CONTENT_KEY": other_key(tmp_path)})
    await wrong.start()
    try:
        status, reasons = await readiness(wrong)
        refused, _ = await firm.world.post(message(personal(CHIDI), CHIDI, "Hello?"), bot=wrong.url)
    finally:
        await wrong.end()
    assert (status, refused) == (503, 503) and "content key" in reasons
    assert CANARY in (await firm.ask("Hello?", CHIDI)).text


async def test_keys_are_changed_while_the_bot_serves(firm: Firm) -> None:
    rotated = await firm.operator("keys", "rotate", "--tenant", TENANT)
    resealed = await firm.operator("keys", "reseal", "--tenant", TENANT)
    assert (rotated.code, resealed.code) == (0, 0) and "rows encrypted with the newest key" in resealed.out
    assert await firm.rows(NEWEST, TENANT) == [(0,)]
    await firm.ask("What is our mascot?")
    assert f"Our mascot is {CANARY}." in firm.world.model.prompts[-1].text
    assert CANARY in (await firm.ask("chats")).reading
    noted = await firm.rows("SELECT rule, actor FROM audit WHERE rule LIKE 'keys%%' ORDER BY id")
    assert noted == [("keys.rotate", "operator"), ("keys.reseal", "operator")]


async def test_what_waited_before_the_keys_were_changed_is_answered(firm: Firm) -> None:
    async with firm.clients(BRUNO) as clients:
        await clients.press(clients.offers[-1])
        await firm.until(lambda: firm.told(BRUNO, CANARY) == 1)


async def test_with_its_keys_destroyed_nothing_of_a_company_can_be_read(firm: Firm, tmp_path: Path) -> None:
    asked = len(firm.world.model.prompts)
    destroyed = await firm.operator("keys", "destroy", "--tenant", TENANT, "--yes")
    exported = await firm.operator("export", "--person", ADA.id, "--to", str(tmp_path))
    async with firm.later() as later:
        await firm.ask("What is our mascot?", ADA, later)
        chats = await firm.ask("chats", ADA, later)
        prompts = await firm.ask("prompts", ADA, later)
        await firm.ask("Hello again.", DANA, later)
    assert destroyed.code == 0 and "Traceback" not in exported.err
    assert not any(CANARY in path.read_text() for path in tmp_path.iterdir())
    said = firm.world.model.prompts[asked].text
    assert "Our mascot is" not in said and CANARY not in chats.reading + prompts.reading
    assert not any('"turn failed"' in line for line in later.lines)


async def test_in_key_vault_mode_no_key_is_in_the_database_or_on_the_disk(postgres: str) -> None:
    async with KeyVaultServer(token=for_the_vault) as vault:
        federated = {"BOT_CREDENTIAL": "federated", "MICROSOFT_APP_PASSWORD": None, "REQUIRE_SIGN_IN": "false"}
        async with opened(postgres, 1, f"Yes, {CANARY}.", None, CONTENT_KEY=vault.key, **federated) as firm:
            told = await firm.ask(f"Is it {CANARY}?")
            vault.turn()
            rewrapped = await firm.operator("keys", "rewrap")
            async with firm.later() as later:
                await firm.ask("And was it?", ADA, later)
            written = await firm.written()
            vault.status = 403
            shut = BotProcess(firm.environ)
            await shut.start()
            found = await readiness(shut)
            await shut.end()
            kids = [kid for (kid,) in await firm.rows("SELECT kid FROM data_keys")]
    assert CANARY in told.text and f"Is it {CANARY}?" in firm.world.model.prompts[-1].text and rewrapped.code == 0
    assert all(kid == f"{vault.key}/{list(vault.versions)[-1]}" for kid in kids) and len(kids) == 2
    assert not any(mark in text for text in written for mark in (CANARY, CANARY.encode().hex()))
    assert found[0] == 503 and "content key" in found[1]
