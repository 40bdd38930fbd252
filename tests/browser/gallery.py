"""Every card that the product can show, made by the dialogs that make it, of a made-up team's people and figures."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Any

from bot.calendar.calendar import Calendar
from bot.teams.cards import adaptive, attachment
from bot.teams.desk import SCARCE
from bot.teams.extension import ASK, KEY, LANE, READING, install, show, text, window
from bot.teams.extension import shown as summarised
from bot.teams.message import blank
from bot.teams.outgoing import Outgoing
from dialogs.abroad import Command, Sign, elsewhere
from dialogs.admin import admin
from dialogs.cards import Card, Field
from dialogs.chats import chats
from dialogs.consulting import unasked
from dialogs.digests import digest
from dialogs.help import welcome
from dialogs.papers import Papers
from dialogs.ports import Desk, Dialog
from dialogs.privacy import about, privacy
from dialogs.prompts import prompts
from dialogs.records import forget, know
from dialogs.sequel import followed
from dialogs.settings import models, settings
from dialogs.shares import shared
from dialogs.shelves import Chat, Holding, Saved, Spending
from dialogs.talk import Answer, Ask, Cite, Digest, Event, Part, Person, Place, PlaceKind, Say, Schedule, Shared
from dialogs.tasks import run, tasks
from dialogs.terms import Endpoint, Offer, Terms
from dialogs.usage import usage
from dialogs.work import BLANK
from tests.browser.reports import PERSON, office
from tests.dialogs.desk import (
    NOW,
    START,
    FakeDirectory,
    FakeMemory,
    FakeRecords,
    FakeShelf,
    ScriptedModel,
    a_desk,
    a_document,
    an_ask,
    shown,
)
from tests.world.catalogue import catalogue

Element = dict[str, Any]
PERSONAL, CHANNEL, GROUP = PlaceKind.PERSONAL, PlaceKind.CHANNEL, PlaceKind.GROUP
TABLE = "| Team | Open incidents | Since |\n|---|---|---|\n| Platform | 3 | Monday |\n| Payments | 1 | Thursday |"
QUARTERS = (
    "| Region | Q1 | Q2 | Q3 | Q4 |\n|---|---|---|---|---|\n| North | 12 | 14 | 9 | 17 |\n| South | 8 | 8 | 11 | 10 |"
)
SUMMARY = (
    "**Decisions**\n\n- The launch moves to Tuesday, 24 November. [1]\n- `rollback.sh` is tested before that. [2]\n\n"
    "**Action items**\n\n- Ben asks the vendor for the new certificate. [2]\n\n**Open questions**\n\n- Who tells support?"
)
LINK = "https://teams.microsoft.com/l/message/19:launch@thread.tacv2/1"


@dataclass(frozen=True, slots=True)
class Piece:
    """One card as JSON. `language` is what its words are in."""

    name: str
    language: str
    content: Element


@dataclass(frozen=True, slots=True)
class Scene:
    """What somebody asks of a dialog, and which of the cards that come is shown."""

    dialog: Dialog
    said: str = ""
    kind: PlaceKind = PERSONAL
    event: Event = Event.MESSAGE
    languages: tuple[str, ...] = ("en",)


SCENES: Mapping[str, Scene] = {
    "welcome": Scene(welcome, event=Event.WELCOME, languages=("en", "de", "ja")),
    "welcome-team": Scene(welcome, kind=CHANNEL, event=Event.WELCOME),
    "welcome-group": Scene(welcome, kind=GROUP, event=Event.WELCOME),
    "settings": Scene(settings, languages=("en", "de", "ja")),
    "models": Scene(models),
    "chats": Scene(chats, languages=("en", "ja")),
    "chats-end": Scene(chats, "page 9"),
    "chats-found": Scene(chats, "search launch"),
    "chats-nothing": Scene(chats, "search zebra"),
    "chats-rename": Scene(chats, "rename 7"),
    "chats-delete": Scene(chats, "delete 7"),
    "chats-delete-all": Scene(chats, "delete all"),
    "usage": Scene(usage, languages=("en", "de")),
    "privacy": Scene(privacy),
    "about": Scene(about),
    "know": Scene(know, languages=("en", "de")),
    "forget": Scene(forget, languages=("en", "fr")),
    "prompts": Scene(prompts),
    "prompts-run": Scene(prompts, "run 1"),
    "prompts-delete": Scene(prompts, "delete 2"),
    "tasks": Scene(tasks),
    "tasks-rewrite": Scene(tasks, "rewrite"),
    "table": Scene(run, "table: Platform has three open incidents since Monday, Payments one since Thursday."),
    "forgotten": Scene(forget, "yes", languages=("en", "fr")),
    "digest": Scene(digest, "weekly Monday 9:00", kind=CHANNEL, languages=("en", "de")),
    "digests": Scene(digest),
    "digest-off": Scene(digest, "off", kind=CHANNEL),
    "admin": Scene(admin, languages=("en", "de")),
    "admin-usage": Scene(admin, "usage 30 day"),
    "admin-usage-department": Scene(admin, "usage 30 department", languages=("de",)),
    "admin-audit": Scene(admin, "audit"),
    "admin-filters": Scene(admin, "filters"),
    "admin-feedback": Scene(admin, "feedback"),
    "admin-dead": Scene(admin, "dead"),
    "admin-rules": Scene(admin, "rules", languages=("en", "de")),
    "admin-holds": Scene(admin, "holds"),
    "admin-erase": Scene(admin, f"erase {PERSON}"),
    "admin-erased": Scene(admin, f"erase {PERSON} yes"),
}
"""The dialogs that are cards, or end in one."""


async def gallery() -> list[Piece]:
    """All of it."""
    scenes = [await _played(name, scene, language) for name, scene in SCENES.items() for language in scene.languages]
    return [*scenes, *[await make() for make in (_private, _which, _files, _answered)], *_others(), *_windows()]


async def _played(name: str, scene: Scene, language: str) -> Piece:
    ask = an_ask(scene.said, scene.kind, event=scene.event, locale=language, zone="Europe/Berlin")
    answer = await shown(scene.dialog, ask, desk(language))
    assert answer.cards, f"{name}: {answer.text}"
    return _piece(name, answer, language)


def _piece(name: str, answer: Answer, language: str = "en") -> Piece:
    return Piece(name, language, adaptive(answer.cards[-1]))


def desk(language: str) -> Desk:
    """Of somebody who has been at it for some weeks."""
    words = catalogue().words(Person("person", "tenant", "Ada Byron", language, "Europe/Berlin"))
    found = a_desk(
        ScriptedModel(TABLE),
        terms=TERMS,
        calendar=Calendar(),
        memory=FakeMemory(told=DIGESTS),
        shelf=FakeShelf(CHATS, {7: ("When is the launch?",)}, PROMPTS),
        records=FakeRecords(HOLDINGS, spent=SPENT),
    )
    return replace(found, words=words, office=office(words))


async def _private() -> Piece:
    """What stands below an answer that only one person sees."""

    def dialog(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        return shared(usage(replace(ask, place=Place(PERSONAL, "a:1")), desk), ask, desk)

    answer = await shown(dialog, replace(an_ask("", CHANNEL), alone=True), desk("en"))
    return _piece("private", answer)


async def _which() -> Piece:
    """Several places of one name."""
    names = ("Launch 2026", "Launch party", "Lunch & learn: Betriebsverfassungsgesetz für Betriebsratsmitglieder")
    places = [Place(GROUP, f"19:{number}", name=name) for number, name in enumerate(names)]
    found = replace(desk("en"), directory=FakeDirectory({"Launch": places}))
    ask = an_ask("Launch", PERSONAL)
    return _piece("which", await shown(elsewhere(Command("summarise", usage), Sign.SURE, usage), ask, found))


async def _files() -> Piece:
    """What may be done with a file that came without a word."""

    def dialog(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        return unasked(ask, desk, Papers((a_document("Budget 2027.pdf", "All figures."),)))

    return _piece("files", await shown(dialog, an_ask("", PERSONAL), desk("en")))


async def _answered() -> Piece:
    """The table of an answer."""

    async def said() -> AsyncIterator[Part]:
        yield Say(QUARTERS, ai=True)

    def dialog(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        return followed(said(), ask, desk)

    return _piece("answer-table", await shown(dialog, an_ask("", PERSONAL), desk("en")))


def _others() -> list[Piece]:
    """What the bot says beside the dialogs."""
    words = catalogue().wording("en", UTC)
    held = blank(Outgoing(type="message", attachments=[attachment(Card("x", ()))]))
    return [
        Piece("scarce", "en", adaptive(Card(words.say(SCARCE, percent=80), ()))),
        Piece("held", "en", held.attachments[0].content),
        Piece("too-many", "en", adaptive(Card("All of it", tuple(f"Line {number}" for number in range(900))))),
        Piece("too-long", "en", adaptive(Card("All of it", (), fields=(Field("a", "é" * 200, value="é" * 15_000),)))),
    ]


def _windows() -> list[Piece]:
    """The window of the message menu's action."""
    words = catalogue().wording("en", UTC)
    button = show(words, {KEY: "key", ASK: "ask", LANE: "lane"})
    answer = Answer(
        SUMMARY, ai=True, cites=(Cite(1, "Anna Weber, Mon 16 Nov 09:02", "", LINK), Cite(2, "Ben Okafor", "", ""))
    )
    found = summarised(Shared(answer, Place(CHANNEL, "19:launch"), ()), words)
    return [
        _window("window-reading", text(words.say(READING)), button),
        _window("window-summary", found),
        _window("window-install", install(words)),
    ]


