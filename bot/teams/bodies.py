"""What a request is answered with.

Floor 5.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what is written as JSON. Without a body it is truly empty: Teams refuses even `null`."""

    status: int
    body: object | None = None


def error(code: str) -> dict[str, dict[str, str]]:
    """The body of every error: a code, and no words that could hold content."""
    return {"error": {"code": code}}
