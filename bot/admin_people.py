"""The operator's commands on what is kept of a person: found, handed out, erased, held.

Floor 7. A member of the room of `bot.admin`.
"""

import secrets
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, aclosing, contextmanager
from pathlib import Path
from typing import BinaryIO

from bot import reports
from bot.audit import Action
from bot.cabinet import DONE, MISSING, Cabinet, Refusal
from bot.exporting import Document, Json, Page
from bot.tables import printed
from dialogs.errors import OnHold

OFTEN = 1_000
"""After so many rows it is said how far an export is."""
KEPT = "a legal hold keeps everything of this person; `lift` ends it"


async def find(options: Namespace, cabinet: Cabinet) -> int:
    """Every column of every table in which the id stands: after an erasure it is to be none."""
    found = await cabinet.estate.find(cabinet.tenant(options), options.person)
    cabinet.show(reports.counted(found, "column"), options)
    return MISSING if found else DONE


async def erase(options: Namespace, cabinet: Cabinet) -> int:
    """Everything of a person is deleted, after a question; the receipt is printed. Raises `Refusal` where it may not be."""
    tenant, person = cabinet.tenant(options), options.person
    if await cabinet.estate.held(tenant, person):
        raise Refusal(KEPT)
    usage = (await cabinet.kept(tenant))[1].rules.usage
    for line in printed(reports.holdings(await cabinet.estate.holdings(tenant, person, usage)), "table"):
        cabinet.warn(line)
    cabinet.confirm("Erased, it cannot be brought back. To erase it, type the object id: ", person, options)
    if await cabinet.estate.halt(tenant, person, ""):
        raise Refusal("something is under way for this person and was told to stop; try again in a minute")
    try:
        receipt = await cabinet.estate.erase(tenant, person, await cabinet.entry(Action.ERASE, tenant, subject=person))
    except OnHold:
        raise Refusal(KEPT) from None
    return cabinet.show(reports.counted(receipt, "table"), options)


async def export(options: Namespace, cabinet: Cabinet) -> int:
    """Everything of a person is written into two files, one for programs and one to read. Raises `Refusal` where they cannot be."""
    tenant, person = cabinet.tenant(options), options.person
    documents: tuple[Document, ...] = (Json(person, cabinet.now()), Page(person, cabinet.now(), cabinet.words))
    paths = [options.to / document.name for document in documents]
    await cabinet.store.write(await cabinet.entry(Action.EXPORT, tenant, subject=person))
    if any(path.exists() for path in paths):
        raise Refusal("there is an export in that folder already; nothing was written over it")
    with ExitStack() as stack:
        parts = [stack.enter_context(part(path)) for path in paths]
        files = [(each, stack.enter_context(opened(path))) for each, path in zip(documents, parts, strict=True)]
        rows = await written(files, tenant, person, cabinet)
        for half, path in zip(parts, paths, strict=True):
            half.rename(path)
    cabinet.warn(f"{rows} rows")
    for path in paths:
        cabinet.tell(str(path))
    return DONE


@contextmanager
def part(path: Path) -> Iterator[Path]:
    """The name a file has until all of it is written; what is only half there is taken away again."""
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield half
    finally:
        half.unlink(missing_ok=True)


def opened(path: Path) -> BinaryIO:
    """A new file, for this user's eyes alone. Raises `FileExistsError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    return path.open("wb")


async def written(files: list[tuple[Document, BinaryIO]], tenant: str, person: str, cabinet: Cabinet) -> int:
    """Writes every row as it comes; how many."""
    rows = 0
    for document, file in files:
        file.write(document.opening())
    async with aclosing(cabinet.estate.rows(tenant, person)) as found:
        async for kept in found:
            for document, file in files:
                file.write(document.row(kept))
            rows += 1
            if rows % OFTEN == 0:
                cabinet.warn(f"{rows} rows…")
    for document, file in files:
        file.write(document.closing())
    return rows


async def hold(options: Namespace, cabinet: Cabinet) -> int:
    """Nothing of a person is deleted from now on."""
    return await held(options, cabinet, on=True)


async def lift(options: Namespace, cabinet: Cabinet) -> int:
    """A legal hold is ended."""
    return await held(options, cabinet, on=False)


async def held(options: Namespace, cabinet: Cabinet, *, on: bool) -> int:
    """Places a hold or lifts it; 1 where none was there to lift."""
    tenant = cabinet.tenant(options)
    entry = await cabinet.entry(Action.HOLD if on else Action.LIFT, tenant, subject=options.person)
    changed = await cabinet.ledger.hold(tenant, options.person, on, entry)
    words = {
        (True, True): "held: nothing of this person is deleted",
        (True, False): "was held already",
        (False, True): "lifted",
        (False, False): "was not held",
    }
    cabinet.tell(f"{options.person} {words[on, changed]}")
    return DONE if on or changed else MISSING


async def holds(options: Namespace, cabinet: Cabinet) -> int:
    """Whose data may not be deleted."""
    return cabinet.show(reports.holds(await cabinet.ledger.holds(options.tenant)), options)
