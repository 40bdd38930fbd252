"""What the company's directory says of the person who asks: in which department they work.

Floor 6, of the family of `bot.graph`. It is read with the person's own rights and used for nothing but the sums of an
administrator's report.
"""

import asyncio
from collections.abc import Awaitable, Callable

from bot.graph.pace import TENANT
from bot.graph.pages import Budget, Line, Pages
from bot.graph.source import Source
from bot.posts import Spot
from dialogs.errors import AssistantError
from dialogs.plain import cut, line
from dialogs.talk import Person

ME = "/me?$select=department"
LONGEST = 100
"""Characters of a department's name."""
BUDGET = Budget(messages=0, pages=3, seconds=10.0)


class GraphProfile:
    """Profiles in Microsoft Graph; `own` is the person's token, and raises where there is none."""

    def __init__(self, line: Line, own: Callable[[Person], Awaitable[str]]) -> None:
        self._line = line
        self._own = own

    async def department(self, person: Person) -> str | None:
        """The department of a person, "" where they have none; None where that cannot be found out."""
        try:
            async with asyncio.timeout(BUDGET.seconds):
                page = await self._pages(person, await self._own(person)).page(self._line.root + ME)
        except (AssistantError, TimeoutError):
            return None
        found = page.get("department")
        return cut(line(found), LONGEST) if isinstance(found, str) else ""

    def _pages(self, person: Person, token: str) -> Pages:
        source = Source((), "", "", Spot("", person.tenant), ((TENANT, person.tenant),), own=True)
        return Pages(self._line, source, (token,), BUDGET)
