"""Cards as Adaptive Cards 1.5, the newest that Teams shows.

Floor 5. Lines are text runs, in which nothing is markup; only the heading is markdown, and it is escaped.
"""

from typing import Any

from botbuilder.schema import Attachment

from bot.teams.escape import escaped, seen
from dialogs.talk import Button, Card

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"


def attachment(card: Card) -> Attachment:
    """The card as it hangs on a message."""
    return Attachment(content_type=CONTENT_TYPE, content=adaptive(card))


def adaptive(card: Card) -> dict[str, Any]:
    """The card's JSON."""
    spoken = seen("\n".join((card.title, *card.lines)))
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": spoken,
        "speak": escaped(spoken),
        "body": [_heading(card.title), *map(_line, card.lines)],
        "actions": list(map(_action, card.buttons)),
    }


def _heading(title: str) -> dict[str, Any]:
    text = escaped(seen(title), opening=True)
    return {"type": "TextBlock", "style": "heading", "weight": "Bolder", "wrap": True, "text": text}


def _line(line: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": seen(line)}]}


def _action(button: Button) -> dict[str, Any]:
    """Pressing it says the button's text in the person's name; a quiet one's comes as an activity's value, seen by nobody."""
    data = {"say": button.text} if button.quiet else {"msteams": {"type": "imBack", "value": button.text}}
    return {"type": "Action.Submit", "title": seen(button.title), "data": data}
