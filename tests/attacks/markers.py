"""Marks in everything that anybody writes, and who may see them: what a walk through the house is judged by."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

MARK = re.compile(r"mk[0-9]{6}x")
POSTED = '"text": "Posted '
Who = tuple[str, str]
"""A person: the tenant in whose conversations they are, and their Entra id there."""


class Leak(AssertionError):
    """A mark was seen where it may not be, within the first `step` steps."""

    def __init__(self, seen: str, step: int) -> None:
        super().__init__(seen)
        self.step = step


@dataclass(slots=True)
class Source:
    """What bears a mark. `home` is the conversation it stands in, "" for what somebody gave the assistant alone.

    A saved `prompt` is its author's, and of the `teams` with which it was ever shared.
    """

    tenant: str
    home: str
    author: str
    born: int
    gone: bool = False
    prompt: bool = False
    teams: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Marks:
    """Every mark with its source, what people know, and what was read for whom since the last calm.

    `readers` says who belongs to a conversation now, each with the step since which they see what is written there.
    """

    readers: "Readers"
    sources: dict[str, Source] = field(default_factory=dict)
    known: defaultdict[Who, set[str]] = field(default_factory=lambda: defaultdict(set))
    granted: defaultdict[str, set[Who]] = field(default_factory=lambda: defaultdict(set))
    read: defaultdict[Who, set[str]] = field(default_factory=lambda: defaultdict(set))
    vouched: set[tuple[Who, str]] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    standing: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What the assistant has said before everybody in a conversation: it stands there for whoever belongs to it."""
    audience: defaultdict[str, set[Who]] = field(default_factory=lambda: defaultdict(set))
    """Who belonged to a mark's conversation whenever it was read: they may see it posted there later."""
    willing: set[Who] = field(default_factory=set)
    """Who has pressed, since the last calm, the button that posts what was for their eyes alone."""
    pressed: dict[str, int] = field(default_factory=dict)
    """The step at which that button was first pressed in a conversation since the last calm."""
    counted: dict[str, int] = field(default_factory=dict)
    """The step at which Teams last said who all belong to a conversation."""
    leaks: list[str] = field(default_factory=list)
    looks: int = 0

    def new(self, source: Source) -> str:
        """A mark for a source; who wrote it knows it."""
        mark = f"mk{len(self.sources):06d}x"
        self.sources[mark] = source
        self.known[source.tenant, source.author].add(mark)
        return mark

    def calm(self) -> None:
        """Nothing is under way: whatever is shown from now on must have been read from now on."""
        self.granted.clear()
        self.read.clear()
        self.vouched.clear()
        self.willing.clear()
        self.pressed.clear()
        self.fresh.clear()

    def may_read(self, who: Who, mark: str) -> bool:
        """Whether somebody could open the source of a mark in Teams now."""
        source = self.sources[mark]
        since = self.readers.since(source.tenant, source.home, who)
        reads = since is not None and since <= source.born
        return not source.gone and (reads or (who[0] == source.tenant and self.readers.reaches(who, source.teams)))

    def vouch(self, who: Who, home: str) -> None:
        """Teams or Graph has just said that somebody belongs to a conversation."""
        self.vouched.add((who, home))

    def press(self, who: Who, home: str, step: int) -> None:
        """Somebody presses the button that posts what was for their eyes alone."""
        self.willing.add(who)
        self.pressed.setdefault(home, step)

    def take(self, who: Who, text: str) -> None:
        """Something is read from Graph for somebody: they must be of the conversation, or have been when that was asked."""
        for mark in marks(text):
            source = self.sources[mark]
            belongs = (
                self.readers.since(source.tenant, source.home, who) is not None or (who, source.home) in self.vouched
            )
            if source.tenant != who[0] or (source.gone and mark not in self.fresh) or not belongs:
                self._leak("read", who, mark)
            self.read[who].add(mark)
            self.known[who].add(mark)
            self.granted[mark].update(self.readers.of(source.tenant, source.home), [who])
            self.audience[mark].update(self.granted[mark])

    def prompt(self, who: Who, text: str, own: set[str], home: str, *, personal: bool, alone: bool) -> None:
        """Something is given to a model for somebody, in a conversation in which they know the marks `own`."""
        for mark in marks(text):
            source = self.sources[mark]
            # In the personal chat the person's own command names the place; elsewhere nothing comes from another one.
            lawful = mark in self.read[who] and (personal or source.home == home)
            saved = source.prompt and self._uses(who, source, home)
            if source.tenant != who[0] or not (mark in own or lawful or saved):
                self._leak("prompt", who, mark)
            if saved:
                self.known[who].add(mark)  # also of who leaves between the asking and the answer
            if saved and not personal and not alone:
                self.standing[home].add(mark)  # whoever uses a saved prompt before everybody shows it to them

    def _uses(self, who: Who, source: Source, home: str) -> bool:
        """Whether somebody may use a saved prompt in a conversation: their own everywhere, a team's in its channels."""
        mine = who == (source.tenant, source.author)
        return mine or (
            who[0] == source.tenant and self.readers.uses(who, source.teams, home, (who, home) in self.vouched)
        )

    def show(self, tenant: str, people: Iterable[Who], text: str, home: str = "") -> None:
        """Something is seen by these people; by all of the conversation `home` where that is named."""
        found = [mark for mark in marks(text) if mark not in self.standing[home]]
        for who in people:
            for mark in found:
                source = self.sources[mark]
                there = self._was_there(who, mark) or self._openly(text, mark) or self._just_came(who, source)
                at_home = home == source.home != "" and there
                if tenant != source.tenant or not (at_home or self._lawful(who, mark) or self._lent(text, source)):
                    self._leak("shown", who, mark)
                self.known[who].add(mark)
        if home:
            self.standing[home].update(found)

    def _lent(self, text: str, source: Source) -> bool:
        """Whether it is their own that somebody has just posted for everybody."""
        return source.home == "" and POSTED in text and (source.tenant, source.author) in self.willing

    def _was_there(self, who: Who, mark: str) -> bool:
        """Whether somebody could have read the mark where it stood: when it was read for what is posted, or of old."""
        source = self.sources[mark]
        since = self.readers.since(source.tenant, source.home, who)
        return who in self.audience[mark] or (bool(self.audience[mark]) and since is not None and since <= source.born)

    def _just_came(self, who: Who, source: Source) -> bool:
        """Whether somebody came between Teams' last word on who all belong there, asked for what is posted, and that."""
        asked, since = self.counted.get(source.home, 0), self.readers.since(source.tenant, source.home, who)
        return since is not None and since > asked >= self.pressed.get(source.home, asked + 1)

    def _openly(self, text: str, mark: str) -> bool:
        """Whether a member asked for it before everybody, newcomers to the chat as well: that is theirs to decide. What
        was made for one pair of eyes and is posted later is not."""
        return bool(self.granted[mark]) and POSTED not in text

    def _lawful(self, who: Who, mark: str) -> bool:
        return mark in self.known[who] or who in self.granted[mark] or self.may_read(who, mark)

    def _leak(self, how: str, who: Who, mark: str) -> None:
        source = self.sources[mark]
        self.leaks.append(
            f"{how}: {mark} of {source.home or source.author} in {source.tenant[:8]} to {who[1]} in {who[0][:8]}"
        )


class Readers:
    """Who belongs to a conversation; see `tests.attacks.town`."""

    def since(self, tenant: str, home: str, who: Who) -> int | None:
        """The step since which somebody reads along; None for who does not."""
        raise NotImplementedError

    def of(self, tenant: str, home: str) -> list[Who]:
        """Everybody who does."""
        raise NotImplementedError

    def reaches(self, who: Who, teams: Collection[str]) -> bool:
        """Whether somebody belongs to one of the teams, or to a channel of one."""
        raise NotImplementedError

    def uses(self, who: Who, teams: Collection[str], home: str, vouched: bool) -> bool:
        """Whether somebody does, or was just said to, and a conversation is a channel of it."""
        raise NotImplementedError


def marks(text: str) -> Iterator[str]:
    """The marks in a text, each once."""
    yield from dict.fromkeys(MARK.findall(text))
