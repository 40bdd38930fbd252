"""What a person may type, and the dialog that follows. Read this first to know what the assistant does.

Floor 4. Whatever is no command is a question.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from functools import cache
from re import fullmatch

from dialogs import abroad, account, answer, catchup, chats, digests, help, shares, summary, typed
from dialogs.errors import NotUnderstood
from dialogs.ports import Calendar, Desk, Dialog
from dialogs.talk import Ask, Event, Part, PlaceKind
from dialogs.typed import Phrase, Said, tidy


class Takes(Enum):
    """What may follow a command's words."""

    NOTHING = auto()
    WINDOW = auto()
    TOPIC = auto()
    TIMES = auto()
    KEY = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type: any of `words`, or of those in another language. `…` stands for what it takes.

    `action` is its name in the audit; title and description are those of the app's manifest.
    """

    words: tuple[str, ...]
    dialog: Dialog
    action: str
    title: str = ""
    description: str = ""
    takes: Takes = Takes.NOTHING
    de: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    es: tuple[str, ...] = ()


HELP = Command(
    words=("help", "?", "what can you do"),
    dialog=help.show,
    action="help",
    title="help",
    description="What I can do here",
    de=("hilfe",),
    fr=("aide",),
    es=("ayuda",),
)
SUMMARISE = Command(
    words=("summarise", "summarize", "summary", "sum up", "sum … up"),
    dialog=summary.summarise,
    action="summary",
    title="summarise",
    description="Sum up this thread, channel or chat",
    takes=Takes.WINDOW,
    de=("zusammenfassen", "zusammenfassung", "fasse … zusammen", "fass … zusammen", "fasse zusammen", "fass zusammen"),
    fr=("résume", "résumer", "résumé"),
    es=("resumir", "resumen", "resume"),
)
ABOUT = Command(
    words=("what was said about",),
    dialog=summary.about,
    action="summary",
    title="what was said about",
    description="What was said about a subject",
    takes=Takes.TOPIC,
    de=("was wurde über … gesagt", "was wurde zu … gesagt"),
    fr=("qu'a-t-on dit sur", "qu’a-t-on dit sur", "qu'a-t-on dit de", "qu’a-t-on dit de"),
    es=("qué se dijo sobre", "qué se ha dicho sobre"),
)
CATCH_UP = Command(
    words=("catch me up", "catch up", "what did i miss"),
    dialog=catchup.catch_up,
    action="catch-up",
    title="catch me up",
    description="What happened here since your last visit",
    takes=Takes.WINDOW,
    de=("was habe ich verpasst", "bring mich auf den stand"),
    fr=("qu'ai-je manqué", "qu’ai-je manqué", "mets-moi à jour"),
    es=("ponme al día", "qué me he perdido"),
)
DECISIONS = Command(
    words=("decisions", "decision"),
    dialog=summary.decisions,
    action="summary",
    title="decisions",
    description="What was decided here",
    takes=Takes.WINDOW,
    de=("entscheidungen", "beschlüsse"),
    fr=("décisions",),
    es=("decisiones",),
)
ACTIONS = Command(
    words=("action items", "actions", "to-dos", "todos"),
    dialog=summary.actions,
    action="summary",
    title="action items",
    description="Who is to do what",
    takes=Takes.WINDOW,
    de=("aufgaben",),
    fr=("tâches",),
    es=("tareas",),
)
DIGEST = Command(
    words=("digest",),
    dialog=digests.digest,
    action="digest",
    title="digest",
    description="Be told every day or week, one to one",
    takes=Takes.TIMES,
)
NEW_CHAT = Command(
    words=("new chat",),
    dialog=chats.new_chat,
    action="new chat",
    title="new chat",
    description="Forget what was said and start afresh",
)
STOP = Command(
    words=("stop", "cancel"),
    dialog=chats.stop,
    action="stop",
    title="stop",
    description="Stop what I am doing for you",
    de=("stopp", "halt", "abbrechen"),
    fr=("arrête", "arrêter"),
    es=("para", "parar"),
)
PRIVACY = Command(
    words=("privacy",),
    dialog=help.privacy,
    action="help",
    title="privacy",
    description="What I keep, and for how long",
    de=("datenschutz",),
    fr=("confidentialité",),
    es=("privacidad",),
)
WHO = Command(
    words=("about",),
    dialog=help.about,
    action="help",
    title="about",
    description="Who I am, and who you are signed in as",
)
SIGN_IN = Command(
    words=("sign in",),
    dialog=account.sign_in,
    action="sign in",
    title="sign in",
    description="Sign in with your work account",
    de=("anmelden",),
    fr=("se connecter",),
    es=("iniciar sesión",),
)
SIGN_OUT = Command(
    words=("sign out",),
    dialog=account.sign_out,
    action="sign out",
    title="sign out",
    description="Forget that you have signed in",
    de=("abmelden",),
    fr=("se déconnecter",),
    es=("cerrar sesión",),
)
COMMANDS = (
    *(HELP, SUMMARISE, DECISIONS, ACTIONS, ABOUT, CATCH_UP, DIGEST),
    *(NEW_CHAT, STOP, PRIVACY, WHO, SIGN_IN, SIGN_OUT),
)
"""Everything that works."""

PROMISED = Command(
    words=(
        "chats",
        "settings",
        "models",
        "what do you know about me",
        "export my data",
        "forget me",
        "usage",
        "admin",
    ),
    dialog=help.not_yet,
    action="help",
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
SHARED = frozenset({"summary", "catch-up"})
"""What may be posted by whoever asked for it privately."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A command with what stands after its words; `language` is that of the words where it is not English."""

    command: Command
    rest: str
    language: str = ""


