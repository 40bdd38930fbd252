"""Digests on cards: what they say, and what their buttons do for whoever presses them."""

import json
from dataclasses import replace
from datetime import UTC

import pytest

from bot.teams.cards import adaptive
from dialogs.cards import Button
from dialogs.choice import alone, choose, follow, mean
from dialogs.digests import digest
from dialogs.errors import SwitchedOff
from dialogs.talk import Answer, Digest, Place
from dialogs.timetable import MOST
from tests.dialogs.desk import NOW, FakeCalendar, shown
from tests.dialogs.regular import ALONE, CHANNEL, CHAT, DAILY, LINK, MONDAYS, THREAD, WEEKLY, asked, began, desk
from tests.world.catalogue import catalogue

ON_MONDAYS = replace(DAILY, schedule=MONDAYS)


async def test_a_digest_that_was_begun_stands_on_a_card_with_the_next_time_and_what_switches_it_off() -> None:
    [card] = (await began("daily 9:00")).cards
    assert [row.cells for row in card.rows] == [
        ("Channel or chat", "this channel"),
        ("When", "every day at 09:00 (UTC)"),
        ("The next one", "Sun 22 Nov 09:00"),
    ]
    assert [(button.title, button.quiet) for button in card.buttons] == [("Switch off", True)]


async def test_where_others_read_along_the_card_says_whose_digest_it_is() -> None:
    among, own = (await began("daily 9:00")), await shown(digest, asked("", ALONE), desk(DAILY))
    assert (among.cards[0].lines, own.cards[0].lines) == (("For Ada Byron",), ())


async def pressed(button: Button, *told: Digest, person: str = "person", place: Place = THREAD) -> Answer:
    """What the button of a card does for whoever presses it, by the menu."""
    found = asked(button.text, place)
    ask = replace(found, person=replace(found.person, id=person))
    return await shown(choose(ask, FakeCalendar(), NOW), ask, desk(*told))


async def test_the_button_on_the_card_ends_that_digest_alone() -> None:
    [card] = (await began("daily 9:00")).cards
    answer = await pressed(card.buttons[0], DAILY, WEEKLY)
    assert answer.digests == (Digest(CHANNEL),)
    assert answer.text == f"I no longer send you the digest of [this channel]({LINK})."


async def test_who_presses_anothers_button_ends_nothing_not_even_their_own() -> None:
    [card] = (await began("daily 9:00")).cards
    answer = await pressed(card.buttons[0], DAILY, WEEKLY, person="another")
    assert (answer.digests, answer.cards) == ((), ())
    assert answer.text.startswith("That digest is not one of yours")


async def test_what_a_button_does_is_told_to_who_pressed_it_alone() -> None:
    [card] = (await began("daily 9:00")).cards
    assert alone(asked(card.buttons[0].text)) and not alone(asked("digest off"))


async def test_a_key_that_was_carried_to_another_place_ends_nothing_there() -> None:
    [card] = (await began("daily 9:00")).cards
    answer = await pressed(card.buttons[0], DAILY, WEEKLY, place=CHAT)
    assert (answer.digests, answer.text[-23:]) == ((), "I have changed nothing.")


@pytest.mark.parametrize("text", ["digest off", "digest aus", "digest"])
async def test_a_digest_is_found_and_ended_where_digests_were_switched_off_since(text: str) -> None:
    ask = asked(text)
    follow(mean(ask, FakeCalendar(), NOW), ask, frozenset({"digests"}))
    with pytest.raises(SwitchedOff):
        begun = asked("digest daily 9:00")
        follow(mean(begun, FakeCalendar(), NOW), begun, frozenset({"digests"}))


async def test_a_button_that_is_pressed_once_more_changes_nothing() -> None:
    [card] = (await began("daily 9:00")).cards
    answer = await pressed(card.buttons[0])
    assert (answer.digests, answer.text[-23:]) == ((), "I have changed nothing.")


async def test_in_ones_own_chat_each_digest_has_its_button_and_all_have_one() -> None:
    [card] = (await shown(digest, asked("", ALONE), desk(DAILY, WEEKLY))).cards
    head, first, second = card.rows
    assert head.cells == ("Channel or chat", "When", "The next one")
    assert first.cells == ("a channel", "every day at 09:00 (UTC)", "Sun 22 Nov 09:00")
    ended = [(await pressed(row.buttons[0], DAILY, WEEKLY, place=ALONE)).digests for row in (first, second)]
    assert ended == [(Digest(CHANNEL),), (Digest(CHAT),)]
    assert [button.text for button in card.buttons] == ["digest off"]


@pytest.mark.parametrize(
    ("count", "says"),
    [
        (MOST, ()),
        (MOST + 1, ("1 more is named in the list above. Write “digest off” in its channel or chat to end it.",)),
        (50, ("34 more are named in the list above. Write “digest off” in the channel or chat of one to end it.",)),
    ],
)
async def test_of_many_digests_the_card_says_how_many_more_the_list_above_it_names(
    count: int, says: tuple[str, ...]
) -> None:
    many = [
        replace(DAILY, place=replace(CHANNEL, conversation=f"19:{one}", channel=f"19:{one}")) for one in range(count)
    ]
    answer = await shown(digest, asked("", ALONE), desk(*many))
    [card] = answer.cards
    assert (len(card.rows), card.foot) == (1 + min(count, MOST), says)
    assert f"\n{count}. [a channel]" in answer.text


async def test_one_digest_needs_no_button_for_all() -> None:
    [card] = (await shown(digest, asked("", ALONE), desk(DAILY))).cards
    assert card.buttons == ()


@pytest.mark.parametrize("was", [DAILY, ON_MONDAYS])
async def test_what_was_switched_off_stands_on_a_card_without_a_button_that_others_could_press(was: Digest) -> None:
    [card] = (await shown(digest, asked("off"), desk(was))).cards
    assert (card.title, [row.cells[0] for row in card.rows]) == ("Switched off", ["Channel or chat", "this channel"])
    assert card.buttons == ()


async def test_in_ones_own_chat_where_no_digest_can_begin_no_button_says_so() -> None:
    [card] = (await shown(digest, asked("off", ALONE), desk(DAILY, WEEKLY))).cards
    assert [row.cells[0] for row in card.rows] == ["Channel or chat", "a channel", "a group chat"]
    assert card.buttons == ()


async def test_without_a_digest_there_is_no_card() -> None:
    answers = [await shown(digest, asked(text, place), desk()) for text in ("", "off") for place in (CHAT, ALONE)]
    assert [answer.cards for answer in answers] == [()] * 4


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
async def test_the_card_has_room_for_so_many_digests_with_the_longest_names(language: str) -> None:
    many = [
        replace(WEEKLY, place=replace(CHAT, conversation=f"19:{one:040}@thread.v2", name="語" * 50))
        for one in range(50)
    ]
    known = replace(desk(*many), words=catalogue().wording(language, UTC))
    [card] = (await shown(digest, asked("", ALONE), known)).cards
    assert json.dumps(adaptive(card)).count("digest off ") == MOST
