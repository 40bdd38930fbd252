"""An answer as a document somebody can take along: Word or Markdown, with its sources.

Floor 5. Pure, and it takes its time: for a thread. What is written depends on what is handed in alone, the time too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.manuscript import Blocks, Heading, Line, Run, Text, clean, manuscript
from bot.markdown import as_markdown
from bot.wordfile import as_word
from dialogs.plain import line
from dialogs.ports import Form, Words
from dialogs.talk import Cite

HOSTS = frozenset({"teams.microsoft.com", "teams.cloud.microsoft", "gov.teams.microsoft.us", "dod.teams.microsoft.us"})
"""Where a message in Teams is opened: no other address can be pressed in a document."""
LONGEST = 2_000
"""Characters of an address that can be."""
FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|', "-"))
"""What OneDrive takes in no file's name."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands in a document."""

    title: str
    note: str
    blocks: Blocks
    language: str
    at: datetime


def printed(text: str, cites: Sequence[Cite], form: Form, words: Words, now: datetime) -> bytes:
    """An answer (CommonMark) and its sources as a document."""
    links = frozenset(cite.link for cite in cites if _fit(cite.link))
    note = words.say("Written by AI. Please check what matters, by its sources where it has any.")
    blocks = (*manuscript(text, links), *_sources(cites, words))
    return FORMS[form](Sheet(_title(words, now), note, blocks, words.language, now))


def name_of(form: Form, words: Words, now: datetime) -> str:
    """What such a document is called: `Parley answer 2026-11-21.docx`."""
    return f"{line(_title(words, now)).translate(FORBIDDEN)}.{form}"


def _title(words: Words, now: datetime) -> str:
    return words.say("Parley answer {date}", date=now.date().isoformat())


def _sources(cites: Sequence[Cite], words: Words) -> Blocks:
    """The sources by the numbers of their marks in the text."""
    by_number = {cite.number: cite for cite in reversed(cites)}
    found = tuple(Text(_source(cite), f"[{number}]") for number, cite in sorted(by_number.items()))
    return (Heading(2, (Run(words.say("Sources")),)), *found) if found else ()


def _source(cite: Cite) -> Line:
    """The title, what stands there, and where; an address that nobody may press is not shown either."""
    title, quote = (line(clean(text)) for text in (cite.title, cite.quote))
    runs = [Run(title, bold=True)] if title else []
    runs += [Run(f"\n“{quote}”" if runs else f"“{quote}”")] if quote else []
    runs += [Run("\n"), Run(cite.link, link=cite.link)] if _fit(cite.link) else []
    return tuple(runs)


def _fit(link: str) -> bool:
    """Whether an address leads to a message in Teams and nowhere else."""
    if not link.startswith("https://") or len(link) > LONGEST or link != line(link):
        return False
    try:
        return urlsplit(link).netloc.lower() in HOSTS
    except ValueError:
        return False


FORMS: Mapping[Form, Callable[[Sheet], bytes]] = {
    "docx": lambda sheet: as_word(sheet.title, sheet.note, sheet.blocks, sheet.language, sheet.at),
    "md": lambda sheet: as_markdown(sheet.title, sheet.note, sheet.blocks),
}
