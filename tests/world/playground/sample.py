"""The sample threads that a newcomer finds: `launch.txt` and the others, dated to the days and hours just past."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tests.world.people import PEOPLE, Someone
from tests.world.playground.cast import BUILD_BOT, NEWCOMER, App

CHANNEL = ("launch.txt", "hotline.txt", "seatmap.txt")
"""The threads of the channel."""
GROUP = "group.txt"
HEAD = re.compile(r"(?:(\d) (\d\d:\d\d)|-(\d+):(\d\d)) (\w+)(?: (edited|deleted))?\n")
MENTION = re.compile(r"@robin\b")
AUTHORS: dict[str, Someone | App] = {
    "buildbot": BUILD_BOT,
    **{person.name.partition(" ")[0].lower(): person for person in PEOPLE},
}


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a sample thread. Mentions stand in the text as `<at>name</at>`."""

    at: datetime
    author: Someone | App
    text: str
    edited: bool = False
    deleted: bool = False


def lines(name: str, now: datetime) -> Iterator[Line]:
    """The thread of a file, oldest first. `now` knows its time zone."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    for block in text.strip().split("\n\n"):
        if head := HEAD.match(block):
            yield line(head, block[head.end() :].strip(), now)


def line(head: re.Match[str], text: str, now: datetime) -> Line:
    *when, author, state = head.groups()
    said = MENTION.sub(f"<at>{NEWCOMER.name}</at>", text)
    return Line(moment(*when, now=now), AUTHORS[author], said, edited=state == "edited", deleted=state == "deleted")


def moment(day: str, clock: str, hours: str, minutes: str, *, now: datetime) -> datetime:
    """When a message was written: a time of one of the days, or so long ago."""
    if hours:
        return now - timedelta(hours=int(hours), minutes=int(minutes))
    return datetime.combine(monday(now.date()) + timedelta(days=int(day) - 1), time.fromisoformat(clock), now.tzinfo)


def monday(today: date) -> date:
    """The last Monday that has three whole days behind it: the threads speak of weekdays."""
    past = today - timedelta(days=3)
    return past - timedelta(days=past.weekday())
