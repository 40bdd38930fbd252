"""Who belongs to a conversation, asked of the double's roster."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import aiohttp
import pytest

from bot.teams.conversations import PAGE, PAGES
from bot.teams.members import KEEP, Admitted, Guests, Roster
from dialogs.errors import AssistantError, NotAdded, NotMember, NotReached, Unavailable, Unreadable
from dialogs.ports import Member
from dialogs.talk import Omitted, Person, Place, PlaceKind, Post, Window
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.dialogs.desk import FakeThreads, a_post
from tests.world.door import Answer, Call, Fault, reply
from tests.world.faults import drop, garbage, refused, status, throttled
from tests.world.people import (
    ADA,
    BOT,
    BRUNO,
    CHANNEL,
    EMRE,
    GROUP,
    GUEST,
    OTHER_TENANT,
    PEOPLE,
    ROOT,
    TENANT,
    THREAD,
    Someone,
    personal,
)
from tests.world.teams import TeamsDouble

HERE = Place(PlaceKind.CHANNEL, THREAD.conversation, CHANNEL.team, CHANNEL.channel, ROOT)
CREW = Place(PlaceKind.GROUP, GROUP.conversation)


def somebody(person: Someone = ADA) -> Person:
    return Person(person.id, TENANT, person.name, account=person.teams)


@dataclass(frozen=True)
class Asked:
    """Rosters of the double's conversations."""

    teams: TeamsDouble
    session: aiohttp.ClientSession
    clock: Clock

    def by(self, person: Person) -> Roster:
        connectors = speech(self.session, self.clock, self.teams.url).connectors
        return Roster(connectors, f"{self.teams.url}/", person, TENANT, BOT)


@pytest.fixture
def asked(teams: TeamsDouble, session: aiohttp.ClientSession, clock: Clock) -> Asked:
    return Asked(teams, session, clock)


@pytest.fixture
def roster(asked: Asked) -> Roster:
    return asked.by(somebody())


# everybody


@pytest.mark.parametrize(("place", "people"), [(HERE, PEOPLE), (CREW, GROUP.members)])
async def test_everybody_of_a_channel_or_chat_is_known(roster: Roster, place: Place, people: Sequence[Someone]) -> None:
    assert await roster.of(place) == tuple(Member(person.id) for person in people)


async def test_all_pages_are_read(roster: Roster, teams: TeamsDouble) -> None:
    for number in range(PAGE + 7):
        teams.roster.admit(GROUP.conversation, replace(EMRE, id=f"id {number}", teams=f"29:{number}"))
    found = await roster.of(CREW)
    assert (len(found), found[-1].id) == (len(GROUP.members) + PAGE + 7, f"id {PAGE + 6}")


async def test_who_has_left_is_no_longer_there(roster: Roster, teams: TeamsDouble) -> None:
    await roster.of(CREW)
    teams.roster.leave(GROUP.conversation, BRUNO)
    assert BRUNO.id not in [member.id for member in await roster.of(CREW)]


@pytest.mark.parametrize(
    ("person", "role"),
    [
        (GUEST, "user"),
        (replace(GUEST, tenant=TENANT), "guest"),
        (replace(GUEST, tenant=TENANT), "Guest"),
        (replace(GUEST, tenant=TENANT), "anonymous"),
        (replace(GUEST, tenant=""), "user"),
        (replace(GUEST, tenant=TENANT, id=""), "user"),
    ],
)
async def test_guests_and_people_of_other_tenants_are_outside(
    roster: Roster, teams: TeamsDouble, person: Someone, role: str
) -> None:
    teams.roster.admit(GROUP.conversation, person, role)
    found = await roster.of(CREW)
    assert [member.outside for member in found] == [False] * len(GROUP.members) + [True]


async def test_a_tenant_is_the_same_however_it_is_written(roster: Roster, teams: TeamsDouble) -> None:
    teams.roster.admit(GROUP.conversation, replace(EMRE, tenant=TENANT.upper()))
    assert not (await roster.of(CREW))[-1].outside


async def test_who_has_no_entra_id_goes_by_their_account(roster: Roster, teams: TeamsDouble) -> None:
    teams.roster.admit(GROUP.conversation, GUEST, "anonymous")
    assert (await roster.of(CREW))[-1] == Member(GUEST.teams, outside=True)


