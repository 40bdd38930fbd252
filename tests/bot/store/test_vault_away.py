import asyncio
import secrets
from pathlib import Path

from bot.store.away import Address
from bot.store.pool import Bounds, Pool
from bot.store.rows import StoreAway
from bot.store.vault import Vault
from bot.wrapping import KeyFile
from tests.world.pipe import Pipe


async def test_those_who_wait_for_the_keys_together_hear_together_that_the_database_is_away(
    database: str, tmp_path: Path
) -> None:
    async with Pipe(database) as pipe, Pool(Address(pipe.conninfo), bounds=Bounds(wait=0.3)) as pool:
        clock = asyncio.get_running_loop().time
        vault = Vault(pool, KeyFile(tmp_path / "content.key", secrets.token_bytes), clock, secrets.token_bytes)
        pipe.hold()
        async with asyncio.timeout(3):
            answers = await asyncio.gather(*(vault.ring("tenant") for _ in range(100)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {StoreAway}
