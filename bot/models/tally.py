"""What has arrived of one answer: its text, how it ended, what it took.

Floor 6.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.models.verdicts import RESULTS, found, gravest, prompted, refused
from dialogs.errors import AssistantError, Blocked, Unavailable
from dialogs.talk import Finding, Usage

REGION = "x-ms-region"
REQUESTS = ("apim-request-id", "x-request-id")
"""Headers that name the request, the one first that Azure's specification names."""

_WORD = re.compile(r"[A-Za-z0-9._-]{1,80}")

NOTHING: Mapping[str, Any] = {}
MOST = 2**31 - 1
"""Tokens that a call could take."""
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
    """Takes chunks of a chat completion, as JSON. None of their fields is trusted to be there, or to be what it should."""

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
        self._version = ""
        self._region = ""
        self._request = ""
        self._findings: tuple[Finding, ...] = ()

    def met(self, headers: Mapping[str, str]) -> None:
        """The headers of the answer, or of the refusal."""
        self._region = word("".join(headers.get(REGION, "").split()).lower())
        self._request = next(filter(None, (word(headers.get(name)) for name in REQUESTS)), "")

    def refused(self, error: object) -> None:
        """The `error` object of a refusal, before or in the middle of the answer."""
        self._find(*refused("completion" if self._text else "prompt", error))

    def take(self, chunk: object) -> str:
        """The text of a chunk. Raises `Blocked` where the filter or the model itself refuses."""
        self._begun = True
        told = fields(chunk)
        self._usage = told.get("usage") or self._usage
        self._version = word(told.get("model")) or self._version
        self._find(*prompted(told))
        choices = told.get("choices")
        return "".join(map(self._choice, choices if isinstance(choices, list) else ()))

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
        said = self._usage
        return Usage(
            model=self._model,
            input=self._asked if said is None else number(said, "prompt_tokens"),
            output=tokens("".join(self._text)) if said is None else number(said, "completion_tokens"),
            cached=number(fields(said).get("prompt_tokens_details"), "cached_tokens"),
            estimated=said is None,
            version=self._version,
            region=self._region,
            request=self._request,
            findings=self._findings,
        )

    def _find(self, *findings: Finding) -> None:
        if findings:
            self._findings = gravest((*self._findings, *findings))

    def _choice(self, choice: object) -> str:
        told = fields(choice)
        delta = fields(told.get("delta"))
        self._find(*found("completion", told.get(RESULTS[0])))
        self._end = told.get("finish_reason") or self._end
        if self._end == "content_filter" or delta.get("refusal"):
            raise Blocked
        text = delta.get("content")
        if not isinstance(text, str) or not text:
            return ""
        self._text.append(text)
        return text


def fields(value: object) -> Mapping[str, Any]:
    """What an object says; nothing where it is none."""
    return value if isinstance(value, dict) else NOTHING


def number(holder: object, name: str) -> int:
    """A count, 0 where it is missing, or such that the books could not take it: the ask would die of it."""
    found = fields(holder).get(name)
    return found if type(found) is int and 0 <= found <= MOST else 0


def word(value: object) -> str:
    """A name that is nothing but a name; "" for anything else, which may be somebody's words."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""
