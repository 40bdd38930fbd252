"""What an ask changes of what is kept, as statements of the transaction that closes it.

Floor 6. Each kind of change is written by the module that keeps what it is about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rings import Ring
from bot.store.rows import Claim
from bot.store.statements import Statement


@dataclass(frozen=True, slots=True)
class Frame:
    """In which ask a change is made: whose (`person` is the Entra id), when, with which keys.

    Its content is kept until `expires`, what the audit says of it until `audited`. `held`: a legal hold keeps whom it would erase.
    """

    claim: Claim
    person: str
    at: datetime
    ring: Ring
    expires: datetime | None = None
    audited: datetime | None = None
    held: bool = False


Written = list[tuple[Statement, Mapping[str, Any]]]
Write = Callable[[Any, Frame], Written]
"""Which change is written by which of these stands in `bot.store.writing`."""
