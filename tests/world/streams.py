"""The rules by which Teams lets a bot's message grow (one-to-one chats only).

A stream's first step opens it, further steps lengthen its text, a message with streamType `final` closes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.world.door import Refusal
from tests.world.people import kind

WALL = 120.0
"""Seconds from the first step after which Teams ends a stream."""


def info(activity: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The `streaminfo` entity of an activity."""
    return next((one for one in activity.get("entities") or () if str(one.get("type")).lower() == "streaminfo"), None)


@dataclass(slots=True)
class Stream:
    """A message under way. `text` is what has been streamed as content; informative lines are no part of it."""

    id: str
    conversation: str
    began: float
    sequence: int = 0
    text: str = ""
    end: str = ""
    """Why it takes no more: Teams' own words; empty while it lives."""

    def expire(self, now: float) -> None:
        if not self.end and now - self.began > WALL:
            self.end = "Content stream finished due to exceeded streaming time."


def forbidden(message: str) -> Refusal:
    """All of Teams' refusals of a step share one code; only the words tell them apart."""
    return Refusal(403, "ContentStreamNotAllowed", message)


class Streams:
    """All streams of a double."""

    def __init__(self) -> None:
        self._streams: dict[str, Stream] = {}
        self._latest: dict[str, Stream] = {}

    def live(self, conversation: str, now: float) -> Stream | None:
        """The stream that is still growing in a conversation."""
        stream = self._latest.get(conversation)
        if stream is None:
            return None
        stream.expire(now)
        return None if stream.end else stream

    def open(self, id: str, conversation: str, activity: Mapping[str, Any], now: float) -> Stream:
        """The first step; raises the `Refusal` Teams would answer with."""
        mark = info(activity) or {}
        _check_place(conversation)
        _check_form(activity, mark)
        if mark.get("streamType") == "final" or mark.get("streamSequence") != 1:
            raise Refusal(400, "BadRequest", "The first step needs streamSequence 1 and cannot be final")
        if self.live(conversation, now):
            raise forbidden("Content stream is not allowed")
        stream = self._streams[id] = self._latest[conversation] = Stream(id, conversation, now)
        _lengthen(stream, activity, mark)
        return stream

    def find(self, conversation: str, id: str, now: float) -> Stream:
        """The stream that a later step belongs to; raises when it takes no more."""
        _check_place(conversation)
        stream = self._streams.get(id)
        if stream is None or stream.conversation != conversation:
            raise Refusal(400, "BadRequest", "Unknown streamId")
        stream.expire(now)
        if stream.end:
            raise forbidden(stream.end)
        return stream

    def step(self, stream: Stream, activity: Mapping[str, Any]) -> bool:
        """A later step. False when it came out of order: Teams drops it and says 202 all the same."""
        mark = info(activity) or {}
        _check_form(activity, mark)
        if mark.get("streamType") == "final":
            _check_prefix(stream, activity)
            self.end(stream.id, "Content stream is not allowed on an already completed streamed message")
            return True
        if not isinstance(mark.get("streamSequence"), int):
            raise Refusal(400, "BadRequest", "streamSequence is missing")
        return mark["streamSequence"] > stream.sequence and _lengthen(stream, activity, mark)

    def end(self, id: str, why: str) -> None:
        """Ends a stream for good, if it is one and still lives."""
        stream = self._streams.get(id)
        if stream is not None and not stream.end:
            stream.end = why


def _check_place(conversation: str) -> None:
    if kind(conversation) != "personal":
        raise forbidden("Content stream is not allowed")


def _check_form(activity: Mapping[str, Any], mark: Mapping[str, Any]) -> None:
    final = mark.get("streamType") == "final"
    if not (activity.get("text") or "").strip():
        raise Refusal(400, "BadRequest", "Start streaming activities should include text")
    if activity.get("type") != ("message" if final else "typing"):
        raise Refusal(400, "BadRequest", "Steps are typing activities and the final is a message")
    if final and "streamSequence" in mark:
        raise Refusal(400, "BadRequest", "The final carries no streamSequence")
    if not final and activity.get("attachments"):
        raise Refusal(400, "BadRequest", "Attachments are allowed in the final only")


def _check_prefix(stream: Stream, activity: Mapping[str, Any]) -> None:
    if not activity["text"].startswith(stream.text):
        raise forbidden("Request streamed content should contain the previously streamed content")


def _lengthen(stream: Stream, activity: Mapping[str, Any], mark: Mapping[str, Any]) -> bool:
    """Whether the step is to be seen; an informative line is not once content stands there."""
    informative = mark.get("streamType") == "informative"
    if not informative:
        _check_prefix(stream, activity)
    stream.sequence = mark["streamSequence"]
    if informative:
        return not stream.text
    stream.text = activity["text"]
    return True
