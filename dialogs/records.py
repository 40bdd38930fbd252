"""What is kept of the person who asks: told, handed over, deleted.

Floor 3. No model has a hand in this. All of it is between the person and the assistant alone.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from dialogs.attachments import Handover
from dialogs.cards import Button, Card, Row
from dialogs.changes import Forgotten, Left
from dialogs.errors import OnHold, Personal, Unfinished, Vanished
from dialogs.plain import plain
from dialogs.ports import Desk, Words
from dialogs.shelves import STAYS, Holding, Upload
from dialogs.streams import closing
from dialogs.talk import Ask, Errand, Event, Note, Part, PlaceKind, Say

KINDS: Mapping[str, str] = {
    "people": "You and your settings",
    "history": "What you wrote to me and what I answered",
    "files": "Text of files you sent me",
    "titles": "Titles you gave your chats",
    "prompts": "Prompts you saved",
    "feedback": "What you thought of my answers",
    "inbox": "Messages I took in lately",
    "shares": "Answers that only you saw",
    "digests": "Digests you asked for",
    "visits": "When I last caught you up",
    "usage": "Tokens you used",
    "purses": "What is left of your allowance",
    "signings": "When you signed in",
    "offers": "Cards to sign in with",
    "exchanges": "Sign-ins under way",
    "exports": "Documents waiting for you",
    "legal_holds": "Legal holds",
    "audit": "What was noted of each turn, without what was said",
}
"""What each kind of rows is called, by its table."""
DAY = timedelta(days=1)
SOMEWHAT_OVER = timedelta(hours=1)
"""An errand that forgets comes this much after the time is over, which begins when the removal is written down."""


async def know(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What is kept, by kind, since when and until when. Raises `Personal`."""
    _alone(ask)
    holdings = await desk.records.holdings()
    if not holdings:
        yield Say(desk.words.say("I keep nothing of you."))
        return
    say = desk.words.say
    head = Row((say("What"), say("How much"), say("Since"), say("Is deleted")), head=True, colon=desk.words.colon)
    rows = tuple(_row(holding, desk) for holding in _sorted(holdings))
    buttons = (Button(say("Export my data"), "export my data"), Button(say("Forget me"), "forget me"))
    yield Card(say("What I keep of you"), (), buttons, rows=(head, *rows))


