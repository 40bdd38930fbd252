"""What the assistant says about itself: the welcome, the help, and the list of all commands.

Floor 3. No model has a hand in this.
"""

from collections.abc import AsyncIterator

from dialogs.cards import Button, Card
from dialogs.ports import Desk, Words
from dialogs.privacy import engine
from dialogs.talk import Ask, Event, Part, PlaceKind, Say
from dialogs.terms import Terms

HERE = {
    PlaceKind.PERSONAL: "Ask me anything, send me files, or have me sum up a channel or chat of yours.",
    PlaceKind.CHANNEL: "I sum up a thread or this channel, say what was decided, and catch up whoever was away.",
    PlaceKind.GROUP: "I sum up this chat, say what was decided, and catch up whoever was away.",
}
KEPT = {
    PlaceKind.PERSONAL: (
        "What you write to me and what I answer is kept for {number} day; you can see, export and delete it at any time.",
        "What you write to me and what I answer is kept for {number} days; you can see, export and delete it at any time.",
    ),
    PlaceKind.CHANNEL: (
        "I read its messages only when somebody asks me to and keep none of them; questions and answers are kept for {number} day.",
        "I read its messages only when somebody asks me to and keep none of them; questions and answers are kept for {number} days.",
    ),
    PlaceKind.GROUP: (
        "I read its messages only when somebody asks me to and keep none of them; questions and answers are kept for {number} day.",
        "I read its messages only when somebody asks me to and keep none of them; questions and answers are kept for {number} days.",
    ),
}
BEGIN = {
    PlaceKind.PERSONAL: "To begin, press a button, or write to me as you would to a colleague.",
    PlaceKind.CHANNEL: "To begin, mention me with what you want: “@Parley summarise” in a reply is about its thread, in a new "
    "post about the channel. I wake only then.",
    PlaceKind.GROUP: "To begin, press a button, or mention me with what you want: “@Parley summarise”. I wake only then.",
}
"""The three lines of the card, by where it stands."""
SHOWN = {
    PlaceKind.PERSONAL: (
        ("Summarise…", "summarise"),
        ("Catch me up", "catch me up"),
        ("Tasks", "tasks"),
        ("Settings", "settings"),
    ),
    PlaceKind.CHANNEL: (
        ("Summarise this thread", "summarise"),
        ("Decisions", "decisions"),
        ("Action items", "action items"),
        ("Catch me up", "catch me up"),
    ),
    PlaceKind.GROUP: (
        ("Summarise this chat", "summarise"),
        ("Decisions", "decisions"),
        ("Action items", "action items"),
        ("Catch me up", "catch me up"),
    ),
}
CATCH_UP = "catch me up"
"""In a channel the welcome is a post of its own: pressed under it, most buttons would ask about an empty thread. A catch-up is
about the whole channel."""
ALWAYS = (("Privacy", "privacy"), ("All commands", "commands"))

FEATURES = {
    **dict.fromkeys(("summarise", "decisions", "action items", "catch me up"), "summaries"),
    "tasks": "tasks",
}
"""What a company may have switched off."""

CHAT = (
    "Ask me anything, as you would a colleague. I know what was said before in this chat.",
    "**summarise #incidents in Engineering since Monday**, **catch me up on Project Falcon**: what was written in a "
    "channel or chat of yours, wherever that is",
    "**summarise:** followed by a text: what it comes down to",
    "Send me files or pictures and ask about them; **summarise** sums up a file, **as a document** gives you my last answer "
    "as one",
    "**shorter**, **longer**, **in German**, **again**: my last answer once more, like that",
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
    "**shorter**, **longer**, **in German**, **again**: my last answer to you once more, like that",
    "**stop**: I stop what I am doing for you",
    "**new chat**: I forget what you asked me here before",
)
LINES = {PlaceKind.PERSONAL: CHAT, PlaceKind.CHANNEL: AMONG, PlaceKind.GROUP: AMONG}
ANY = (
    "**help** shows the buttons again, **commands** this list; **privacy** says what I keep",
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


async def welcome(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Said when somebody has just added the assistant."""
    hello = desk.words.say("Hello, I'm **Parley**, your company's own assistant.")
    yield Say(f"{hello} {engine(desk)}")
    yield _card(ask, desk)


async def show(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The card of the welcome."""
    yield Say(desk.words.say("This is what I can do here:"))
    yield _card(ask, desk)


async def everything(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """All that can be typed here."""
    kind, words = ask.place.kind, desk.words
    first = [] if kind is PlaceKind.PERSONAL else [words.say(SUMMARISE[kind])]
    lines = [*first, *(words.say(line) for line in LINES[kind]), *(words.say(line) for line in ANY)]
    listed = "\n".join(f"- {line}" for line in lines)
    yield Say(f"{words.say('This is what you can say to me here:')}\n\n{listed}\n\n{words.say(CLOSING[kind])}")


def _card(ask: Ask, desk: Desk) -> Card:
    """What can be done here, what is kept, how to begin, and buttons that work at once."""
    kind, words = ask.place.kind, desk.words
    lines = (words.say(HERE[kind]), _kept(kind, desk.terms, words), words.say(BEGIN[kind]))
    buttons = (*_buttons(ask, words), *(Button(words.say(title), text) for title, text in ALWAYS))
    known = tuple(button for button in buttons if FEATURES.get(button.text) not in desk.terms.off)
    return Card(words.say("Where would you like to begin?"), lines, known)


def _buttons(ask: Ask, words: Words) -> list[Button]:
    kind = ask.place.kind
    found = [Button(words.say(title), text) for title, text in SHOWN[kind]]
    alone = ask.event is Event.WELCOME and kind is PlaceKind.CHANNEL
    return [button for button in found if not alone or button.text == CATCH_UP]


def _kept(kind: PlaceKind, terms: Terms, words: Words) -> str:
    return words.count(*KEPT[kind], terms.retention_days)
