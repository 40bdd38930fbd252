"""How a person wants to be answered, and the models on offer."""

from dataclasses import replace
from datetime import date

import pytest

from dialogs.cards import Card, Field
from dialogs.changes import Preferred
from dialogs.errors import Personal
from dialogs.ports import Desk
from dialogs.preferences import Preferences
from dialogs.settings import models, settings
from dialogs.talk import Answer, PlaceKind
from dialogs.terms import Endpoint, Offer, Terms
from tests.dialogs.desk import ScriptedModel, a_desk, an_ask, shown

QUICK = Offer("quick", "gpt-4.1-mini", "GlobalStandard", "quick questions", 1, date(2027, 4, 14), tunable=True)
DEEP = Offer("deep", "gpt-5.5", "Standard", "hard questions", 3, date(2026, 12, 12))
BARE = Offer("bare")
TERMS = Terms(30, endpoints=(Endpoint("a.example", True, "swedencentral"),), offers=(QUICK, DEEP, BARE))
MINE = Preferences("deep", "short", number=3)


def desk(mine: Preferences = MINE, terms: Terms = TERMS, *, writes: bool = True) -> Desk:
    return a_desk(ScriptedModel(writes=writes), terms=terms, preferences=mine)


async def answered(text: str = "", chosen: dict[str, str] | None = None, at: Desk | None = None) -> Answer:
    return await shown(settings, an_ask(text, PlaceKind.PERSONAL, fields=chosen), at or desk())


def field(card: Card, name: str) -> Field:
    return next(each for each in card.fields if each.id == name)


def saved(answer: Answer) -> list[Preferences]:
    return [change.preferences for change in answer.changes if isinstance(change, Preferred)]


@pytest.mark.parametrize("kind", [PlaceKind.CHANNEL, PlaceKind.GROUP])
async def test_settings_are_between_the_two(kind: PlaceKind) -> None:
    with pytest.raises(Personal):
        await shown(settings, an_ask("", kind), desk())


async def test_the_card_shows_what_holds_now() -> None:
    (card,) = (await answered()).cards
    values = {each.id: each.value for each in card.fields}
    assert values == {"model": "deep", "length": "short", "creativity": "*", "language": "*", "tone": "*"}


async def test_every_field_says_what_may_be_chosen_and_the_present_value_is_among_it() -> None:
    (card,) = (await answered()).cards
    assert [each.id for each in card.fields if each.value not in {choice.value for choice in each.choices}] == []


async def test_a_model_is_offered_with_what_is_known_of_it() -> None:
    (card,) = (await answered()).cards
    assert [choice.title for choice in field(card, "model").choices] == [
        "The usual one: quick",
        "quick: quick questions, €",
        "deep: hard questions, €€€, ends soon, on 12 Dec 2026",
        "bare",
    ]


async def test_creativity_says_who_heeds_it() -> None:
    (card,) = (await answered()).cards
    assert field(card, "creativity").hint == "Heeded by quick; other models ignore it."


async def test_creativity_is_not_offered_where_no_model_heeds_it() -> None:
    (card,) = (await answered(at=desk(terms=replace(TERMS, offers=(DEEP, BARE))))).cards
    assert [each.id for each in card.fields] == ["model", "length", "language", "tone"]


async def test_one_model_is_no_choice() -> None:
    (card,) = (await answered(at=desk(terms=replace(TERMS, offers=(DEEP,))))).cards
    assert "model" not in [each.id for each in card.fields]


async def test_the_offline_engine_heeds_only_the_language() -> None:
    (card,) = (await answered(at=desk(terms=Terms(30, local=True), writes=False))).cards
    assert [each.id for each in card.fields] == ["language"]
    assert "offline engine" in card.lines[1]


async def test_what_was_chosen_is_saved_under_the_next_number() -> None:
    chosen = {"model": "quick", "length": "long", "creativity": "high", "language": "de", "tone": "formal"}
    found = await answered("save 3", chosen)
    assert saved(found) == [Preferences("quick", "long", "high", "de", "formal", 4)]


async def test_the_house_s_own_choice_can_be_gone_back_to() -> None:
    assert saved(await answered("save 3", {"model": "*", "length": "*"})) == [Preferences(number=4)]


async def test_fields_that_do_not_come_stay_as_they_are() -> None:
    assert saved(await answered("save 3", {"tone": "plain", "length": ""})) == [replace(MINE, tone="plain", number=4)]


async def test_after_saving_the_card_bears_the_next_number() -> None:
    (card,) = (await answered("save 3", {"length": "long"})).cards
    assert (card.buttons[0].text, card.buttons[0].quiet, field(card, "length").value) == (
        "settings save 4",
        True,
        "long",
    )