def _window(name: str, lines: list[Element], *actions: Element) -> Piece:
    reply: Any = window("Summary", lines, *actions).body
    return Piece(name, "en", reply["task"]["value"]["card"]["content"])


TERMS = Terms(
    retention_days=30,
    endpoints=(Endpoint("parley-eu.openai.azure.com", private=True, region="swedencentral"),),
    offers=(
        Offer("general", "gpt-5.4", "DataZoneStandard", "most questions", 2, date(2027, 3, 1), tunable=True),
        Offer("quick", "gpt-5.4-mini", "Standard", "short answers", 1),
        Offer("thorough", "o5", "GlobalStandard", "hard questions", 3),
    ),
)
CHATS = (
    Chat(9, "What is the notice period for a meeting room?", NOW - timedelta(hours=1), 6, open=True),
    Chat(
        8,
        "Betriebsverfassungsgesetz: Mitbestimmungsrechte bei Arbeitszeiterfassungssystemen",
        NOW - timedelta(days=1),
        12,
    ),
    Chat(7, "The launch in November", NOW - timedelta(days=4), 31),
    *(
        Chat(number, f"Notes on topic {number}", NOW - timedelta(days=20 - number), number)
        for number in range(6, 0, -1)
    ),
    Chat(0, "The first one", NOW - timedelta(days=21), 2),
    Chat(-1, "One more", NOW - timedelta(days=22), 2),
)
PROMPTS = (
    Saved("1", "Release notes", f"Write release notes for our customers of this: {BLANK}"),
    Saved("2", "Standup", "Sum up what I did, what I will do, and what is in the way.", team="team"),
)
HOLDINGS = (
    Holding("people", 1, START),
    Holding("history", 214, START - timedelta(days=20), NOW + timedelta(days=4), NOW + timedelta(days=30)),
    Holding("files", 3, START, NOW + timedelta(days=25), NOW + timedelta(days=28)),
    Holding("prompts", 2, START),
    Holding("feedback", 5, START, NOW + timedelta(days=84), NOW + timedelta(days=89)),
    Holding("audit", 214, START - timedelta(days=20), NOW + timedelta(days=345), NOW + timedelta(days=365)),
)
DIGESTS = (
    Digest(Place(CHANNEL, "conversation", name="#launch"), Schedule(9, 0, "Europe/Berlin", 0), "a:1", START),
    Digest(Place(GROUP, "19:group", name="Project Falcon"), Schedule(16, 30, "Europe/Berlin"), "a:1", START),
)
SPENT = Spending(
    48_200,
    200_000,
    tuple(
        (date(2026, 11, 8) + timedelta(days=day), tokens)
        for day, tokens in enumerate(
            (0, 31_000, 12_400, 52_000, 8_000, 41_700, 0, 0, 66_300, 27_000, 18_900, 39_500, 5_200, 48_200)
        )
    ),
)
