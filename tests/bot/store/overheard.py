"""What a server was told, statement by statement, by its own log: nothing that a program does gets past that."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.store.sessions import ROLE

LISTENING = (
    *("fsync=off", "full_page_writes=off", "max_connections=200"),
    *("logging_collector=on", "log_destination=jsonlog", "log_filename=said", "log_rotation_size=0"),
    *("log_statement=all", "log_parameter_max_length=-1"),
)
"""Settings of a server that writes down every statement with its values."""
SAID = re.compile(r"(?:execute [^:]*|statement): (.*)", re.DOTALL)
VALUE = re.compile(r"\$(\d+) = (?:NULL|'((?:[^']|'')*)')")


@dataclass(frozen=True, slots=True)
class Heard:
    """A statement and the values of its parameters, as text, by their numbers."""

    text: str
    values: Mapping[int, str]


def heard(home: Path) -> list[Heard]:
    """All that the bot's sessions have said to the server that lives there: those that serve as its role."""
    sessions: dict[str, list[Heard]] = {}
    ours: set[str] = set()
    for session, one in _lines(home / "postgres" / "log" / "said.json"):
        sessions.setdefault(session, []).append(one)
        if f"SET ROLE {ROLE}" in one.text:
            ours.add(session)
    return [one for session in sorted(ours) for one in sessions[session]]


def _lines(path: Path) -> Iterator[tuple[str, Heard]]:
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        said = SAID.fullmatch(entry.get("message", ""))
        if said and "session_id" in entry:
            values = {int(number): text.replace("''", "'") for number, text in VALUE.findall(entry.get("detail", ""))}
            yield entry["session_id"], Heard(said[1], values)
