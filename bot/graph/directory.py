"""Finds the channels and chats that a person belongs to by their names, with that person's own rights and no others.

Floor 6, of the family of `bot.graph`. Nothing of it is kept. Source: Graph's `/me/joinedTeams`, `/teams/{id}/allChannels`
(which also lists the channels that other teams share with a team) and `/me/chats`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial

from bot.graph.found import entries
from bot.graph.listing import Entry, best, channel, chat_name, team_name
from bot.graph.naming import Wanted, fit, wanted
from bot.graph.pace import TENANT
from bot.graph.pages import Budget, Line, Pages
from bot.graph.source import Source, escaped
from bot.posts import Record, Spot
from dialogs.crew import Crew
from dialogs.errors import Unavailable
from dialogs.ports import Found
from dialogs.talk import Person, Place, PlaceKind

BUDGET = Budget(pages=300, seconds=45.0)
"""What one search may take."""
CHATS = 40
"""Most pages of 50 chats that are looked through."""
AT_ONCE = 8
"""Teams whose channels are listed at the same time."""
DENIED = (
    "Looking up your teams and chats is not allowed to me yet. Your administrator can allow it: Team.ReadBasic.All, "
    "Channel.ReadBasic.All and Chat.Read on behalf of people."
)
TEAMS = "/me/joinedTeams?$select=id,displayName"
CHANNELS = "/teams/{team}/allChannels?$select=id,displayName,membershipType"
MINE = "/me/chats?$expand=members&$top=50"

Own = Callable[[Person], Awaitable[str]]
"""A person's own token."""


class GraphDirectory:
    """The places a person belongs to; `dialogs.ports.Directory`."""

    def __init__(self, way: Line, own: Own) -> None:
        """`way` is that of `GraphThreads`, so that both keep to the same rates."""
        self._line = way
        self._own = own

    async def find(self, person: Person, names: Sequence[str]) -> tuple[Found, ...]:
        """The places that fit a name, the best first. Raises `NeedsSignIn`, `Unreadable` or `Unavailable`."""
        token = await self._own(person)
        source = Source((), DENIED, "", Spot("", person.tenant), ((TENANT, person.tenant),), own=True)
        search = Search(Pages(self._line, source, (token,), BUDGET), self._line.root, person)
        wishes = [wanted(name) for name in names]
        try:
            async with asyncio.timeout(BUDGET.seconds):
                listed = await search.run(wishes)
        except (TimeoutError, Unavailable) as failed:
            # Graph's own words here are about messages that were not read.
            raise Unavailable(retry_after=getattr(failed, "retry_after", None)) from None
        return best(listed, names, wishes)


class Search:
    """One search through the listings, as far as what is wanted may stand in them."""

    def __init__(self, pages: Pages, root: str, person: Person) -> None:
        self._pages = pages
        self._root = root
        self._person = person

    async def run(self, wishes: Collection[Wanted]) -> list[Entry]:
        """Every channel and chat that may be meant."""
        return await _together(2, (partial(self._channels, wishes), partial(self._chats, wishes)))

    async def _channels(self, wishes: Collection[Wanted]) -> list[Entry]:
        if not any(wish.pairs or wish.channel or wish.team for wish in wishes):
            return []
        teams = [team for team in await self._listed(TEAMS) if any(_may_be_in(team, wish) for wish in wishes)]
        return await _together(AT_ONCE, [partial(self._of_team, team) for team in teams])

    async def _of_team(self, team: Record) -> list[Entry]:
        found = await self._listed(CHANNELS.format(team=escaped(str(team["id"]))))
        return [channel(record, team) for record in found]

    async def _chats(self, wishes: Collection[Wanted]) -> list[Entry]:
        if not any(wish.chat for wish in wishes):
            return []
        found = await self._listed(MINE, CHATS)
        return [
            Entry(Place(PlaceKind.GROUP, record["id"]), name)
            for record in found
            if record.get("chatType") in ("group", "meeting") and (name := chat_name(record, self._person))
        ]

    async def _listed(self, address: str, most: int = BUDGET.pages) -> list[Record]:
        """The records of all pages that have an id."""
        page, found = await self._pages.page(self._root + address), list[Record]()
        while True:
            found += [record for record in entries(page) if isinstance(record.get("id"), str)]
            most -= 1
            following = self._pages.next(page) if most > 0 else None
            if following is None:
                return found
            page = await self._pages.page(following)


async def _together(hands: int, calls: Sequence[Callable[[], Awaitable[list[Entry]]]]) -> list[Entry]:
    """What all calls find, so many of them at a time; the first failure ends the others."""
    async with Crew[list[Entry]](hands) as crew:
        for call in calls:
            crew.take(call)
        async for _ in crew.settled():
            pass
        return [entry for found in crew.results for entry in found]


def _may_be_in(team: Record, wish: Wanted) -> bool:
    """Whether what is wanted may be one of a team's channels."""
    named = (wish.team, *(team for _, team in wish.pairs))
    return bool(wish.channel) or any(fit(team_name(team), words) is not None for words in named)
