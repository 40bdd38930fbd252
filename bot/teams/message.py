"""What is sent: the steps of a stream, and the messages an answer becomes.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import orjson
from botbuilder.core import TurnContext
from botbuilder.schema import ActionTypes, Activity, ActivityTypes, CardAction, Entity, SuggestedActions

from bot.hosts import lying
from bot.limits import MESSAGE_BYTES
from bot.teams import documents
from bot.teams.cards import attachment
from bot.teams.citations import labels
from bot.teams.outgoing import Outgoing
from bot.teams.pressable import pressable
from bot.teams.render import links_removed, safe
from bot.teams.split import size, split
from dialogs.attachments import Handed
from dialogs.cards import Button, Card
from dialogs.plain import cut
from dialogs.talk import Answer

NOTHING = "I have nothing to show for that."
FEEDBACK = {"feedbackLoop": {"type": "default"}}
MARKDOWN = "markdown"
TITLE = 60
"""Characters on a suggestion."""


def note(text: str, *, passing: bool = False) -> Activity:
    """A message that says what is under way. What is `passing` may be left out: the next shows all of it."""
    activity = Outgoing(type=ActivityTypes.message, text=noted(text), text_format=MARKDOWN)
    activity.passing = passing
    return activity


@lru_cache(maxsize=64)
def noted(text: str) -> str:
    """What is said of the work under way, which may name what people named. Every turn begins with the same note, and reading markdown is dear."""
    return safe(text, frozenset()) or "…"


def messages(answer: Answer, *, thumbs: bool = True, hosts: frozenset[str] = frozenset()) -> list[Activity]:
    """The complete answer: its text, in parts where it is long, and then each card. Links lead to `hosts` and to sources.

    Text and card are apart, because Teams splits a message that has both and gives no id for either. Where nothing is said
    but a card, its title is the text, and the card does not say it again. What a model wrote may be rated, by `thumbs` under
    its last part. What may be said next hangs on the last message of all, for Teams shows it nowhere else: under a text as
    suggestions, which may not hang beside a card; on a card as its buttons.
    """
    links = pressable(answer, hosts)
    text = _text(answer, links)
    marks = labels(answer, text)
    parts = split(text, MESSAGE_BYTES - _weight(marks), lambda part: safe(part, links))
    texts = [_part(part, marks if part is text else labels(answer, part)) for part in parts]
    texts[-1].channel_data = FEEDBACK if thumbs and answer.ai else None
    alone = not (answer.cards or answer.handovers or answer.handed)
    texts[-1].suggested_actions = _suggested(answer.suggested) if alone else None
    cards = [attachment(card, headed=number > 0 or bool(answer.text)) for number, card in enumerate(_lasting(answer))]
    return [*texts, *(Outgoing(type=ActivityTypes.message, attachments=[card]) for card in cards)]


def enclosures(answer: Answer, files: frozenset[str] = frozenset()) -> list[Activity]:
    """What follows the answer, one message each: documents that are offered, and those that were handed over.

    One that does not lie on one of the hosts `files` is named, and leads nowhere.
    """
    offered = (
        Outgoing(type=ActivityTypes.message, attachments=[each]) for each in map(documents.offered, answer.handovers)
    )
    return [*offered, *(_handed(file, files) for file in answer.handed)]


def _handed(file: Handed, files: frozenset[str]) -> Activity:
    """The address is what Teams' invoke says, or whoever speaks for Teams: it is pressed like any other."""
    link = lying(file.link, files)
    if not link:
        return note(documents.named(file))
    return Outgoing(type=ActivityTypes.message, attachments=[documents.handed(replace(file, link=link))])


def removed(answer: Answer, hosts: frozenset[str] = frozenset()) -> int:
    """How many links and pictures of the answer are not shown as such."""
    return links_removed(answer.text, pressable(answer, hosts))


def mark(kind: str, **fields: Any) -> Entity:
    """The entity that makes an activity a step of a stream."""
    entity = Entity(type="streaminfo")
    entity.additional_properties = {"streamType": kind, **fields}
    return entity


async def post(context: TurnContext, activity: Activity) -> str | None:
    """Say something new; its id where Teams tells one."""
    response = await context.send_activity(activity)
    return (response.id or None) if response else None


def blank(message: Activity) -> Activity:
    """A message that says nothing yet, to be written over by this one: a card by a card, since clients know that best."""
    if message.attachments:
        return Outgoing(type=ActivityTypes.message, attachments=[attachment(Card("…", ()))])
    return note("")


async def begun(context: TurnContext, message: Activity) -> str:
    """A further message, to be written over by this one; its id, "" where Teams tells none."""
    return await post(context, blank(message)) or ""


async def put(context: TurnContext, id: str, activity: Activity) -> None:
    """Write over a message."""
    activity.id = id
    await context.update_activity(activity)


def _lasting(answer: Answer) -> Sequence[Card]:
    """The cards, on the last of which stands what may be said next."""
    if not (answer.cards and answer.suggested):
        return answer.cards
    *others, last = answer.cards
    return (*others, replace(last, buttons=(*last.buttons, *answer.suggested)))


def _suggested(buttons: Sequence[Button]) -> SuggestedActions | None:
    actions = [CardAction(type=ActionTypes.im_back, title=cut(each.title, TITLE), value=each.text) for each in buttons]
    return SuggestedActions(to=[], actions=actions) if actions else None


def _text(answer: Answer, links: frozenset[str]) -> str:
    """What the answer says; there is always something to put in the place of the note."""
    cards = [card.title for card in answer.cards]
    title = next(iter((*cards, *(file.name for file in answer.handovers), *(file.name for file in answer.handed))), "")
    return safe(answer.text, links) or safe(title, frozenset()) or NOTHING


def _weight(marks: Sequence[Entity]) -> int:
    """Bytes the labels take at most."""
    return sum(size(orjson.dumps(entity.additional_properties).decode()) for entity in marks)


def _part(text: str, marks: Sequence[Entity]) -> Activity:
    return Outgoing(type=ActivityTypes.message, text=text, text_format=MARKDOWN, entities=marks)
