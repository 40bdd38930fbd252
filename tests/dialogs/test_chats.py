"""Starting afresh and stopping; chats listed, searched, opened, named and deleted."""

import pytest

from dialogs.cards import Button, Card
from dialogs.changes import Dropped, Opened, Titled
from dialogs.chatlist import PAGE, TITLE
from dialogs.chats import FOUND, chats, new_chat, stop
from dialogs.errors import NotUnderstood, OnHold, Personal, Vanished
from dialogs.shelves import COUNTED, Chat, Hits
from dialogs.talk import Answer, PlaceKind
from tests.dialogs.desk import START, FakeRecords, FakeShelf, ScriptedModel, a_desk, an_ask, shown

FALCON = Chat(7, "When does Falcon ship?", START, 4, open=True)
PARTY = Chat(3, "Party *planning* [here](https://evil.example)", START, 1)
SHELF = FakeShelf((FALCON, PARTY), {7: ("When does Falcon ship?", "On Monday."), 3: ("Cake",)})


Fields = dict[str, str]


async def said(
    text: str = "", shelf: FakeShelf = SHELF, fields: Fields | None = None, kind: PlaceKind = PlaceKind.PERSONAL
) -> Answer:
    return await shown(chats, an_ask(text, kind, fields=fields), a_desk(ScriptedModel(), shelf=shelf))


async def a_card(text: str = "", shelf: FakeShelf = SHELF, fields: Fields | None = None) -> Card:
    answer = await said(text, shelf, fields)
    (card,) = answer.cards
    return card


def pressed(card: Card) -> list[str]:
    """What all buttons of a card say."""
    return [button.text for button in buttons(card)]


def buttons(card: Card) -> list[Button]:
    return [*(button for row in card.rows for button in row.buttons), *card.buttons]


# afresh, and stop


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_a_new_chat_begins_everywhere(kind: PlaceKind) -> None:
    assert (await shown(new_chat, an_ask(kind=kind), a_desk(ScriptedModel()))).new_chat


async def test_among_others_it_says_that_their_messages_are_still_read() -> None:
    answer = await shown(new_chat, an_ask(), a_desk(ScriptedModel()))
    assert answer.text.endswith("The messages of this conversation I still read.")


async def test_one_to_one_it_says_that_the_other_chats_are_kept() -> None:
    answer = await shown(new_chat, an_ask(kind=PlaceKind.PERSONAL), a_desk(ScriptedModel()))
    assert "**chats** shows them" in answer.text


async def test_without_anything_under_way_stop_says_so() -> None:
    answer = await shown(stop, an_ask("stop"), a_desk(ScriptedModel()))
    assert (answer.text, answer.new_chat) == ("There is nothing under way that I could stop.", False)


# the list


@pytest.mark.parametrize("kind", [PlaceKind.GROUP, PlaceKind.CHANNEL])
async def test_chats_are_between_the_two_of_us(kind: PlaceKind) -> None:
    with pytest.raises(Personal):
        await said(kind=kind)


async def test_a_list_shows_what_each_chat_is_when_it_was_and_how_much_and_which_is_open() -> None:
    assert [row.cells for row in (await a_card()).rows] == [
        ("When does Falcon ship? (open now)", "Mon 16 Nov 09:00", "4 messages"),
        ("Party *planning* [here](https://evil.example)", "Mon 16 Nov 09:00", "1 message"),
    ]


async def test_what_is_open_need_not_be_opened() -> None:
    rows = (await a_card()).rows
    assert [button.text for button in rows[0].buttons] == ["chats rename 7", "chats delete 7"]
    assert [button.text for button in rows[1].buttons] == ["chats open 3", "chats rename 3", "chats delete 3"]


async def test_every_button_is_quiet_and_none_is_grave_for_those_that_delete_ask_first() -> None:
    found = buttons(await a_card())
    assert all(button.quiet and not button.grave for button in found)
    assert {"chats delete 7", "chats delete 3", "chats delete all"} <= {button.text for button in found}


async def test_a_long_list_goes_on_on_another_page() -> None:
    shelf = FakeShelf(tuple(Chat(number, f"Chat about {number}", START, 2) for number in range(PAGE + 1)))
    first, second = await a_card("", shelf), await a_card("page 2", shelf)
    assert (len(first.rows), "chats page 2" in pressed(first)) == (PAGE, True)
    assert ([row.cells[0] for row in second.rows], "chats page 3" in pressed(second)) == ([f"Chat about {PAGE}"], False)


async def test_behind_the_last_page_there_is_nothing_more() -> None:
    assert (await a_card("page 9")).lines == ("There are no more.",)


async def test_without_chats_it_says_how_one_begins() -> None:
    answer = await said("", FakeShelf())
    assert answer.text.startswith("There are no chats yet. Ask me something") and not answer.cards


async def test_a_chat_without_words_is_known_by_its_number() -> None:
    assert (await a_card("", FakeShelf((Chat(5, "", START, 1),)))).rows[0].cells[0] == "Chat 5"


async def test_a_chat_of_more_messages_than_are_counted_says_so() -> None:
    cells = (await a_card("", FakeShelf((Chat(5, "Long", START, COUNTED),)))).rows[0].cells
    assert cells[2] == "1000 messages or more"


# search


