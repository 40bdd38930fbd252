"""Two people of whom something is kept in every table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson

from bot.answers import pack, packed, preferred_as
from bot.audit import Action, Entry, Outcome
from bot.store.estate import Estate
from bot.store.filed import Filed
from bot.store.people import People
from bot.store.pool import Pool
from bot.store.rows import Claim, Record
from bot.store.spool import Spool
from bot.store.store import Store
from dialogs.documents import Document, Gap, Kind, Passage
from dialogs.preferences import Preferences
from dialogs.talk import Answer, Locator, Message, Place, PlaceKind, Usage
from tests.bot.store.stores import LATER, SEALED, TENANT, arrival, ask, taken

ADA, BOB = "11111111-aaaa-4aaa-8aaa-111111111111", "22222222-bbbb-4bbb-8bbb-222222222222"
HOME, GROUP = "a:ada", "19:group@thread.v2"
NOW = datetime.now(UTC)
SOON = NOW + timedelta(days=3)
YEAR = timedelta(days=365)
ERASED = Entry(NOW, TENANT, ADA, "personal", "", Action.FORGET, Outcome.OK)
SECRET = "the merger with Contoso"  # pragma: allowlist secret
DOCUMENT = Document(
    "f1", f"{SECRET}.pdf", Kind.PDF, NOW, (Passage(Locator("page", "3"), f"About {SECRET}."),), 5, {Gap.SCANS: 4}
)


def kept(person: str, *lines: str) -> Record:
    usage = (Usage("chat", 100, 20),)
    said = tuple(Message("user" if number % 2 == 0 else "assistant", line) for number, line in enumerate(lines))
    entry = Entry(NOW, TENANT, person, "personal", "hash", Action.ANSWER, Outcome.OK, "chat", 100, 20)
    return Record(NOW, Outcome.OK, said, person=person, usage=usage, audit=entry, expires=SOON)


async def began(store: Store, activity: str, conversation: str, person: str) -> Claim:
    return taken(await store.accept(replace(arrival(activity, conversation, person=person), body=body(activity))))


def body(text: str) -> bytes:
    return orjson.dumps({"type": "message", "text": text})


async def talked(store: Store, activity: str, conversation: str, person: str, *lines: str) -> None:
    await store.finish(await began(store, activity, conversation, person), kept(person, *lines))


async def filled(store: Store, pool: Pool, database: str, person: str, home: str) -> None:
    """Something of the person in every table."""
    await People(pool).known(TENANT, person, home)
    claim = await began(store, f"q {person}", home, person)
    await Filed(pool, SEALED, claim, person).keep(0, DOCUMENT, SOON)
    await store.finish(claim, kept(person, f"{SECRET}?", "Yes."))
    await talked(store, f"g {person}", GROUP, person, "And here?", "No.")
    ring = await SEALED.ring(TENANT)
    own = (TENANT, person)
    title = ring.seal(b"A title", "titles", "title", TENANT, home, person, "0")
    name, text = (ring.seal(b"P", "prompts", column, *own, "p1") for column in ("name", "text"))
    said = ring.seal(b"Good", "feedback", "text", *own, home, "m1")
    answer = ring.seal(pack(Answer("Shared.")), "shares", "answer", *own, "k1")
    place = packed(Place(PlaceKind.GROUP, GROUP))
    settings = preferred_as(Preferences(language="de"))
    await ask(database, "UPDATE people SET settings = %s WHERE person = %s", settings, person)
    await ask(database, "INSERT INTO titles VALUES (%s, %s, %s, 0, %s, %s)", TENANT, home, person, NOW, title)
    await ask(database, "INSERT INTO prompts VALUES (%s, %s, 'p1', '', %s, %s, %s)", *own, NOW, name, text)
    await ask(
        database,
        "INSERT INTO feedback VALUES (%s, %s, %s, 'm1', 'q', 'chat', 'ok', true, %s, %s, %s)",
        *own,
        *(home, NOW, SOON, said),
    )
    await ask(database, "INSERT INTO visits VALUES (%s, %s, %s, %s, %s)", *own, GROUP, NOW, SOON)
    await ask(
        database,
        "INSERT INTO digests VALUES (%s, %s, %s, %s, %s, 'errand', %s, NULL, %s)",
        *own,
        *(GROUP, "{}", home, place, NOW),
    )
    await ask(
        database,
        "INSERT INTO shares (tenant, person, key, place, answer, expires) VALUES (%s, %s, 'k1', %s, %s, %s)",
        *own,
        *(place, answer, SOON),
    )
    await ask(database, "INSERT INTO signings VALUES (%s, %s, 1, %s)", *own, SOON)
    await ask(database, "INSERT INTO offers VALUES (%s, %s, %s, 'q', %s)", *own, home, SOON)
    await ask(database, "INSERT INTO exchanges VALUES (%s, %s, 'x', %s, %s)", *own, NOW, SOON)
    await Spool(pool, SEALED).keep(TENANT, person, "e1", 0, b"piece", about=person, now=NOW)
    await store.accept(arrival(f"digest {person}", home, person=person, due=NOW + LATER))


async def lines(estate: Estate, person: str, conversation: str) -> list[str]:
    return [
        row.fields["text"]
        async for row in estate.rows(TENANT, person)
        if row.kind == "history" and row.fields["conversation"] == conversation
    ]
