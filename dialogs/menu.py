"""What a person may type, and the dialog that follows. Read this first to know what the assistant does.

Floor 4. Whatever is no command is a question.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import cache

from dialogs import answer, chats, help, summary
from dialogs.ports import Desk, Dialog
from dialogs.ranges import understood
from dialogs.talk import Ask, Event, Part, PlaceKind


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type: any of `words`, and where `ranged` a range after them. `action` is its name in the audit."""

    words: tuple[str, ...]
    dialog: Dialog
    action: str
    title: str = ""
    description: str = ""
    ranged: bool = False


HELP = Command(("help", "?", "what can you do"), help.show, "help", "help", "What I can do here")
SUMMARISE = Command(
    ("summarise", "summarize", "summary"), summary.summarise, "summary", "summarise", "Sum up this thread or chat", True
)
COMMANDS = (
    HELP,
    SUMMARISE,
    Command(("decisions",), summary.decisions, "summary", "decisions", "What was decided here", True),
    Command(("action items",), summary.actions, "summary", "action items", "Who is to do what", True),
    Command(("new chat",), chats.new_chat, "new chat", "new chat", "Forget what was said and start afresh"),
    Command(("privacy",), help.privacy, "help", "privacy", "What I keep, and for how long"),
    Command(("about",), help.about, "help", "about", "Who I am"),
)
"""Everything that works. Titles and descriptions are those of the app's manifest."""

PROMISED = Command(
    (
        "catch me up",
        "chats",
        "settings",
        "models",
        "what do you know about me",
        "export my data",
        "forget me",
        "sign in",
        "sign out",
        "usage",
        "admin",
    ),
    help.not_yet,
    "help",
)
RANGE_WORDS = 12
"""What follows `summarise` and is longer than this is a text to sum up."""
WELCOME = Command((), help.welcome, "welcome")
ELSEWHERE = Command((), summary.elsewhere, "help")
ANSWER = Command((), answer.answer, "answer")


def choose(ask: Ask) -> Dialog:
    """The dialog for an ask; it is handed what stands after the command's own words."""
    command, rest = _meant(ask)

    def dialog(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        return command.dialog(replace(ask, text=rest), desk)

    return dialog


def action(ask: Ask) -> str:
    """What an ask is called in the audit."""
    return _meant(ask)[0].action


def _meant(ask: Ask) -> tuple[Command, str]:
    text = " ".join(ask.text.split())
    if ask.event is Event.WELCOME:
        return WELCOME, ""
    if not text and not ask.attachments:
        return HELP, ""
    for command in (*COMMANDS, PROMISED):
        rest = _rest(command, text)
        if rest is not None and (not rest or _may_follow(command, rest, ask.place.kind)):
            return _here(command, ask.place.kind), rest
    return ANSWER, ask.text


def _rest(command: Command, text: str) -> str | None:
    """What follows the command's words; None where the text does not begin with them."""
    found = _pattern(command.words).match(text) if command.words else None
    if found is None:
        return None
    rest = text[found.end() :]
    if not rest.strip(" .!?:,"):
        return ""
    return rest.lstrip(" :,") if rest[0] in " :," else None


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Only the beginning is matched: what follows may be long, and must not be gone over again and again."""
    return re.compile(rf"/?(?:please )?(?:{'|'.join(map(re.escape, words))})(?![^ .!?:,])", re.IGNORECASE)


def _may_follow(command: Command, rest: str, kind: PlaceKind) -> bool:
    """Among others, a short `summarise …` is never a question: words it does not know are asked back, not guessed at."""
    if not command.ranged:
        return rest.casefold() == "please"
    short = len(rest.split()) <= RANGE_WORDS
    return understood(rest) or (short and command is SUMMARISE and kind is not PlaceKind.PERSONAL)


def _here(command: Command, kind: PlaceKind) -> Command:
    return ELSEWHERE if command.ranged and kind is PlaceKind.PERSONAL else command