@pytest.mark.parametrize("number", ["2", "4", "03", "x", "-3"])
async def test_a_card_of_other_days_is_not_saved_and_the_present_one_is_shown(number: str) -> None:
    found = await answered(f"save {number}", {"length": "long"})
    assert (saved(found), "have changed" in found.text) == ([], True)
    assert field(found.cards[0], "length").value == "short"


async def test_saving_without_a_change_says_so() -> None:
    found = await answered("save 3", {"model": "deep", "length": "short", "creativity": "*"})
    assert (saved(found), found.text) == ([], "Nothing has changed: so it stood already.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model", "secret-deployment"),
        ("model", "gpt-5.5"),
        ("length", "endless"),
        ("creativity", "2.0"),
        ("language", "xx"),
        ("tone", "rude"),
        ("tone", "<b>"),
    ],
)
async def test_what_is_not_on_offer_is_not_saved_nor_anything_beside_it(name: str, value: str) -> None:
    fields = {"length": "long", name: value}
    found = await answered("save 3", fields)
    assert (saved(found), "I saved nothing" in found.text, value in found.text) == ([], True, False)


async def test_creativity_from_an_older_card_is_refused_where_no_model_heeds_it_any_more() -> None:
    at = desk(terms=replace(TERMS, offers=(DEEP, BARE)))
    assert saved(await answered("save 3", {"creativity": "high"}, at)) == []
    assert saved(await answered("save 3", {"creativity": "*", "length": "long"}, at)) == [
        replace(MINE, length="long", number=4)
    ]


async def test_the_number_cannot_be_set_by_a_card() -> None:
    assert saved(await answered("save 3", {"number": "99", "length": "long"})) == [
        replace(MINE, length="long", number=4)
    ]


async def test_a_chosen_model_that_is_gone_counts_as_the_usual_one() -> None:
    (card,) = (await answered(at=desk(replace(MINE, model="gone")))).cards
    assert field(card, "model").value == "*"


async def test_reset_goes_back_to_the_house_s_own_choice() -> None:
    assert saved(await answered("reset")) == [Preferences(number=4)]


async def test_a_reset_of_nothing_says_so() -> None:
    found = await answered("reset", at=desk(Preferences(number=4)))
    assert (saved(found), "Nothing has changed" in found.text) == ([], True)


async def test_the_models_are_told_with_all_that_is_known_and_no_more() -> None:
    found = await shown(models, an_ask("", PlaceKind.PERSONAL), desk())
    head, *rows = (row.cells for row in found.cards[0].rows)
    assert head == ("Name", "Model", "Good for", "Price", "Processed", "Ends")
    assert rows == [
        (
            "quick",
            "gpt-4.1-mini",
            "quick questions",
            "€",
            "anywhere in the world; its resource is in swedencentral",
            "14 Apr 2027",
        ),
        (
            "deep (yours)",
            "gpt-5.5",
            "hard questions",
            "€€€",
            "in the Azure geography of its region; its resource is in swedencentral",
            "ends soon, on 12 Dec 2026",
        ),
        ("bare", "not known", "not known", "not known", "not known; its resource is in swedencentral", "not known"),
    ]


async def test_a_model_that_ended_is_told_so() -> None:
    terms = replace(TERMS, offers=(replace(DEEP, retires=date(2026, 11, 21)),))
    found = await shown(models, an_ask("", PlaceKind.PERSONAL), desk(terms=terms))
    assert found.cards[0].rows[1].cells[-1] == "ended on 21 Nov 2026"


async def test_where_others_read_along_nobody_s_choice_is_told() -> None:
    found = await shown(models, an_ask("", PlaceKind.CHANNEL), desk())
    assert "yours" not in str(found.cards) and found.cards[0].buttons == ()


@pytest.mark.parametrize(("writes", "said"), [(True, "choose from."), (False, "only quotes.")])
async def test_where_there_is_no_model_to_choose_from_it_is_said(writes: bool, said: str) -> None:
    at = desk(terms=Terms(30, local=True), writes=writes)
    assert (await shown(models, an_ask("", PlaceKind.PERSONAL), at)).text.endswith(said)


async def test_on_a_computer_of_one_s_own_models_work_there() -> None:
    terms = Terms(30, local=True, endpoints=(Endpoint("localhost", True),), offers=(BARE,))
    found = await shown(models, an_ask("", PlaceKind.PERSONAL), desk(terms=terms))
    assert found.cards[0].rows[1].cells[4] == "on this computer"
