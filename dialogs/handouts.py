"""The assistant's last answer as a document, handed to the person if they agree.

Floor 3. No model has a hand in this.
"""

from collections.abc import AsyncIterator

from dialogs.errors import NotUnderstood, Personal
from dialogs.ports import Desk, Form
from dialogs.talk import Ask, Message, Part, PlaceKind, Say

RECENT = 6
"""Lines of the chat among which the last answer is looked for."""
OBJECTS = (
    *("this", "that", "it", "the answer", "your answer", "the last answer", "your last answer"),
    *("das", "dies", "es", "die antwort", "deine antwort", "die letzte antwort", "deine letzte antwort"),
    *("ça", "cela", "la réponse", "ta réponse", "la dernière réponse", "ta dernière réponse"),
    *("esto", "eso", "la respuesta", "tu respuesta", "la última respuesta", "tu última respuesta"),
)
"""What may stand between `give me` and `as a document`."""

NO_ANSWER = "There is no answer of mine here yet that I could put into a document. Ask me something first."


def as_word(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The last answer for Word, with its sources. Raises `Personal`, `NotUnderstood` or `Unavailable`."""
    return _handed(ask, desk, "docx")


def as_markdown(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The same as Markdown."""
    return _handed(ask, desk, "md")


async def _handed(ask: Ask, desk: Desk, form: Form) -> AsyncIterator[Part]:
    if ask.place.kind is not PlaceKind.PERSONAL:
        raise Personal
    last = _last(await desk.history.recent(RECENT))
    file = await desk.files.write(last.text, last.cites, form)
    yield Say(
        desk.words.say(
            "This is my last answer as a document. If you agree, I put it into your OneDrive. I keep it for that for an hour."
        )
    )
    yield file


def _last(history: tuple[Message, ...]) -> Message:
    found = next((line for line in reversed(history) if line.role == "assistant" and line.text.strip()), None)
    if found is None:
        raise NotUnderstood(NO_ANSWER)
    return found
