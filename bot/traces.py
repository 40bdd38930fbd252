"""Which activity the code is at work for, as traces and logs name it.

Floor 5, a leaf. The name of a trace is a hash of the three ids that make an activity once-only. So every process comes to the
same name by itself: nothing has to be carried through the database or believed of a request's headers, a redelivery falls
into the trace of what it repeats, and nobody reads an id of Teams out of it.
"""

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a trace: the trace's 32 and the span's 16 hexadecimal digits."""

    trace: str
    span: str


HERE: ContextVar[Where | None] = ContextVar("here", default=None)
"""Where the running task is. A task that is begun within another starts where that one was."""


def origin(tenant: str, conversation: str, activity: str) -> Where:
    """The first span of an activity's trace, from the ids as the store keeps them; all others stand below it."""
    ids = "\x1f".join((tenant, conversation, activity))
    digits = hashlib.sha256(ids.encode(errors="replace")).hexdigest()
    return Where(digits[:32], digits[32:48])
