"""The operator's commands on the books: use, audit, content filter, feedback, dead letters.

Floor 7. A member of the room of `bot.admin`.
"""

from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from bot import reports
from bot.audit import Action
from bot.cabinet import DONE, MISSING, Cabinet
from bot.store.ledger import Dead, Spent
from bot.tables import Table

EVERY = 10_000
"""Dead letters that are looked through for the ones named."""


async def usage(options: Namespace, cabinet: Cabinet) -> int:
    """Tokens, and what they cost as far as prices are set."""
    rules = await cabinet.rules(await cabinet.tenants(options))
    if options.by == "person":
        rows = await cabinet.ledger.usage_report(options.days, options.tenant)
        return cabinet.show(without_days(reports.use(of_people(rows), rules)), options)
    groups = await cabinet.ledger.used(options.days, options.by, options.tenant)
    return cabinet.show(reports.groups(groups, options.by, rules), options)


def of_people(rows: Iterable[Spent]) -> Iterable[Spent]:
    """What each person had each model do on all the days together."""
    for _, group in groupby(sorted(rows, key=whose), key=whose):
        first, *more = group
        for row in more:
            first = replace(
                first,
                calls=first.calls + row.calls,
                input=first.input + row.input,
                output=first.output + row.output,
                cached=first.cached + row.cached,
                estimated=first.estimated or row.estimated,
            )
        yield first


def whose(row: Spent) -> tuple[str, str, str]:
    """What is told apart where days are not."""
    return row.tenant, row.person, row.model


def without_days(found: Table) -> Table:
    """The table without its first column."""
    return replace(found, heads=found.heads[1:], rows=tuple(row[1:] for row in found.rows))


async def audit(options: Namespace, cabinet: Cabinet) -> int:
    """What was done, or whether it still stands as it was written."""
    if options.verb == "list":
        return cabinet.show(reports.audit(await cabinet.ledger.audit_rows(options.limit, options.tenant)), options)
    chains = await cabinet.seals.verify(options.tenant)
    cabinet.show(reports.chains(chains), options)
    return DONE if all(chain.ok for chain in chains) else MISSING


async def filters(options: Namespace, cabinet: Cabinet) -> int:
    """What the content filter found."""
    return cabinet.show(reports.filters(await cabinet.ledger.filters(options.days, options.tenant)), options)


async def feedback(options: Namespace, cabinet: Cabinet) -> int:
    """How answers were rated."""
    return cabinet.show(reports.feedback(await cabinet.ledger.feedback(options.days, options.tenant)), options)


async def dead(options: Namespace, cabinet: Cabinet) -> int:
    """Dead letters are listed, or those named are tried again or emptied."""
    letters = {letter.key: letter for letter in await cabinet.ledger.dead(EVERY, options.tenant)}
    if options.verb == "list":
        return cabinet.show(reports.dead(letters.values()), options)
    if options.verb == "drop" and options.all and letters:
        question = f"Dropped, {len(letters)} messages are never answered. To drop them, type their number: "
        cabinet.confirm(question, str(len(letters)), options)
    missing = 0
    for name in list(letters) if options.all else options.keys:
        done = name in letters and await buried(options.verb, letters[name], cabinet)
        words = "will be answered" if options.verb == "retry" else "dropped"
        cabinet.tell(f"{name} {words if done else 'is no dead letter'}")
        missing += not done
    return MISSING if missing else DONE


async def buried(verb: str, letter: Dead, cabinet: Cabinet) -> bool:
    """Retries or drops one; False where somebody else was quicker."""
    where = (letter.tenant, letter.conversation, letter.activity)
    if verb == "retry":
        done, action = await cabinet.ledger.revive(*where), Action.RETRY
    else:
        done, action = await cabinet.ledger.drop(*where, cabinet.now()), Action.DROP
    if done:
        await cabinet.store.write(await cabinet.entry(action, letter.tenant))
    return done
