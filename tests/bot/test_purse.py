"""The allowance of one turn: reserved before a model is called, or the model is not called."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from bot.limits import PICTURE_TOKENS
from bot.models.offline import OfflineModel
from bot.purse import Budgeted, Purse
from bot.store.rows import Claim, LeaseLost, Limits, Phase, Reserved, StoreAway
from dialogs.documents import Picture
from dialogs.errors import CompanyOverBudget, OverBudget, TooMany
from dialogs.ports import Model
from dialogs.prompt import Prompt, Purpose, messages
from dialogs.talk import Message, Usage
from tests.dialogs.desk import ScriptedModel
from tests.dialogs.threads import SAMPLE

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)
CLAIM = Claim("tenant", "chat", "1", 7, 0, b"{}", Phase.ACCEPTED, 0)
LIMITS = Limits(person=1_000, company=100_000, requests=20)
QUESTION = Prompt(Purpose.ANSWER, "Be brief.", "When?", (Message("user", "On 3 March."),), reply=50)
SUMMARY = Prompt(Purpose.SUMMARY, "Sum up.", "Summarise this.", posts=SAMPLE, reply=50)


@dataclass
class FakeAllowance:
    """Keeps what was set aside, or refuses; `used` is what the person had used before."""

    used: int = 0
    refuses: Exception | None = None
    warned: bool = False
    told: bool = True
    away: bool = False
    asked: list[tuple[int, bool]] = field(default_factory=list)

    async def reserve(
        self, claim: Claim, tokens: int, limits: Limits, now: datetime, *, anew: bool = False
    ) -> Reserved:
        await asyncio.sleep(0)
        if self.refuses:
            raise self.refuses
        self.asked.append((tokens, anew))
        return Reserved(DAY, self.used, sum(tokens for tokens, _ in self.asked), self.warned)

    async def warn(self, claim: Claim, person: str, day: date) -> bool:
        if self.away:
            raise StoreAway
        return self.told


def purse_of(allowance: FakeAllowance, limits: Limits = LIMITS) -> Purse:
    return Purse(allowance, CLAIM, "anna", limits, lambda: NOW)


async def said(model: Model, *prompts: Prompt) -> Sequence[str]:
    return ["".join([piece async for piece in model.stream(prompt)]) for prompt in prompts]


async def test_the_whole_prompt_and_the_longest_reply_are_set_aside() -> None:
    allowance = FakeAllowance()
    assert await said(Budgeted(ScriptedModel("In March."), purse_of(allowance)), QUESTION) == ["In March."]
    assert allowance.asked == [(sum(len(message.text) for message in messages(QUESTION)) + 50, True)]


async def test_what_a_model_may_think_is_set_aside_too() -> None:
    allowance = FakeAllowance()
    await said(Budgeted(ScriptedModel(), purse_of(allowance), spare=4_000), replace(QUESTION, reply=0))
    assert allowance.asked[0][0] == sum(len(message.text) for message in messages(QUESTION)) + 4_000


async def test_what_a_picture_may_take_is_set_aside_too() -> None:
    allowance = FakeAllowance()
    picture = Picture("a.jpg", "image/jpeg", b"")
    await said(Budgeted(ScriptedModel(sees=True), purse_of(allowance)), replace(QUESTION, pictures=(picture,) * 2))
    assert allowance.asked[0][0] == sum(len(message.text) for message in messages(QUESTION)) + 50 + 2 * PICTURE_TOKENS


@pytest.mark.parametrize("prompt", [SUMMARY, replace(SUMMARY, drafts=({"section": "decisions", "text": "Ship."},))])
async def test_posts_and_drafts_are_counted_as_they_are_sent(prompt: Prompt) -> None:
    allowance = FakeAllowance()
    await said(Budgeted(ScriptedModel(), purse_of(allowance)), prompt)
    sent = sum(len(message.text) for message in messages(prompt)) + prompt.reply
    assert sent * 0.9 < allowance.asked[0][0] < sent * 1.1


async def test_an_engine_that_only_quotes_has_at_least_set_aside_what_it_takes() -> None:
    taken: list[Usage] = []
    allowance = FakeAllowance()
    await said(Budgeted(OfflineModel(taken.append), purse_of(allowance)), replace(SUMMARY, reply=2_000))
    assert allowance.asked[0][0] >= taken[0].input + taken[0].output


@pytest.mark.parametrize("refusal", [OverBudget, CompanyOverBudget, TooMany, LeaseLost, StoreAway])
async def test_what_is_refused_never_reaches_the_model(refusal: type[Exception]) -> None:
    model = ScriptedModel("Never said.")
    with pytest.raises(refusal):
        await said(Budgeted(model, purse_of(FakeAllowance(refuses=refusal()))), QUESTION)
    assert model.prompts == []


async def test_only_the_first_call_of_a_life_gives_back_what_an_earlier_one_had() -> None:
    allowance = FakeAllowance()
    model = Budgeted(ScriptedModel("Yes."), purse_of(allowance))
    await asyncio.gather(*(said(model, QUESTION) for _ in range(3)))
    assert [anew for _, anew in allowance.asked] == [True, False, False]


async def test_a_first_call_that_was_refused_was_none() -> None:
    allowance = FakeAllowance(refuses=StoreAway())
    model = Budgeted(ScriptedModel("Yes."), purse_of(allowance))
    with pytest.raises(StoreAway):
        await said(model, QUESTION)
    allowance.refuses = None
    await said(model, QUESTION)
    assert [anew for _, anew in allowance.asked] == [True]


async def test_an_answer_nobody_reads_on_is_closed() -> None:
    model = ScriptedModel(["One.", "Two."])
    stream = Budgeted(model, purse_of(FakeAllowance())).stream(QUESTION)
    assert await anext(stream) == "One."
    await stream.aclose()  # type: ignore[attr-defined]
    assert model.closed == 1


def test_it_is_known_by_what_the_model_is() -> None:
    model = Budgeted(ScriptedModel(name="large", window=7, writes=False, sees=True), purse_of(FakeAllowance()))
    assert (model.name, model.window, model.writes, model.sees, model.count("four")) == ("large", 7, False, True, 4)


# the warning


async def warned(allowance: FakeAllowance, took: int, limits: Limits = LIMITS) -> int | None:
    """Of a turn that takes so much, all told."""
    told: list[Usage] = []
    purse = purse_of(allowance, limits)
    await said(Budgeted(ScriptedModel("Yes."), purse), QUESTION)
    purse.metered(told.append)(Usage("large", took, 0))
    assert told == [Usage("large", took, 0)]
    return await purse.warning()


@pytest.mark.parametrize(("used", "took", "percent"), [(0, 799, None), (700, 100, 80), (790, 300, 100), (950, 0, 95)])
async def test_a_person_is_told_when_most_of_it_is_used(used: int, took: int, percent: int | None) -> None:
    assert await warned(FakeAllowance(used=used), took) == percent


async def test_who_has_been_told_is_not_told_again() -> None:
    assert await warned(FakeAllowance(used=900, warned=True), 10) is None


async def test_who_is_told_elsewhere_in_the_same_moment_is_not_told_here() -> None:
    assert await warned(FakeAllowance(used=900, told=False), 10) is None


async def test_a_warning_that_cannot_be_noted_costs_no_answer() -> None:
    assert await warned(FakeAllowance(used=900, away=True), 10) is None


async def test_a_turn_without_a_model_warns_of_nothing() -> None:
    assert await purse_of(FakeAllowance(used=900)).warning() is None
