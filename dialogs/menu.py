"""What a person may type, and the dialog that follows. Read this first to know what the assistant does.

Floor 4. Whatever is no command is a question.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from functools import cache

from dialogs import answer, catchup, chats, digests, help, shares, summary
from dialogs.errors import NotUnderstood
from dialogs.ports import Calendar, Desk, Dialog
from dialogs.talk import Ask, Event, Part, PlaceKind


class Takes(Enum):
    """What may follow a command's words."""

    NOTHING = auto()
    WINDOW = auto()
    TOPIC = auto()
    TIMES = auto()
    KEY = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type: any of `words`, in which `…` stands for what it takes. `action` is its name in the audit."""

    words: tuple[str, ...]
    dialog: Dialog
    action: str
    title: str = ""
    description: str = ""
    takes: Takes = Takes.NOTHING


HELP = Command(
    ("help", "?", "what can you do", "hilfe", "aide", "ayuda"), help.show, "help", "help", "What I can do here"
)
SUMMARISE = Command(
    (
        *("summarise", "summarize", "summary", "sum up", "sum … up"),
        *("zusammenfassen", "zusammenfassung", "fasse … zusammen", "fass … zusammen"),
        *("résume", "résumer", "résumé", "resumir", "resumen", "resume"),
    ),
    summary.summarise,
    "summary",
    "summarise",
    "Sum up this thread, channel or chat",
    Takes.WINDOW,
)
ABOUT = Command(
    (
        *("what was said about", "was wurde über … gesagt", "was wurde zu … gesagt"),
        *("qu'a-t-on dit sur", "qu’a-t-on dit sur", "qu'a-t-on dit de", "qu’a-t-on dit de"),
        *("qué se dijo sobre", "qué se ha dicho sobre"),
    ),
    summary.about,
    "summary",
    "what was said about",
    "What was said about a subject",
    Takes.TOPIC,
)
CATCH_UP = Command(
    (
        *("catch me up", "catch up", "what did i miss", "was habe ich verpasst", "bring mich auf den stand"),
        *("qu'ai-je manqué", "qu’ai-je manqué", "mets-moi à jour", "ponme al día", "qué me he perdido"),
    ),
    catchup.catch_up,
    "catch-up",
    "catch me up",
    "What happened here since your last visit",
    Takes.WINDOW,
)
COMMANDS = (
    HELP,
    SUMMARISE,
    Command(
        ("decisions", "decision", "entscheidungen", "beschlüsse", "décisions", "decisiones"),
        summary.decisions,
        "summary",
        "decisions",
        "What was decided here",
        Takes.WINDOW,
    ),
    Command(
        ("action items", "actions", "to-dos", "todos", "aufgaben", "tâches", "tareas"),
        summary.actions,
        "summary",
        "action items",
        "Who is to do what",
        Takes.WINDOW,
    ),
    ABOUT,
    CATCH_UP,
    Command(("digest",), digests.digest, "digest", "digest", "Be told every day or week, one to one", Takes.TIMES),
    Command(("new chat",), chats.new_chat, "new chat", "new chat", "Forget what was said and start afresh"),
    Command(
        ("stop", "cancel", "stopp", "halt", "abbrechen", "arrête", "arrêter", "para", "parar"),
        chats.stop,
        "stop",
        "stop",
        "Stop what I am doing for you",
    ),
    Command(
        ("privacy", "datenschutz", "confidentialité", "privacidad"),
        help.privacy,
        "help",
        "privacy",
        "What I keep, and for how long",
    ),
    Command(("about",), help.about, "help", "about", "Who I am"),
)
"""Everything that works. Titles and descriptions are those of the app's manifest."""

