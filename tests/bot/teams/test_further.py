"""Further messages of an answer: each is begun, its id is kept, and only then it says anything, so it is said once."""

from dataclasses import dataclass, field

import pytest

from bot.teams.speaker import Speaker
from dialogs.errors import Unavailable
from dialogs.talk import Answer
from tests.bot.teams.stage import CARD, HOME, Stage
from tests.world.faults import accepted, status
from tests.world.people import GROUP, Room

ANSWER = Answer("Choose:", cards=(CARD,))


@dataclass(slots=True)
class Kept:
    """What the store knows; `crash`: the process dies when so many messages are shown."""

    crash: int = 0
    words: list[str] = field(default_factory=list)

    async def shown(self, count: int) -> None:
        if count == self.crash:
            raise Unavailable

    async def begun(self, word: str) -> None:
        self.words.append(word)

    async def speak(self, speaker: Speaker) -> None:
        self.words.append(await speaker.open("Thinking…"))
        await speaker.close(ANSWER, 0, self.shown, self.begun)


@pytest.mark.parametrize("room", [HOME, GROUP])
async def test_a_card_that_was_shown_and_not_noted_is_not_shown_again(stage: Stage, room: Room) -> None:
    stage.room = room
    kept = Kept(crash=2)
    with pytest.raises(Unavailable):
        await stage.turn(kept.speak)
    kept.crash = 0
    await stage.turn(lambda speaker: speaker.close(ANSWER, 1, kept.shown, kept.begun), placeholder=kept.words[-1])
    assert [(one.text, len(one.cards)) for one in stage.chat] == [("Choose:", 0), ("", 1)]


async def test_a_message_whose_beginning_is_of_unknown_fate_says_nothing_and_the_answer_is_whole(stage: Stage) -> None:
    kept = Kept()
    stage.room = GROUP

    async def act(speaker: Speaker) -> None:
        kept.words.append(await speaker.open("Thinking…"))
        stage.teams.faults.add(accepted(status(502)), when=lambda call: call.kind in ("send", "reply"))
        await speaker.close(ANSWER, 0, kept.shown, kept.begun)

    await stage.turn(act)
    assert [(one.text, len(one.cards)) for one in stage.chat] == [("Choose:", 0), ("", 1), ("", 1)]
    assert ["…" in str(one.cards) for one in stage.chat] == [False, True, False]
