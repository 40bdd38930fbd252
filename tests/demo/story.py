"""The story: who does what, what must be seen then, and what is said of it. A new scene is a new line of `STORY`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, expect

from tests.bot.papers.papers import sample
from tests.browser.window import COVERAGE, WAIT, Window
from tests.world.playground.cast import NEWCOMER

ROBIN = NEWCOMER.name.partition(" ")[0]
DECISION = "we launch Booking 4.2 on Tuesday the 8th at 10:00"
OFFER = "Only you see this"


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture. `act` does it and returns where `seen` must stand then; `name` is the picture's, `caption` its words."""

    name: str
    title: str
    caption: str
    act: Callable[[Window], Awaitable[Locator]]
    seen: str


async def welcomed(window: Window) -> Locator:
    return window.messages.filter(has_text="kept for 30 days").first


async def asked(window: Window) -> Locator:
    await window.ask("The demo of Booking 4.2 is on Friday at three, in the big room.")
    await window.ask("When is the demo?")
    return window.messages.last


async def enclosed(window: Window) -> Locator:
    file = {"name": "report.docx", "mimeType": "application/octet-stream", "buffer": sample("report.docx")}
    await window.send("When does the harbour crane come?", file)  # type: ignore[arg-type]
    return window.messages.last


async def entered(window: Window) -> Locator:
    await window.enter_channel()
    return window.thread


async def summarised(window: Window) -> Locator:
    await window.summary(window.thread, "summarise")
    return window.thread


async def checked(window: Window) -> Locator:
    line = window.thread.get_by_role("listitem").filter(has_text=DECISION).last
    await line.locator(".fai-Citation").first.hover()
    return window.popover


async def caught_up(window: Window) -> Locator:
    post = await window.post("catch me up")
    await post.get_by_text(COVERAGE).wait_for()
    return post


async def promised(window: Window) -> Locator:
    return await window.post("digest daily 9:00")


async def kept_private(window: Window) -> Locator:
    before = window.told(OFFER)
    await window.post("privately summarise")
    await window.until_told(OFFER, before + 1)
    await window.enter_personal()
    return window.messages.last


async def posted(window: Window) -> Locator:
    await window.page.get_by_role("button", name="Post to the thread").last.click()
    await window.messages.filter(has_text="I'm posting it to the thread").wait_for()
    await window.enter_channel()
    return window.newest


async def divided(window: Window) -> Locator:
    await window.enter_group()
    await window.summary(window.messages, "action items")
    return window.messages.last


async def translated(window: Window) -> Locator:
    await window.enter_personal()
    await window.ask_for("settings")
    await window.pick("Language", "Deutsch")
    await window.press_for("Save")
    return await window.ask_for("verbrauch")


async def disclosed(window: Window) -> Locator:
    await window.ask_for("einstellungen")
    await window.press_for("Zurück zum Üblichen")
    return await window.ask_for("what do you know about me")


async def forgotten(window: Window) -> Locator:
    await window.ask_for("forget me")
    await window.press("Forget me")
    return window.messages.last


STORY = (
    Scene(
        "welcome",
        "Monday morning",
        f"{ROBIN} is new at Contoso and finds Parley in Teams. It says what it can do, and what it keeps and for how long.",
        welcomed,
        "kept for 30 days",
    ),
    Scene(
        "question",
        "A question",
        f"{ROBIN} tells it something and asks for it. It knows what was said before in this chat, and nothing else.",
        asked,
        "Friday at three",
    ),
    Scene(
        "file",
        "A file",
        f"{ROBIN} drops a report and asks about it. The answer names the place in the file that it comes from.",
        enclosed,
        "late by six weeks",
    ),
    Scene(
        "thread",
        "A long thread",
        f"In the channel six colleagues have talked for days about a launch. {ROBIN} has read none of it.",
        entered,
        "Topic: launch of Booking 4.2",
    ),
    Scene(
        "summary",
        "Summarise",
        f"{ROBIN} replies with “@Parley summarise”: key points, decisions, action items, open questions, and at the end how much "
        "was read and what was left out.",
        summarised,
        "Open questions",
    ),
    Scene(
        "source",
        "Is that so?",
        "Each point ends in a number. Under the pointer it shows who wrote it, when, and the very words.",
        checked,
        "Ada Lindqvist",
    ),
    Scene(
        "catch-up",
        "Catch me up",
        f"After a while away: first what mentions {ROBIN} and what {ROBIN} was given to do, then the rest.",
        caught_up,
        "Assigned to you",
    ),
    Scene(
        "digest",
        "Every day at nine",
        "The same by itself, one to one, until it is switched off.",
        promised,
        "every day at 09:00",
    ),
    Scene(
        "private",
        "Only for me",
        f"“privately summarise”: the channel stays quiet, and the summary stands in {ROBIN}'s own chat.",
        kept_private,
        OFFER,
    ),
    Scene(
        "posted",
        "Post to the thread",
        "Others should have it after all: one button, and it stands there in the name of who pressed it.",
        posted,
        f"Posted for {NEWCOMER.name}",
    ),
    Scene(
        "group",
        "Who does what",
        "In a group chat only the action items, each with its owner and its source.",
        divided,
        "bring both laptops",
    ),
    Scene(
        "german",
        "In another language",
        f"{ROBIN} chooses German, and the next card is German: what was used in the last days.",
        translated,
        "Was du verbraucht hast",
    ),
    Scene(
        "known",
        "What do you know about me?",
        "Everything that is kept, how much, and until when; it can be taken along with one button.",
        disclosed,
        "What you wrote to me and what I answered",
    ),
    Scene(
        "forgotten",
        "Forget me",
        "After a question whether that is meant, all of it is gone, and a receipt says so.",
        forgotten,
        "we start afresh",
    ),
)


async def play(scene: Scene, window: Window) -> None:
    """Until what must be seen is seen; AssertionError where it is not, playwright's own error where it cannot be done."""
    await expect(await scene.act(window)).to_contain_text(scene.seen, timeout=WAIT)
