"""The assistant's last answer as a document, handed to the person if they agree.

Floor 3. No model has a hand in this.
"""

from collections.abc import AsyncIterator, Mapping

from dialogs.errors import NotUnderstood, Personal
from dialogs.ports import Desk, Form
from dialogs.talk import Ask, Message, Part, PlaceKind, Say

RECENT = 6
"""Lines of the chat among which the last answer is looked for."""
WORD: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("as a document", "as document", "as a word document", "as a word file", "as word", "as docx"),
        *("give me … as a document", "give me … as a word document", "give me … as word"),
        *("save … as a document", "save … as a word document", "save … as word", "turn … into a document"),
        "en word",
    ),
    "de": (
        *("als dokument", "als word-dokument", "als word", "als word-datei", "gib mir … bitte als dokument"),
        *("gib mir … bitte als word-dokument", "gib mir … als dokument", "gib mir … als word-dokument"),
        *("gib mir … als word", "speichere … als dokument", "speichere … als word-dokument"),
        *("speichere … als word", "mach … zu einem dokument"),
    ),
    "fr": (
        *("en document", "en document word", "sous forme de document", "au format word"),
        *("donne-moi … en document", "donne-moi … en document word", "donne-moi … sous forme de document"),
        *("donne-moi … au format word", "donne-moi … en word", "enregistre … en document"),
        *("enregistre … sous forme de document", "enregistre … au format word", "transforme … en document"),
    ),
    "es": (
        *("como documento", "como documento de word", "como documento word", "en formato word"),
        *("dame … como documento", "dame … como documento de word", "dame … en word", "dámelo como documento"),
        *("guarda … como documento", "guarda … como documento de word", "guárdalo como documento"),
        *("convierte … en documento", "convierte … en un documento"),
    ),
    "ja": ("wordで", "wordに", "ワードで", "文書で", "文書に", "ドキュメントに", "ドキュメントで"),
}
"""What is typed for a Word document, `…` for one of `OBJECTS`. `en word` is French or Spanish: neither is answered in for it."""
MARKDOWN: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("as markdown", "as md", "as a markdown file", "give me … as markdown", "save … as markdown"),
        "en markdown",
    ),
    "de": ("als markdown", "gib mir … bitte als markdown", "gib mir … als markdown", "speichere … als markdown"),
    "fr": ("donne-moi … en markdown", "enregistre … en markdown"),
    "es": ("como markdown", "dame … como markdown", "dame … en markdown", "guarda … como markdown"),
    "ja": ("markdownで", "markdownに", "マークダウンで"),
}
"""The same for Markdown."""
OBJECTS = (
    *("this", "that", "it", "the answer", "your answer", "the last answer", "your last answer"),
    *("das", "dies", "es", "die antwort", "deine antwort", "die letzte antwort", "deine letzte antwort"),
    *("ça", "cela", "la réponse", "ta réponse", "la dernière réponse", "ta dernière réponse"),
    *("esto", "eso", "la respuesta", "tu respuesta", "la última respuesta", "tu última respuesta"),
    *("これを", "それを", "回答を", "今の回答を", "前の回答を", "最後の回答を"),
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
