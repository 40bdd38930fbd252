"""The sample threads that a newcomer finds: `channel.txt` and `group.txt`, dated to the days just past."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tests.world.people import PEOPLE, Someone
from tests.world.playground.cast import BUILD_BOT, App

HEAD = re.compile(r"(\d) (\d\d:\d\d) (\w+)(?: (edited|deleted))?\n")
AUTHORS: dict[str, Someone | App] = {
    "buildbot": BUILD_BOT,
    **{person.name.partition(" ")[0].lower(): person for person in PEOPLE},
}


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a sample thread."""

    at: datetime
    author: Someone | App
    text: str
    edited: bool = False
    deleted: bool = False


def lines(name: str, today: date) -> Iterator[Line]:
    """The thread of a file, oldest first."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    for block in text.strip().split("\n\n"):
        if head := HEAD.match(block):
            yield line(head, block[head.end() :].strip(), monday(today))


def line(head: re.Match[str], text: str, first: date) -> Line:
    day, clock, author, state = head.groups()
    at = datetime.combine(first + timedelta(days=int(day) - 1), time.fromisoformat(clock)).astimezone()
    return Line(at, AUTHORS[author], text, edited=state == "edited", deleted=state == "deleted")


def monday(today: date) -> date:
    """The last Monday that has three whole days behind it: the threads speak of weekdays."""
    past = today - timedelta(days=3)
    return past - timedelta(days=past.weekday())
