"""Whether the database still takes what is given to it: a row is put in and taken back again.

Floor 6. On a full disk a server goes on answering whatever it is asked, and so tells nothing.
"""

from datetime import UTC, datetime
from hashlib import shake_256
from typing import Any

from bot.store.statements import HOUSE, statement

LARGE = 64 * 1024
"""Bytes: too many for what is left of pages that were written before."""

TRIAL = statement(
    """
    INSERT INTO inbox (tenant, conversation, activity, at, person, body)
    VALUES (%(tenant)s, '', gen_random_uuid()::text, %(at)s, '', %(body)s)
    """
)
TRIED: dict[str, Any] = {
    "tenant": HOUSE,
    "at": datetime(1970, 1, 1, tzinfo=UTC),
    "body": shake_256(b"nothing that could be packed any smaller").digest(LARGE),
}
"""What is never kept, because the transaction is not committed."""
