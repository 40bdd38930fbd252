"""An activity on its way out.

Floor 5.
"""

from typing import Any, Self

from botbuilder.schema import Activity


class Outgoing(Activity):  # type: ignore[misc]  # the SDK has no types
    """An `Activity` that is cheap to say.

    `TurnContext` makes a deep copy of everything it sends, which is most of what saying something costs. It only sets
    fields of the copy itself, so that a flat copy keeps the original as it was just as well.

    What is `passing` shows a state that the next activity shows too: it may be left out.
    """

    passing = False

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copy = type(self).__new__(type(self))
        copy.__dict__.update(self.__dict__)
        return copy
