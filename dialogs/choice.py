"""What somebody means: which command of the menu a text is, and the dialog that follows.

Floor 4. Whatever is no command is a question.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Literal

from dialogs import abroad, admin, answer, repeat, sequel, shares, tasks, typed
from dialogs.cards import Button
from dialogs.command import Command, Takes
from dialogs.digests import OFF
from dialogs.errors import NeedsWriter, NotUnderstood, SwitchedOff
from dialogs.japanese import is_japanese
from dialogs.menu import (
    ABOUT,
    ACTIONS,
    ADMIN,
    ANSWER,
    CATCH_UP,
    DECISIONS,
    DIGEST,
    END,
    EVENTS,
    HELP,
    POST,
    PROMPTS,
    REPEATS,
    STOP,
    SUMMARISE,
    TASK,
    TASKS,
    TYPED,
)
from dialogs.papers import filed, handed
from dialogs.ports import Calendar, Desk, Dialog
from dialogs.preferences import LANGUAGES
from dialogs.references import pointed
from dialogs.repeat import Manner
from dialogs.talk import Ask, Part, PlaceKind
from dialogs.typed import Phrase, Said, tidy

RANGE_WORDS = 12
"""What follows `summarise` and is longer than this is a text to sum up."""
OFTEN = frozenset(
    (
        "daily",
        "weekly",
        "every",
        "each",
        "täglich",
        "wöchentlich",
        "jeden",
        "jede",
        "chaque",
        "cada",
        "diario",
        "semanal",
    )
)
"""With one of these words, or a number, begins what is meant as a schedule even where it makes none."""
EACH = frozenset("0123456789毎")
"""With one of these characters as well."""
SHARED = frozenset({"summary", "catch-up"})
"""What may be posted by whoever asked for it privately."""
REPEATABLE = frozenset({"answer", "summary", "catch-up", "task"})
"""What may be done once more: nothing that changes or sends anything."""
IN_TONGUE = re.compile(
    rf"((?:in|into|auf|en) [^\W\d_]+|[^\W\d_]{{1,8}}語で?)(?:,? (?:{'|'.join(filter(None, typed.POLITE))}))?",
    re.IGNORECASE,
)
"""What may be the name of a language and nothing else: only then the calendar is asked, which is dear."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A command with what stands after its words; `language` is that of the words where it is not English.

    `unsure`: the text may be meant as a question as well. `manner`: the last answer is wanted once more, like that.
    """

    command: Command
    rest: str
    language: str = ""
    unsure: bool = False
    manner: Manner | None = None

    @property
    def action(self) -> str:
        """What the ask is called in the audit."""
        return self.command.action

    @property
    def office(self) -> Literal["admin", "auditor", ""]:
        """Whose command it is: an `admin`'s, also an `auditor`'s, or "" for everybody's."""
        return admin.needs(self.rest) if self.command is ADMIN else ""


def choose(ask: Ask, calendar: Calendar, now: datetime, off: Set[str] = frozenset()) -> Dialog:
    """The dialog for an ask; see `follow`."""
    return follow(mean(ask, calendar, now), ask, off)


