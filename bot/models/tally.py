"""What has arrived of one answer: its text, how it ended, what it took.

Floor 6.
"""

from typing import Any

from dialogs.errors import AssistantError, Blocked, Unavailable
from dialogs.talk import Usage

OVERHEAD = 4
"""Tokens around a message."""


def tokens(text: str) -> int:
    """At most how many tokens a text takes, without the model's vocabulary, which would be a download.

    Vocabularies of this size take 4 to 5 bytes of European prose a token, about 3 of Chinese or Arabic. Three bytes a
    token therefore errs on the safe side for what people write; a wall of hexadecimal digits can pass it, and then the
    model's own refusal becomes `TooLong`.
    """
    return -(-len(text.encode(errors="replace")) // 3) + OVERHEAD


class Tally:
    """Takes chunks of a chat completion. None of their fields is trusted to be there."""

    def __init__(self, model: str, asked: int) -> None:
        """`asked` is how many tokens the request takes at most."""
        self.charged = True
        """Whether the call costs something; a stopped one does, however early it was stopped."""
        self.failure: AssistantError | None = None
        self._begun = False
        self._model = model
        self._asked = asked
        self._text: list[str] = []
        self._end = ""
        self._usage: Any = None

    def take(self, chunk: Any) -> str:
        """The text of a chunk. Raises `Blocked` where the filter or the model itself refuses."""
        self._begun = True
        self._usage = getattr(chunk, "usage", None) or self._usage
        return "".join(map(self._choice, getattr(chunk, "choices", None) or ()))

    def complete(self) -> None:
        """The stream has ended. Raises `Unavailable` where it was cut, or nothing was said."""
        if not self._end or not "".join(self._text).strip():
            raise Unavailable

    def fail(self, error: AssistantError) -> None:
        """It went wrong. A refusal before anything came is free, except the filter's, which read the prompt."""
        self.failure = error
        self.charged = self._begun or isinstance(error, Blocked)

    @property
    def said(self) -> bool:
        """Whether a person may have seen some of it."""
        return bool(self._text)

    def usage(self) -> Usage:
        """What the call took: as the model says, or estimated from the texts where it did not get to say it."""
        if self._usage is None:
            return Usage(self._model, self._asked, tokens("".join(self._text)), estimated=True)
        details = getattr(self._usage, "prompt_tokens_details", None)
        return Usage(
            self._model,
            number(self._usage, "prompt_tokens"),
            number(self._usage, "completion_tokens"),
            number(details, "cached_tokens"),
        )

    def _choice(self, choice: Any) -> str:
        delta = getattr(choice, "delta", None)
        self._end = getattr(choice, "finish_reason", None) or self._end
        if self._end == "content_filter" or getattr(delta, "refusal", None):
            raise Blocked
        text = getattr(delta, "content", None)
        if not isinstance(text, str) or not text:
            return ""
        self._text.append(text)
        return text


def number(holder: Any, name: str) -> int:
    """A count, 0 where it is missing."""
    found = getattr(holder, name, None)
    return found if isinstance(found, int) else 0
