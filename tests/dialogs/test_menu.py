"""What a person may type, and what follows."""

from dataclasses import replace

import pytest

from dialogs import (
    account,
    admin,
    answering,
    catchup,
    chats,
    choice,
    digests,
    handouts,
    help,
    privacy,
    prompts,
    records,
    settings,
    summary,
    tasks,
    usage,
)
from dialogs.attachments import Attachment, Sent
from dialogs.choice import alone, stops
from dialogs.errors import NotUnderstood, SwitchedOff
from dialogs.menu import COMMANDS
from dialogs.ports import Dialog, Wish
from dialogs.shelves import Saved
from dialogs.talk import Ask, Event, NewChat, PlaceKind, Share, Window
from tests.dialogs.desk import (
    NOW,
    FakeCalendar,
    FakeShelf,
    ScriptedModel,
    a_desk,
    a_file,
    a_point,
    a_summary,
    an_ask,
    parts,
    shown,
    thread,
)

KNOWN = (
    "this thread",
    "today",
    "the last 24 hours",
    "since monday",
    "seit montag",
    "die letzten 24 stunden",
    "in german",
)
CALENDAR = FakeCalendar({words: Wish(Window()) for words in KNOWN})
KEY = "0123456789abcdef0123456789abcdef"  # pragma: allowlist secret

PERSONAL, CHANNEL, GROUP = PlaceKind.PERSONAL, PlaceKind.CHANNEL, PlaceKind.GROUP
POSTS = thread(("Anna Weber", "Hello there."))
SUMMARY = a_summary(key_points=[a_point("Hello.", "m1")], decisions=[a_point("Hi.", "m1")])


def choose(ask: Ask) -> Dialog:
    return choice.choose(ask, CALENDAR, NOW)


def action(ask: Ask) -> str:
    return choice.mean(ask, CALENDAR, NOW).action


