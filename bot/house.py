"""The house put together: every room is handed what it needs of the others, and all is closed in the opposite order.

Floor 8. A member of the room of `app`, which hands it the settings, the clock and the signs of the process.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import aiohttp
from aiohttp import web

from bot import filing, office, records
from bot.calendar.calendar import Calendar
from bot.catalogue import Catalogue
from bot.chores import Chores
from bot.crossings import outward, watched
from bot.files import Uploader
from bot.foundation import Identities, Machine, Shelves, database, known, shelved, wrapper
from bot.names import resolve
from bot.outward import fetcher, graph, lines, models
from bot.papers.reader import Reader
from bot.pinning import Pinned, open_pinned
from bot.rulebook import Rulebook, Rules
from bot.settings import Settings
from bot.store.away import Address
from bot.store.departments import Departments
from bot.store.insisting import Insisting
from bot.store.opinions import Opinions
from bot.store.people import People
from bot.store.purses import Purses
from bot.store.recall import Recall
from bot.store.rows import Claim, Locked, StoreAway, VaultAway
from bot.store.store import Store
from bot.teams.adapter import Adapter
from bot.teams.admission import Admission
from bot.teams.authentication import Authentication
from bot.teams.consent import Consent
from bot.teams.desk import Cupboards, MakeModel, Rooms, extension, stops, ways
from bot.teams.doors import ChannelDoor, LocalDoor
from bot.teams.endpoint import Endpoint, Inside
from bot.teams.feedback import Feedback
from bot.teams.invoke import Invokes
from bot.teams.kept import Book, Tongues
from bot.teams.keys import Keys
from bot.teams.line import open_session
from bot.teams.members import Guests
from bot.teams.nods import Nods
from bot.teams.origins import origins
from bot.teams.pacing import PUBLISHED, Limits
from bot.teams.reach import Reach
from bot.teams.signin import SignIn
from bot.teams.verify import Allowed, Verifier
from bot.telemetry import Event
from bot.telling import telling
from bot.terms import TermsOf
from bot.turn import Turn
from bot.version import VERSION
from bot.watching import run
from bot.worker import Stop, Worker
from dialogs.ports import Words
from dialogs.shelves import Spending
from dialogs.talk import Ask, Person


@dataclass(frozen=True, slots=True)
class Replaced:
    """What is put in the place of a part: by benchmarks, which measure the rest. `limits`: how fast Teams may be spoken to."""

    model: MakeModel | None = None
    reach: Reach | None = None
    limits: Limits = PUBLISHED


@dataclass(frozen=True, slots=True)
class Signs:
    """What the process says of itself: that the database is up to date, and that it is about to end."""

    ready: asyncio.Event = field(default_factory=asyncio.Event)
    ending: asyncio.Event = field(default_factory=asyncio.Event)


AS_SET = Replaced()
"""Every part as the settings have it."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything put together."""

    settings: Settings
    address: Address
    keys: Keys
    shelves: Shelves
    chores: Chores
    worker: Worker
    application: web.Application
    calendar: Calendar


