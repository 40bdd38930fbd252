"""What the assistant says about itself: the welcome, the help, and what it cannot do yet.

Floor 3. No model has a hand in this.
"""

from collections.abc import AsyncIterator

from dialogs.ports import Desk, Terms
from dialogs.talk import Ask, Button, Card, Event, Part, PlaceKind, Say

SUMMARISE = (
    "**summarise**: key points, decisions, action items and open questions, each with the message it comes from",
    "**summarise since Monday**, **today**, **the last 24 hours**, **the last 50 messages**: a part of it",
    "**decisions** or **action items**: that section alone",
)
CHAT = (
    "Ask me anything, as you would a colleague. I know what was said before in this chat.",
    "**summarise:** followed by a text: what it comes down to",
    "**new chat**: I forget what was said before and we start afresh",
)
ANY = "**help** shows this again; **privacy** says what I keep"

HERE = {
    PlaceKind.PERSONAL: (
        CHAT,
        (Button("New chat", "new chat"), Button("Privacy", "privacy"), Button("Help", "help")),
        "In a channel or group chat, mention me with **summarise** to get a summary you can check.",
    ),
    PlaceKind.CHANNEL: (
        SUMMARISE,
        (
            Button("Summarise this thread", "summarise"),
            Button("Decisions", "decisions"),
            Button("Action items", "action items"),
        ),
        "I wake only when somebody mentions me. A question gets an answer from the thread it is asked in.",
    ),
    PlaceKind.GROUP: (
        SUMMARISE,
        (
            Button("Summarise this chat", "summarise"),
            Button("Decisions", "decisions"),
            Button("Action items", "action items"),
        ),
        "I wake only when somebody mentions me. A question gets an answer from this chat.",
    ),
}


async def welcome(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Said when somebody has just added the assistant."""
    yield Say(f"Hello, I'm **Parley**, your company's own assistant. {_engine(desk)}\n\n")
    for part in _menu(ask):
        yield part
    yield Say(f"\n\n{_kept(desk.terms)}")


async def show(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What can be typed here."""
    yield Say("This is what I can do here:\n\n")
    for part in _menu(ask):
        yield part


async def about(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Who is speaking."""
    yield Say(f"I'm **Parley**, an assistant for Microsoft Teams that your company runs itself. {_engine(desk)}")


async def privacy(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What is kept, and for how long."""
    yield Say(_kept(desk.terms))


async def not_yet(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """For a command that is promised but not built."""
    yield Say("I can't do that yet. This is what I can do here:\n\n")
    for part in _menu(ask):
        yield part


def _menu(ask: Ask) -> list[Part]:
    lines, buttons, closing = HERE[ask.place.kind]
    listed = "\n".join(f"- {line}" for line in (*lines, ANY))
    said = Say(f"{listed}\n\n{closing}")
    # In a channel the welcome is a post of its own: pressed under it, a button would ask about an empty thread.
    alone = ask.event is Event.WELCOME and ask.place.kind is PlaceKind.CHANNEL
    return [said] if alone else [said, Card("Try it", (), buttons)]


def _engine(desk: Desk) -> str:
    if not desk.terms.local:
        return "I run in your company's own Azure."
    if desk.model.writes:
        return "I'm running locally on this computer."
    return (
        "I'm running locally on this computer with the offline engine: it quotes what was written and does not "
        "write anything of its own, and I send nothing off this computer."
    )


def _kept(terms: Terms) -> str:
    days = f"{terms.retention_days} day{'' if terms.retention_days == 1 else 's'}"
    return (
        f"What you write to me and what I answer is kept for {days}. The messages of a channel or group chat I read "
        "only when somebody asks me to, and I do not keep them; of a summary, the summary itself is kept."
    )
