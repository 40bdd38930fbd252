"""Which change is written by what, before or after the ask that makes it is closed.

Floor 6.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.audit import Outcome
from bot.store import erasure, leaving, people, rulings, shelving, statements
from bot.store.changes import Frame, Write, Written
from bot.store.parameters import lane
from bot.store.pool import Rows, Run
from bot.store.rows import LeaseLost
from bot.store.statements import Statement
from dialogs.changes import (
    Amended,
    Buried,
    Change,
    Dropped,
    Exported,
    Forgotten,
    Held,
    Left,
    Opened,
    Preferred,
    Prompted,
    Returned,
    Ruled,
    Titled,
    Unprompted,
)

BEFORE: Mapping[type[Change], Write] = {
    Preferred: people.preferred,
    Left: people.left,
    Returned: people.returned,
    Opened: leaving.opened,
    Titled: shelving.titled,
    Dropped: shelving.dropped,
    Prompted: shelving.prompted,
    Unprompted: shelving.unprompted,
    Amended: erasure.amended,
    Exported: rulings.exported,
    Forgotten: rulings.erased,
    Held: rulings.held,
    Ruled: rulings.ruled,
    Buried: rulings.buried,
}
"""What is written before the ask is closed."""
AFTER: Mapping[type[Change], Write] = {
    Forgotten: erasure.forgotten,
}
"""What is written after it: what deletes the ask as well."""


def written(changes: Iterable[Change], frame: Frame, table: Mapping[type[Change], Write]) -> Written:
    """The statements for those of the changes that a table has."""
    return [each for change in changes if type(change) in table for each in table[type(change)](change, frame)]


async def close(
    run: Run, changes: Sequence[Change], frame: Frame, finish: Statement, values: Mapping[str, Any]
) -> Rows:
    """Closes an ask by the statement `finish`, with its changes, inside a transaction; the rows that `finish` answers.

    Nothing follows where an erasure took the lane away; one that a legal hold keeps is noted as refused. Raises `LeaseLost`, and nothing has changed then.
    """
    if not await run(statements.MINE, **lane(frame.claim)):
        raise LeaseLost
    if any([await erasure.kept(run, change, frame) for change in changes if isinstance(change, Forgotten)]):
        frame, values = replace(frame, held=True), {**values, "audit_outcome": Outcome.REFUSED}
    for statement, given in written(changes, frame, BEFORE):
        await run(statement, **given)
    rows = await run(finish, **values)
    if not rows:
        raise LeaseLost
    after = written(changes, frame, AFTER)
    for statement, given in after:
        await run(statement, **given)
    if not after:
        return rows
    return await run(statements.RECKONED, **{**values, "fence": rows[0][1]})
