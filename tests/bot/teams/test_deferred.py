"""What stands in the chat while an ask waits for its next try."""

from bot.teams.speaker import Speaker
from dialogs.talk import Say
from tests.bot.teams.stage import ANSWER, TEXT, Stage

WHY = "All language models are busy just now."


async def deferred(speaker: Speaker) -> None:
    """A turn that is tried again later."""
    await speaker.open("Thinking…")
    await speaker.defer(WHY)


async def test_it_says_why_and_ends_its_stream(stage: Stage) -> None:
    await stage.turn(deferred)
    (shown,) = stage.chat
    assert (shown.text, shown.streaming) == (WHY, False)


async def test_the_next_life_writes_over_it(stage: Stage) -> None:
    await stage.turn(deferred)
    await stage.turn(lambda speaker: speaker.defer("Still."), placeholder=stage.chat.messages[0].id)
    assert stage.chat.texts == ["Still."]
    await stage.turn(lambda speaker: speaker.close(ANSWER), placeholder=stage.chat.messages[0].id)
    assert stage.chat.texts == [TEXT]


async def test_what_was_begun_is_not_left_standing(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One two. "))
        await stage.shows("One two.")
        await speaker.defer(WHY)

    await stage.turn(act)
    assert stage.chat.texts == [WHY]


async def test_where_nothing_stands_yet_nothing_is_said(stage: Stage) -> None:
    await stage.turn(lambda speaker: speaker.defer(WHY))
    assert stage.chat.texts == []
