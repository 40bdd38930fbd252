"""Places found by their names, with the rights of the person who asks."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import aiohttp
import jwt
import pytest

from bot.graph.directory import GraphDirectory
from bot.graph.naming import key_of
from bot.graph.threads import GraphThreads
from dialogs.errors import NeedsSignIn, Unavailable, Unreadable
from dialogs.ports import Found
from dialogs.talk import Person, Place, PlaceKind, Window
from tests.bot.reader import posts
from tests.world.faults import refused, status, throttled
from tests.world.graph import GraphDouble, page
from tests.world.people import ADA, APP, BRUNO, CHIDI, DANA, EMRE, FATIMA, GROUP, TENANT, Someone

ENGINEERING = "10000000-0000-4000-8000-00000000000a"
COMMERCIAL = "10000000-0000-4000-8000-00000000000b"
SECRET = "10000000-0000-4000-8000-00000000000c"
INCIDENTS, SALES = "19:incidents@thread.tacv2", "19:sales@thread.tacv2"
FALCON, DEAL = "19:falcon@thread.v2", "19:deal@thread.tacv2"


def token(person: Someone, scopes: str | None = None) -> str:
    claims = {"oid": person.id, "scp": scopes} if scopes is not None else {"oid": person.id}
    return jwt.encode(claims, "a secret that is long enough for HS256", algorithm="HS256")


@dataclass
class Company:
    """Graph, and people who ask it for places and their messages."""

    graph: GraphDouble
    session: aiohttp.ClientSession
    scopes: str | None = None
    waits: list[float] = field(default_factory=list)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.threads = GraphThreads(
            self.session, self.graph.url, self._app, APP, pause=self._pause, clock=lambda: self.now
        )

    async def _app(self, person: Person) -> Sequence[str]:
        return ("the app's",)

    async def _own(self, person: Person) -> str:
        [someone] = [one for one in (ADA, BRUNO, CHIDI, DANA, EMRE, FATIMA) if one.id == person.id]
        return token(someone, self.scopes)

    async def _pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def find(self, *names: str, who: Someone = ADA) -> tuple[Found, ...]:
        directory = GraphDirectory(self.threads.line, self._own)
        return await directory.find(Person(who.id, TENANT, who.name), names)

    async def titles(self, *names: str, who: Someone = ADA) -> list[str]:
        return [found.title for found in await self.find(*names, who=who)]

    async def read(self, place: Place, who: Someone = ADA) -> list[str]:
        batches = self.threads.abroad(self._own).read(Person(who.id, TENANT), place, Window())
        return [post.text for post in posts([item async for batch in batches for item in batch])]


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    async with GraphDouble() as graph, aiohttp.ClientSession() as session:
        graph.team(ENGINEERING, "Engineering", ADA, BRUNO)
        graph.team(COMMERCIAL, "Commercial", ADA, CHIDI)
        graph.team(SECRET, "Secret projects", CHIDI)
        graph.channel("19:general-e", "General", team=ENGINEERING)
        graph.channel(INCIDENTS, "incidents", team=ENGINEERING)
        graph.channel(SALES, "sales", team=COMMERCIAL)
        graph.channel("19:incidents-c", "Incidents", team=COMMERCIAL)
        graph.channel("19:incidents-s", "incidents", team=SECRET)
        graph.chat(FALCON, "Project Falcon", ADA, BRUNO)
        yield Company(graph, session)


@pytest.mark.parametrize(
    "name",
    [
        "#incidents in Engineering",
        "incidents in engineering",
        "#INCIDENTS in “Engineering”",
        "#Incidénts in Engineering",
        "#incidents dans Engineering",
        '"#incidents" in Engineering',
    ],
)
async def test_a_channel_is_found_by_its_name_and_its_teams(company: Company, name: str) -> None:
    [found] = await company.find(name)
    assert found.place == Place(PlaceKind.CHANNEL, INCIDENTS, ENGINEERING, INCIDENTS)
    assert (found.title, found.name, found.exact) == ("#incidents in Engineering", name, True)
    assert found.place.name == found.title


async def test_a_channel_alone_is_looked_for_in_every_team_of_the_person(company: Company) -> None:
    assert await company.titles("#incidents") == ["#Incidents in Commercial", "#incidents in Engineering"]


async def test_nobody_finds_what_they_do_not_belong_to(company: Company) -> None:
    assert await company.titles("#incidents in Secret projects") == []
    assert await company.titles("Project Falcon", who=CHIDI) == []


async def test_a_private_channel_is_found_by_its_members_alone(company: Company) -> None:
    company.graph.channel("19:board", "board", BRUNO, team=ENGINEERING)
    assert await company.titles("#board in Engineering") == []
    assert await company.titles("#board in Engineering", who=BRUNO) == ["#board in Engineering"]


async def test_a_shared_channel_is_found_where_it_is_shared_and_read_where_it_lives(company: Company) -> None:
    company.graph.channel(DEAL, "deal", CHIDI, ADA, team=SECRET, shared=[COMMERCIAL])
    company.graph.post(DEAL, CHIDI, "Signed.", team=SECRET)
    [found] = await company.find("#deal in Commercial")
    assert found.place.team == SECRET
    assert await company.read(found.place) == ["Signed."]


async def test_a_team_alone_asks_which_of_its_channels(company: Company) -> None:
    assert await company.titles("Engineering") == ["#General in Engineering", "#incidents in Engineering"]


@pytest.mark.parametrize("name", ["Project Falcon", "project  falcon", "Chat: Project Falcon", "„Project Falcon“"])
async def test_a_chat_is_found_by_its_topic(company: Company, name: str) -> None:
    [found] = await company.find(name)
    assert (found.place, found.title) == (Place(PlaceKind.GROUP, FALCON), "Chat: Project Falcon")


async def test_a_meetings_chat_is_found_and_one_between_two_people_is_not(company: Company) -> None:
    company.graph.chat("19:m", "Weekly", ADA, BRUNO, kind="meeting")
    company.graph.chat("19:two", "Weekly", ADA, BRUNO, kind="oneOnOne")
    assert [found.place.conversation for found in await company.find("Weekly")] == ["19:m"]


async def test_a_chat_without_a_topic_goes_by_the_names_of_the_others(company: Company) -> None:
    company.graph.chat("19:n", None, ADA, EMRE, FATIMA)
    [found] = await company.find("emre fatima")
    assert (found.title, found.exact) == ("Chat: Emre Yılmaz, Fatima Haddad", False)
    assert await company.titles(found.title) == [found.title]


async def test_a_name_that_fits_as_it_is_comes_alone(company: Company) -> None:
    company.graph.chat("19:f2", "Project Falcon budget", ADA)
    assert await company.titles("Project Falcon") == ["Chat: Project Falcon"]


async def test_what_begins_so_comes_before_what_only_holds_the_words(company: Company) -> None:
    company.graph.chat("19:a", "A falcon project", ADA)
    company.graph.chat("19:b", "Project falconry", ADA)
    assert await company.titles("project fal") == ["Chat: Project Falcon", "Chat: Project falconry"]
    assert await company.titles("falcon project") == ["Chat: A falcon project", "Chat: Project Falcon"]


async def test_of_several_names_the_first_that_fits_as_it_is_counts(company: Company) -> None:
    company.graph.chat("19:s", "Standup", ADA)
    company.graph.chat("19:sm", "Standup Monday", ADA)
    [found] = await company.find("Standup Monday", "Standup")
    assert (found.place.conversation, found.name) == ("19:sm", "Standup Monday")


async def test_two_of_one_name_are_told_apart_by_what_is_typed(company: Company) -> None:
    company.graph.chat("19:f2", "Project Falcon", ADA, CHIDI)
    both = await company.find("Project Falcon")
    assert sorted(found.title for found in both) == sorted(
        f"Chat: Project Falcon [{key_of(id)}]" for id in (FALCON, "19:f2")
    )
    for one in both:
        [found] = await company.find(one.title)
        assert found.place == one.place
    assert {found.place.name for found in both} == {"Chat: Project Falcon"}


async def test_every_page_of_chats_is_looked_through(company: Company) -> None:
    for number in range(120):
        company.graph.chat(f"19:{number}", f"Talk {number}", ADA)
    assert await company.titles("Talk 119") == ["Chat: Talk 119"]


async def test_the_order_is_always_the_same(company: Company) -> None:
    for number in (3, 1, 2):
        company.graph.chat(f"19:{number}", f"Talk {number}", ADA)
    assert await company.titles("Talk") == ["Chat: Talk 1", "Chat: Talk 2", "Chat: Talk 3"]


@pytest.mark.parametrize("name", ["", "#", "Chat:", "  ", "in", "#in in in", "[0123abcd]"])
async def test_no_name_finds_nothing(company: Company, name: str) -> None:
    assert await company.find(name) == ()


async def test_without_any_name_nothing_is_asked(company: Company) -> None:
    company.graph.faults.add(status(500), times=None)
    assert await company.find() == ()


# reading


async def test_messages_are_read_with_the_persons_own_rights_and_not_with_the_apps(company: Company) -> None:
    company.graph.post(INCIDENTS, BRUNO, "It burns.", team=ENGINEERING)
    place = Place(PlaceKind.CHANNEL, INCIDENTS, ENGINEERING, INCIDENTS)
    assert await company.read(place) == ["It burns."]
    with pytest.raises(Unreadable) as refusal:
        await company.read(place, CHIDI)
    assert "your account may not read it" in refusal.value.detail


async def test_a_chat_is_closed_to_who_does_not_belong_to_it(company: Company) -> None:
    with pytest.raises(Unreadable):
        await company.read(Place(PlaceKind.GROUP, GROUP.conversation), FATIMA)


async def test_a_scope_that_was_not_agreed_to_is_said(company: Company) -> None:
    company.scopes = "Team.ReadBasic.All Channel.ReadBasic.All Chat.ReadBasic"
    [found] = await company.find("Project Falcon")
    with pytest.raises(Unreadable) as refusal:
        await company.read(found.place)
    assert "Chat.Read" in refusal.value.detail


async def test_listing_without_the_scope_says_what_an_administrator_can_do(company: Company) -> None:
    company.scopes = "User.Read"
    with pytest.raises(Unreadable) as refusal:
        await company.find("#incidents")
    assert "Team.ReadBasic.All" in refusal.value.detail


@pytest.mark.parametrize("kind", ["teams", "channels", "chats"])
async def test_a_token_that_is_no_longer_taken_asks_for_a_new_sign_in(company: Company, kind: str) -> None:
    company.graph.faults.add(refused(401, "InvalidAuthenticationToken"), of=kind)
    with pytest.raises(NeedsSignIn):
        await company.find("Engineering")


async def test_so_it_does_in_the_middle_of_reading(company: Company) -> None:
    for number in range(60):
        company.graph.post(FALCON, BRUNO, str(number))
    company.graph.faults.add(refused(401, "TokenRevoked"), of="chat", when=lambda call: page(call) == 2)
    with pytest.raises(NeedsSignIn):
        await company.read(Place(PlaceKind.GROUP, FALCON))


async def test_being_throttled_for_a_moment_is_waited_for(company: Company) -> None:
    company.graph.faults.add(throttled(2), of="chats")
    assert await company.titles("Project Falcon") == ["Chat: Project Falcon"]
    assert company.waits[0] == 2


@pytest.mark.parametrize("kind", ["teams", "channels", "chats"])
async def test_a_graph_that_is_down_is_unavailable(company: Company, kind: str) -> None:
    company.graph.faults.add(status(503), of=kind, times=9)
    with pytest.raises(Unavailable) as failed:
        await company.find("Engineering")
    assert failed.value.detail == ""


async def test_listings_with_strange_entries_are_read_as_far_as_they_make_sense(company: Company) -> None:
    strange = {"value": [None, 7, {"id": None}, {"id": "19:x", "chatType": "group", "topic": 7, "members": "none"}]}
    company.graph.faults.add(status(200, strange), of="chats")
    assert await company.titles("Chat: 7") == ["Chat: 7"]
