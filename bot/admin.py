"""The operator's commands: what was used and done, what is kept and for how long, whose, and what is ruled.

Floor 7. `python -m bot.admin …` becomes `python app.py admin …`, because only `app.py` may read the environment: it
opens the cabinet and calls `run`.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from bot.admin_arguments import arguments
from bot.admin_books import audit, dead, feedback, filters, usage
from bot.admin_keys import keys
from bot.admin_people import erase, export, find, hold, holds, lift
from bot.admin_rules import retention, rules, sweep
from bot.cabinet import AWAY, Cabinet, Refusal
from bot.store.rows import Locked, StoreAway, VaultAway

__all__ = ["AWAY", "Cabinet", "arguments", "run"]

Command = Callable[[Namespace, Cabinet], Awaitable[int]]

COMMANDS: Mapping[str, Command] = {
    "usage": usage,
    "audit": audit,
    "filters": filters,
    "feedback": feedback,
    "dead": dead,
    "retention": retention,
    "sweep": sweep,
    "rules": rules,
    "find": find,
    "erase": erase,
    "export": export,
    "hold": hold,
    "lift": lift,
    "holds": holds,
    "keys": keys,
}


async def run(options: Namespace, cabinet: Cabinet) -> int:
    """Carry out a command; the exit code."""
    try:
        return await COMMANDS[options.command](options, cabinet)
    except Refusal as refusal:
        cabinet.warn(str(refusal))
        return refusal.code
    except Locked as locked:
        cabinet.warn(f"{locked}: look at CONTENT_KEY with app.py check")
    except VaultAway as away:
        cabinet.warn(f"{away}: look at CONTENT_KEY with app.py check")
    except StoreAway:
        cabinet.warn("the database is away: look at it with app.py check")
    return AWAY


if __name__ == "__main__":
    arguments(sys.argv[1:])
    app = Path(__file__).resolve().parents[1] / "app.py"
    # Not an import, which would run upwards: this process becomes the other one, with its environment as it is.
    os.execv(sys.executable, [sys.executable, str(app), "admin", *sys.argv[1:]])  # noqa: S606
