"""What the assistant says about itself: the welcome, and the help.

Floor 3. No model has a hand in this.
"""

from collections.abc import AsyncIterator

from dialogs.cards import Button, Card
from dialogs.ports import Desk, Words
from dialogs.privacy import engine, kept
from dialogs.talk import Ask, Event, Part, PlaceKind, Say

CHAT = (
    "Ask me anything, as you would a colleague. I know what was said before in this chat.",
    "**summarise #incidents in Engineering since Monday**, **catch me up on Project Falcon**: what was written in a "
    "channel or chat of yours, wherever that is",
    "**summarise:** followed by a text: what it comes down to",
    "Send me files or pictures and ask about them; **summarise** sums up a file, **as a document** gives you my last answer "
    "as one",
    "**digest**: which digests I send you; **digest off** ends them all",
    "**tasks**: rewrite, translate, sort, write and explain code; **prompts**: your own, saved",
    "**chats**: our chats, to open, search, rename or delete; **new chat**: another one, in which we start afresh",
    "**settings**: model, length, language and tone of my answers; **models**: which there are; **usage**: what you have used",
    "**what do you know about me**, **export my data**, **forget me**: what I keep of you is in your hands",
)
SUMMARISE = {
    PlaceKind.CHANNEL: "**summarise**: key points, decisions, action items and open questions of this thread, each with "
    "the message it comes from; in a new post, of the whole channel",
    PlaceKind.GROUP: "**summarise**: key points, decisions, action items and open questions of this chat, each with the "
    "message it comes from",
}
AMONG = (
    "**summarise since Monday**, **yesterday**, **the last 50 messages**, **from 3 to 7 November**: a part of it",
    "**decisions** or **action items**: that section alone",
    "**what was said about** the budget: that alone",
    "**catch me up**: what is new here since your last visit, and first what concerns you",
    "**digest daily 9:00**, **digest weekly Monday 9:00**: the same, sent to you alone; **digest off** ends it",
    "**privately** before any of this: only you see the answer; **in German** after it: in that language",
    "**stop**: I stop what I am doing for you",
    "**new chat**: I forget what you asked me here before",
)
LINES = {PlaceKind.PERSONAL: CHAT, PlaceKind.CHANNEL: AMONG, PlaceKind.GROUP: AMONG}
ANY = (
    "**help** shows this again; **privacy** says what I keep",
    "**sign in**, **sign out**: with your work account; **about** says who you are signed in as; **admin** is for "
    "administrators",
)

CLOSING = {
    PlaceKind.PERSONAL: "In a channel or group chat, mention me with **summarise** to get a summary you can check, or with "
    "**catch me up** to hear what you missed.",
    PlaceKind.CHANNEL: "I wake only when somebody mentions me. A question gets an answer from the thread it is asked in; "
    "after a summary, from the messages of that summary.",
    PlaceKind.GROUP: "I wake only when somebody mentions me. A question gets an answer from this chat.",
}
BUTTONS = {
    PlaceKind.PERSONAL: (("New chat", "new chat"), ("Privacy", "privacy"), ("Help", "help")),
    PlaceKind.CHANNEL: (
        ("Summarise this thread", "summarise"),
        ("Decisions", "decisions"),
        ("Action items", "action items"),
    ),
    PlaceKind.GROUP: (
        ("Summarise this chat", "summarise"),
        ("Decisions", "decisions"),
        ("Action items", "action items"),
    ),
}


async def welcome(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Said when somebody has just added the assistant."""
    hello = desk.words.say("Hello, I'm **Parley**, your company's own assistant.")
    yield Say(f"{hello} {engine(desk)}\n\n")
    for part in _menu(ask, desk.words):
        yield part
    yield Say(f"\n\n{kept(desk.terms, desk.words)}")


async def show(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What can be typed here."""
    yield Say(f"{desk.words.say('This is what I can do here:')}\n\n")
    for part in _menu(ask, desk.words):
        yield part


def _menu(ask: Ask, words: Words) -> list[Part]:
    kind = ask.place.kind
    first = [] if kind is PlaceKind.PERSONAL else [words.say(SUMMARISE[kind])]
    lines = [words.say(line) for line in LINES[kind]]
    listed = "\n".join(f"- {each}" for each in (*first, *lines, *(words.say(line) for line in ANY)))
    said = Say(f"{listed}\n\n{words.say(CLOSING[kind])}")
    # In a channel the welcome is a post of its own: pressed under it, a button would ask about an empty thread.
    alone = ask.event is Event.WELCOME and kind is PlaceKind.CHANNEL
    return [said] if alone else [said, Card(words.say("Try it"), (), _buttons(kind, words))]


def _buttons(kind: PlaceKind, words: Words) -> tuple[Button, ...]:
    return tuple(Button(words.say(title), text) for title, text in BUTTONS[kind])