async def export(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Everything that is kept, as documents. Raises `Personal`, `Vanished` or `Unavailable`."""
    _alone(ask)
    files: list[Handover] = []
    async with closing(desk.records.export()) as steps:
        async for step in steps:
            if isinstance(step, Handover):
                files.append(step)
            else:
                yield Note(desk.words.count("Writing down {number} entry…", "Writing down {number} entries…", step))
    yield Say(
        desk.words.say(
            "This is everything I keep of you: one file for reading and one for programs. If you agree, I put them into your "
            "OneDrive. I keep them for that for an hour."
        )
    )
    for file in files:
        yield file


async def forget(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """First what would be deleted; `yes` deletes it. Raises `Personal`, `OnHold` or `Unfinished`."""
    _alone(ask)
    holdings = await desk.records.holdings()
    if await desk.records.held():
        raise OnHold
    if ask.text.strip().casefold() != "yes":
        yield _question(holdings, desk.words)
        return
    if await desk.records.halt() > 0:
        raise Unfinished
    yield Forgotten()
    yield _receipt(holdings, desk)


async def left(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The person removed the assistant: what is kept of them goes in time, unless they come back."""
    due = desk.now + desk.terms.gone_days * DAY + SOMEWHAT_OVER
    yield Left()
    yield Errand(Event.FORGET, ask.place, "", due=due)


async def forget_left(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The time is over. Nobody is told: nobody is there."""
    if await desk.records.left():
        yield Forgotten()


async def hand_over(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The person agreed to a document. `ask.text` is an `Upload` as JSON. Raises what `Records.hand_over` does."""
    upload = _upload(ask.text)
    yield await desk.records.hand_over(upload)
    yield Say(desk.words.say("{name} is in your OneDrive.", name=plain(upload.name)))


def _alone(ask: Ask) -> None:
    if ask.place.kind is not PlaceKind.PERSONAL:
        raise Personal


def _upload(text: str) -> Upload:
    try:
        found = json.loads(text)
        return Upload(**{name: str(found[name]) for name in ("key", "name", "address", "link", "id", "type")})
    except (ValueError, KeyError, TypeError):
        raise Vanished from None


def _sorted(holdings: Sequence[Holding]) -> list[Holding]:
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(holdings, key=lambda holding: order.get(holding.kind, len(order)))


def _row(holding: Holding, desk: Desk) -> Row:
    since = _dated(holding.oldest, desk) if holding.oldest else ""
    return Row((_kind(holding, desk.words), _amount(holding, desk.words), since, _ends(holding, desk)))


def _kind(holding: Holding, words: Words) -> str:
    return words.say(KINDS[holding.kind]) if holding.kind in KINDS else holding.kind


def _amount(holding: Holding, words: Words) -> str:
    return words.count("{number} entry", "{number} entries", holding.rows)


def _dated(time: datetime, desk: Desk) -> str:
    """When it was; with the year where it is another one."""
    stamp = desk.words.stamp(time)
    return stamp if time.year == desk.now.year else f"{stamp} {time.year}"


def _ends(holding: Holding, desk: Desk) -> str:
    """When the first of it is deleted by itself, and when the last."""
    say = desk.words.say
    if holding.first is None:
        return say("when you delete it")
    first = _in(holding.first, desk)
    if holding.last is None:
        return say("first {first}, the rest when you delete it", first=first)
    last = _in(holding.last, desk)
    return first if first == last else say("first {first}, last {last}", first=first, last=last)


def _in(time: datetime, desk: Desk) -> str:
    days = max(0, -(-(time - desk.now) // DAY))
    return desk.words.count("within {number} day", "within {number} days", days)


def _question(holdings: Sequence[Holding], words: Words) -> Card:
    lines = (
        words.say("I will delete everything I keep of you, also what is under way, in all conversations:"),
        *_listed(holdings, words),
        words.say("It cannot be brought back. What you see here in Teams stays: that is Teams' own."),
    )
    buttons = (
        Button(words.say("Export my data"), "export my data"),
        Button(words.say("Forget me"), "forget me yes", quiet=True, grave=True),
    )
    return Card(words.say("Shall I forget you?"), lines, buttons)


def _receipt(holdings: Sequence[Holding], desk: Desk) -> Card:
    """All of it stands on the card; nothing can be pressed on it, for whoever presses anything is known again."""
    say = desk.words.say
    gone = [Row((_kind(each, desk.words), _amount(each, desk.words))) for each in _gone(holdings)]
    lines = (say("This is gone:") if gone else say("There was nothing to delete."),)
    head = Row((say("What"), say("How much")), head=True, colon=desk.words.colon)
    rows = (head, *gone) if gone else ()
    foot = (
        say(
            "What remains: the messages you see in Teams, which are Teams' own; figures that are added up over everybody; and "
            "what was noted of each turn, without what was said, in which nothing says any more that it was you."
        ),
        say("If you write to me again, we start afresh."),
    )
    return Card(say("I have forgotten you, on {time}", time=_dated(desk.now, desk)), lines, rows=rows, foot=foot)


def _listed(holdings: Sequence[Holding], words: Words) -> Iterator[str]:
    for holding in _gone(holdings):
        yield words.say("{what}: {detail}", what=_kind(holding, words), detail=_amount(holding, words))


def _gone(holdings: Sequence[Holding]) -> list[Holding]:
    """What is deleted with its person."""
    return [each for each in _sorted(holdings) if each.kind not in STAYS]