async def text(ask: Ask, says: str = "The model says so.") -> str:
    return (await shown(choose(ask), ask, a_desk(ScriptedModel(says), POSTS, calendar=CALENDAR))).text


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
        ("summarise", PERSONAL, "summary"),
        ("summarise today", PERSONAL, "summary"),
        ("summarise this document", PERSONAL, "summary"),
        ("summarise report.pdf", PERSONAL, "summary"),
        ("summarise this", PERSONAL, "answer"),
        ("fasse die Datei zusammen", PERSONAL, "summary"),
        ("décisions du rapport", PERSONAL, "summary"),
        ("decisions the attached report", PERSONAL, "summary"),
        ("summarise the documents that changed the world", PERSONAL, "answer"),
        ("as a document", PERSONAL, "export"),
        ("Give me this as a document, please", PERSONAL, "answer"),
        ("Give me this as a document", PERSONAL, "export"),
        ("give me your last answer as a Word document.", PERSONAL, "export"),
        ("give me a list as a document", PERSONAL, "answer"),
        ("as docx", PERSONAL, "export"),
        ("as markdown", PERSONAL, "export"),
        ("gib mir das als Dokument", PERSONAL, "export"),
        ("donne-moi ça en document", PERSONAL, "export"),
        ("dame esto como documento", PERSONAL, "export"),
        ("summarise the French revolution", PERSONAL, "answer"),
        ("summarise: " + "a long text of many words " * 9, CHANNEL, "task"),
        ("decisions", CHANNEL, "summary"),
        ("action items since Monday", GROUP, "summary"),
        ("decisions of the board are binding, why?", CHANNEL, "answer"),
        ("privacy", PERSONAL, "help"),
        ("about", PERSONAL, "help"),
        ("sign in", PERSONAL, "sign in"),
        ("Sign in!", CHANNEL, "sign in"),
        ("bitte anmelden", GROUP, "sign in"),
        ("se connecter", PERSONAL, "sign in"),
        ("iniciar sesión", PERSONAL, "sign in"),
        ("/sign out", PERSONAL, "sign out"),
        ("Abmelden", PERSONAL, "sign out"),
        ("se déconnecter", CHANNEL, "sign out"),
        ("cerrar sesión", PERSONAL, "sign out"),
        ("sign in to the VPN, how?", PERSONAL, "answer"),
        ("anmelden zum Kurs", PERSONAL, "answer"),
        ("123456 what is this ticket?", PERSONAL, "answer"),
        ("123456", PERSONAL, "answer"),
        ("123456", CHANNEL, "answer"),
        ("catch me up", CHANNEL, "catch-up"),
        ("Catch me up since Monday", GROUP, "catch-up"),
        ("catch me up on Project Falcon", PERSONAL, "catch-up"),
        ("catch me up on Project Falcon", CHANNEL, "answer"),
        ("summarise #incidents in Engineering since Monday", PERSONAL, "summary"),
        ("fasse #incidents in Engineering zusammen", PERSONAL, "summary"),
        ("summarise Chat: Project Falcon", PERSONAL, "summary"),
        ("decisions in Launch crew last week", PERSONAL, "summary"),
        ("action items of “launch crew”", PERSONAL, "summary"),
        ("summarise launch crew since the summit", PERSONAL, "summary"),
        ("what was said about pricing in #sales in Commercial", PERSONAL, "summary"),
        ("summarise the history of trains", PERSONAL, "answer"),
        ("summarise: Project Falcon is late.", PERSONAL, "answer"),
        ("summarise: " + "#sales " * 40, PERSONAL, "answer"),
        ("help in Engineering", PERSONAL, "answer"),
        ("what was said about the launch?", CHANNEL, "summary"),
        ("what was said about the launch?", PERSONAL, "answer"),
        ("what was said about", CHANNEL, "summary"),
        ("digest daily 9:00", CHANNEL, "digest"),
        ("digest off", PERSONAL, "digest"),
        ("digest", GROUP, "digest"),
        ("digest of the book that I read last summer", PERSONAL, "answer"),
        ("stop", CHANNEL, "stop"),
        ("stop the press", CHANNEL, "answer"),
        ("privately summarise", CHANNEL, "summary"),
        ("summarise privately", CHANNEL, "summary"),
        ("summarise since Monday, just for me", GROUP, "summary"),
        ("privately: what did Anna say?", CHANNEL, "answer"),
        ("fasse die letzten 24 Stunden zusammen", CHANNEL, "summary"),
        ("Fass zusammen", CHANNEL, "summary"),
        ("Zusammenfassung seit Montag", GROUP, "summary"),
        ("fasse dich kurz", CHANNEL, "answer"),
        ("Entscheidungen", CHANNEL, "summary"),
        ("was wurde über den Start gesagt?", CHANNEL, "summary"),
        ("was habe ich verpasst?", CHANNEL, "catch-up"),
        ("qu’a-t-on dit sur le budget ?", CHANNEL, "summary"),
        ("résumé", GROUP, "summary"),
        ("ponme al día", CHANNEL, "catch-up"),
        (f"post {KEY}", PERSONAL, "share"),
        ("post office hours?", PERSONAL, "answer"),
        ("what do you know about me?", PERSONAL, "know"),
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
    assert "- Hello. [1]" in await text(an_ask("summarise this thread"), SUMMARY)


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


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("translate to German: good morning", "task"),
        ("explain code:\nprint(1)", "task"),
        ("tasks", "help"),
        ("tasks run translate", "task"),
        ("prompts", "prompts"),
        ("prompts run 0123", "task"),
        ("prompt weekly: a text", "task"),
        ("prompt me when it is late", "answer"),
        ("chats", "chats"),
        ("chats open 12", "chats"),
        ("chats are what I like", "answer"),
        ("settings save 3", "settings"),
        ("settings of the printer?", "answer"),
        ("forget me yes", "forget"),
        ("forget me not is a flower", "answer"),
        ("admin rules set guests allow", "admin"),
        ("admin work is dull", "answer"),
        ("einstellungen", "settings"),
        ("oublie-moi", "forget"),
        ("oubliez-moi", "forget"),
        ("que savez-vous de moi", "know"),
        ("exportez mes données", "export"),
        ("résumez", "summary"),
        ("arrêtez", "stop"),
    ],
)
def test_what_a_text_is_called(typed: str, expected: str) -> None:
    assert action(an_ask(typed, PERSONAL)) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [(Event.AMEND, "amend"), (Event.LEFT, "left"), (Event.FORGET, "forget"), (Event.HANDOVER, "export")],
)
def test_what_happens_without_words_has_a_name_too(event: Event, expected: str) -> None:
    assert action(an_ask("help", PERSONAL, event=event)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("admin", "auditor"), ("admin audit", "auditor"), ("admin rules set guests allow", "admin"), ("help", "")],
)
def test_whose_command_it_is(typed: str, expected: str) -> None:
    assert choice.mean(an_ask(typed, PERSONAL), CALENDAR, NOW).office == expected


