"""The operator's commands on the keys that content is encrypted with.

Floor 7. A member of the room of `bot.admin`.
"""

from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping

from bot import reports
from bot.audit import Action
from bot.cabinet import DONE, Cabinet, Refusal
from bot.store.vault import HOUSE

BATCH = 1_000
"""Rows that are sealed anew at once."""
HOUSE_NAME = "(the house)"


async def keys(options: Namespace, cabinet: Cabinet) -> int:
    """Shows the keys, or does something with those of one company or of all."""
    if options.verb == "destroy":
        return await destroy(options, cabinet)
    tenants = await cabinet.vault.tenants() if options.tenant is None else (options.tenant,)
    if options.verb == "list":
        found = [reports.keys(tenant, await cabinet.vault.listed(tenant)) for tenant in tenants]
        return cabinet.show(reports.joined([reports.keys("", ()), *found]), options)
    for tenant in tenants:
        cabinet.tell(f"{tenant or HOUSE_NAME}: {await VERBS[options.verb](tenant, cabinet)}")
        if tenant != HOUSE:
            await cabinet.store.write(await cabinet.entry(Action.ADMIN, tenant, rule=f"keys.{options.verb}"))
    return DONE


async def rotate(tenant: str, cabinet: Cabinet) -> str:
    """From now on a new key encrypts."""
    await cabinet.vault.rotate(tenant)
    return "a new key encrypts from now on; `keys reseal` brings along what is there"


async def rewrap(tenant: str, cabinet: Cabinet) -> str:
    """The keys are wrapped with the newest version of the wrapping key."""
    return f"{await cabinet.vault.rewrap(tenant)} keys wrapped anew"


async def reseal(tenant: str, cabinet: Cabinet) -> str:
    """What older keys encrypted, or none, is encrypted with the newest."""
    count = 0
    while sealed := await cabinet.vault.reseal(tenant, BATCH):
        count += sealed
        cabinet.warn(f"{count} rows…")
    return f"{count} rows encrypted with the newest key"


async def destroy(options: Namespace, cabinet: Cabinet) -> int:
    """Nothing of what a company's people wrote can be read again here. A backup from before still holds the keys, wrapped. Raises
    `Refusal` while a legal hold keeps some of it."""
    tenant = cabinet.tenant(options)
    if await cabinet.ledger.holds(tenant):
        raise Refusal("a legal hold keeps what somebody of this company wrote; `holds` shows whose")
    words = "Nothing this company's people wrote can be read again, by nobody. To destroy it, type the tenant id: "
    cabinet.confirm(words, tenant, options)
    entry = await cabinet.entry(Action.ADMIN, tenant, rule=f"keys.{options.verb}")
    count = await cabinet.vault.destroy(tenant)
    await cabinet.store.write(entry)
    cabinet.tell(f"{count} keys destroyed")
    return DONE


VERBS: Mapping[str, Callable[[str, Cabinet], Awaitable[str]]] = {
    "rotate": rotate,
    "rewrap": rewrap,
    "reseal": reseal,
}
