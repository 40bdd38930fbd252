"""How long an answer is waited for, in seconds.

Floor 6. Who asked is answered or told why not within a minute: the first word is waited for less than that, and each further
one so short that there is time for a second try.
"""

from dataclasses import dataclass

CONNECT = 3.0
"""To reach a resource; shorter than `LATE`, so that one out of reach is known not to have been asked."""
LATE = 3.5
"""Until an answer has begun; then the next resource is asked too."""
READING = 20_000
"""Tokens of a prompt that a resource may take a second for, before it is late."""
FIRST = 45.0
"""Until the first word, by whomever: models that reason may think for long."""
SILENCE = 20.0
"""Between two pieces of an answer."""
PATIENCE = 100.0
"""For the whole answer; Teams ends a stream at two minutes."""
SPENT = 30.0
"""After which an answer that did not come is not tried for again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The same, as it is handed to whom it binds."""

    late: float = LATE
    first: float = FIRST
    silence: float = SILENCE
    whole: float = PATIENCE
    spent: float = SPENT

    def due(self, asked: int) -> float:
        """Until when a prompt of so many tokens should have begun to be answered."""
        return self.late + asked / READING