async def test_a_roster_without_end_is_given_up(roster: Roster, teams: TeamsDouble) -> None:
    pages = 0

    async def again(call: Call, answer: Answer) -> aiohttp.web.StreamResponse:
        nonlocal pages
        pages += 1
        return reply({"members": [{"id": "29:x"}], "continuationToken": "again"})

    teams.faults.add(again, of="paged", times=None)
    with pytest.raises(Unreadable, match="More people"):
        await roster.of(CREW)
    assert pages == PAGES


@pytest.mark.parametrize(
    "fault", [garbage(), status(200, []), status(200, {}), status(200, {"members": 7}), status(204)]
)
async def test_half_a_roster_is_none(roster: Roster, teams: TeamsDouble, fault: Fault) -> None:
    teams.faults.add(fault, of="paged")
    with pytest.raises(Unreadable):
        await roster.of(CREW)


# the one who asks


async def test_a_member_is_let_in(roster: Roster) -> None:
    await roster.holds(HERE)


async def test_a_member_whose_account_is_not_known_is_found_by_their_entra_id(asked: Asked) -> None:
    await asked.by(replace(somebody(), account="")).holds(CREW)


async def test_an_entra_id_is_the_same_however_it_is_written(asked: Asked) -> None:
    await asked.by(replace(somebody(), id=ADA.id.upper())).holds(CREW)


async def test_who_does_not_belong_there_is_not_let_in(asked: Asked) -> None:
    with pytest.raises(NotMember):
        await asked.by(somebody(EMRE)).holds(CREW)


async def test_who_has_just_left_is_not_let_in(roster: Roster, teams: TeamsDouble) -> None:
    await roster.holds(CREW)
    teams.roster.leave(GROUP.conversation, ADA)
    with pytest.raises(NotMember):
        await roster.holds(CREW)


@pytest.mark.parametrize(
    "person",
    [
        Person("", TENANT),
        Person("", TENANT, account=ADA.teams),
        Person(BRUNO.id, TENANT, account=ADA.teams),
        Person("..", TENANT),
    ],
)
async def test_who_is_somebody_else_is_not_let_in(asked: Asked, person: Person) -> None:
    with pytest.raises(NotMember):
        await asked.by(person).holds(CREW)


@pytest.mark.parametrize("body", [{}, [], None, {"aadObjectId": None}, {"aadObjectId": ""}, {"aadObjectId": 7}])
async def test_an_answer_without_a_person_lets_nobody_in(roster: Roster, teams: TeamsDouble, body: object) -> None:
    teams.faults.add(status(200, body), of="member")
    with pytest.raises(NotMember):
        await roster.holds(CREW)


# where nobody can tell

DENIALS = [
    (refused(403, "BotNotInConversationRoster"), NotAdded),
    (refused(403, "NotEnoughPermissions"), NotAdded),
    (refused(404, "ConversationNotFound"), NotAdded),
    (refused(404, "MemberNotFoundInConversation"), NotMember),
    (refused(400, "BadArgument"), NotMember),
    (throttled(60), Unavailable),
    (refused(401, "Unauthorized"), Unavailable),
    (status(500), Unavailable),
    (status(503), Unavailable),
    (drop, Unavailable),
]


@pytest.mark.parametrize(("fault", "kind"), DENIALS)
async def test_every_refusal_denies(
    roster: Roster, teams: TeamsDouble, fault: Fault, kind: type[AssistantError]
) -> None:
    for question in (roster.of, roster.holds):
        teams.faults.clear()
        teams.faults.add(fault, times=None)
        with pytest.raises(kind):
            await question(CREW)


async def test_where_the_bot_is_no_member_it_says_who_can_add_it(roster: Roster, teams: TeamsDouble) -> None:
    teams.close(GROUP.conversation)
    with pytest.raises(NotAdded):
        await roster.of(CREW)


# one to one


async def test_the_chat_with_the_person_is_found(roster: Roster) -> None:
    assert await roster.alone() == personal(ADA).conversation


async def test_teams_is_told_whose_chat_and_of_which_tenant(roster: Roster, teams: TeamsDouble) -> None:
    wishes: list[object] = []

    async def look(call: Call, answer: Answer) -> aiohttp.web.StreamResponse:
        wishes.append(call.json)
        return await answer(call)

    teams.faults.add(look, of="create")
    await roster.alone()
    assert wishes == [
        {
            "isGroup": False,
            "bot": {"id": BOT},
            "members": [{"id": ADA.teams}],
            "tenantId": TENANT,
            "channelData": {"tenant": {"id": TENANT}},
        }
    ]