PROMISED = Command(
    (
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
POST = Command(("post",), shares.post, "share", takes=Takes.KEY)
"""What the button under a private answer says."""
TYPED = (*COMMANDS, PROMISED, POST)

RANGE_WORDS = 12
"""What follows `summarise` and is longer than this is a text to sum up."""
TIMES_WORDS = 5
"""Most words after `digest`."""
WELCOME = Command((), help.welcome, "welcome")
DELIVER = Command((), digests.deliver, "digest")
POSTED = Command((), shares.posted, "share")
ELSEWHERE = Command((), summary.elsewhere, "help")
ANSWER = Command((), answer.answer, "answer")
EVENTS = {Event.WELCOME: WELCOME, Event.DIGEST: DELIVER, Event.POST: POSTED}

PRIVATE = (
    r"privately|in private|just for me|only for me|privat|nur für mich|en privé|pour moi seule?|en privado|solo para mí"
)
BEFORE = re.compile(rf"(?:please |bitte )?(?:{PRIVATE})[ :,]+", re.IGNORECASE)
AFTER = re.compile(rf"[ ,]+(?:{PRIVATE})[ .!]*$", re.IGNORECASE)
SHORT = 200
"""Longest text, in characters, at whose end `privately` is looked for."""


def choose(ask: Ask, calendar: Calendar, now: datetime) -> Dialog:
    """The dialog for an ask; it is handed what stands after the command's own words."""
    command, rest = _meant(ask, calendar, now)

    def dialog(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        parts = command.dialog(replace(ask, text=rest), desk)
        return shares.shared(parts, ask, desk) if ask.alone and command.action in ("summary", "catch-up") else parts

    return dialog


def action(ask: Ask, calendar: Calendar, now: datetime) -> str:
    """What an ask is called in the audit."""
    return _meant(ask, calendar, now)[0].action


def alone(ask: Ask) -> bool:
    """Whether the words ask for an answer that nobody else sees."""
    return ask.place.kind is not PlaceKind.PERSONAL and (_is_quiet(ask.text) or _openly(_tidy(ask.text))[1])


def stops(text: str) -> bool:
    """Whether a message says nothing but that what is under way shall end."""
    return any(command.dialog is chats.stop and _rest(command, _tidy(text)) == "" for command in COMMANDS)


def _is_quiet(text: str) -> bool:
    """Whether only a button says this."""
    return _may_be_key(_rest(POST, _tidy(text)) or "")


def _meant(ask: Ask, calendar: Calendar, now: datetime) -> tuple[Command, str]:
    if ask.event in EVENTS:
        return EVENTS[ask.event], ask.text
    text, _ = _openly(_tidy(ask.text))
    if not text and not ask.attachments:
        return HELP, ""
    for command in TYPED:
        rest = _rest(command, text)
        if rest is not None and _may_follow(command, rest, replace(ask, text=rest), calendar, now):
            return _here(command, ask.place.kind), rest
    return ANSWER, text if BEFORE.match(_tidy(ask.text)) else ask.text


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _openly(text: str) -> tuple[str, bool]:
    """The text without the words that ask for privacy, and whether it had them."""
    before = BEFORE.match(text)
    if before:
        return text[before.end() :], True
    after = AFTER.search(text) if len(text) <= SHORT else None
    opened = text[: after.start()] if after else text
    said = after is not None and any(_rest(command, opened) is not None for command in COMMANDS)
    return (opened, True) if said else (text, False)


def _rest(command: Command, text: str) -> str | None:
    """What a command takes out of the text; None where the text is another."""
    for words in command.words:
        before, _, after = words.partition(" … ")
        opening = _pattern(before).match(text)
        if opening is None:
            continue
        rest = text[opening.end() :]
        closing = _closing(after).search(rest[-len(after) - 4 :]) if after else None
        if after and closing is None:
            continue
        rest = rest[: len(rest) - len(closing[0])] if closing else rest
        if not rest.strip(" .!?:,"):
            return ""
        if rest[0] in " :,":
            return rest.lstrip(" :,")
    return None


@cache
def _pattern(words: str) -> re.Pattern[str]:
    """Only the beginning is matched: what follows may be long, and must not be gone over again and again."""
    return re.compile(rf"/?(?:please |bitte )?{re.escape(words)}(?![^ .!?:,])", re.IGNORECASE)


@cache
def _closing(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^ ]){re.escape(words)}[ .!?]{{0,3}}$", re.IGNORECASE)


def _may_follow(command: Command, rest: str, ask: Ask, calendar: Calendar, now: datetime) -> bool:
    """Among others, a short `summarise …` is never a question: words it does not know are asked back, not guessed at."""
    among = ask.place.kind is not PlaceKind.PERSONAL
    match command.takes:
        case Takes.NOTHING:
            return rest.casefold() in ("", "please", "bitte")
        case Takes.WINDOW:
            short = len(rest.split()) <= RANGE_WORDS
            return not rest or (short and command is SUMMARISE and among) or _understood(ask, calendar, now)
        case Takes.TOPIC:
            return among
        case Takes.TIMES:
            return len(rest.split()) <= TIMES_WORDS
        case Takes.KEY:
            return _may_be_key(rest)


def _may_be_key(rest: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{32}", rest) is not None


def _understood(ask: Ask, calendar: Calendar, now: datetime) -> bool:
    try:
        calendar.wish(ask.text, ask.person, now)
    except NotUnderstood:
        return False
    return True


def _here(command: Command, kind: PlaceKind) -> Command:
    """In a personal chat there is nothing to read."""
    read = command.takes is Takes.WINDOW and command is not CATCH_UP
    return ELSEWHERE if read and kind is PlaceKind.PERSONAL else command
