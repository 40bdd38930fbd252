"""What the person may want to say next.

Floor 1.
"""

from dataclasses import dataclass

from dialogs.cards import Button


@dataclass(frozen=True, slots=True)
class Suggest:
    """What the person may want to say next, below the answer until somebody speaks again; nothing rests on its being seen."""

    buttons: tuple[Button, ...]
