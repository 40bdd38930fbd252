"""The desk of a turn: how a stored body is read, who speaks where, and what a dialog may use.

Floor 7. Joins the rooms below for `bot.turn`, which knows none of them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsInfo

from bot.audit import Action, Actor
from bot.calendar.calendar import Calendar
from bot.catalogue import Catalogue, error_words
from bot.limits import SIGN_IN_WAIT, THINKING
from bot.purse import Budgeted, Purse, limits
from bot.record import Remark
from bot.rings import Rings
from bot.rulebook import Rulebook, Rules
from bot.settings import Settings
from bot.store.departments import Departments
from bot.store.people import Known, People
from bot.store.pool import Pool
from bot.store.purses import Purses
from bot.store.recall import Recall, Recalled
from bot.store.rows import Arrival, Claim
from bot.store.shelf import Shelf
from bot.store.store import Store
from bot.teams import errands
from bot.teams.activity import Incoming, person, said
from bot.teams.adapter import Adapter
from bot.teams.admission import Admission, Matter
from bot.teams.connector import Connectors, apart
from bot.teams.extension import Extension, Inside
from bot.teams.hearing import Hearing, spoken_to
from bot.teams.invitation import invitation
from bot.teams.kept import Chat, Kept, Tongues
from bot.teams.members import Roster
from bot.teams.private import Alone
from bot.teams.reach import Reach
from bot.teams.signin import Own, SignIn
from bot.teams.speaker import Speaker
from bot.terms import TermsOf
from bot.turn import FIRST_WORDS, Act, Ways
from dialogs import choice, digests
from dialogs.cards import Card
from dialogs.changes import Returned
from dialogs.errors import AssistantError, NeedsSignIn, NotAllowed, NotHere, NotReached, Stranger
from dialogs.papers import looked_at
from dialogs.ports import Desk, Files, Model, Words
from dialogs.queue import queued
from dialogs.shelves import Office, Records
from dialogs.slices import Turnstile
from dialogs.streams import closing
from dialogs.talk import Ask, Errand, Event, Part, Person, Place, PlaceKind, Shared, Usage
from dialogs.terms import Offer, Terms

MakeModel = Callable[[Ask, Offer | None, Callable[[Usage], None]], Model]
"""The model of a turn, by the deployment its person has chosen; it tells the third argument what it took."""
MakeRecords = Callable[[Claim, Person, Words, Rules], Records]
"""What is kept of the person of a claim, in their words and by their company's rules."""
MakeOffice = Callable[[Claim, Person, Words], Office]
"""What an administrator may look at."""
MakeFiles = Callable[[bool, Claim, Ask, Words, Rules, str], Files]
"""What was sent along with the ask of a claim, whose conversation is held at a service address; whether the chat holds any."""
UNSIGNED = frozenset({Action.HELP, Action.SIGN_IN, Action.SIGN_OUT, Action.STOP})
"""What somebody is told who has not signed in."""
UNASKED = frozenset({Event.WELCOME, Event.AMEND, Event.LEFT, Event.FORGET})
"""What answers nobody: Teams may leave out who added the bot, and the door has looked at the tenant. The others follow what
a person did in Teams, and reach nothing but what is that person's own."""
STEPS = 2
"""Steps of growing answers that are made in one turn of the event loop, a millisecond each."""
ANSWERS = 1
"""Answers that are begun with in one turn of the event loop, two milliseconds each."""
SCARCE = "You have used {percent} % of today's allowance."


