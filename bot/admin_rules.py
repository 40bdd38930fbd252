"""The operator's commands on what a company decides, and on how long what is kept.

Floor 7. A member of the room of `bot.admin`.
"""

from argparse import Namespace

from bot import reports
from bot.audit import Action
from bot.cabinet import DONE, SENSELESS, Cabinet, Refusal
from bot.clauses import Unruly, book
from bot.rulebook import refuse

BATCH = 1_000
"""Rows of a kind that are deleted at once."""


async def rules(options: Namespace, cabinet: Cabinet) -> int:
    """A company's rules are listed, or one is changed. Raises `Refusal` for a change that makes no sense."""
    tenant = cabinet.tenant(options)
    kept, read = await cabinet.kept(tenant)
    if options.verb == "list":
        for name, why in read.wrong.items():
            cabinet.warn(f"{name} is not gone by. {why}")
        return cabinet.show(reports.rules(kept, read, cabinet.settings), options)
    value = None if options.verb == "unset" else " ".join(options.value)
    try:
        refuse(options.name, value, {each.name: each.value for each in kept}, cabinet.settings)
    except Unruly as unruly:
        raise Refusal(str(unruly), SENSELESS) from None
    entry = await cabinet.entry(Action.RULE, tenant, rule=options.name)
    changed = await cabinet.ledger.set_rule(tenant, options.name, value and value.strip(), entry)
    cabinet.tell(f"{options.name}: {value or default(options.name, cabinet)}")
    if not changed:
        cabinet.warn("nobody had set it")
    return DONE


def default(name: str, cabinet: Cabinet) -> str:
    """What holds where nobody decided."""
    known = book(cabinet.settings)
    return (known[name].default(cabinet.settings) if name in known else "") or "nothing"


async def retention(options: Namespace, cabinet: Cabinet) -> int:
    """How long what is kept is shown, or what is past its time is deleted now."""
    if options.verb == "run":
        return await sweep(options, cabinet)
    tenants = [each for each in await cabinet.tenants(options) if each] or [cabinet.tenant(options)]
    held = await cabinet.rules(tenants)
    found = [reports.retention(tenant, held(tenant), cabinet.settings) for tenant in tenants]
    return cabinet.show(reports.joined(found), options)


async def sweep(options: Namespace, cabinet: Cabinet) -> int:
    """Deletes what is past its time, all of it."""
    every = 0
    for tenant in await cabinet.tenants(options):
        count, held = 0, (await cabinet.kept(tenant))[1].rules
        while swept := await cabinet.ledger.sweep(cabinet.now(), BATCH, tenant, held):
            count += swept
        if count and tenant:
            await cabinet.store.write(await cabinet.entry(Action.SWEEP, tenant))
        every += count
    cabinet.tell(f"{every} rows deleted")
    return DONE
