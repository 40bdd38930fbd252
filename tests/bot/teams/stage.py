"""A stage for the speaker: the real adapter, the double that enforces Teams' rules, and a time of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot.teams.adapter import Adapter
from bot.teams.invitation import Invitation
from bot.teams.private import Alone
from bot.teams.speaker import Speaker
from dialogs.cards import Button, Card
from dialogs.errors import AssistantError
from dialogs.slices import Turnstile
from dialogs.talk import Answer, Cite, Place, PlaceKind, Say
from tests.bot.teams.clock import Clock
from tests.world.activities import message
from tests.world.chat import Chat, Shown
from tests.world.people import ADA, TENANT, Room, personal
from tests.world.teams import TeamsDouble

HOME = personal(ADA)
ME = Alone(ADA.teams, TENANT)
TEXT = """\
**Three** points came up, of which *two* are open [1].

- Anna ships the release on Friday
- Bruno asks `legal` about it [2]

```python
print("shipped")
```

That is all."""
CITES = (
    Cite(1, "Anna, Monday", "We ship.", "https://teams.example/1"),
    Cite(2, "Bruno, Monday", "I ask.", "https://teams.example/2"),
)
ANSWER = Answer(TEXT, ai=True, cites=CITES)
CARD = Card("Try it", ("one", "two"), (Button("Help", "help"),))


Act = Callable[[Speaker], Awaitable[None]]


@dataclass
class Stage:
    """A speaker's turns in one conversation, and what a person sees there."""

    teams: TeamsDouble
    clock: Clock
    adapter: Adapter
    drawn: list[Shown] = field(default_factory=list)
    room: Room = HOME
    alone: Alone | None = None
    proactive: bool = False
    thumbs: bool = True
    steps: Turnstile | None = None
    to: Alone = ME
    broken: AssistantError | None = None
    """Why no card can be made."""
    kinds: list[PlaceKind] = field(default_factory=list)
    """For which kinds of place cards to sign in with were made."""

    async def turn(self, act: Act, placeholder: str | None = None) -> None:
        place = Place(PlaceKind(self.room.kind), self.room.conversation)

        async def within(context: TurnContext) -> None:
            async with Speaker(
                context,
                place,
                placeholder=placeholder,
                clock=self.clock.seconds,
                pause=self.clock.pause,
                invitation=Invitation(self.card, self.to),
                alone=self.alone,
                proactive=self.proactive,
                thumbs=self.thumbs,
                steps=self.steps,
            ) as speaker:
                await act(speaker)

        await self.adapter.turn(message(self.room, ADA, "hello", service=self.teams.url), within)

    async def card(self, kind: PlaceKind) -> Activity:
        if self.broken is not None:
            raise self.broken
        self.kinds.append(kind)
        return Activity(type="message", text="Sign in here.")

    @property
    def times(self) -> list[float]:
        """When the picture changed."""
        return [one.at for one in self.drawn]

    @property
    def chat(self) -> Chat:
        return self.teams.chat(self.room.conversation)

    async def shows(self, text: str) -> None:
        await self.teams.until(lambda: bool(len(self.chat)) and self.chat.last.text == text)


def said(text: str, *, ai: bool = True) -> list[Say]:
    """The text as a model says it."""
    return [Say(f"{word} ", ai) for word in text.split(" ")]


async def idle() -> None:
    """Lets every task do what it can."""
    for _ in range(50):
        await asyncio.sleep(0)


async def spoken(speaker: Speaker) -> None:
    """A whole answer at once."""
    await speaker.open("Thinking…")
    await speaker.close(ANSWER)


def into(counts: list[int]) -> Callable[[int], Awaitable[None]]:
    """Keeps what a speaker tells of the messages it has shown."""

    async def on_shown(count: int) -> None:
        counts.append(count)

    return on_shown
