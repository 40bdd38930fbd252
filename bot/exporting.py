"""Everything that is kept of a person, as one JSON document and as one page to read, written while the rows come.

Floor 5. Pure: what is written depends on the rows alone. Neither document needs more memory for more rows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

import orjson

from dialogs.ports import Words
from dialogs.records import KINDS

VERSION = 1
"""Of the JSON document's form."""

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #d8d8de;font-size:1.2rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0;padding:.6rem 0;border-bottom:1px solid #eee}
dt{color:#5d5d66}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{background:#1b1b1f;color:#eee}dt{color:#aaa}dl,h2{border-color:#3a3a40}}
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of something that is kept, as its person may read it. `kind` is the name of the table."""

    kind: str
    fields: Mapping[str, Any]


class Json:
    """The document for programs: `{"version", "person", "made", "records": {kind: [row, …]}, "rows"}`."""

    name = "parley-export.json"

    def __init__(self, person: str, made: datetime) -> None:
        self._head = orjson.dumps({"version": VERSION, "person": person, "made": made})[:-1]
        self._kind = ""
        self._rows = 0

    def opening(self) -> bytes:
        """What stands before the first row."""
        return self._head + b',"records":{'

    def row(self, kept: Kept) -> bytes:
        """One more row. Those of one kind come one after the other."""
        before = b","
        if kept.kind != self._kind:
            before = (b"]," if self._kind else b"") + orjson.dumps(kept.kind) + b":["
        self._kind = kept.kind
        self._rows += 1
        return before + b"\n" + orjson.dumps(kept.fields, default=str)

    def closing(self) -> bytes:
        """What stands after the last one."""
        return (b"]" if self._kind else b"") + b'},"rows":%d}\n' % self._rows


class Page:
    """The page for people: self-contained, without scripts, in the person's language; it may load nothing from anywhere."""

    name = "parley-export.html"

    def __init__(self, person: str, made: datetime, words: Words) -> None:
        self._person = person
        self._made = made
        self._words = words
        self._kind = ""

    def opening(self) -> bytes:
        """What stands before the first row."""
        title = self._words.say("What I keep of you")
        made = self._words.say(
            "Written down on {time}, for {person}.", time=self._stamp(self._made), person=self._person
        )
        return (
            f'<!DOCTYPE html>\n<html lang="{escape(self._words.language)}"><head><meta charset="utf-8">'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
            f"<p>{escape(made)}</p>\n"
        ).encode("utf-8", "replace")

    def row(self, kept: Kept) -> bytes:
        """One more row. Those of one kind come one after the other."""
        head = ""
        if kept.kind != self._kind:
            head = f"<h2>{escape(self._section(kept.kind))}</h2>\n"
        self._kind = kept.kind
        return f"{head}<dl>{''.join(self._lines(kept.fields))}</dl>\n".encode("utf-8", "replace")

    def closing(self) -> bytes:
        """What stands after the last one."""
        nothing = "" if self._kind else f"<p>{escape(self._words.say('I keep nothing of you.'))}</p>"
        return f"{nothing}</body></html>\n".encode("utf-8", "replace")

    def _section(self, kind: str) -> str:
        return self._words.say(KINDS[kind]) if kind in KINDS else kind

    def _lines(self, fields: Mapping[str, Any]) -> Iterator[str]:
        for name, value in fields.items():
            if value not in (None, ""):
                yield f"<dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(self._shown(value))}</dd>"

    def _shown(self, value: Any) -> str:
        for kind, show in SHOWN:
            if isinstance(value, kind):
                return show(value)
        return self._stamp(value) if isinstance(value, datetime) else str(value)

    def _stamp(self, time: datetime) -> str:
        return f"{time.year} {self._words.stamp(time)}"


Document = Json | Page

SHOWN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "✓" if value else "–"),
    (dict, lambda value: orjson.dumps(value).decode()),
    (list, lambda value: orjson.dumps(value).decode()),
)
"""How a value is written where it is no time."""
