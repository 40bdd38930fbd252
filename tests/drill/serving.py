"""How serving goes on, on a restored database: when people are answered again, and what they are told twice."""

import asyncio
import time
from dataclasses import dataclass

from tests.drill.loss import Loss
from tests.drill.people import PATIENCE
from tests.drill.scene import Scene
from tests.faults.asks import Tally

BACK = 120.0
"""Seconds until people are answered again. Nearly all of it is the machine's; in Azure it is the new server's that is made."""
LATER = 1.0
"""Seconds in which people go on writing."""


@dataclass(frozen=True, slots=True)
class Return:
    """Seconds from the loss until the server took what is written, a message was accepted, and one was answered."""

    server: float
    accepted: float
    answered: float

    def __str__(self) -> str:
        return f"RTO {self.answered:.1f} s (server after {self.server:.1f} s, accepts after {self.accepted:.1f} s)"


@dataclass(frozen=True, slots=True)
class Served:
    """How it went on. `asked`: how many questions that people had read the answer to were put to the model once more."""

    back: Return
    tally: Tally
    loss: Loss
    asked: int

    @property
    def twice(self) -> set[str]:
        """What stands answered twice, although the database knew that people have read it."""
        return set(self.tally.twice) - set(self.loss.reopened)

    @property
    def held(self) -> bool:
        """Whether all that is known is answered, and only what the database could not know was said again."""
        return not self.tally.lost and not self.twice and self.back.answered <= BACK

    def __str__(self) -> str:
        again = f"{self.asked} answered again that people had read, {len(self.tally.twice)} of them stand there twice"
        rest = f"{self.tally.asked} that it knows or that came later, {len(self.tally.lost)} of them lost"
        return f"{self.back}; {rest}; {again}; {self.tally.standing} placeholders left"


async def served(scene: Scene, database: str, lost: Loss, moment: float, server: float) -> Served:
    """The bots are set to the restored database; people go on until all is answered that can be."""
    prompts = len(scene.world.model.prompts)
    since = await scene.serve(database)
    scene.people.begin()
    async with asyncio.timeout(PATIENCE):
        while not (later := [each.at for each in scene.people.accepted if each.at > since]):
            await asyncio.sleep(0.01)
    await asyncio.sleep(LATER)
    await scene.people.pause()
    await scene.people.delivered()
    tally = await scene.people.answered(lost.unanswered)
    first = min((at for at in scene.people.standing.values() if at > since), default=time.monotonic())
    again = [each.question for each in scene.world.model.prompts[prompts:]]
    asked = sum(any(question.endswith(name) for question in again) for name in lost.reopened)
    return Served(Return(server - moment, later[0] - moment, first - moment), tally, lost, asked)
