"""What a person may type, and what follows."""

import pytest

from dialogs import answer, chats, help, summary
from dialogs.errors import NotUnderstood
from dialogs.menu import COMMANDS, PROMISED, action, choose
from dialogs.talk import Ask, Attachment, Event, NewChat, PlaceKind
from tests.dialogs.desk import ScriptedModel, a_desk, a_point, a_summary, an_ask, parts, shown, thread

PERSONAL, CHANNEL, GROUP = PlaceKind.PERSONAL, PlaceKind.CHANNEL, PlaceKind.GROUP
POSTS = thread(("Anna Weber", "Hello there."))
SUMMARY = a_summary(key_points=[a_point("Hello.", "m1")], decisions=[a_point("Hi.", "m1")])


async def text(ask: Ask, says: str = "The model says so.") -> str:
    return (await shown(choose(ask), ask, a_desk(ScriptedModel(says), POSTS))).text


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ("help", PERSONAL, "help"),
        ("  HELP! ", CHANNEL, "help"),
        ("/help", PERSONAL, "help"),
        ("", CHANNEL, "help"),
        ("What can you do?", GROUP, "help"),
        ("help me write a letter", PERSONAL, "answer"),
        ("new chat", PERSONAL, "new chat"),
        ("New chat.", CHANNEL, "new chat"),
        ("new chat software for us?", PERSONAL, "answer"),
        ("summarise", CHANNEL, "summary"),
        ("Summarize this thread", CHANNEL, "summary"),
        ("please summarise the last 24 hours", GROUP, "summary"),
        ("summarise since the flood", CHANNEL, "summary"),
        ("summarise", PERSONAL, "help"),
        ("summarise today", PERSONAL, "help"),
        ("summarise the French revolution", PERSONAL, "answer"),
        ("summarise: " + "a long text of many words " * 9, CHANNEL, "answer"),
        ("decisions", CHANNEL, "summary"),
        ("action items since Monday", GROUP, "summary"),
        ("decisions of the board are binding, why?", CHANNEL, "answer"),
        ("privacy", PERSONAL, "help"),
        ("about", PERSONAL, "help"),
        ("catch me up", CHANNEL, "help"),
        ("what do you know about me?", PERSONAL, "help"),
        ("usage of commas in English", PERSONAL, "answer"),
        ("What is the capital of France?", CHANNEL, "answer"),
    ],
)
def test_words_lead_to_what_they_mean(typed: str, kind: PlaceKind, expected: str) -> None:
    assert action(an_ask(typed, kind)) == expected


def test_being_added_is_a_welcome() -> None:
    assert action(an_ask(event=Event.WELCOME)) == "welcome"


def test_a_file_without_words_is_a_question() -> None:
    assert action(an_ask("", PERSONAL, attachments=(Attachment("a.pdf", "application/pdf", ""),))) == "answer"


async def test_a_range_after_the_command_is_used() -> None:
    assert (await text(an_ask("summarise this thread"), SUMMARY)).startswith("**Key points**\n\n- Hello. [1]")


async def test_words_that_are_no_range_are_asked_back() -> None:
    with pytest.raises(NotUnderstood):
        await text(an_ask("summarise since the flood"), SUMMARY)


async def test_in_a_personal_chat_there_is_nothing_to_read() -> None:
    assert "no messages for me to read in our own chat" in await text(an_ask("summarise", PERSONAL))


async def test_a_text_sent_along_is_summed_up_by_the_model() -> None:
    ask = an_ask("summarise: The fox jumps over the dog.", PERSONAL)
    model = ScriptedModel("A fox jumps.")
    assert (await shown(choose(ask), ask, a_desk(model))).text == "A fox jumps."
    assert model.prompts[0].question == "summarise: The fox jumps over the dog."


async def test_new_chat_forgets() -> None:
    ask = an_ask("new chat", PERSONAL)
    assert (await parts(choose(ask), ask, a_desk(ScriptedModel())))[-1] == NewChat()


@pytest.mark.parametrize("words", PROMISED.words)
async def test_what_is_not_built_yet_is_said_plainly(words: str) -> None:
    model = ScriptedModel("Sure!")
    found = await shown(choose(an_ask(words)), an_ask(words), a_desk(model))
    assert found.text.startswith("I can't do that yet.")
    assert model.prompts == []


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_a_button_leads_to_a_command(kind: PlaceKind) -> None:
    found = await shown(choose(an_ask("help", kind)), an_ask("help", kind), a_desk(ScriptedModel()))
    pressed = [button.text for card in found.cards for button in card.buttons]
    assert pressed and all(action(an_ask(words, kind)) != "answer" for words in pressed)


def test_every_command_has_a_title_and_words_for_the_manifest() -> None:
    assert all(command.title in command.words and command.description for command in COMMANDS)


def test_commands_are_the_dialogs_they_are_named_after() -> None:
    assert {command.title: command.dialog for command in COMMANDS} == {
        "help": help.show,
        "summarise": summary.summarise,
        "decisions": summary.decisions,
        "action items": summary.actions,
        "new chat": chats.new_chat,
        "privacy": help.privacy,
        "about": help.about,
    }


async def test_anything_else_is_answered_with_all_its_words() -> None:
    ask = an_ask("  What is\n\nthe capital?", PERSONAL)
    model = ScriptedModel("Paris.")
    await parts(choose(ask), ask, a_desk(model))
    assert model.prompts[0].question == ask.text
    assert answer.HISTORY == 40


def test_a_long_text_that_begins_like_a_command_is_gone_over_once() -> None:
    # Backtracking would take minutes over this; a match of the beginning takes no time at all.
    assert action(an_ask("help " + "." * 200_000 + "x", PlaceKind.PERSONAL)) == "answer"