@dataclass(frozen=True, slots=True)
class Cupboards:
    """What is kept beside the conversation, for its person and for administrators."""

    pool: Pool
    rings: Rings
    people: People
    recall: Recall
    purses: Purses
    departments: Departments
    records: MakeRecords
    office: MakeOffice
    files: MakeFiles


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms that a turn passes through, and the clock."""

    settings: Settings
    store: Store
    cupboards: Cupboards
    rulebook: Rulebook
    terms: TermsOf
    adapter: Adapter
    connectors: Connectors
    admission: Admission
    sign_in: SignIn
    reach: Reach
    model: MakeModel
    calendar: Calendar
    catalogue: Catalogue
    department: Callable[[Person], Awaitable[str | None]]
    tongues: Tongues
    app: str
    now: Callable[[], datetime]
    report: Callable[[BaseException], None]
    steps: Turnstile = field(default_factory=lambda: Turnstile(STEPS))
    answers: Turnstile = field(default_factory=lambda: Turnstile(ANSWERS))


@dataclass(frozen=True, slots=True)
class Case:
    """An ask whose person is answered: what is known of them, and what holds for their company. `ask` speaks their language."""

    claim: Claim
    ask: Ask
    members: Roster
    recalled: Recalled
    rules: Rules
    terms: Terms
    words: Words
    purse: Purse
    now: datetime

    @property
    def known(self) -> Known:
        """The person."""
        return self.recalled.known


def ways(rooms: Rooms, claim: Claim) -> Ways:
    """What the turn of a claim is handed."""
    heard = Hearing(claim.body, rooms.calendar, rooms.tongues, rooms.now)
    return Ways(
        read=lambda: heard.ask,
        speak=partial(speak, rooms, heard),
        answer=partial(answer, rooms, heard),
        action=lambda ask: Action(heard.meant(ask).action),
        plan=partial(plan, rooms, heard),
        words=lambda error, ask: error_words(error, rooms.catalogue.words(ask.person)),
        offered=lambda claim, ask: rooms.store.offered(claim, ask.person.id, rooms.now() + SIGN_IN_WAIT),
        renew=partial(renewed, rooms, heard),
        first=lambda ask: rooms.catalogue.words(ask.person).say(FIRST_WORDS),
        queued=lambda ask, before: queued(rooms.catalogue.words(ask.person), before),
        keep=lambda tenant: rooms.rulebook.known(tenant).history,
        remark=partial(remark, rooms, heard),
        now=rooms.now,
        report=rooms.report,
    )


def plan(rooms: Rooms, heard: Hearing, claim: Claim, ask: Ask, errand: Errand) -> Arrival:
    """What is put into the inbox for an errand."""
    origin = heard.incoming.raw
    body, id = errands.body(origin, errand), errands.key(origin, errand)
    return Arrival(claim.tenant, errand.place.conversation, id, body, rooms.now(), errand.due, person=ask.person.id)


def remark(rooms: Rooms, heard: Hearing, tenant: str, ask: Ask, usage: Sequence[Usage]) -> Remark:
    """What the audit says beside the turn itself."""
    rules = rooms.rulebook.known(tenant)
    prices = rules.prices
    costs = [prices[each.model].of(each.input, each.output) for each in usage if each.model in prices]
    kinds = {each.name: each.kind for each in rooms.settings.azure_openai_models}
    return Remark(
        keep=rules.audit,
        actor=actor(rooms, heard, tenant, ask),
        cost=sum(costs) if costs else None,
        residency=kinds.get(usage[-1].model, "") if usage else "",
        app=rooms.app,
    )


def actor(rooms: Rooms, heard: Hearing, tenant: str, ask: Ask) -> Actor:
    """As what the person of an ask acted."""
    if ask.event not in (Event.MESSAGE, Event.POST):
        return Actor.SYSTEM
    guest = rooms.admission.guests.remembered(tenant, ask.place, ask.person.account)
    return Actor(heard.meant(ask).office or ("guest" if guest else "user"))


async def speak(rooms: Rooms, heard: Hearing, claim: Claim, ask: Ask, act: Act) -> None:
    """Run `act` with a voice in the conversation of the stored activity."""

    words = rooms.catalogue.words(ask.person)
    apology = error_words(NotReached(), words)

    async def within(context: TurnContext) -> None:
        speaker = Speaker(
            context,
            ask.place,
            placeholder=claim.placeholder,
            clock=asyncio.get_running_loop().time,
            pause=asyncio.sleep,
            invitation=invitation(
                partial(rooms.sign_in.message, context.activity, words), Alone(ask.person.account, claim.tenant), words
            ),
            locate=partial(located, context),
            alone=Alone(ask.person.account, claim.tenant, apology) if ask.alone else None,
            proactive=ask.event is Event.DIGEST,
            hosts=rooms.settings.link_hosts,
            files=rooms.settings.file_hosts,
            steps=rooms.steps,
        )
        async with speaker as voice:
            await act(voice)

    await rooms.adapter.turn(heard.incoming.raw, within)


async def located(context: TurnContext, place: Place) -> Place:
    """The place with its team's Graph id, which Teams leaves out of some activities and tells when asked."""
    if place.kind is not PlaceKind.CHANNEL or place.team:
        return place
    try:
        details = await apart(TeamsInfo.get_team_details(context))
    except AssistantError:  # without it nothing is lost but the reading of the thread, which says so
        return place
    return replace(place, team=details.aad_group_id or None)