@asynccontextmanager
async def house(
    settings: Settings, machine: Machine, signs: Signs, replaced: Replaced = AS_SET
) -> AsyncIterator[House]:
    """Open every connection, hand every room what it needs of the others, and close all in the opposite order."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session(outward(settings)))
        who = await known(settings, machine, stack)
        await telling(settings, who.machine, stack)
        address = await database(settings, who, stack)
        shelves = await shelved(settings, address, wrapper(settings, session, who), machine, stack)
        keys = Keys(
            session, settings.openid_metadata_url, machine.now, partial(machine.report, event=Event.KEYS_FAILED)
        )
        stack.push_async_callback(keys.close)
        rulebook = Rulebook(shelves.store.rules, settings, machine.now)
        rooms = furnished(settings, session, who, shelves, rulebook, replaced, machine, stack)
        chores = Chores(shelves.store, shelves.ledger, shelves.estate, shelves.seals, rulebook.of, machine.now)
        nods = Nods(rooms.adapter, asyncio.sleep, machine.report)
        stack.push_async_callback(nods.close)
        worker = Worker(
            shelves.store,
            serving(shelves.store, rooms, chores),
            machine.report,
            lambda name: rulebook.known(name).queue,
            nods.give,
        )
        application = door(rooms, shelves, keys, worker, partial(unready, settings, keys, shelves, signs))
        yield House(settings, address, keys, shelves, chores, worker, application, rooms.calendar)


def furnished(
    settings: Settings,
    session: aiohttp.ClientSession,
    who: Identities,
    shelves: Shelves,
    rulebook: Rulebook,
    replaced: Replaced,
    machine: Machine,
    stack: AsyncExitStack,
) -> Rooms:
    """The rooms that a turn passes through."""
    now = machine.now
    tokens, connectors = lines(settings, session, who, now, replaced.limits)
    sign_in = SignIn(tokens, settings.oauth_connection_name)
    seen = graph(settings, session, who, sign_in, now, stack)
    pinned = open_pinned()
    stack.push_async_callback(pinned.close)
    sent = filing.Rooms(
        fetcher(settings, pinned, who), Reader(), shelves.pool, shelves.vault, shelves.spool, seen.drive, now
    )
    return Rooms(
        settings=settings,
        store=shelves.store,
        cupboards=cupboards(settings, pinned, shelves, sent),
        rulebook=rulebook,
        terms=TermsOf(settings, resolve, now),
        adapter=Adapter(Authentication(connectors.client, tokens), settings.microsoft_app_id),
        connectors=connectors,
        sign_in=sign_in,
        admission=Admission(settings, sign_in, Guests(now), rulebook.of, now),
        reach=replaced.reach or seen.reach,
        model=replaced.model or models(settings, who.machine, now, stack),
        calendar=Calendar(),
        catalogue=Catalogue(),
        department=seen.department,
        tongues=Tongues(),
        app=VERSION,
        now=now,
        report=machine.report,
    )


def cupboards(settings: Settings, pinned: Pinned, shelves: Shelves, sent: filing.Rooms) -> Cupboards:
    """What is kept beside the conversations."""
    now, purses = sent.now, Purses(shelves.pool)
    rooms = records.Rooms(shelves.estate, shelves.spool, Uploader(pinned, settings.file_hosts, asyncio.sleep), now)
    desks = office.Rooms(settings, shelves.ledger, shelves.estate, shelves.spool, now)

    def kept(claim: Claim, person: Person, words: Words, rules: Rules) -> records.Records:
        def spent(days: int) -> Awaitable[Spending]:
            return purses.spending(claim.tenant, person.id, rules.person_tokens, days, now())

        return records.Records(rooms, claim, person, words, records.Lasting(rules.usage, rules.gone), spent)

    def files(some: bool, claim: Claim, ask: Ask, words: Words, rules: Rules, service_url: str) -> filing.Files:
        return filing.Files(sent, claim, ask, words, service_url, rules.history, some)

    people = People(shelves.pool)

    return Cupboards(
        pool=shelves.pool,
        rings=shelves.vault,
        people=people,
        recall=Recall(shelves.pool, shelves.vault, people),
        purses=purses,
        departments=Departments(shelves.pool),
        records=kept,
        office=partial(office.Office, desks),
        files=files,
    )


def serving(store: Store, rooms: Rooms, chores: Chores) -> Callable[[Claim, Stop], Awaitable[Claim | None]]:
    """How a claim is served: the house's own by the chores, everybody else's by a turn."""
    phases = Insisting(store)

    def serve(claim: Claim, stop: Stop) -> Awaitable[Claim | None]:
        return (
            chores.run(claim)
            if chores.is_chore(claim)
            else run(claim, ways(rooms, claim), lambda handed: Turn(phases, handed, phases.known(claim), stop))
        )

    return serve


def door(
    rooms: Rooms,
    shelves: Shelves,
    keys: Keys,
    worker: Worker,
    reasons: Callable[[], Awaitable[Mapping[str, str]]],
) -> web.Application:
    """The routes behind the door that the settings ask for."""
    settings, book = rooms.settings, Book(shelves.store, rooms.cupboards.people, rooms.rulebook.of)
    allowed = Allowed(origins(settings.service_origins, loopback=settings.local), settings.allowed_tenants)
    verifier = Verifier(keys, settings.token_issuer, settings.microsoft_app_id, rooms.now, keys.drift)

    async def period(tenant: str) -> timedelta:
        return (await rooms.rulebook.of(tenant)).feedback

    invokes = Invokes(
        rooms.adapter,
        rooms.sign_in,
        extension(rooms, worker.accept),
        Consent(worker.accept, shelves.spool.drop, rooms.now),
        Feedback(Opinions(shelves.pool, shelves.vault).keep, book.write, period, rooms.now),
        book,
        settings.allowed_tenants,
        rooms.now,
    )
    inside = Inside(
        accept=worker.accept,
        invoke=invokes,
        stop=worker.stop,
        stops=stops,
        unready=reasons,
        now=rooms.now,
        report=rooms.report,
    )
    entrance = LocalDoor(allowed) if settings.local else ChannelDoor(verifier, allowed)
    return watched(Endpoint(entrance, inside).application(), settings)


async def unready(settings: Settings, keys: Keys, shelves: Shelves, signs: Signs) -> Mapping[str, str]:
    """Why no traffic should come here."""
    reasons = {}
    if signs.ending.is_set():
        reasons["process"] = "is ending"
    if not signs.ready.is_set():
        reasons["schema"] = "the database has not been brought up to date"
    if not settings.local:
        reasons |= await keys.unready()
    try:
        await shelves.store.ping()
        if signs.ready.is_set():
            await shelves.vault.check()
    except Locked as locked:
        reasons["content key"] = str(locked)
    except VaultAway as away:
        reasons["content key"] = str(away)
    except StoreAway:
        reasons["database"] = "does not answer"
    return reasons
