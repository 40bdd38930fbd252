"""What was written elsewhere, asked for in the personal chat by the name of the place: a channel, a chat, a meeting.

Floor 3. A member of the room of `dialogs.summary`. Names are looked up, and messages read, with the person's own rights
and nobody else's.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from dialogs.cards import Button, Card
from dialogs.errors import AssistantError
from dialogs.japanese import is_japanese
from dialogs.plain import cut, line, plain
from dialogs.ports import Desk, Dialog, Found, Words
from dialogs.streams import forward
from dialogs.summary import tail, wished
from dialogs.talk import Ask, Note, Part, Say

LONGEST = 200
"""Characters after a command that may name a place."""
SHORT = 12
"""Words that may, where nothing marks a name as one."""
PATIENCE = 5.0
"""Seconds for which what may be a question waits for the places it may mean."""
CHOICES = 6
"""Most places that one can be chosen from."""
TITLE = 80
"""Longest name of a place on a button, in characters."""

_OPENING = '"“„«「『'
_PLACES = r"(?:in|im|dans|en|aus|from|of|von|du|de|del)"
_MARK = re.compile(r"""(?:^|[\sの])["'“„«「『]?#\w|(?:^|\s)chat ?: ?\S""", re.IGNORECASE)
_CAPITAL = re.compile(rf"(?:^|\s){_PLACES}\s(?:(?:the|der|dem|la|le|el)\s)?(?:[\"“„«]|(\w))", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:since|last|today|yesterday|this week|seit|heute|gestern|letzte\w?|diese woche|depuis|hier|derni\wre?s?"
    r"|desde|hoy|ayer|\wltim\ws?)\b|(?:から|以降|今日|昨日|今週|先週|過去|直近|最新)"
    r"|(?:チャネル|チャンネル|チャット|会議)[のをで]?$",
    re.IGNORECASE,
)
"""Words for times: who names one asks for messages, as a rule. In Japanese also what a place is called at the end."""
_BETWEEN = re.compile(rf"(?:^|\s){_PLACES}\s+", re.IGNORECASE)
_HASH = re.compile(r"(?:^|\s)(?=[\"“„«]?#\w)")
_LEAD = re.compile(
    rf"(?:(?:{_PLACES}|on|for|about|zu|über|sur|sobre|auf)\s+)?"
    r"(?:(?:the|der|die|das|den|dem|le|la|les|el|los|las)\s+)?"
    r"(?:(?:group chat|gruppenchat|chat|channel|kanal|canal|team|meeting)\s+)?",
    re.IGNORECASE,
)
_KIND = re.compile(r"\s(?:group chat|gruppenchat|chat|channel|kanal|canal|team|meeting)$", re.IGNORECASE)

_PIECE = re.compile(r".+?(?:[のをではに、,\s]+|$)")
"""A piece of Japanese, with the particle that ends it."""
_PARTICLES = "のをではに、, 　"
_QUOTED = re.compile(r"^[「『\"“](.+)[」』\"”]$")
_WITHIN = re.compile(r"(.+)の(#.+)")
_KIND_JAPANESE = re.compile(r"(?:の)?(?:グループ ?チャット|チャット|チャンネル|チャネル|会議|チーム)$")