def test_a_feature_that_is_switched_off_is_refused() -> None:
    with pytest.raises(SwitchedOff):
        choice.choose(an_ask("tasks", PERSONAL), CALENDAR, NOW, frozenset({"tasks"}))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("summarise", CHANNEL),
        ("summarise #sales in Commercial", PERSONAL),
        ("digest daily 9:00", GROUP),
        ("prompts", PERSONAL),
    ],
)
def test_what_can_mean_nothing_else_is_refused_where_it_is_switched_off(typed: str, kind: PlaceKind) -> None:
    with pytest.raises(SwitchedOff):
        choice.choose(an_ask(typed, kind), CALENDAR, NOW, frozenset({"summaries", "digests", "prompts"}))


@pytest.mark.parametrize(
    "typed",
    [
        "translate to German:\ngood morning",
        "prompt weekly: a text",
        "summarise Moby Dick in English",
        "catch up with John next week",
    ],
)
async def test_what_may_be_a_question_is_one_where_the_feature_is_switched_off(typed: str) -> None:
    ask, model = an_ask(typed, PERSONAL), ScriptedModel("So it is.")
    off = frozenset({"summaries", "tasks", "prompts"})
    await shown(choice.choose(ask, CALENDAR, NOW, off), ask, a_desk(model))
    assert model.prompts[0].question == typed


FILE = a_file("report.pdf")
PICTURE = a_file("cat.png", Sent.PICTURE)


@pytest.mark.parametrize(
    ("typed", "sent", "expected"),
    [
        ("summarise", FILE, "summary"),
        ("summarise this", FILE, "summary"),
        ("summarise it!", FILE, "summary"),
        ("action items", FILE, "summary"),
        ("summarise", PICTURE, "answer"),
        ("translate to French", FILE, "task"),
        ("translate this file to French", FILE, "task"),
        ("rewrite it shorter", FILE, "task"),
        ("translate to French", PICTURE, "answer"),
        ("", FILE, "answer"),
        ("What is the budget?", FILE, "answer"),
        ("help", FILE, "help"),
    ],
)
def test_what_a_text_means_where_something_was_sent_with_it(typed: str, sent: Attachment, expected: str) -> None:
    assert action(an_ask(typed, PERSONAL, attachments=(sent,))) == expected


def test_without_a_file_a_task_needs_a_text() -> None:
    assert action(an_ask("translate to French", PERSONAL)) == "answer"


async def asked(typed: str, kind: PlaceKind = PERSONAL, *, shelf: FakeShelf | None = None) -> str:
    """What the model is asked."""
    ask, model = an_ask(typed, kind), ScriptedModel("So it is.")
    await shown(choose(ask), ask, a_desk(model, POSTS, shelf=shelf))
    return model.prompts[0].question


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("privately: a list\n- one\n- two", "a list\n- one\n- two"),
        ("prompt me:\n\tone\n\ttwo", "prompt me:\n\tone\n\ttwo"),
        ("what is\n\nthis?", "what is\n\nthis?"),
    ],
)
async def test_a_question_keeps_its_lines(typed: str, question: str) -> None:
    assert question in await asked(typed, GROUP if typed.startswith("privately") else PERSONAL)


async def test_code_that_is_to_be_explained_privately_keeps_its_lines() -> None:
    assert "def f():\\n    return 1" in await asked("privately explain code:\ndef f():\n    return 1", GROUP)


async def test_what_a_saved_prompt_is_used_on_keeps_its_lines() -> None:
    shelf = FakeShelf(saved=(Saved("1", "weekly", "Sum up", True),))
    assert "- one\\n  - two" in await asked("prompt weekly:\n- one\n  - two", shelf=shelf)


async def test_a_catch_up_on_what_is_no_place_is_a_question() -> None:
    assert await asked("catch me up on Brexit") == "catch me up on Brexit"


