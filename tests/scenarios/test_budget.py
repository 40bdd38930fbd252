"""What a person and their company may use, through two processes: told kindly when it is over, settled however it ended."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.scenarios.firm import Firm, Told, opened
from tests.scenarios.stage import alone
from tests.world.activities import message
from tests.world.completion import Reply
from tests.world.openai import Hold, filtered
from tests.world.people import ADA, BRUNO, CHIDI, DANA, EMRE, FATIMA, Someone, personal

pytestmark = pytest.mark.asyncio(loop_scope="session")
SAID = "Here is your answer."
LIMIT = 20_000
LONG = "word " * 13_600
"""So long that it takes most of the day's allowance, as the model counts: four bytes a token."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str) -> AsyncIterator[Firm]:
    rules = {"budget.person": str(LIMIT), "requests": "5", "queue": "3"}
    async with opened(postgres, bots=2, answer=SAID, rules=rules, REQUIRE_SIGN_IN="false") as firm:
        yield firm


async def purse(firm: Firm, person: Someone) -> tuple[int, int]:
    """What the person has used today, and what is set aside for them."""
    ((used, held),) = await firm.rows("SELECT used, held FROM purses WHERE person = %s", person.id) or [(0, 0)]
    return int(used), int(held)


async def booked(firm: Firm, person: Someone) -> int:
    """What the books say of the person."""
    ((tokens,),) = await firm.rows("SELECT coalesce(sum(input + output), 0) FROM usage WHERE person = %s", person.id)
    return int(tokens)


async def settled(firm: Firm, person: Someone) -> int:
    """What the person has used; nothing is set aside any more, and books, purse and tills agree."""
    used, held = await purse(firm, person)
    tills = await firm.rows("SELECT sum(used), sum(held) FROM tills")
    purses = await firm.rows("SELECT sum(used), sum(held) FROM purses")
    assert held == 0 and used == await booked(firm, person) and tills == purses
    return used


async def test_a_person_is_warned_once_and_then_stopped_kindly_without_a_model(firm: Firm) -> None:
    first = await firm.ask(LONG)
    await firm.ask("new chat", bot=firm.bots[1])
    second = await firm.ask("And in short?", bot=firm.bots[1])
    await firm.ask("word " * 3_000)
    asked = len(firm.world.model.prompts)
    third = await firm.ask("And now?", bot=firm.bots[1])
    usage = await firm.ask("usage")
    assert SAID in first.text and "% of today's allowance" in first.reading
    assert SAID in second.text and "% of today's allowance" not in second.reading
    assert "Today's allowance is used up" in third.text and len(firm.world.model.prompts) == asked
    assert "Nothing is left until" in usage.text
    assert await firm.rows("SELECT count(*) FROM audit WHERE outcome = 'refused'") == [(1,)]


async def test_so_many_requests_a_minute_and_no_more(firm: Firm) -> None:
    told = [await firm.ask("Quick!", BRUNO, firm.bots[number % 2]) for number in range(6)]
    assert [SAID in one.text for one in told] == [True] * 5 + [False]
    assert "asked me more in the last minute" in told[-1].text and await settled(firm, BRUNO) > 0


async def test_of_many_messages_at_once_every_one_is_answered_or_told_to_wait(firm: Firm) -> None:
    hold, home = Hold(0), personal(CHIDI)
    firm.world.model.next(Reply(SAID, pause=hold))
    sent = [message(home, CHIDI, f"Question {number}?") for number in range(8)]
    assert (await firm.world.post(sent[0]))[0] == 202
    await hold.reached.wait()
    taken = await asyncio.gather(
        *(firm.world.post(one, bot=firm.bots[number % 2].url) for number, one in enumerate(sent[1:]))
    )
    hold.release()
    for one in sent:
        await firm.over(one["id"])
    crowded = firm.told(CHIDI, "more at once than I may keep waiting")
    assert [status for status, _ in taken] == [202] * 7
    assert (firm.told(CHIDI, SAID), crowded) == (3, 5) and await settled(firm, CHIDI) > 0


async def test_what_a_stopped_answer_took_is_settled(firm: Firm) -> None:
    hold, home = Hold(3), personal(DANA)
    firm.world.model.next(Reply("One two three four five.", pause=hold))
    asked = message(home, DANA, "Count, please.")
    assert (await firm.world.post(asked))[0] == 202
    await hold.reached.wait()
    assert (await purse(firm, DANA))[1] > 0
    await firm.ask("stop", DANA)
    await firm.over(asked["id"])
    assert await settled(firm, DANA) > 0


async def test_what_a_model_took_that_failed_is_settled_and_the_next_try_too(firm: Firm) -> None:
    firm.world.model.next(Reply("Half of an", end="error", pieces=2))
    asked = message(personal(EMRE), EMRE, "Will it work?")
    assert (await firm.world.post(asked))[0] == 202
    await firm.over(asked["id"])
    calls = await firm.rows("SELECT sum(calls) FROM usage WHERE person = %s", EMRE.id)
    assert firm.told(EMRE, SAID) == 1 and await settled(firm, EMRE) > 0 and calls == [(2,)]


async def blocked(firm: Firm) -> Told:
    told = await firm.ask("Something that is not allowed.", FATIMA)
    assert "content filter stopped" in told.text
    return told


async def test_what_the_filter_stopped_is_settled(firm: Firm) -> None:
    firm.world.model.faults.add(filtered(), of="chat")
    await blocked(firm)
    before = await settled(firm, FATIMA)
    firm.world.model.next(Reply("Something bad.", finish="content_filter"))
    await blocked(firm)
    assert await settled(firm, FATIMA) > before


async def test_when_the_companys_allowance_is_used_up_nobody_calls_a_model(firm: Firm) -> None:
    limits = "INSERT INTO rules (tenant, name, value, at, by) VALUES (%s, 'budget.tenant', %s, now(), 'operator')"
    await firm.change(limits, ADA.tenant, str(LIMIT))
    await firm.change("UPDATE purses SET asks = 0")
    asked = len(firm.world.model.prompts)
    async with firm.later() as later:
        told = await firm.ask("Is there anything left?", FATIMA, later)
    assert "company's allowance for today is used up" in told.text and len(firm.world.model.prompts) == asked


async def test_many_requests_of_one_person_at_once_pass_the_allowance_by_one_at_most(postgres: str) -> None:
    rules = {"budget.person": "9000", "requests": "100"}
    async with opened(postgres, bots=2, answer=SAID, rules=rules, REQUIRE_SIGN_IN="false") as firm:
        rooms = [alone(ADA) for _ in range(8)]
        text = "word " * 2_000
        told = await asyncio.gather(
            *(firm.among(room, text, ADA, firm.bots[number % 2]) for number, room in enumerate(rooms))
        )
        answered, used = sum(SAID in one.text for one in told), await settled(firm, ADA)
        refused = sum("Today's allowance is used up" in one.text for one in told)
        most = max([asked.tokens for asked in firm.world.model.prompts], default=0) + 10
    assert answered == len(firm.world.model.prompts) > 0, [one.text for one in told]
    assert answered + refused == 8 and used < 9_000 + most
