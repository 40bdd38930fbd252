"""The department of who asks, out of Microsoft Graph, with their own rights."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import jwt
import pytest

from bot.graph.profile import LONGEST, GraphProfile
from bot.graph.threads import GraphThreads
from dialogs.errors import NeedsSignIn
from dialogs.talk import Person
from tests.world.faults import status, throttled
from tests.world.graph import GraphDouble
from tests.world.people import ADA, APP, BRUNO, TENANT, Someone

NOBODY = Someone("a0000000-0000-4000-8000-999999999999", "29:1nobody", "Nobody", "nobody@contoso.example")


@dataclass
class Directory:
    """Graph, and people who ask it about themselves."""

    graph: GraphDouble
    session: aiohttp.ClientSession
    scopes: str = "User.Read"
    waits: list[float] = field(default_factory=list)

    async def _app(self, person: Person) -> tuple[str, ...]:
        raise AssertionError("the app's own rights are not asked for")

    async def _own(self, person: Person) -> str:
        if person.id == NOBODY.id:
            raise NeedsSignIn
        claims = {"oid": person.id, "scp": self.scopes}
        return jwt.encode(claims, "a secret that is long enough for HS256", algorithm="HS256")

    async def _pause(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def department(self, who: Someone = ADA) -> str | None:
        threads = GraphThreads(self.session, self.graph.url, self._app, APP, pause=self._pause)
        return await GraphProfile(threads.line, self._own).department(Person(who.id, TENANT))


@pytest.fixture
async def directory() -> AsyncIterator[Directory]:
    async with GraphDouble() as graph, aiohttp.ClientSession() as session:
        graph.departments = {ADA.id: "Sales", BRUNO.id: "Research"}
        yield Directory(graph, session)


async def test_it_is_the_askers_own(directory: Directory) -> None:
    assert [await directory.department(who) for who in (ADA, BRUNO)] == ["Sales", "Research"]


@pytest.mark.parametrize("none", [None, "", " \u200b "])
async def test_who_has_none_has_none(directory: Directory, none: str | None) -> None:
    directory.graph.departments[ADA.id] = none
    assert await directory.department() == ""


async def test_a_name_is_one_short_line_of_visible_characters(directory: Directory) -> None:
    directory.graph.departments[ADA.id] = "Sales\n\u202eand " + "marketing " * 50
    found = await directory.department()
    assert found is not None and found.startswith("Sales and marketing ")
    assert len(found) <= LONGEST and found.isprintable()


async def test_nothing_is_known_of_who_has_not_signed_in(directory: Directory) -> None:
    assert await directory.department(NOBODY) is None


async def test_nothing_is_known_where_graph_refuses(directory: Directory) -> None:
    directory.scopes = "Chat.Read"
    assert await directory.department() is None


async def test_nothing_is_known_where_graph_does_not_answer(directory: Directory) -> None:
    directory.graph.faults.add(status(503), of="me", times=9)
    assert await directory.department() is None


async def test_a_passing_refusal_is_waited_out(directory: Directory) -> None:
    directory.graph.faults.add(throttled(1), of="me")
    assert (await directory.department(), directory.waits[0]) == ("Sales", 1)