async def test_who_has_not_added_the_bot_is_not_reached(roster: Roster, teams: TeamsDouble) -> None:
    teams.uninstall(ADA)
    with pytest.raises(NotReached):
        await roster.alone()


# reading


@dataclass
class Heard:
    """Threads that tell whether they were asked."""

    asked: int = 0
    ended: list[str] = field(default_factory=list)

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        self.asked += 1
        try:
            for number in range(3):
                yield (a_post(number, "Bruno", "We ship."),)
        finally:
            self.ended.append(person.id)


async def test_a_member_reads_what_the_threads_hold(roster: Roster) -> None:
    posts = [a_post(number, "Bruno", "We ship.") for number in range(5)]
    threads = Admitted(FakeThreads(posts, size=2), roster)
    batches = [batch async for batch in threads.read(somebody(), CREW, Window())]
    assert sorted((one for batch in batches for one in batch if isinstance(one, Post)), key=lambda one: one.id) == posts


@pytest.mark.parametrize("person", [EMRE, replace(GUEST, tenant=OTHER_TENANT)])
async def test_for_who_does_not_belong_there_nothing_is_read(asked: Asked, person: Someone) -> None:
    heard = Heard()
    threads = Admitted(heard, asked.by(somebody(person)))
    with pytest.raises(NotMember):
        await anext(threads.read(somebody(person), CREW, Window()))
    assert heard.asked == 0


async def test_every_reading_asks_again(roster: Roster, teams: TeamsDouble) -> None:
    threads = Admitted(Heard(), roster)
    assert [batch async for batch in threads.read(somebody(), CREW, Window())]
    teams.roster.leave(GROUP.conversation, ADA)
    with pytest.raises(NotMember):
        await anext(threads.read(somebody(), CREW, Window()))


async def test_a_reader_who_stops_early_ends_the_reading(roster: Roster) -> None:
    heard = Heard()
    reading = Admitted(heard, roster).read(somebody(), CREW, Window())
    await anext(reading)
    await reading.aclose()  # type: ignore[attr-defined]
    assert heard.ended == [ADA.id]


# guests


@pytest.fixture
def guests(clock: Clock) -> Guests:
    return Guests(clock.now)


async def test_a_colleague_is_no_guest(roster: Roster, guests: Guests) -> None:
    assert not (await guests.footing(roster, CREW)).guest


@pytest.mark.parametrize("role", ["guest", "anonymous"])
async def test_a_guest_of_the_tenant_is_one(asked: Asked, guests: Guests, teams: TeamsDouble, role: str) -> None:
    teams.roster.admit(GROUP.conversation, replace(GUEST, tenant=TENANT), role)
    assert (await guests.footing(asked.by(somebody(GUEST)), CREW)).guest


async def test_somebody_of_another_tenant_is_known_by_it(asked: Asked, guests: Guests, teams: TeamsDouble) -> None:
    teams.roster.admit(GROUP.conversation, GUEST)
    assert (await guests.footing(asked.by(somebody(GUEST)), CREW)).tenant == OTHER_TENANT


async def test_who_is_not_in_the_roster_is_nobody(asked: Asked, guests: Guests) -> None:
    with pytest.raises(NotMember):
        await guests.footing(asked.by(somebody(GUEST)), CREW)


async def test_it_is_remembered_for_a_while(roster: Roster, guests: Guests, teams: TeamsDouble) -> None:
    await guests.footing(roster, CREW)
    teams.faults.add(status(500), of="member", times=None)
    assert not (await guests.footing(roster, CREW)).guest


async def test_after_that_it_is_asked_again(roster: Roster, guests: Guests, teams: TeamsDouble, clock: Clock) -> None:
    await guests.footing(roster, CREW)
    teams.roster.leave(GROUP.conversation, ADA)
    teams.roster.admit(GROUP.conversation, ADA, "guest")
    clock.turn(seconds=KEEP.total_seconds() + 1)
    assert (await guests.footing(roster, CREW)).guest


async def test_what_is_remembered_is_bounded(roster: Roster, teams: TeamsDouble, clock: Clock) -> None:
    guests = Guests(clock.now, most=1)
    await guests.footing(roster, CREW)
    await guests.footing(roster, HERE)
    teams.faults.add(status(403), of="member", times=None)
    with pytest.raises(NotAdded):
        await guests.footing(roster, CREW)
