"""What a person does in Teams afterwards is followed: edits, deletions, thumbs, and removing the bot."""

import asyncio

import pytest

from tests.scenarios.staff import Employee, busy, counted, newcomer, rows, run, signs, told, traces
from tests.scenarios.stage import Stage
from tests.world.activities import message
from tests.world.completion import Reply
from tests.world.openai import Hold

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("whole")]
HISTORY = "SELECT count(*) FROM history WHERE person = %s"


@pytest.fixture
def ada(stage: Stage) -> Employee:
    return newcomer(stage)


# changed and deleted in Teams


async def test_an_edited_question_is_what_the_model_is_told_next(ada: Employee) -> None:
    sent = await ada.hand.say("Our mascot is a heron.")
    await ada.done()
    before = len(ada.shown)
    await ada.hand.edit(sent, "Our mascot is an osprey.")
    await ada.done()
    silent = len(ada.shown) == before
    await ada.say("What is it?")
    assert silent and "osprey" in told(ada).text and "heron" not in told(ada).text


async def test_a_deleted_question_and_its_answer_are_not_told_again(ada: Employee) -> None:
    ada.stage.world.model.next("A heron, then.")
    sent = await ada.hand.say("Our mascot is a heron.")
    await ada.done()
    await ada.hand.delete(sent)
    await ada.done()
    await ada.say("What is it?")
    assert "heron" not in told(ada).text and await rows(ada.stage, HISTORY, ada.person.id) == [(2,)]


async def test_a_question_deleted_while_it_is_answered_leaves_nothing(ada: Employee) -> None:
    hold = Hold(1)
    ada.stage.world.model.next(Reply("A heron, then.", pause=hold))
    sent = await ada.hand.say("Our mascot is a heron.")
    await asyncio.wait_for(hold.reached.wait(), 10)
    await ada.hand.delete(sent)
    hold.release()
    await ada.done()
    assert await rows(ada.stage, HISTORY, ada.person.id) == [(0,)]


async def test_an_edit_in_a_group_is_followed_without_a_mention(stage: Stage, ada: Employee) -> None:
    here = ada.at(stage.group())
    sent = await here.hand.say("Our mascot is a heron.")
    await here.done()
    changed = {**sent, "text": "Our mascot is an osprey.", "entities": []}
    await here.hand.edit(changed, "Our mascot is an osprey.")
    await here.done()
    await here.say("What is it?")
    assert "osprey" in told(ada).text and "heron" not in told(ada).text


async def test_anothers_message_is_not_changed_by_whoever_says_so(stage: Stage, ada: Employee) -> None:
    room = stage.group()
    here, ben = ada.at(room), newcomer(stage).at(room)
    sent = await here.hand.say("Our mascot is a heron.")
    await here.done()
    forged = {**message(room, ben.person, ""), "id": sent["id"], "text": sent["text"]}
    await ben.hand.delete(forged)
    await here.done()
    await here.say("What is it?")
    assert "heron" in told(ada).text


# removed from Teams


async def test_who_removed_the_bot_is_forgotten_after_the_period(stage: Stage, ada: Employee) -> None:
    await busy(ada)
    await ada.hand.uninstall()
    await ada.done()
    kept = (await counted(ada))["history"]
    await years_pass(ada)
    assert kept == 2 and await traces(stage, *signs(ada)) == []


async def test_who_added_it_again_before_is_kept(ada: Employee) -> None:
    await busy(ada)
    await ada.hand.uninstall()
    await ada.done()
    await ada.hand.install()
    await ada.done()
    await years_pass(ada)
    assert (await counted(ada))["history"] == 2


async def test_who_only_asked_again_before_is_kept(stage: Stage, ada: Employee) -> None:
    await busy(ada)
    await ada.hand.uninstall()
    await ada.done()
    await ada.at(stage.group()).say("I still need you.")
    await years_pass(ada)
    assert (await counted(ada))["history"] == 4


async def test_nobody_is_forgotten_before_the_period_is_over(stage: Stage, ada: Employee) -> None:
    await busy(ada)
    await ada.hand.uninstall()
    await ada.done()
    await stage.fall_due(ada.person)
    await ada.done()
    assert (await counted(ada))["history"] == 2


async def years_pass(employee: Employee) -> None:
    """All of this was long ago, and the period after a removal is over."""
    for table, time in (("people", "gone"), ("history", "at")):
        moved = f"UPDATE {table} SET {time} = {time} - interval '40 days' WHERE person = %s"
        await run(employee.stage, moved, employee.person.id)
    await employee.stage.fall_due(employee.person)
    await employee.done()


# thumbs


@pytest.mark.parametrize("nested", [False, True])
async def test_a_thumb_is_kept_with_the_answers_model_and_outcome_and_its_words_sealed(
    ada: Employee, nested: bool
) -> None:
    await ada.say("Our mascot is a heron.")
    status = await ada.hand.rate(ada.last, "dislike", "Too short, OSPREY", nested=nested)
    kept = await rows(
        ada.stage, "SELECT liked, model, outcome, activity <> '', text FROM feedback WHERE person = %s", ada.person.id
    )
    assert status == 200 and [row[:4] for row in kept] == [(False, "gpt-5.4-mini", "ok", True)]
    assert b"OSPREY" not in bytes(kept[0][4]) and await traces(ada.stage, "OSPREY") == []


async def test_a_thumb_without_words_has_none_and_the_last_one_counts(ada: Employee) -> None:
    await ada.say("Our mascot is a heron.")
    for reaction in ("dislike", "like"):
        await ada.hand.rate(ada.last, reaction)
    assert await rows(ada.stage, "SELECT liked, text FROM feedback WHERE person = %s", ada.person.id) == [(True, None)]