def choose(ask: Ask, calendar: Calendar, now: datetime) -> Dialog:
    """The dialog for an ask; it is handed what stands after the command's own words.

    Whoever commands in a language is answered in it.
    """
    meant = _meant(ask, calendar, now)

    def dialog(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        spoken = replace(desk, words=desk.words.within(meant.language)) if meant.language else desk
        parts = meant.command.dialog(replace(ask, text=meant.rest), spoken)
        return shares.shared(parts, ask, spoken) if ask.alone and meant.command.action in SHARED else parts

    return dialog


def action(ask: Ask, calendar: Calendar, now: datetime) -> str:
    """What an ask is called in the audit."""
    return _meant(ask, calendar, now).command.action


def alone(ask: Ask) -> bool:
    """Whether the words ask for an answer that nobody else sees."""
    return ask.place.kind is not PlaceKind.PERSONAL and (_is_quiet(ask.text) or _openly(tidy(ask.text))[1])


def stops(text: str) -> bool:
    """Whether a message says nothing but that what is under way shall end."""
    return typed.is_alone(_said(STOP, tidy(text)))


def _is_quiet(text: str) -> bool:
    """Whether only a button says this."""
    found = _said(POST, tidy(text))
    return found is not None and _may_be_key(found.rest)


def _meant(ask: Ask, calendar: Calendar, now: datetime) -> Meant:
    if ask.event in EVENTS:
        return Meant(EVENTS[ask.event], ask.text)
    text, privately = _openly(tidy(ask.text))
    if not text and not ask.attachments:
        return Meant(HELP, "")
    for command, found in _candidates(text):
        language = "" if found.language == "en" else found.language
        if _may_follow(command, found, replace(ask, text=found.rest), calendar, now):
            return Meant(_here(command, ask.place.kind), found.rest, language)
        if there := _there(command, found.rest, text, ask):
            return Meant(there, found.rest, language)
    return Meant(ANSWER, text if privately else ask.text)


def _candidates(text: str) -> Iterator[tuple[Command, Said]]:
    """The commands that a text may be, with what it says beside their words."""
    for command in TYPED:
        if found := _said(command, text):
            yield command, found


def _openly(text: str) -> tuple[str, bool]:
    """The text without the words that ask for privacy, and whether it had them. At the end only a command has them."""
    begun = typed.before(text)
    if begun is not None and begun[1]:
        return begun[0], True
    for opened in (begun and begun[0], typed.after(text)):
        if opened and any(_candidates(opened)):
            return opened, True
    return text, False


def _said(command: Command, text: str) -> Said | None:
    return typed.said(_phrases(command), text)


@cache
def _phrases(command: Command) -> tuple[Phrase, ...]:
    every = {"en": command.words, "de": command.de, "fr": command.fr, "es": command.es}
    return tuple(Phrase(words, language) for language, many in every.items() for words in many)


def _may_follow(command: Command, found: Said, ask: Ask, calendar: Calendar, now: datetime) -> bool:
    """Among others, a short `summarise …` is never a question: words it does not know are asked back, not guessed at."""
    among = ask.place.kind is not PlaceKind.PERSONAL
    count = len(found.rest.split())
    match command.takes:
        case Takes.NOTHING:
            return typed.is_alone(found)
        case Takes.WINDOW:
            asked = command is SUMMARISE and among and count <= RANGE_WORDS
            return not found.rest or asked or _understood(ask, calendar, now)
        case Takes.TOPIC:
            return among
        case Takes.TIMES:
            return count <= TIMES_WORDS
        case Takes.KEY:
            return _may_be_key(found.rest)


def _there(command: Command, rest: str, text: str, ask: Ask) -> Command | None:
    """In a personal chat, a command about a place that is named; what names none after all is a question."""
    if ask.place.kind is not PlaceKind.PERSONAL or command.takes not in (Takes.WINDOW, Takes.TOPIC):
        return None
    sign = abroad.sign(rest, sure=command is CATCH_UP)
    handed = text.endswith(f": {rest}")  # `summarise: …` is followed by the text itself
    if sign is None or (handed and sign is not abroad.Sign.SURE):
        return None

    def question(asked: Ask, desk: Desk) -> AsyncIterator[Part]:
        return answer.answer(replace(asked, text=ask.text), desk)

    meant = abroad.Command(command.title, command.dialog, command is ABOUT)
    return replace(command, dialog=abroad.elsewhere(meant, sign, question))


def _may_be_key(rest: str) -> bool:
    return fullmatch(r"[0-9a-f]{32}", rest) is not None


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
