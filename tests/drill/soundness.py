"""Whether a restored server is the old one again: its roles and fences, the audit, and what the key opens.

Roles belong to the whole server, so a backup of its files has them and a dump of one database has not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import psycopg
from psycopg import errors

from bot.store.sessions import ROLE
from tests.drill.questions import asked
from tests.drill.restored import Restored
from tests.drill.scene import Scene
from tests.faults.asks import MARK
from tests.world.bots import BotProcess
from tests.world.people import ADA, PEOPLE, TENANT

# A policy's condition without its brackets: a dump writes some more, and means the same.
CATALOGUE: Mapping[str, str] = {
    "roles": "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole FROM pg_roles WHERE rolname !~ '^pg_'",
    "memberships": "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members WHERE roleid > 16383",
    "policies": "SELECT tablename, policyname, cmd, regexp_replace(qual, '[[:space:]()]', '', 'g'), with_check FROM pg_policies",
    "fenced tables": "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity",
    "grants": "SELECT relname, relacl::text, relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    "columns' grants": "SELECT attrelid::regclass::text, attname, attacl::text FROM pg_attribute WHERE attacl IS NOT NULL",
    "functions": "SELECT proname, proacl::text, prosecdef FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "large objects": "SELECT proname, proacl::text FROM pg_proc WHERE proname ~ '^lo_?(create|creat|from|put|write|import)'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
    "migrations": "SELECT name FROM migrations",
}
NEWEST = "SELECT number, encode(hash, 'hex') FROM seals WHERE tenant = %s ORDER BY number DESC LIMIT 1"
Catalogue = Mapping[str, frozenset[tuple[object, ...]]]


async def catalogue(postgres: str) -> Catalogue:
    """Everything by which a server says who may do what."""
    return {name: frozenset(await asked(postgres, query)) for name, query in CATALOGUE.items()}


def differing(before: Catalogue, after: Catalogue) -> tuple[str, ...]:
    """What is not the same any more."""
    return tuple(name for name in before if before[name] != after[name])


async def leaks(database: str) -> tuple[str, ...]:
    """What the bot's login may do and should not: tried, not read in the catalogue."""
    found = []
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(f"SET ROLE {ROLE}".encode())
        for whose, may in (("", False), ("=somebody-else", False), (f"={TENANT}", True)):
            await connection.execute("SELECT set_config('parley.tenant', %s, false)", (whose,))
            (rows,) = await (await connection.execute("SELECT count(*) FROM inbox")).fetchone() or (0,)
            if bool(rows) is not may:
                found.append(f"{rows} rows as {whose or 'nobody'}")
        for forbidden in ("UPDATE audit SET at = now()", "DELETE FROM seals", "CREATE TABLE mine (id int)"):
            try:
                await connection.execute(forbidden.encode())
            except errors.InsufficientPrivilege:
                continue
            found.append(forbidden)
    return tuple(found)


Seal = tuple[int, str]
"""The number and the hash of a link of the chain."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What `audit verify` said. `newest`: the seal that the restored database ended with, before anybody served it.

    `logged` are those that the log tells of, which was kept apart.
    """

    code: int
    newest: Seal
    logged: tuple[Seal, ...]

    @property
    def held(self) -> bool:
        """Whether nobody changed anything, by the chain and by the log."""
        return self.code == 0 and self.newest in self.logged

    @property
    def ahead(self) -> int:
        """So many further seals the log tells of, which the restored chain has not."""
        return max((number for number, _ in self.logged), default=0) - self.newest[0]

    def __str__(self) -> str:
        verdict = "verifies" if self.code == 0 else "DOES NOT VERIFY"
        known = "stands in the log" if self.newest in self.logged else "is NOT in the log"
        return f"audit {verdict}, its newest seal ({self.newest[0]}) {known}, which knows {self.ahead} later ones"


async def newest_seal(postgres: str) -> Seal:
    """The chain's end as it is now; 0 where nothing is sealed."""
    found = await asked(postgres, NEWEST, TENANT)
    return found[0] if found else (0, "")


async def audited(scene: Scene, database: str, newest: Seal) -> Audit:
    """The chain is walked, and where it ended is looked up in the log of the bots that are gone."""
    code, _ = await scene.operator(database, "audit", "verify")
    lines = scene.logged("audit sealed")
    return Audit(code, newest, tuple((line["count"], line["seal"]) for line in lines if line["tenant"] == TENANT))


async def opened(scene: Scene, database: str) -> int:
    """How many answers to Ada the key opens."""
    with TemporaryDirectory() as folder:
        code, said = await scene.operator(database, "export", "--person", ADA.id, "--to", folder)
        if code != 0:
            raise RuntimeError(f"the export ended with {code}: {said}")
        return len(MARK.findall("".join(path.read_text() for path in Path(folder).glob("*.json"))))


@dataclass(frozen=True, slots=True)
class Keyless:
    """What happens where the key is missing: to the operator, at /readyz, at the door."""

    code: int
    ready: str
    door: int

    @property
    def held(self) -> bool:
        """Whether nothing was opened and nothing taken in."""
        return (self.code, self.door) == (3, 503) and "content key" in self.ready

    def __str__(self) -> str:
        return f"without the key: export ends with {self.code}, /readyz says {self.ready}, the door {self.door}"


async def keyless(scene: Scene, database: str) -> Keyless:
    """A process and an operator whose key file was not brought along."""
    missing = {"CONTENT_KEY": str(scene.folder / "lost.key")}
    with TemporaryDirectory() as folder:
        code, _ = await scene.operator(database, "export", "--person", PEOPLE[1].id, "--to", folder, **missing)
    bot = BotProcess(scene.environ(database, **missing))
    await bot.start()
    try:
        async with aiohttp.ClientSession() as session:
            ready = await reasons(session, bot)
        status, _ = await scene.world.post(scene.people.accepted[0].question.activity, bot=bot.url)
    finally:
        await bot.kill()
    return Keyless(code, ready, status)


async def reasons(session: aiohttp.ClientSession, bot: BotProcess) -> str:
    """Why it is not ready, once it knows."""
    while True:
        try:
            async with session.get(f"{bot.url}/readyz") as response:
                said = await response.text()
        except aiohttp.ClientError:
            continue
        if "brought up to date" not in said:
            return said


@dataclass(frozen=True, slots=True)
class Sound:
    """What was looked at on a restored server. `other`: parts of the catalogue that are not as they were."""

    other: tuple[str, ...]
    leaks: tuple[str, ...]
    audit: Audit
    opened: int

    @property
    def held(self) -> bool:
        """Whether it is the old one again."""
        return not self.other and not self.leaks and self.audit.held and self.opened > 0

    def __str__(self) -> str:
        other = (
            f"NOT as before: {', '.join(self.other)}" if self.other else "roles, grants, policies, triggers as before"
        )
        leaks = (
            f"LEAKS {', '.join(self.leaks)}" if self.leaks else "the bot's login sees its tenant and changes no audit"
        )
        return f"{other}; {leaks}; {self.audit}; the key opens {self.opened} of Ada's answers"


async def soundness(scene: Scene, server: Restored, before: Catalogue, newest: Seal) -> Sound:
    """Everything but the missing key. `before` is the catalogue of the server that is gone, `newest` the seal it came back with."""
    other = differing(before, await catalogue(server.postgres))
    audit = await audited(scene, server.database, newest)
    return Sound(other, await leaks(server.database), audit, await opened(scene, server.database))
