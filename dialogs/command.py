"""What a command is: words to type, and the dialog that follows.

Floor 4. A member of the room of `dialogs.menu`.
"""

from dataclasses import dataclass
from enum import Enum, auto

from dialogs.ports import Dialog


class Takes(Enum):
    """What may follow a command's words."""

    NOTHING = auto()
    WINDOW = auto()
    TOPIC = auto()
    TIMES = auto()
    KEY = auto()
    VERBS = auto()
    NAME = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type: any of `words`, or of those in another language. `…` stands for what it takes. In `ja`, what it
    takes comes before the words, or in their middle where there is a `…` (`dialogs.japanese`).

    `action` is its name in the audit; title and description are those of the app's manifest. `verbs` are the forms of what
    may follow where it takes `VERBS` (`dialogs.typed.fits`); `NAME` is the name of a prompt and a colon; a company may switch
    a `feature` off.
    """

    words: tuple[str, ...]
    dialog: Dialog
    action: str
    title: str = ""
    description: str = ""
    takes: Takes = Takes.NOTHING
    verbs: tuple[str, ...] = ()
    feature: str = ""
    de: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    es: tuple[str, ...] = ()
    ja: tuple[str, ...] = ()
