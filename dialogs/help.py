"""What the assistant says about itself: the welcome, the help, and what it cannot do yet.

Floor 3. No model has a hand in this.
"""

from collections.abc import AsyncIterator

from dialogs.account import state
from dialogs.ports import Desk, Terms, Words
from dialogs.talk import Ask, Button, Card, Event, Part, PlaceKind, Say

CHAT = (
    "Ask me anything, as you would a colleague. I know what was said before in this chat.",
    "**summarise #incidents in Engineering since Monday**, **catch me up on Project Falcon**: what was written in a "
    "channel or chat of yours, wherever that is",
    "**summarise:** followed by a text: what it comes down to",
    "**digest**: which digests I send you; **digest off** ends them all",
    "**new chat**: I forget what was said before and we start afresh",
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
    "**sign in**, **sign out**: with your work account; **about** says who you are signed in as",
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
    yield Say(f"{hello} {_engine(desk)}\n\n")
    for part in _menu(ask, desk.words):
        yield part
    yield Say(f"\n\n{_kept(desk.terms, desk.words)}")


async def show(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What can be typed here."""
    yield Say(f"{desk.words.say('This is what I can do here:')}\n\n")
    for part in _menu(ask, desk.words):
        yield part


async def about(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Who is speaking, and to whom."""
    me = desk.words.say("I'm **Parley**, an assistant for Microsoft Teams that your company runs itself.")
    yield Say(f"{me} {_engine(desk)} {await state(ask, desk)}".rstrip())


async def privacy(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What is kept, and for how long."""
    yield Say(f"{_kept(desk.terms, desk.words)}\n\n{_noted(desk.words)}")


async def not_yet(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """For a command that is promised but not built."""
    sorry = desk.words.say("I can't do that yet. This is what I can do here:")
    yield Say(f"{sorry}\n\n")
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


def _engine(desk: Desk) -> str:
    if not desk.terms.local:
        return desk.words.say("I run in your company's own Azure.")
    if desk.model.writes:
        return desk.words.say("I'm running locally on this computer.")
    return desk.words.say(
        "I'm running locally on this computer with the offline engine: it quotes what was written and does not "
        "write anything of its own, and I send nothing off this computer."
    )


def _kept(terms: Terms, words: Words) -> str:
    days = words.count(
        "What you write to me and what I answer is kept for {number} day.",
        "What you write to me and what I answer is kept for {number} days.",
        terms.retention_days,
    )
    read = words.say(
        "The messages of a channel or group chat I read only when somebody asks me to, and I do not keep them; of a "
        "summary, the summary itself is kept."
    )
    return f"{days} {read}"


def _noted(words: Words) -> str:
    return words.say(
        "I also note when I last caught you up in a channel or chat, and which digests you want and when. A summary that "
        "only you saw can be posted for a day; then I no longer keep it for that. Before I post it, I look who belongs to "
        "the conversation."
    )
