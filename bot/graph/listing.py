"""What Graph's listings hold, and which of it fits the names that somebody wrote.

Floor 6, of the family of `bot.graph`. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.graph.naming import Fit, Wanted, fit, folded, key_of
from bot.posts import Record
from dialogs.plain import line
from dialogs.ports import Found
from dialogs.talk import Person, Place, PlaceKind

NAMED = 4
"""Members that a chat without a topic is called by."""
Rank = tuple[Fit, int]
"""How well a place fits, and which of the names."""

_HOST = re.compile(r"/teams(?:/|\(')([0-9a-fA-F-]{36})")


@dataclass(frozen=True, slots=True)
class Entry:
    """A channel or chat as the listings have it. `team` is the name of the team a channel was found in, "" for a chat."""

    place: Place
    name: str
    team: str = ""

    @property
    def title(self) -> str:
        """What it is called, and what may be typed for it."""
        return f"#{self.name} in {self.team}" if self.team else f"Chat: {self.name}"

    def fits(self, wish: Wanted) -> Fit | None:
        """How well this is what somebody meant."""
        if wish.key and wish.key != key_of(self.place.home):
            return None
        if not self.team:
            return fit(self.name, wish.chat)
        own = [fit(self.name, wish.channel), fit(self.team, wish.team)]
        both = [_worse(fit(self.name, channel), fit(self.team, team)) for channel, team in wish.pairs]
        return min((found for found in own + both if found is not None), default=None)


def best(listed: Iterable[Entry], names: Sequence[str], wishes: Sequence[Wanted]) -> tuple[Found, ...]:
    """What fits, each place once: where a name fits as it is, that of the first such name alone; else all, by fit."""
    ranked = sorted(_ranked(listed, wishes), key=lambda hit: (*hit[0], folded(hit[1].title), hit[1].place.home))
    once: dict[str, tuple[Rank, Entry]] = {}
    for hit in ranked:
        once.setdefault(hit[1].place.home, hit)
    hits = list(once.values())
    if hits and hits[0][0][0] is Fit.EXACT:
        hits = [hit for hit in hits if hit[0] == hits[0][0]]
    titles = Counter(folded(entry.title) for _, entry in hits)
    return tuple(
        _found(entry, names[number], found is Fit.EXACT, titles[folded(entry.title)] > 1)
        for (found, number), entry in hits
    )


def channel(record: Record, team: Record) -> Entry:
    """A channel of a team, or of the team that shares it."""
    host = _HOST.search(str(record.get("@odata.id", "")))
    id, name = str(record["id"]), line(str(record.get("displayName") or ""))
    place = Place(PlaceKind.CHANNEL, id, host[1] if host else str(team["id"]), id)
    return Entry(place, name, team_name(team))


def chat_name(record: Record, person: Person) -> str:
    """A chat's topic, or else the names of the others in it; "" where neither is known."""
    if topic := line(str(record.get("topic") or "")):
        return topic
    members: list[Any] = [member for member in record.get("members") or () if isinstance(member, dict)]
    others = [member for member in members if str(member.get("userId", "")).casefold() != person.id.casefold()]
    called = sorted(filter(None, (line(str(member.get("displayName") or "")) for member in others)))
    more = f" +{len(called) - NAMED}" if len(called) > NAMED else ""
    return ", ".join(called[:NAMED]) + more


def team_name(team: Record) -> str:
    """What a team is called."""
    return line(str(team.get("displayName") or "")) or str(team["id"])


def _ranked(listed: Iterable[Entry], wishes: Sequence[Wanted]) -> Iterator[tuple[Rank, Entry]]:
    for entry in listed:
        fits = [(found, number) for number, wish in enumerate(wishes) if (found := entry.fits(wish)) is not None]
        if fits:
            yield min(fits), entry


def _found(entry: Entry, name: str, exact: bool, shared: bool) -> Found:
    title = f"{entry.title} [{key_of(entry.place.home)}]" if shared else entry.title
    return Found(replace(entry.place, name=entry.title), title, name, exact)


def _worse(one: Fit | None, other: Fit | None) -> Fit | None:
    return None if one is None or other is None else max(one, other)
