"""What comes by itself, one to one."""

from datetime import timedelta

import pytest

from tests.scenarios.staff import newcomer
from tests.scenarios.stage import Stage, honest
from tests.world.people import ADA, BRUNO, CHIDI, DANA, EMRE, FATIMA, Room, Someone, personal

pytestmark = pytest.mark.asyncio(loop_scope="session")
POINT = "They spoke of the launch"


def told(stage: Stage, person: Someone) -> list[str]:
    return [one.text for one in stage.answers(personal(person))]


async def wanted(stage: Stage, person: Someone) -> Room:
    """A channel of which this person wants a digest, with something new in it."""
    channel = stage.channel()
    answer = await stage.post(channel, "digest daily 9:00", person)
    assert "9:00" in answer.text or "09:00" in answer.text
    stage.write(channel, BRUNO, "The launch is on Friday.", timedelta())
    return channel


async def test_a_digest_comes_one_to_one_when_it_is_due(stage: Stage) -> None:
    await wanted(stage, ADA)
    stage.world.model.next(honest)
    await stage.fall_due(ADA)
    await stage.until(lambda: any(POINT in text for text in told(stage, ADA)))


async def test_the_next_digest_is_planned_when_one_has_come(stage: Stage) -> None:
    channel = await wanted(stage, CHIDI)
    stage.world.model.next(honest)
    await stage.fall_due(CHIDI)
    await stage.until(lambda: len(told(stage, CHIDI)) == 1)
    stage.write(channel, BRUNO, "More of the launch.", timedelta())
    stage.world.model.next(honest)
    await stage.fall_due(CHIDI)
    await stage.until(lambda: len(told(stage, CHIDI)) == 2)
    assert "More of the launch" in stage.world.model.prompts[-1].text


async def test_a_digest_that_was_switched_off_does_not_come(stage: Stage) -> None:
    channel = await wanted(stage, DANA)
    await stage.plans(DANA, 1)
    answer = await stage.post(channel, "digest off", DANA)
    await stage.plans(DANA, 0)
    assert "digest" in answer.text.casefold()


async def test_the_button_on_a_card_that_all_see_ends_the_digest_of_whom_it_is_for_and_nobody_elses(
    stage: Stage,
) -> None:
    room = stage.group()
    ada, ben = newcomer(stage).at(room), newcomer(stage).at(room)
    promised = await ada.say("digest daily 9:00")
    card = ada.card
    await ben.say("digest daily 9:00")
    pressed = await ben.press("Switch off", on=card)
    await stage.plans(ada.person, 1)
    await stage.plans(ben.person, 1)
    ended = await ada.press("Switch off", on=card)
    await stage.plans(ada.person, 0)
    await stage.plans(ben.person, 1)
    assert f"For {ada.person.name}" in promised and "The next one" in promised
    assert "not one of yours" in pressed and "Switched off" in ended


async def test_who_has_left_the_channel_is_told_nothing_of_it(stage: Stage) -> None:
    channel = await wanted(stage, EMRE)
    stage.world.teams.roster.leave(channel.conversation, EMRE)
    await stage.fall_due(EMRE)
    await stage.until(lambda: len(told(stage, EMRE)) == 1)
    assert "launch" not in told(stage, EMRE)[0]


async def test_without_the_app_of_ones_own_there_is_nowhere_to_tell_it(stage: Stage) -> None:
    channel = stage.channel()
    stage.world.teams.uninstall(FATIMA)
    try:
        answer = await stage.post(channel, "digest weekly Monday 9:00", FATIMA)
    finally:
        stage.world.teams.reopen(personal(FATIMA).conversation)
    assert "Add me for yourself" in answer.text


async def test_a_time_that_makes_no_sense_is_asked_back(stage: Stage) -> None:
    answer = await stage.post(stage.channel(), "digest daily 25:99")
    assert "did not understand" in answer.text