async def answer(
    rooms: Rooms, heard: Hearing, claim: Claim, ask: Ask, meter: Callable[[Usage], None]
) -> AsyncIterator[Part]:
    """The dialog that an ask leads to. Raises `NotAllowed` for who may not ask."""
    await rooms.answers.passed()
    case = await admitted(rooms, heard, claim, ask)
    desk = at_desk(rooms, case, case.purse.metered(meter))
    dialog = choice.follow(heard.meant(case.ask), case.ask, case.rules.off)
    beside = introduced(rooms, case) if case.ask.person.id and case.known.due(case.now) else None
    async with meanwhile(beside, rooms.report), closing(dialog(case.ask, desk)) as parts:
        async for part in parts:
            rooms.tongues.heard(case.ask.person, part)
            yield part
    if case.known.gone is not None and ask.event in (Event.WELCOME, Event.MESSAGE):
        yield Returned()
    # For the person alone, and no part of the answer, which may be posted, translated or asked about.
    percent = await case.purse.warning() if ask.place.kind is PlaceKind.PERSONAL else None
    if percent is not None:
        yield Card(case.words.say(SCARCE, percent=percent), ())


async def renewed(rooms: Rooms, heard: Hearing, claim: Claim, ask: Ask) -> AsyncIterator[Part]:
    """What keeps a digest coming, whatever became of its telling."""
    case = await opened(rooms, claim, ask, roster(rooms, heard.incoming))
    async with closing(digests.renewed(case.ask, at_desk(rooms, case, lambda usage: None))) as parts:
        async for part in parts:
            yield part


async def admitted(rooms: Rooms, heard: Hearing, claim: Claim, ask: Ask) -> Case:
    """The case of an ask. Raises why its person is not answered."""
    incoming = heard.incoming
    members = roster(rooms, incoming)
    try:
        if ask.event not in UNASKED:
            await rooms.admission.check(incoming, ask.place, members, matter(rooms, ask, heard.meant(ask)))
    except (NotAllowed, NotHere, NeedsSignIn) as refused:
        if not isinstance(refused, Stranger):
            # A colleague, or a guest of theirs: the audit can only name whom the assistant knows.
            await rooms.cupboards.people.known(claim.tenant, ask.person.id)
        raise
    return await opened(rooms, claim, ask, members)


def matter(rooms: Rooms, ask: Ask, meant: choice.Meant) -> Matter:
    """What an ask is about, for whether its person is answered."""
    free = Action(meant.action) in UNSIGNED or ask.event is Event.HANDOVER
    admins = frozenset(filter(None, (rooms.settings.admin_role,)))
    both = admins | frozenset(filter(None, (rooms.settings.auditor_role,)))
    return Matter(free, {"admin": admins, "auditor": both}.get(meant.office))


