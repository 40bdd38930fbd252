"""The typed models of Adaptive Cards, from Microsoft's own library: it is made anew of what Teams shows whenever that changes.

Floor 5, a member of the room of `bot.teams.cards`. The library is loaded at its first use, or beside the first messages: that takes 0.4 s
and 19 MB, which the start does not have. Names and values are checked twice: by mypy where a card is built, and by the models as it is.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microsoft_teams.cards.core import (
        Action,
        ActionSet,
        ActionStyle,
        AdaptiveCard,
        CardElement,
        Choice,
        ChoiceSetInput,
        Column,
        ColumnSet,
        Container,
        OpenUrlAction,
        RichTextBlock,
        SerializableObject,
        Spacing,
        SubmitAction,
        TextBlock,
        TextInput,
        TextRun,
        VerticalBarChart,
        VerticalBarChartDataValue,
    )

__all__ = (
    "Action",
    "ActionSet",
    "ActionStyle",
    "AdaptiveCard",
    "CardElement",
    "Choice",
    "ChoiceSetInput",
    "Column",
    "ColumnSet",
    "Container",
    "OpenUrlAction",
    "RichTextBlock",
    "SerializableObject",
    "Spacing",
    "SubmitAction",
    "TextBlock",
    "TextInput",
    "TextRun",
    "VerticalBarChart",
    "VerticalBarChartDataValue",
    "written",
)

Element = dict[str, Any]
"""An element as JSON."""


def __getattr__(name: str) -> Any:
    """A model of the library."""
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(import_module("microsoft_teams.cards.core"), name)


def load() -> None:
    """Load the library, which takes half a second; otherwise the first card does. For a thread, once the bot serves."""
    import_module("microsoft_teams.cards.core")


def written(element: "SerializableObject") -> Element:
    """The element as JSON. The library makes every number a fraction, which is not what all clients read."""
    found: Element = _whole(element.model_dump(by_alias=True, exclude_none=True))
    return found


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return list(map(_whole, value))
    return int(value) if isinstance(value, float) and value.is_integer() else value
