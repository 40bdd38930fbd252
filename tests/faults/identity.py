"""Keys, tokens, clocks and names: who the bot is, who speaks to it, and where everybody is to be found.

The long ones (an identity endpoint that is away for five minutes) are played beside the others.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.clocks import ahead, behind
from tests.faults.effort import Effort
from tests.faults.entra import held, none
from tests.faults.keying import hung, rotated
from tests.faults.names import nameless
from tests.faults.report import Report
from tests.faults.sealing import vault_away
from tests.faults.sessions import exchange_away, service_away
from tests.faults.ward import Play
from tests.world.database import FAST, serving

SHORT = (rotated, hung, ahead, behind, nameless, vault_away, service_away, exchange_away)
LONG = (held, none)


async def run(report: Report, effort: Effort) -> None:
    """All of them."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as home, serving(Path(home), FAST) as postgres:
        play = Play(report, postgres)
        long = [asyncio.create_task(fault(play)) for fault in LONG]
        try:
            for fault in SHORT:
                await fault(play)
            await asyncio.gather(*long)
        finally:
            for task in long:
                task.cancel()
            await asyncio.gather(*long, return_exceptions=True)
