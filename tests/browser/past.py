"""What a company's days leave behind, of which a fresh local world has none yet: tokens that were used."""

from datetime import date, timedelta
from pathlib import Path

from psycopg import AsyncConnection

from bot.store.embedded import Cluster
from tests.world.people import TENANT
from tests.world.playground.cast import NEWCOMER, PERSONAL

TOKENS = (18_200, 42_900, 36_100, 8_400, 51_700, 0, 0, 27_300, 64_800, 12_600, 39_500, 22_000, 0)
"""Of the days before today, the newest first."""
USED = """
    INSERT INTO usage (tenant, conversation, person, day, model, calls, input, output, cached, estimated)
    VALUES (%s, %s, %s, %s, 'offline', 1, %s, 0, 0, false)
"""


async def used(data: Path, today: date) -> None:
    """The newcomer has used the `TOKENS`, in the world that lives in `data`."""
    rows = [
        (TENANT, PERSONAL, NEWCOMER.id, today - timedelta(days=ago), tokens)
        for ago, tokens in enumerate(TOKENS, 1)
        if tokens
    ]
    async with await AsyncConnection.connect(Cluster(data).conninfo) as connection, connection.cursor() as cursor:
        await cursor.executemany(USED, rows)