@pytest.mark.parametrize(
    "typed",
    [
        "admin rights on my laptop, how?",
        "admin usage of commas",
        "admin export regulations",
        "chats open 24/7 for support",
        "chats delete policy",
        "settings reset my password",
        "settings save as PDF",
        "tasks answer emails",
        "tasks run late",
        "prompts run out of ideas",
        "digest of today",
        "resume for a data analyst",
        "forget me yes or no",
    ],
)
def test_a_verb_takes_only_what_it_can(typed: str) -> None:
    assert action(an_ask(typed, PERSONAL)) == "answer"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("neuer Chat", "new chat"),
        ("nouvelle conversation", "new chat"),
        ("nueva conversación", "new chat"),
        ("log out", "sign out"),
        ("logout", "sign out"),
        ("sign-out", "sign out"),
        ("log in", "sign in"),
        ("login", "sign in"),
        ("sign-in", "sign in"),
        ("my chats", "chats"),
        ("my settings", "settings"),
        ("delete my data", "forget"),
        ("delete everything about me", "forget"),
        ("erase my data.", "forget"),
        ("download my data", "export"),
        ("export data", "export"),
        ("what do you store about me?", "know"),
        ("resume esto", "summary"),
        ("resúmelo", "summary"),
        ("settings reset", "settings"),
        ("chats delete all yes", "chats"),
        ("chats rename 7 The launch", "chats"),
        ("chats search party", "chats"),
        ("admin usage 30 model", "admin"),
        ("admin dead retry 0123abcd4567", "admin"),
        ("admin erase 00000000-0000-0000-0000-000000000001 yes", "admin"),
        ("digest daily 25:99", "digest"),
    ],
)
def test_other_words_for_a_command_and_what_follows_it(typed: str, expected: str) -> None:
    assert action(an_ask(typed, PERSONAL)) == expected


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
        "what was said about": summary.about,
        "catch me up": catchup.catch_up,
        "digest": digests.digest,
        "stop": chats.stop,
        "new chat": chats.new_chat,
        "chats": chats.chats,
        "tasks": tasks.tasks,
        "prompts": prompts.prompts,
        "settings": settings.settings,
        "models": settings.models,
        "usage": usage.usage,
        "privacy": privacy.privacy,
        "about": privacy.about,
        "what do you know about me": records.know,
        "export my data": records.export,
        "forget me": records.forget,
        "as a document": handouts.as_word,
        "admin": admin.admin,
        "sign in": account.sign_in,
        "sign out": account.sign_out,
    }


async def test_anything_else_is_answered_with_all_its_words() -> None:
    ask = an_ask("  What is\n\nthe capital?", PERSONAL)
    model = ScriptedModel("Paris.")
    await parts(choose(ask), ask, a_desk(model))
    assert model.prompts[0].question == ask.text
    assert answering.HISTORY == 40


def test_a_long_text_that_begins_like_a_command_is_gone_over_once() -> None:
    # Backtracking would take minutes over this; a match of the beginning takes no time at all.
    assert action(an_ask("help " + "." * 200_000 + "x", PlaceKind.PERSONAL)) == "answer"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("privately summarise", True),
        ("summarise since Monday privately", True),
        ("Nur für mich: Entscheidungen", True),
        ("résumé en privé", True),
        ("resumen solo para mí", True),
        ("privately: what did Anna say?", True),
        (f"post {KEY}", True),
        ("summarise", False),
        ("can we talk privately", False),
        ("is this chat private", False),
        ("privat zusammenfassen", True),
        ("privat: was sagte Anna?", True),
        ("privat versicherte Kollegen: was gilt?", False),
    ],
)
def test_privately_is_understood_where_it_is_meant(typed: str, expected: bool) -> None:
    assert alone(an_ask(typed)) is expected


def test_in_a_personal_chat_everything_is_private_anyway() -> None:
    assert not alone(an_ask("privately summarise", PERSONAL))


@pytest.mark.parametrize(
    "typed", ["stop", "Stop!", " STOPP ", "please stop", "stop please", "stop, please!", "abbrechen", "arrête"]
)
def test_stop_alone_stops(typed: str) -> None:
    assert stops(typed)


@pytest.mark.parametrize("typed", ["stop the press", "nonstop", "", "don't stop", "summarise"])
def test_a_message_that_says_more_does_not_stop(typed: str) -> None:
    assert not stops(typed)


async def test_a_private_summary_can_be_posted_later() -> None:
    ask = replace(an_ask("privately summarise"), alone=True)
    found = await parts(choose(ask), ask, a_desk(ScriptedModel(SUMMARY), POSTS, calendar=CALENDAR))
    assert any(isinstance(part, Share) for part in found)


async def test_a_private_answer_to_a_question_is_not_offered_for_posting() -> None:
    ask = replace(an_ask("privately: what did Anna say?"), alone=True)
    found = await parts(choose(ask), ask, a_desk(ScriptedModel("Hello."), POSTS, calendar=CALENDAR))
    assert not any(isinstance(part, Share) for part in found)


def test_looking_for_privacy_at_the_end_of_a_long_text_takes_no_time() -> None:
    assert not alone(an_ask("summarise " + " ," * 100_000 + "x"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("fasse this thread zusammen", "de"), ("résumé", "fr"), ("decisiones", "es"), ("summarise", "en")],
)
async def test_whoever_commands_in_a_language_is_answered_in_it(typed: str, expected: str) -> None:
    model, ask = ScriptedModel(SUMMARY), an_ask(typed)
    await shown(choose(ask), ask, a_desk(model, POSTS, calendar=CALENDAR))
    assert model.prompts[0].language == expected