def follow(meant: Meant, ask: Ask, off: Set[str] = frozenset()) -> Dialog:
    """The dialog for what an ask means; it is handed what stands after the command's own words.

    Whoever commands in a language is answered in it. Raises `SwitchedOff` for a feature that is `off`; what may be a
    question is one then.
    """
    meant = _allowed(meant, ask, off)

    def dialog(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        spoken = replace(desk, words=desk.words.within(meant.language)) if meant.language else desk
        if meant.manner is not None:
            return repeat.repeat(ask, spoken, meant.manner, _earlier, follow(Meant(ANSWER, ask.text), ask, off))
        parts = meant.command.dialog(replace(ask, text=meant.rest), spoken)
        if meant.command.action in REPEATABLE:
            parts = sequel.followed(parts, ask, spoken, _next(meant, ask, spoken))
        return shares.shared(parts, ask, spoken) if ask.alone and meant.command.action in SHARED else parts

    return dialog


def _earlier(ask: Ask, desk: Desk, manner: Manner) -> Manner | Dialog | None:
    """What an earlier line of the chat means. A text that a task wrote rests on no source: it is reworded like any other."""
    meant = mean(ask, desk.calendar, desk.now)
    if meant.manner is not None:
        return meant.manner
    if meant.action not in REPEATABLE or (meant.command is TASK and manner != Manner()):
        return None
    if not desk.model.writes and meant.action == ANSWER.action and manner != Manner():
        raise NeedsWriter
    return follow(replace(meant, language=manner.language or meant.language), ask, desk.terms.off)


def _next(meant: Meant, ask: Ask, desk: Desk) -> Sequence[Button]:
    """The other parts of a summary that can be asked for with the same words."""
    if meant.command.title not in (SUMMARISE.title, DECISIONS.title, ACTIONS.title):
        return ()
    found = sequel.sections(meant.command.title, meant.rest, desk.words)
    alike = (mean(replace(ask, text=each.text, attachments=()), desk.calendar, desk.now) for each in found)
    return [each for each, asked in zip(found, alike, strict=True) if asked.action == SUMMARISE.action]


def alone(ask: Ask) -> bool:
    """Whether the words ask for an answer that nobody else sees."""
    return ask.place.kind is not PlaceKind.PERSONAL and (_is_quiet(ask.text) or _openly(ask.text)[1])


def stops(text: str) -> bool:
    """Whether a message says nothing but that what is under way shall end."""
    return typed.is_alone(_said(STOP, tidy(text)))


def _is_quiet(text: str) -> bool:
    """Whether only a button says this."""
    said = (_said(command, tidy(text)) for command in (POST, END))
    return any(found is not None and _may_be_key(found.rest) for found in said)


def _allowed(meant: Meant, ask: Ask, off: Set[str]) -> Meant:
    if meant.command.feature not in off or _ends(meant):
        return meant
    if not meant.unsure:
        raise SwitchedOff
    return Meant(ANSWER, _openly(ask.text)[0])


def _ends(meant: Meant) -> bool:
    """Whether digests are listed or ended: whoever has one must be able to, whatever has been switched off since."""
    return meant.command is END or (meant.command is DIGEST and meant.rest.casefold().strip(" .!?:,") in {"", *OFF})


def mean(ask: Ask, calendar: Calendar, now: datetime) -> Meant:
    """What an ask means. It is dear to find out, so a turn does it once."""
    if ask.event in EVENTS:
        return Meant(EVENTS[ask.event], ask.text)
    written = _openly(ask.text)[0]
    text = tidy(written)
    if not text and not ask.attachments:
        return Meant(HELP, "")
    if tasks.typed(replace(ask, text=written)):
        return Meant(TASK, written, unsure=True)
    for command, found in _candidates(text):
        language = "" if found.language == "en" else found.language
        if _may_follow(command, found, replace(ask, text=found.rest), calendar, now):
            named = command.takes is Takes.NAME
            rest = typed.original(written, found.rest) if named else found.rest
            return Meant(_done(command, found), rest, language, unsure=named, manner=REPEATS.get(command))
        if sign := _there(command, found.rest, text, ask):
            return Meant(_abroad(command, sign, ask), found.rest, language, unsure=sign is not abroad.Sign.SURE)
    code = _tongue(text, ask, calendar, now)
    return Meant(ANSWER, written, manner=Manner(language=code) if code else None)


def _tongue(text: str, ask: Ask, calendar: Calendar, now: datetime) -> str | None:
    """The language that a text names and nothing else, of those we speak."""
    found = IN_TONGUE.fullmatch(text.strip(" .!?,"))
    if ask.attachments or found is None:
        return None
    try:
        wish = calendar.wish(found[1], ask.person, now)
    except NotUnderstood:
        return None
    return wish.language if wish.window is None and wish.language in LANGUAGES else None


def _candidates(text: str) -> Iterator[tuple[Command, Said]]:
    """The commands that a text may be, with what it says beside their words."""
    for command, phrases in _begun().get(typed.opening(text), {}).items():
        if found := typed.said(phrases, text):
            yield command, found
    if len(text) <= typed.SHORT and is_japanese(text):
        found_there = ((command, found) for command, phrases in _ending() if (found := typed.said(phrases, text)))
        yield from sorted(found_there, key=lambda pair: len(pair[1].rest))


def _openly(text: str) -> tuple[str, bool]:
    """The text without the words that ask for privacy, and whether it had them. At the end only a command has them."""
    begun = typed.before(text)
    if begun is not None and begun[1]:
        return begun[0], True
    for opened in (begun and begun[0], typed.after(text)):
        if opened and any(_candidates(tidy(opened))):
            return opened, True
    return text, False


def _said(command: Command, text: str) -> Said | None:
    return typed.said(_phrases(command), text)


@cache
def _begun() -> Mapping[str, Mapping[Command, Sequence[Phrase]]]:
    """The commands by the word that their phrases begin with: most texts are questions, and begin like hardly any of them."""
    begun: dict[str, dict[Command, list[Phrase]]] = {}
    for command in TYPED:
        for phrase in (each for each in _phrases(command) if each.language != "ja"):
            begun.setdefault(typed.opening(phrase.words), {}).setdefault(command, []).append(phrase)
    return begun


@cache
def _ending() -> Sequence[tuple[Command, Sequence[Phrase]]]:
    """The commands in Japanese, whose words come last: what says most of a text is meant first."""
    return [(command, tuple(Phrase(words, "ja") for words in command.ja)) for command in TYPED if command.ja]


@cache
def _phrases(command: Command) -> tuple[Phrase, ...]:
    every = {"en": command.words, "de": command.de, "fr": command.fr, "es": command.es, "ja": command.ja}
    return tuple(Phrase(words, language) for language, many in every.items() for words in many)


def _may_follow(command: Command, found: Said, ask: Ask, calendar: Calendar, now: datetime) -> bool:
    """Among others, a short `summarise …` is never a question: words it does not know are asked back, not guessed at.

    What comes with a file is about that file, and not about the last answer.
    """
    among = ask.place.kind is not PlaceKind.PERSONAL
    count = typed.length(found.rest)
    match command.takes:
        case Takes.NOTHING:
            return typed.is_alone(found) and not (command in REPEATS and ask.attachments)
        case Takes.WINDOW:
            asked = command is SUMMARISE and among and count <= RANGE_WORDS
            if not among and command is not CATCH_UP and handed(ask.attachments) and not filed(ask.attachments):
                return False  # a picture is looked at, and has no text to sum up
            return not found.rest or asked or _understood(ask, calendar, now) or _on_files(command, ask, calendar, now)
        case Takes.TOPIC:
            return among
        case Takes.TIMES:
            return _may_be_times(ask, calendar)
        case Takes.KEY:
            return _may_be_key(found.rest)
        case Takes.VERBS:
            return typed.is_alone(found) or typed.fits(command.verbs, found.rest)
        case Takes.NAME:
            return ":" in found.rest


def _there(command: Command, rest: str, text: str, ask: Ask) -> abroad.Sign | None:
    """Whether in a personal chat a command may be about a place that is named."""
    if ask.place.kind is not PlaceKind.PERSONAL or command.takes not in (Takes.WINDOW, Takes.TOPIC):
        return None
    sign = abroad.sign(rest, asked=command is CATCH_UP)
    handed = text.endswith(f": {rest}")  # `summarise: …` is followed by the text itself
    return None if handed and sign is not abroad.Sign.SURE else sign


def _abroad(command: Command, sign: abroad.Sign, ask: Ask) -> Command:
    """The command about the place that is named; what names none after all is a question."""

    def question(asked: Ask, desk: Desk) -> AsyncIterator[Part]:
        return answer.answer(replace(asked, text=ask.text), desk)

    meant = abroad.Command(command.title, command.dialog, command is ABOUT)
    return replace(command, dialog=abroad.elsewhere(meant, sign, question))


def _may_be_key(rest: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{32}", rest) is not None


def _may_be_times(ask: Ask, calendar: Calendar) -> bool:
    words = ask.text.casefold().split()
    if not words or " ".join(words) in OFF or words[0] in OFTEN or words[0][0] in EACH:
        return True
    try:
        calendar.schedule(ask.text, ask.person)
    except NotUnderstood:
        return False
    return True


def _understood(ask: Ask, calendar: Calendar, now: datetime) -> bool:
    try:
        calendar.wish(ask.text, ask.person, now)
    except NotUnderstood:
        return False
    return True


def _on_files(command: Command, ask: Ask, calendar: Calendar, now: datetime) -> bool:
    """Whether what follows a command in a personal chat means a file, and beside it at most a language."""
    found = pointed(ask.text, attached=filed(ask.attachments))
    if found is None or command is CATCH_UP or ask.place.kind is not PlaceKind.PERSONAL:
        return False
    return not found.rest or _understood(replace(ask, text=found.rest), calendar, now)


def _done(command: Command, found: Said) -> Command:
    """A task that was filled in on a card is a task, and no longer the list of them."""
    ran = command in (TASKS, PROMPTS) and found.rest.casefold().split()[:1] == [tasks.RUN]
    return replace(command, action=TASK.action) if ran else command
