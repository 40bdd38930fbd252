"""The desk of a turn: how a stored body is read, who speaks where, and what a dialog may use.

Floor 7. Joins the rooms below for `bot.turn`, which knows none of them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import orjson
from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsInfo

from bot.audit import Action
from bot.calendar.calendar import Calendar
from bot.catalogue import Catalogue, error_words
from bot.limits import SIGN_IN_WAIT
from bot.settings import Settings
from bot.store.rows import Arrival, Claim
from bot.store.store import Store
from bot.teams import errands
from bot.teams.activity import Incoming, parse, person, said
from bot.teams.adapter import Adapter
from bot.teams.admission import Admission
from bot.teams.connector import Connectors, apart
from bot.teams.extension import Extension, Inside
from bot.teams.invitation import invitation
from bot.teams.members import Roster
from bot.teams.private import Alone
from bot.teams.signin import Own, SignIn
from bot.teams.speaker import Speaker
from bot.turn import FIRST_WORDS, Act, Ways
from dialogs import digests, menu
from dialogs.errors import AssistantError, NotReached, Unreadable
from dialogs.ports import NOWHERE, Desk, Directory, Model, Terms, Threads
from dialogs.streams import closing
from dialogs.talk import (
    Ask,
    Digest,
    Errand,
    Event,
    Message,
    Omitted,
    Part,
    Person,
    Place,
    PlaceKind,
    Post,
    Shared,
    Usage,
    Window,
)

MakeModel = Callable[[Ask, Callable[[Usage], None]], Model]
"""The model of a turn; it tells the second argument what it took."""
UNSIGNED = frozenset({Action.HELP, Action.SIGN_IN, Action.SIGN_OUT, Action.STOP})
"""What somebody is told who has not signed in."""

MakeThreads = Callable[[Roster], Threads]
"""What may be read in a turn, by whoever the roster says belongs there."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be read: where the bot was added by whoever belongs there, elsewhere with the person's own rights."""

    threads: MakeThreads
    directory: Directory = NOWHERE
    abroad: Threads = NOWHERE


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms that a turn passes through, and the clock."""

    settings: Settings
    store: Store
    adapter: Adapter
    connectors: Connectors
    admission: Admission
    sign_in: SignIn
    reach: Reach
    model: MakeModel
    calendar: Calendar
    catalogue: Catalogue
    now: Callable[[], datetime]
    report: Callable[[BaseException], None]


@dataclass(frozen=True, slots=True)
class Chat:
    """The history of one chat, bound to the claim whose lane it belongs to."""

    store: Store
    claim: Claim

    async def recent(self, limit: int) -> tuple[Message, ...]:
        """The newest messages, oldest first."""
        claim = self.claim
        return await self.store.history(claim.tenant, claim.conversation, claim.chat, limit)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept for one person."""

    store: Store
    claim: Claim
    person: Person
    now: datetime

    async def visited(self, home: str) -> datetime | None:
        """Until when the person knows a channel or chat."""
        return await self.store.visited(self.claim.tenant, self.person.id, home)

    async def digests(self) -> tuple[Digest, ...]:
        """What the person wants to be told of."""
        return await self.store.digests(self.claim.tenant, self.person.id)

    async def shared(self, key: str) -> Shared | None:
        """An answer the person may post."""
        return await self.store.shared(self.claim.tenant, self.person.id, key, self.now)


class NoThreads:
    """Stands in for Graph in local mode when no Graph on this machine was named."""

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        """Raises `Unreadable`."""
        raise Unreadable("Local mode has no Microsoft Graph; start it with GRAPH_URL set to one on this machine.")
        yield


NO_GRAPH = Reach(lambda roster: NoThreads())
"""Where there is no Microsoft Graph."""


