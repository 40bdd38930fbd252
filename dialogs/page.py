"""A summary as a person sees it: sections of points, each with the numbers of the messages it rests on.

Floor 3. A member of the room of `dialogs.summary`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dialogs.plain import cut, line, plain
from dialogs.points import Point, Points, Section
from dialogs.ports import Words
from dialogs.sources import QUOTE, cites, numbered, origin
from dialogs.talk import Part, Post, Say

TITLES = {
    Section.KEY_POINTS: "Key points",
    Section.DECISIONS: "Decisions",
    Section.ACTIONS: "Action items",
    Section.QUESTIONS: "Open questions",
}
NONE = {
    Section.KEY_POINTS: "No key points found.",
    Section.DECISIONS: "No decisions found.",
    Section.ACTIONS: "No action items found.",
    Section.QUESTIONS: "No open questions found.",
}
MORE = ("and {number} more", "and {number} more")
ALONE = {
    Section.DECISIONS: (
        "and {number} more: ask me for **decisions** alone",
        "and {number} more: ask me for **decisions** alone",
    ),
    Section.ACTIONS: (
        "and {number} more: ask me for **action items** alone",
        "and {number} more: ask me for **action items** alone",
    ),
}
"""The sections that can be asked for by themselves."""
NAME = 80
"""Longest name of an author, or of a file with the place in it, in characters."""
MENTIONS = 5
"""Most mentions that are shown."""
MINE = {Section.KEY_POINTS: 4, Section.DECISIONS: 3, Section.ACTIONS: 6, Section.QUESTIONS: 2}
"""Most points of each section beside the mentions: together not more than there may be citations."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be shown. `mentions` (newest first) and `assigned` are None where nobody asked what concerns them."""

    words: Words
    points: Points
    posts: Mapping[str, Post]
    sections: Sequence[Section]
    quoting: bool
    focus: str = ""
    mentions: Sequence[Post] | None = None
    assigned: Sequence[Point] | None = None

    def parts(self) -> Iterator[Part]:
        """The sections and the citations of all numbers in them."""
        numbers = numbered(self._cited())
        yield from (Say(block, ai=True) for block in self._blocks(numbers))
        yield from cites(numbers, self.posts, self.words)

    def _cited(self) -> Iterator[str]:
        """The ids in the order in which they are shown."""
        yield from (post.id for post in (self.mentions or ())[:MENTIONS])
        yield from (key for point in self.assigned or () for key in point.ids)
        yield from (key for section in self.sections for point in self._of(section) for key in point.ids)

    def _of(self, section: Section) -> list[Point]:
        return [point for point in self.points.of(section) if point not in (self.assigned or ())]

    def _blocks(self, numbers: Mapping[str, int]) -> Iterator[str]:
        if self.mentions is not None:
            yield self._mentions(self.mentions, numbers)
        if self.assigned is not None:
            lines = [self._line(point, numbers) for point in self.assigned]
            yield self._block(self.words.say("Assigned to you"), lines, self.words.say("Nothing is assigned to you."))
        for section in self.sections:
            yield self._section(section, numbers)

    def _mentions(self, posts: Sequence[Post], numbers: Mapping[str, int]) -> str:
        lines = [
            f"{self._name(post)}{self.words.colon}{self._quoted(cut(line(post.text), QUOTE))} [{numbers[post.id]}]"
            for post in posts[:MENTIONS]
        ]
        if len(posts) > MENTIONS:
            lines.append(self.words.count(*MORE, len(posts) - MENTIONS))
        return self._block(self.words.say("Mentions of you"), lines, self.words.say("Nobody mentioned you."))

    def _section(self, section: Section, numbers: Mapping[str, int]) -> str:
        lines = [self._line(point, numbers) for point in self._of(section)]
        if further := self.points.further.get(section, 0):
            lines.append(self.words.count(*(ALONE.get(section, MORE) if len(self.sections) > 1 else MORE), further))
        if not self.focus:
            return self._block(self.words.say(TITLES[section]), lines, self.words.say(NONE[section]))
        topic = plain(self.focus)
        title = self.words.say("About “{topic}”", topic=topic)
        return self._block(title, lines, self.words.say("I found nothing that was said about “{topic}”.", topic=topic))

    def _block(self, title: str, lines: Sequence[str], none: str) -> str:
        body = "\n".join(f"- {line}" for line in lines) or none
        return f"**{title}**\n\n{body}\n\n"

    def _line(self, point: Point, numbers: Mapping[str, int]) -> str:
        said = self._quoted(point.text) if self.quoting else plain(point.text)
        marks = "".join(f"[{numbers[key]}]" for key in point.ids)
        due = " " + self.words.say("(due: {due})", due=plain(point.due)) if point.due else ""
        return f"{self._who(point)}{said}{due} {marks}"

    def _who(self, point: Point) -> str:
        author = self._name(self.posts[point.ids[0]]) if self.quoting else ""
        if point.section is not Section.ACTIONS:
            return self._names(author)
        owner = f"**{plain(point.owner)}**" if point.owner else self.words.say("No owner named")
        return self._names(owner) if author == point.owner else self._names(owner, author)

    def _names(self, *names: str) -> str:
        """Before what they say."""
        return "".join(f"{name}{self.words.colon}" for name in names if name)

    def _quoted(self, text: str) -> str:
        return self.words.say("“{value}”", value=plain(text))

    def _name(self, post: Post) -> str:
        return plain(origin(post, self.words, NAME))
