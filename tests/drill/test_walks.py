"""The runbooks, walked in the loopback world: the same commands, in the same order, and what one is told to look for."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import jwt
import pytest
import pytest_asyncio

from tests.faults.servers import told
from tests.scenarios.firm import Firm, opened, readiness
from tests.world.activities import message
from tests.world.bots import BotProcess
from tests.world.login import IDENTITY
from tests.world.openai import DEPLOYMENTS
from tests.world.people import ADA, BRUNO, CHIDI, DANA, TENANT, personal
from tests.world.vault import KeyVaultServer

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
CANARY = "CANARY-77aa"
MOVED = "UPDATE data_keys SET kid = replace(kid, %s, %s)"
FREEZE = "ALTER DATABASE {} SET default_transaction_read_only = on"
THAW = "ALTER DATABASE {} RESET default_transaction_read_only"
OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True)
class Office:
    """A company whose contents' key is in a vault."""

    firm: Firm
    vault: KeyVaultServer

    async def door(self, text: str, bot: BotProcess | None = None) -> int:
        """What the door says to a message of Dana's."""
        activity = message(personal(DANA), DANA, text)
        return (await self.firm.world.post(activity, bot=bot.url if bot else None))[0]


def for_the_vault(token: str) -> bool:
    """Whether a token is one that the machine's identity got for Key Vault."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return (claims["aud"], claims["azp"]) == ("https://vault.azure.net", IDENTITY)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(postgres: str) -> AsyncIterator[Office]:
    async with KeyVaultServer(token=for_the_vault) as vault:
        federated = {"BOT_CREDENTIAL": "federated", "MICROSOFT_APP_PASSWORD": None, "REQUIRE_SIGN_IN": "false"}
        async with opened(postgres, 1, f"Yes, {CANARY}.", None, CONTENT_KEY=vault.key, **federated) as firm:
            await firm.ask(f"Our mascot is {CANARY}.")
            yield Office(firm, vault)


async def started(firm: Firm, **changes: str) -> tuple[int, str]:
    """What a process says that starts only now."""
    bot = BotProcess({**firm.environ, **changes})
    await bot.start()
    try:
        return await readiness(bot)
    finally:
        await bot.kill()


async def remembered(firm: Firm, bot: BotProcess) -> bool:
    """Whether a process still knows what Ada said."""
    await firm.ask("What is our mascot?", ADA, bot)
    return f"Our mascot is {CANARY}." in firm.world.model.prompts[-1].text


async def test_rewrapped_after_a_new_version_every_key_names_it(office: Office) -> None:
    office.vault.turn()
    rewrapped = await office.firm.operator("keys", "rewrap")
    listed = await office.firm.operator("keys", "list", "--json")
    kids = [row["kid"] for row in listed.rows]
    assert rewrapped.code == 0 and kids
    assert all(kid.endswith(list(office.vault.versions)[-1]) for kid in kids)


async def test_a_second_reseal_finds_nothing_left(office: Office) -> None:
    assert (await office.firm.operator("keys", "rotate", "--tenant", TENANT)).code == 0
    first = await office.firm.operator("keys", "reseal", "--tenant", TENANT)
    second = await office.firm.operator("keys", "reseal", "--tenant", TENANT)
    assert " 0 rows" not in first.out and " 0 rows" in second.out


async def test_a_disabled_key_stops_every_process_that_starts_afterwards(office: Office) -> None:
    office.vault.status = 403
    try:
        status, reasons = await started(office.firm)
    finally:
        office.vault.status = 200
    assert status == 503 and "content key" in reasons


async def test_a_key_that_was_moved_to_another_vault_opens_once_the_database_names_it(office: Office) -> None:
    firm, old = office.firm, office.vault
    async with KeyVaultServer(token=for_the_vault, versions=dict(old.versions)) as new:
        before = await started(firm, CONTENT_KEY=new.key)
        await firm.change(MOVED, old.address, new.address)
        try:
            async with firm.later(CONTENT_KEY=new.key) as later:
                knows = await remembered(firm, later)
        finally:
            await firm.change(MOVED, new.address, old.address)
    assert before[0] == 503 and "content key" in before[1] and knows


async def test_what_is_taken_no_more_is_taken_again_afterwards(office: Office) -> None:
    firm = office.firm
    ((name,),) = await firm.rows("SELECT current_database()")
    await told(firm.database_url, FREEZE.format(name), OUT)
    refused = await office.door("Are you there?")
    await told(firm.database_url, "SET default_transaction_read_only = off", THAW.format(name), OUT)
    async with asyncio.timeout(30):
        while (status := await office.door("And now?")) != 202:
            await asyncio.sleep(0.2)
    assert (refused, status) == (503, 202)


async def test_whoever_chose_a_model_that_is_gone_is_answered_by_another(office: Office) -> None:
    firm = office.firm
    await firm.ask("settings", BRUNO)
    await firm.press("Save", BRUNO, model=DEPLOYMENTS[1])
    left = f"{DEPLOYMENTS[0]}={DEPLOYMENTS[0]}/DataZoneStandard"
    async with firm.later(AZURE_OPENAI_DEPLOYMENTS=DEPLOYMENTS[0], AZURE_OPENAI_MODELS=left) as later:
        answer = await firm.ask("Are you there?", BRUNO, later)
    assert CANARY in answer.text and firm.world.model.prompts[-1].body["model"] == DEPLOYMENTS[0]


async def test_the_evidence_of_a_breach_is_written_out_by_the_commands_that_are_named(office: Office) -> None:
    firm = office.firm
    verified = await firm.operator("audit", "verify", "--json")
    audit = await firm.operator("audit", "--limit", "999999", "--json")
    keys = await firm.operator("keys", "list", "--json")
    use = await firm.operator("usage", "--by", "person", "--days", "30", "--json")
    kept = await firm.operator("rules", "set", "retention.audit", "3650")
    assert [done.code for done in (verified, audit, keys, use, kept)] == [0] * 5
    assert {"head", "hash", "verdict"} <= set(verified.rows[0]) and audit.rows and keys.rows and use.rows
    assert CANARY not in json.dumps([audit.out, keys.out, use.out])


async def test_the_brakes_of_a_cost_spike_hold_and_are_taken_off(office: Office) -> None:
    rules = (("requests", "6"), ("budget.person", "50000"), ("budget.tenant", "5000000"), ("feature.digests", "off"))
    on = [await office.firm.operator("rules", "set", *rule) for rule in rules]
    off = [await office.firm.operator("rules", "unset", name) for name, _ in rules]
    assert [done.code for done in (*on, *off)] == [0] * 8


async def test_an_erase_request_goes_its_way_through_hold_copy_erasure_and_proof(
    office: Office, tmp_path: Path
) -> None:
    firm, who = office.firm, ("--person", CHIDI.id)
    await firm.ask("Remember that I like tea.", CHIDI)
    held = await firm.operator("hold", *who)
    refused = await firm.operator("erase", *who, "--yes")
    lifted = await firm.operator("lift", *who)
    copied = await firm.operator("export", *who, "--to", str(tmp_path))
    there = await firm.operator("find", *who)
    erased = await firm.operator("erase", *who, said=f"{CHIDI.id}\n")
    gone = await firm.operator("find", *who)
    assert (held.code, refused.code, lifted.code, copied.code) == (0, 1, 0, 0)
    assert "legal hold" in refused.err
    assert (there.code, erased.code, gone.code) == (1, 0, 0) and erased.out.strip()


async def test_without_a_token_the_way_to_the_door_is_seen_by_its_401(office: Office) -> None:
    assert (await office.firm.world.post_raw(b"{}", ""))[0] == 401
