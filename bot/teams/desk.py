"""The desk of a turn: how a stored body is read, who speaks where, and what a dialog may use.

Floor 7. Joins the rooms below for `bot.turn`, which knows none of them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import orjson
from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsInfo
from botbuilder.schema import Activity

from bot.audit import Action
from bot.settings import Settings
from bot.store.rows import Claim
from bot.store.store import Store
from bot.teams.activity import ask as ask_of
from bot.teams.activity import parse
from bot.teams.adapter import Adapter
from bot.teams.connector import apart
from bot.teams.signin import SignIn
from bot.teams.speaker import Speaker
from bot.turn import Act, Ways
from dialogs import menu
from dialogs.errors import AssistantError, NeedsSignIn, NotAllowed, Unreadable
from dialogs.ports import Desk, Model, Terms, Threads
from dialogs.rules import may_ask
from dialogs.streams import closing
from dialogs.talk import (
    Ask,
    Event,
    Message,
    OfferSignIn,
    Omitted,
    Part,
    Person,
    Place,
    PlaceKind,
    Post,
    Say,
    Usage,
    Window,
)

MakeModel = Callable[[Ask, Callable[[Usage], None]], Model]
"""The model of a turn; it tells the second argument what it took."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms that a turn passes through, and the clock."""

    settings: Settings
    store: Store
    adapter: Adapter
    sign_in: SignIn
    threads: Threads
    model: MakeModel
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


class NoThreads:
    """Stands in for Graph in local mode when no Graph on this machine was named."""

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Post | Omitted]:
        """Raises `Unreadable`."""
        raise Unreadable("Local mode has no Microsoft Graph; start it with GRAPH_URL set to one on this machine.")
        yield


def ways(rooms: Rooms) -> Ways:
    """What a turn is handed."""
    return Ways(
        read=lambda body: ask_of(parse(body)),
        speak=partial(speak, rooms),
        answer=partial(answer, rooms),
        action=lambda ask: Action(menu.action(ask)),
        keep=timedelta(days=rooms.settings.retention_days),
        now=rooms.now,
        report=rooms.report,
    )


async def speak(rooms: Rooms, claim: Claim, ask: Ask, act: Act) -> None:
    """Run `act` with a voice in the conversation of the stored activity."""

    async def within(context: TurnContext) -> None:
        clock, offer = asyncio.get_running_loop().time, partial(offer_sign_in, rooms.sign_in, context, ask)
        speaker = Speaker(
            context, ask.place, placeholder=claim.placeholder, clock=clock, pause=asyncio.sleep, offer=offer
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


async def offer_sign_in(sign_in: SignIn, context: TurnContext, ask: Ask) -> None:
    """Show how to sign in with the tenant's account."""
    card = await sign_in.card(context.activity, ask.place.kind, NeedsSignIn().words, "Sign in")
    await context.send_activity(Activity(type="message", attachments=[card]))


async def answer(rooms: Rooms, claim: Claim, ask: Ask, meter: Callable[[Usage], None]) -> AsyncIterator[Part]:
    """The dialog that an ask leads to. Raises `NotAllowed` for who may not ask."""
    settings = rooms.settings
    # A welcome answers nobody: Teams may leave out who added the bot, and the door has looked at the tenant.
    asked = ask.event is Event.MESSAGE
    if asked and not may_ask(ask, settings.allowed_tenants):
        raise NotAllowed
    if asked and settings.require_sign_in and not await rooms.sign_in.signed_in(parse(claim.body).sender.id):
        yield Say(NeedsSignIn("Then send your message again.").words)
        yield OfferSignIn()
        return
    desk = Desk(
        model=rooms.model(ask, meter),
        history=Chat(rooms.store, claim),
        threads=rooms.threads,
        terms=Terms(settings.retention_days, settings.local),
        now=rooms.now(),
    )
    async with closing(menu.choose(ask)(ask, desk)) as parts:
        async for part in parts:
            yield part
