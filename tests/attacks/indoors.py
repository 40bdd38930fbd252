"""The bot behind its front door, whole but for the machine: a store in memory, services that know nobody, keys at hand.

What is accepted is read as a turn reads it.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.audit import Entry
from bot.calendar.calendar import Calendar
from bot.catalogue import error_words
from bot.store.keys import key
from bot.store.opinions import Opinion
from bot.store.rows import Arrival
from bot.teams import errands
from bot.teams.activity import Incoming, parse, said
from bot.teams.adapter import Adapter
from bot.teams.authentication import Authentication
from bot.teams.connector import Connectors
from bot.teams.consent import Consent
from bot.teams.desk import stops
from bot.teams.doors import ChannelDoor
from bot.teams.endpoint import Endpoint
from bot.teams.endpoint import Inside as Indoors
from bot.teams.extension import Extension
from bot.teams.extension import Inside as Behind
from bot.teams.feedback import Feedback
from bot.teams.invoke import Invokes
from bot.teams.keys import Key
from bot.teams.keys import parse as keys_of
from bot.teams.line import Reply
from bot.teams.origins import origins
from bot.teams.signin import SignIn
from bot.teams.usertokens import UserTokens
from bot.teams.verify import Allowed, Verifier
from dialogs import choice
from dialogs.talk import Errand, Event, Place, Shared
from tests.world.catalogue import catalogue
from tests.world.login import ISSUER
from tests.world.people import APP, TENANT
from tests.world.signing import Key as Signer
from tests.world.signing import key as signer

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SERVICE = "https://smba.trafficmanager.net/emea/"
REMEMBERED = 500
"""How many arrivals the store in memory remembers."""


class Shelf:
    """A store in memory: once-only by tenant, conversation and id, and not larger than it must be."""

    def __init__(self) -> None:
        self.known: OrderedDict[tuple[str, str, str], None] = OrderedDict()
        self.last: Arrival | None = None
        self.accepted = 0

    async def accept(self, arrival: Arrival) -> None:
        self.last = arrival
        self.accepted += 1
        self.known[(key(arrival.tenant), key(arrival.conversation), key(arrival.activity))] = None
        while len(self.known) > REMEMBERED:
            self.known.popitem(last=False)

    async def keep(self, opinion: Opinion) -> None:
        key(opinion.message)

    async def write(self, entry: Entry) -> None:
        """Audit rows hold no text; see `bot.audit`."""

    async def drop(self, tenant: str, person: str, name: str) -> None:
        """There is no document."""

    async def exchanged(self, tenant: str, person: str, name: str) -> bool:
        return True

    async def resume(self, tenant: str, person: str) -> int:
        return 0


class Nobody:
    """A service that knows nobody."""

    async def call(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        known: frozenset[int] = frozenset(),
        passing: bool = False,
    ) -> Reply:
        return Reply(404, b"") if 404 in known else Reply(200, b"{}")


class AtHand:
    """Keys that are there."""

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {}
        self.publish(signer(0))

    def publish(self, *signers: Signer) -> None:
        self.keys = keys_of([one.public() for one in signers])

    async def find(self, kid: str) -> Key | None:
        return self.keys.get(kid)


class House:
    """The bot behind its door."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.keys = AtHand()
        self.faults: list[BaseException] = []
        self.calendar = Calendar()
        self.catalogue = catalogue()

    def application(self) -> web.Application:
        """Its routes."""
        allowed = Allowed(origins(("https://smba.trafficmanager.net",)), frozenset({TENANT}))
        door = ChannelDoor(Verifier(self.keys, ISSUER, APP, now), allowed)
        inside = Indoors(
            accept=self.shelf.accept,
            stop=self.shelf.accept,
            stops=stops,
            invoke=self._invokes(),
            unready=ready,
            now=now,
            report=self.faults.append,
        )
        return Endpoint(door, inside).application()

    def read(self, arrival: Arrival) -> Incoming:
        """All that a turn makes of a stored body before it answers; the body parsed. Raises whatever goes wrong."""
        ask = errands.read(arrival.body)
        incoming = parse(arrival.body)
        said(incoming), choice.alone(ask), choice.stops(ask.text)
        meant = choice.mean(ask, self.calendar, NOW)
        meant.action, meant.office, choice.follow(meant, ask)
        self.catalogue.words(ask.person).say("Thinking…")
        event = (Event.DIGEST, Event.HANDOVER, Event.FORGET)[self.shelf.accepted % 3]
        errands.read(errands.body(incoming.raw, Errand(event, ask.place, ask.text, about=ask.place, due=NOW)))
        return incoming

    def _invokes(self) -> Invokes:
        line, shelf = Nobody(), self.shelf
        tokens = UserTokens(line, "https://token.botframework.com", APP)
        connectors = Connectors(line, origins(("https://smba.trafficmanager.net",)))
        return Invokes(
            Adapter(Authentication(connectors.client, tokens), APP),
            SignIn(tokens, "sso"),
            Extension(Behind(shelf.accept, admitted, unshared, self.catalogue.words, error_words, now)),
            Consent(shelf.accept, shelf.drop, now),
            Feedback(shelf.keep, shelf.write, period, now),
            shelf,
            frozenset({TENANT}),
            now,
        )


def now() -> datetime:
    return NOW


def token(**claims: object) -> str:
    """What Teams signs with."""
    seconds = int(NOW.timestamp())
    usual = {"iss": ISSUER, "aud": APP, "iat": seconds, "nbf": seconds - 300, "exp": seconds + 3600}
    return signer(0).sign({**usual, "serviceurl": SERVICE, **claims})


async def ready() -> Mapping[str, str]:
    return {}


async def admitted(incoming: Incoming, place: Place, free: bool) -> None:
    """Everybody is."""


async def unshared(incoming: Incoming, name: str) -> Shared | None:
    return None


async def period(tenant: str) -> timedelta:
    return timedelta(days=90)