async def introduced(rooms: Rooms, case: Case) -> None:
    """Look up once a week what department somebody is of, with their own rights."""
    tenant, person, departments = case.claim.tenant, case.ask.person, rooms.cupboards.departments
    if await departments.due(tenant, person.id, case.now):
        found = await rooms.department(person)
        if found is not None:
            await departments.write(tenant, person.id, found)


@asynccontextmanager
async def meanwhile(
    work: Coroutine[None, None, None] | None, report: Callable[[BaseException], None]
) -> AsyncIterator[None]:
    """Does something for which nobody waits, if there is any: what is not done by the end is left for another time."""
    if work is None:
        yield
        return
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not isinstance(fault, AssistantError):
            report(fault)


async def opened(rooms: Rooms, claim: Claim, ask: Ask, members: Roster) -> Case:
    """All that is known where an ask is answered."""
    rules = await rooms.rulebook.of(claim.tenant)
    chat = claim.conversation if ask.place.kind is PlaceKind.PERSONAL else ""
    recalled = await rooms.cupboards.recall.of(claim, ask.person.id, chat)
    known = recalled.known
    rooms.tongues.met(ask.person, known.settings.language)
    spoken = spoken_to(ask, known.settings.language)
    return Case(
        claim=claim,
        ask=spoken,
        members=members,
        recalled=recalled,
        rules=rules,
        terms=await rooms.terms.of(rules),
        words=rooms.catalogue.words(spoken.person),
        purse=Purse(rooms.cupboards.purses, claim, ask.person.id, limits(rules), rooms.now),
        now=rooms.now(),
    )


def at_desk(rooms: Rooms, case: Case, meter: Callable[[Usage], None]) -> Desk:
    """All that the dialog of one ask may use."""
    claim, ask, within = case.claim, case.ask, rooms.cupboards
    offer = case.terms.offer(case.known.settings.model, seeing=looked_at(ask.attachments))
    return Desk(
        model=Budgeted(rooms.model(ask, offer, meter), case.purse, THINKING if offer else 0),
        history=Chat(rooms.store, claim, ask.person.id, case.recalled.lines),
        threads=rooms.reach.threads(case.members),
        directory=rooms.reach.directory,
        abroad=rooms.reach.abroad,
        calendar=rooms.calendar,
        words=case.words,
        memory=Kept(rooms.store, claim, ask.person, case.now),
        members=case.members,
        account=Own(rooms.sign_in, ask.person, case.now),
        terms=case.terms,
        now=case.now,
        shelf=Shelf(within.pool, within.rings, claim, ask.person.id, case.now),
        records=within.records(claim, ask.person, case.words, case.rules),
        office=within.office(claim, ask.person, case.words),
        files=within.files(case.recalled.files, claim, ask, case.words, case.rules, case.members.service_url),
        preferences=case.known.settings,
    )


def roster(rooms: Rooms, incoming: Incoming) -> Roster:
    """Who belongs to the conversations of one service address, for the person of an activity."""
    return Roster(rooms.connectors, incoming.service_url, person(incoming), incoming.tenant, incoming.recipient.id)


def extension(rooms: Rooms, accept: Callable[[Arrival], Awaitable[object]]) -> Extension:
    """The action on a message's menu."""

    async def shared(incoming: Incoming, key: str) -> Shared | None:
        return await rooms.store.shared(incoming.tenant, person(incoming).id, key, rooms.now())

    async def admitted(incoming: Incoming, where: Place, free: bool) -> None:
        members = roster(rooms, incoming)
        await rooms.admission.check(incoming, where, members, Matter(free))
        await members.holds(where)

    async def ended(incoming: Incoming, conversation: str, ask: str) -> bool:
        return await rooms.store.ended(incoming.tenant, conversation, ask, person(incoming).id)

    return Extension(
        Inside(
            accept=accept,
            ended=ended,
            admit=admitted,
            shared=shared,
            words=rooms.catalogue.words,
            error=error_words,
            now=rooms.now,
        )
    )


def stops(incoming: Incoming) -> bool:
    """Whether a message says nothing but that what is under way shall end."""
    return choice.stops(said(incoming))
