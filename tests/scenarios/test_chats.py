"""Several chats of one person: listed, searched, opened, named, deleted, and closed to everybody else."""

import asyncio

import pytest
import pytest_asyncio

from tests.scenarios.staff import Employee, newcomer, rows, told
from tests.scenarios.stage import Stage
from tests.world.bots import BotProcess

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("whole")]
LINES = "SELECT count(*) FROM history WHERE person = %s"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def people(stage: Stage) -> list[Employee]:
    """People with two chats each, of a heron and of a budget; the second is open."""
    found = [newcomer(stage) for _ in range(9)]
    await asyncio.gather(*map(begin, found))
    return found


async def begin(employee: Employee) -> None:
    """Two chats."""
    await employee.say("Our mascot is a heron.")
    await employee.say("new chat")
    await employee.say("The budget is forty thousand.")


@pytest.fixture
def ada(people: list[Employee]) -> Employee:
    """One of them, of whom nobody else has heard yet."""
    return people.pop()


@pytest.fixture
def browsing(people: list[Employee]) -> Employee:
    """One whose chats nobody changes."""
    return people[0]


async def test_chats_are_listed_by_how_they_begin_and_one_is_open(browsing: Employee) -> None:
    listed = await browsing.say("chats")
    assert "The budget is forty thousand. (open now)" in listed and "Our mascot is a heron.\n" in listed


async def test_every_button_of_the_list_is_quiet(browsing: Employee) -> None:
    await browsing.say("chats")
    assert {"say"} == {name for button in browsing.buttons for name in button["data"]}


async def test_a_search_finds_words_of_a_message_and_no_other_chat(browsing: Employee) -> None:
    await browsing.say("chats")
    found = await browsing.press("Search", words="HERON mascot")
    assert "Our mascot is a heron." in found and "forty thousand" not in found


async def test_a_search_finds_nothing_of_anybody_else(stage: Stage, browsing: Employee) -> None:
    stranger = newcomer(stage)
    assert "Nothing found" in await stranger.say("chats search heron")


async def test_anothers_chat_is_neither_opened_nor_named_nor_deleted(stage: Stage, browsing: Employee) -> None:
    await browsing.say("chats")
    opening = next(button["data"]["say"] for button in browsing.buttons if button["title"] == "Open")
    stranger, number = newcomer(stage), opening.split()[-1]
    tries = [
        await stranger.say(f"chats {verb}") for verb in (f"open {number}", f"rename {number} X", f"delete {number} yes")
    ]
    assert all("I no longer have that" in one for one in tries)
    assert await rows(stage, LINES, browsing.person.id) == [(4,)]


async def test_an_older_chat_opened_again_is_what_the_model_is_told_and_no_other(ada: Employee) -> None:
    await ada.say("chats")
    assert "We go on with" in await ada.press("Open")
    await ada.say("What do we know?")
    assert "heron" in told(ada).text and "forty thousand" not in told(ada).text


async def test_a_chat_opened_in_one_process_is_open_in_the_other(ada: Employee, other: BotProcess) -> None:
    await ada.say("chats")
    await ada.press("Open")
    await ada.by(other).say("What do we know?")
    assert "heron" in told(ada).text and "forty thousand" not in told(ada).text


async def test_a_chat_is_given_a_title_and_found_by_it(ada: Employee) -> None:
    await ada.say("chats")
    await ada.press("Rename", 1)
    named = await ada.press("Save", title="Birds")
    listed = await ada.say("chats search BIRDS")
    assert "is now called **Birds**" in named
    assert "Birds" in listed and "forty thousand" not in listed


async def test_a_title_taken_back_leaves_how_the_chat_begins(ada: Employee) -> None:
    await ada.say("chats")
    await ada.press("Rename", 1)
    await ada.press("Save", title="Birds")
    await ada.say("chats")
    await ada.press("Rename", 1)
    await ada.press("Save", title="")
    listed = await ada.say("chats")
    assert "Our mascot is a heron." in listed and "Birds" not in listed


async def test_one_chat_is_deleted_after_a_question_and_the_other_stays(ada: Employee) -> None:
    await ada.say("chats")
    question = await ada.press("Delete", 1)
    kept = await rows(ada.stage, LINES, ada.person.id)
    deleted = await ada.press("Delete")
    listed = await ada.say("chats")
    assert "Delete this chat?" in question and kept == [(4,)] and "Deleted:" in deleted
    assert "forty thousand" in listed and "heron" not in listed
    assert await rows(ada.stage, LINES, ada.person.id) == [(2,)]


async def test_the_open_chat_deleted_leaves_a_new_one(ada: Employee) -> None:
    await ada.say("chats")
    await ada.press("Delete")
    deleted = await ada.press("Delete")
    await ada.say("What do we know?")
    assert "A new chat begins here." in deleted
    assert "heron" not in told(ada).text and "forty thousand" not in told(ada).text


async def test_all_chats_are_deleted_after_a_question(ada: Employee) -> None:
    await ada.say("chats")
    question = await ada.press("Delete all")
    await ada.press("Delete")
    assert "Delete all 2 chats?" in question
    assert await rows(ada.stage, LINES, ada.person.id) == [(0,)]
    assert "There are no chats yet" in await ada.say("chats")


async def test_a_chat_that_was_deleted_meanwhile_is_not_opened(ada: Employee) -> None:
    await ada.say("chats")
    stale = ada.last
    await ada.say("chats delete all yes")
    assert "I no longer have that" in await ada.press("Open", on=stale)


async def test_in_a_group_chat_one_persons_question_is_not_in_anothers_prompt(stage: Stage) -> None:
    room = stage.group()
    ada, ben = newcomer(stage).at(room), newcomer(stage).at(room)
    await ada.say("The marker is KESTREL.")
    await ben.say("What is the marker?")
    others = told(ben).text
    await ada.say("What was it?")
    assert "KESTREL" not in others and "KESTREL" in told(ada).text


async def test_a_persons_chats_in_a_thread_a_group_and_at_home_know_nothing_of_each_other(stage: Stage) -> None:
    home, group, channel = newcomer(stage), stage.group(), stage.channel()
    threads = [home.at(channel.at(stage.write(channel, home.person, "Hello."))) for _ in range(2)]
    places = [home, home.at(group), *threads]
    for number, place in enumerate(places):
        await place.say(f"The marker is KESTREL{number}.")
    for number, place in enumerate(places):
        await place.say("What is the marker?")
        markers = {f"KESTREL{each}" for each in range(4) if f"KESTREL{each}" in told(place).text}
        assert markers == {f"KESTREL{number}"}


async def test_chats_are_shown_one_to_one_alone(stage: Stage) -> None:
    somebody = newcomer(stage).at(stage.group())
    assert "one to one" in await somebody.say("chats")