def ways(rooms: Rooms) -> Ways:
    """What a turn is handed."""
    return Ways(
        read=asked,
        speak=partial(speak, rooms),
        answer=partial(answer, rooms),
        action=lambda ask: Action(menu.action(ask, rooms.calendar, rooms.now())),
        plan=partial(plan, rooms),
        words=lambda error, ask: error_words(error, rooms.catalogue.words(ask.person)),
        offered=lambda claim, ask: rooms.store.offered(claim, ask.person.id, rooms.now() + SIGN_IN_WAIT),
        renew=lambda claim, ask: digests.renewed(ask, at_desk(rooms, claim, ask, lambda usage: None)),
        first=lambda ask: rooms.catalogue.words(ask.person).say(FIRST_WORDS),
        keep=timedelta(days=rooms.settings.retention_days),
        now=rooms.now,
        report=rooms.report,
    )


def asked(body: bytes) -> Ask:
    """The ask of a stored body. What is asked for privately is answered to that person alone."""
    ask = errands.read(body)
    return replace(ask, alone=ask.alone or menu.alone(ask))


def plan(rooms: Rooms, claim: Claim, ask: Ask, errand: Errand) -> Arrival:
    """What is put into the inbox for an errand."""
    origin = orjson.loads(claim.body)
    body, id = errands.body(origin, errand), errands.key(origin, errand)
    return Arrival(claim.tenant, errand.place.conversation, id, body, rooms.now(), errand.due, person=ask.person.id)


async def speak(rooms: Rooms, claim: Claim, ask: Ask, act: Act) -> None:
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
            alone=Alone(ask.person.account, claim.tenant, apology) if ask.alone else None,
            proactive=ask.event is Event.DIGEST,
        )
        async with speaker as voice:
            await act(voice, replace(ask, place=await located(context, ask.place)))

    await rooms.adapter.turn(orjson.loads(claim.body), within)


async def located(context: TurnContext, place: Place) -> Place:
    """The place with its team's Graph id, which Teams leaves out of some activities and tells when asked."""
    if place.kind is not PlaceKind.CHANNEL or place.team:
        return place
    try:
        details = await apart(TeamsInfo.get_team_details(context))
    except AssistantError:  # without it nothing is lost but the reading of the thread, which says so
        return place
    return replace(place, team=details.aad_group_id or None)


async def answer(rooms: Rooms, claim: Claim, ask: Ask, meter: Callable[[Usage], None]) -> AsyncIterator[Part]:
    """The dialog that an ask leads to. Raises `NotAllowed` for who may not ask."""
    await admit(rooms, claim, ask)
    desk = at_desk(rooms, claim, ask, meter)
    async with closing(menu.choose(ask, rooms.calendar, desk.now)(ask, desk)) as parts:
        async for part in parts:
            yield part


async def admit(rooms: Rooms, claim: Claim, ask: Ask) -> None:
    """Raises why the person of an ask is not answered."""
    if ask.event is Event.WELCOME:
        # It answers nobody: Teams may leave out who added the bot, and the door has looked at the tenant.
        return
    incoming = parse(claim.body)
    free = menu.action(ask, rooms.calendar, rooms.now()) in UNSIGNED
    await rooms.admission.check(incoming, ask.place, roster(rooms, incoming), free=free)


def at_desk(rooms: Rooms, claim: Claim, ask: Ask, meter: Callable[[Usage], None]) -> Desk:
    """All that the dialog of one ask may use."""
    now, members = rooms.now(), roster(rooms, parse(claim.body))
    return Desk(
        model=rooms.model(ask, meter),
        history=Chat(rooms.store, claim),
        threads=rooms.reach.threads(members),
        directory=rooms.reach.directory,
        abroad=rooms.reach.abroad,
        calendar=rooms.calendar,
        words=rooms.catalogue.words(ask.person),
        memory=Kept(rooms.store, claim, ask.person, now),
        members=members,
        account=Own(rooms.sign_in, ask.person, now),
        terms=Terms(rooms.settings.retention_days, rooms.settings.local),
        now=now,
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
        await rooms.admission.check(incoming, where, members, free=free)
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
    return menu.stops(said(incoming))