@pytest.mark.parametrize(("text", "fields"), [("search", {"words": "falcon MONDAY"}), ("search falcon monday", {})])
async def test_a_search_shows_the_chats_that_hold_the_words(text: str, fields: dict[str, str]) -> None:
    card = await a_card(text, fields=fields)
    assert [row.cells[0] for row in card.rows] == ["When does Falcon ship? (open now)"]
    assert (card.fields[0].id, card.fields[0].value.casefold()) == ("words", "falcon monday")
    assert "chats search" in pressed(card)


async def test_a_search_that_finds_nothing_says_so() -> None:
    card = await a_card("search", fields={"words": "*unicorn*"})
    assert card.lines == ("In none of your chats is there a title or a message with all of these words: *unicorn*",)
    assert not card.rows


class Short(FakeShelf):
    """Has looked through a part only."""

    async def search(self, words: str, limit: int) -> Hits:
        return Hits((await super().search(words, limit)).chats, whole=False)


@pytest.mark.parametrize("words", ["falcon", "unicorn"])
async def test_a_search_that_did_not_go_through_everything_says_so(words: str) -> None:
    card = await a_card(f"search {words}", Short(SHELF.kept, SHELF.lines))
    assert "only at the newest of it" in " ".join(card.lines)


async def test_a_search_with_more_hits_than_are_shown_says_so() -> None:
    shelf = FakeShelf(tuple(Chat(number, "Falcon", START, 2) for number in range(FOUND + 5)))
    assert (await a_card("search falcon", shelf)).lines == ("These are the newest of them; more words find fewer.",)


async def test_a_search_for_nothing_is_asked_back() -> None:
    with pytest.raises(NotUnderstood):
        await said("search", fields={"words": "  "})


# open, rename


async def test_an_older_chat_is_opened_and_named_as_plain_text() -> None:
    answer = await said("open 3")
    assert answer.changes == (Opened(3),)
    assert "Party" in answer.text and "](" not in answer.text and "09:00" in answer.text


async def test_the_open_chat_stays_open() -> None:
    answer = await said("open 7")
    assert (answer.text, answer.changes) == ("**When does Falcon ship?** is the chat we are in.", ())


@pytest.mark.parametrize("text", ["open 99", "rename 99", "delete 99", "delete 99 yes"])
async def test_a_chat_that_is_not_ones_own_is_not_there(text: str) -> None:
    with pytest.raises(Vanished):
        await said(text)


@pytest.mark.parametrize(
    "text", ["open", "open x", "open -1", "rename", "delete", "page x", "dance 7", "open ³", "open " + "9" * 40]
)
async def test_what_makes_no_sense_is_asked_back(text: str) -> None:
    with pytest.raises(NotUnderstood):
        await said(text)


async def test_a_new_title_is_asked_for_on_a_card() -> None:
    card = await a_card("rename 3")
    assert [(field.id, field.value) for field in card.fields] == [("title", PARTY.title)]
    assert card.buttons == (Button("Save", "chats rename 3", quiet=True),)


@pytest.mark.parametrize(
    ("text", "fields"), [("rename 3", {"title": " Cake\n for Ada\u202e "}), ("rename 3 Cake for Ada", {})]
)
async def test_a_new_title_is_kept_on_one_line(text: str, fields: dict[str, str]) -> None:
    answer = await said(text, fields=fields)
    assert (answer.changes, answer.text) == ((Titled(3, "Cake for Ada"),), "This chat is now called **Cake for Ada**.")


async def test_a_long_title_is_cut() -> None:
    (change,) = (await said("rename 3", fields={"title": "word " * 100})).changes
    assert isinstance(change, Titled) and len(change.title) <= TITLE


async def test_an_empty_title_gives_the_beginning_back() -> None:
    answer = await said("rename 3", fields={"title": " "})
    assert answer.changes == (Titled(3, ""),)


# delete


async def test_before_a_chat_is_deleted_it_is_asked() -> None:
    answer = await said("delete 3")
    (card,) = answer.cards
    assert not answer.changes
    assert card.buttons[0] == Button("Delete", "chats delete 3 yes", quiet=True, grave=True)
    assert card.lines[0] == PARTY.title


async def test_a_chat_is_deleted_by_who_is_sure() -> None:
    answer = await said("delete 3 yes")
    assert answer.changes == (Dropped((3,)),)
    assert "A new chat" not in answer.text


async def test_when_the_open_chat_is_deleted_it_says_that_a_new_one_begins() -> None:
    assert (await said("delete 7 yes")).text == "Deleted: **When does Falcon ship?**. A new chat begins here."


async def test_before_all_are_deleted_it_says_how_many() -> None:
    answer = await said("delete all")
    assert (answer.cards[0].title, answer.changes) == ("Delete all 2 chats?", ())


async def test_all_are_deleted_however_many_there_are() -> None:
    shelf = FakeShelf(tuple(Chat(number, "x", START, 2) for number in range(450)))
    answer = await said("delete all yes", shelf)
    assert answer.changes == (Dropped(tuple(range(450))),)
    assert answer.text.startswith("Deleted: 450 chats.")


@pytest.mark.parametrize("which", ["delete 3", "delete 3 yes", "delete all yes"])
async def test_what_a_legal_hold_keeps_is_not_deleted(which: str) -> None:
    desk = a_desk(ScriptedModel(), shelf=SHELF, records=FakeRecords(hold=True))
    with pytest.raises(OnHold):
        await shown(chats, an_ask(which, PlaceKind.PERSONAL), desk)


async def test_where_there_is_nothing_nothing_is_deleted() -> None:
    with pytest.raises(Vanished):
        await said("delete all yes", FakeShelf())