class Sign(Enum):
    """How plain it is that words name a place. Only what is `SURE` is never taken for a question.

    Where one is `ASKED` for, the command can mean nothing else, though its words may. A `GUESS` counts only where a place is
    called exactly so.
    """

    SURE = auto()
    ASKED = auto()
    LIKELY = auto()
    GUESS = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked about a place. `words` and a name are the command in full; `topical`: a subject comes before it."""

    words: str
    dialog: Dialog
    topical: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """One way to take the words after a command: a subject, a name, and what may name a window or a language."""

    topic: str
    name: str
    tail: str

    @property
    def rest(self) -> str:
        """What of it is no name."""
        return f"{self.topic} {self.tail}".strip()


def sign(words: str, *, asked: bool = False) -> Sign | None:
    """Whether the words after a command may name a place. `asked`: the command can mean nothing else."""
    if not words or len(words) > LONGEST:
        return None
    if _MARK.search(words):
        return Sign.SURE
    if asked:
        return Sign.ASKED
    if len(words.split()) > SHORT:
        return None
    named = any(hit[1] is None or hit[1].isupper() for hit in _CAPITAL.finditer(words))
    if named or _TIME.search(words):
        return Sign.LIKELY
    return Sign.GUESS if words[0].isupper() or words[0] in _OPENING else None


def elsewhere(command: Command, certainty: Sign, otherwise: Dialog, patience: float = PATIENCE) -> Dialog:
    """The command's dialog about the place that the ask's words name; `otherwise` where they name none after all. It is
    looked for at most `patience` seconds."""

    async def steps(ask: Ask, desk: Desk) -> AsyncIterator[Part | AsyncIterator[Part]]:
        certain = certainty in (Sign.SURE, Sign.ASKED)
        if certain:
            yield Note(desk.words.say("Looking through your teams and chats…"))
        splits = _splits(ask, desk, command.topical)
        found = await (_found(ask, desk, splits) if certain else _perhaps(ask, desk, splits, patience))
        found = [one for one in found if one.exact or certainty is not Sign.GUESS]
        there = bool(found) or certainty is Sign.SURE
        yield _about(ask, desk, command, splits, found) if there else otherwise(ask, desk)

    return lambda ask, desk: forward(steps(ask, desk))


async def _found(ask: Ask, desk: Desk, splits: Mapping[str, Split]) -> Sequence[Found]:
    return await desk.directory.find(ask.person, tuple(splits))


async def _perhaps(ask: Ask, desk: Desk, splits: Mapping[str, Split], patience: float) -> Sequence[Found]:
    """The places meant; none where nobody can tell, for what may be a question must not wait or fail for that."""
    try:
        async with asyncio.timeout(patience):
            return await _found(ask, desk, splits)
    except (AssistantError, TimeoutError):
        return ()


def _about(
    ask: Ask, desk: Desk, command: Command, splits: Mapping[str, Split], found: Sequence[Found]
) -> AsyncIterator[Part]:
    if len(found) != 1:
        return _choice(command, splits, found, desk.words)
    [place] = found
    about = replace(ask, text=splits[place.name].rest, about=replace(place.place, name=place.title))
    return command.dialog(about, replace(desk, threads=desk.abroad))


async def _choice(
    command: Command, splits: Mapping[str, Split], found: Sequence[Found], words: Words
) -> AsyncIterator[Part]:
    """Which place is meant; or that there is none, and what could be said."""
    if not found:
        yield Say(_nothing(splits, words))
        return
    yield Say(words.say("Several of your channels and chats may be meant."))
    left = len(found) - CHOICES
    more = "And {number} more: write more of the name."
    lines = (words.count(more, more, left),) if left > 0 else ()
    buttons = [Button(cut(line(one.title), TITLE), _typed(command, splits[one.name], one)) for one in found[:CHOICES]]
    yield Card(words.say("Which one?"), lines, tuple(buttons))


def _nothing(splits: Mapping[str, Split], words: Words) -> str:
    *_, name = splits or ("",)
    none = words.say("I found no channel, group chat or meeting called {name}.", name=f"**{plain(cut(name, TITLE))}**")
    hint = words.say(
        "I only look through what you belong to yourself. Write the name as Teams shows it, with the team behind a "
        "channel: **summarise #incidents in Engineering since Monday**."
    )
    return f"{none} {hint}"


def _typed(command: Command, split: Split, found: Found) -> str:
    """The whole command, with a name that means this place alone."""
    before = f"{command.words} {split.topic} in" if command.topical else command.words
    return " ".join(f"{before} {found.title} {split.tail}".split())


def _splits(ask: Ask, desk: Desk, topical: bool) -> dict[str, Split]:
    """Every way to take the words, by the name; a name that is longer by what may be a window comes first."""
    if is_japanese(ask.text) and not topical:
        return {each.name: each for each in _japanese(line(ask.text), ask, desk)}
    words = line(ask.text).strip(" ?!.").split()
    found: dict[str, Split] = {}
    for end in dict.fromkeys((len(words), tail(words, ask, desk))):
        head, rest = " ".join(words[:end]), " ".join(words[end:])
        for topic, name in _topics(head) if topical else [("", head)]:
            for each in _names(name):
                found.setdefault(each, Split(topic, each, rest))
    return found


def _japanese(text: str, ask: Ask, desk: Desk) -> Iterator[Split]:
    """A name with what may be a window behind it, or before it."""
    pieces = _PIECE.findall(text.strip(" ?!."))
    behind = tail(pieces, ask, desk)
    ahead = next((end for end in range(len(pieces) - 1, 0, -1) if wished("".join(pieces[:end]), ask, desk)), 0)
    for first, last in dict.fromkeys(((0, len(pieces)), (0, behind), (ahead, len(pieces)))):
        rest = "".join((*pieces[:first], *pieces[last:]))
        for name in _named("".join(pieces[first:last]).strip(_PARTICLES)):
            yield Split("", name, rest)


def _named(name: str) -> Iterator[str]:
    """The name as it stands, without quotation marks or the kind of place, and a channel before its team."""
    bare = _QUOTED.sub(r"\1", name)
    for each in dict.fromkeys((bare, _QUOTED.sub(r"\1", _KIND_JAPANESE.sub("", bare)))):
        yield _WITHIN.sub(r"\2 in \1", each)


def _topics(head: str) -> Iterator[tuple[str, str]]:
    """A subject, and the name that follows it."""
    hashed = _HASH.search(head)
    if hashed:
        yield re.sub(rf"(?:^|\s){_PLACES}$", "", head[: hashed.start()], flags=re.IGNORECASE), head[hashed.end() :]
        return
    for hit in _BETWEEN.finditer(head):
        yield head[: hit.start()], head[hit.end() :]


def _names(name: str) -> list[str]:
    """The name as it stands, and without the little words around it."""
    found = _LEAD.match(name)
    inner = name[found.end() :] if found else name
    return [each for each in dict.fromkeys((name, inner, _KIND.sub("", inner))) if each]
