"""The model that writes a summary, and how it is asked.

Floor 3. A member of the room of `dialogs.summary`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dialogs.errors import TooLong, Unsound
from dialogs.evidence import Evidence
from dialogs.instructions import CONVERSATION, Instructions
from dialogs.names import tokens
from dialogs.pieces import Piece
from dialogs.points import SCHEMA, Point, Points, Section, kept, parse, weighed
from dialogs.ports import Model
from dialogs.prompt import Draft, Prompt, Purpose, cost, written
from dialogs.slices import Ration, in_slices
from dialogs.streams import closing
from dialogs.talk import Post

PIECE_SHARE = 0.4
"""Share of its window that a model is given at once: of a longer prompt it reads the middle badly."""
REPLY = 4_000
"""Tokens left for the model's answer."""
SPARE = 500
"""Tokens kept free for the wrapping of a prompt."""
LONGEST = 100_000
"""Characters after which an answer is given up: no summary is that long."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A model, the language it is to write in (its code, and `tongue`, its English name), and what is wanted of it."""

    model: Model
    language: str
    tongue: str
    sections: tuple[Section, ...] = tuple(Section)
    focus: str = ""
    ration: Ration = field(default_factory=Ration)
    instructions: Instructions = CONVERSATION

    @property
    def quoting(self) -> bool:
        """Whether its points are quotes."""
        return not self.model.writes

    @property
    def room(self) -> int:
        """How many tokens of documents a prompt has place for."""
        told = max(self.model.count(self._told(about)) for about in (self.instructions.read, self.instructions.merge))
        return self.model.window - REPLY - SPARE - told - self.model.count(self._question)

    @property
    def limit(self) -> int:
        """How many tokens of documents it is best given at once. Raises `TooLong` where there is no place for any."""
        best = self.room if self.quoting else min(self.room, int(self.model.window * PIECE_SHARE))
        if best < 1:
            raise TooLong
        return best

    def cost(self, post: Post) -> int:
        """At most how many tokens a post takes."""
        return cost(post, self.model.count)

    def size(self, point: Point) -> int:
        """At most how many tokens a point takes."""
        return self.model.count(written(_draft(point)) + "\n")

    async def points(self, piece: Piece) -> Points:
        """The points of a piece, unchecked. Raises `TooLong`, `Unsound` and what models raise."""
        if piece.tokens > self.room:
            raise TooLong
        return await self._asked(self._prompt(self.instructions.read, posts=piece.posts))

    async def merged(self, points: Sequence[Point], posts: Sequence[Post]) -> Points:
        """One summary of points, unchecked. Who only quotes reads the `posts` they come from once more."""
        if self.quoting:
            return await self._asked(self._prompt(self.instructions.read, posts=tuple(posts)))
        return await self._asked(self._prompt(self.instructions.merge, drafts=tuple(map(_draft, points))))

    async def evidence(self, posts: Sequence[Post]) -> Evidence:
        """What points may rest on."""
        words: set[str] = set()
        await in_slices(map(words.update, (tokens(post.text) for post in posts)), self.ration)
        return Evidence(posts, words)

    async def checked(self, found: Points, evidence: Evidence) -> Points:
        """What of the points is borne out."""
        return kept(found, await in_slices(weighed(found, evidence, quoting=self.quoting), self.ration))

    async def _asked(self, prompt: Prompt) -> Points:
        """The points of the model's answer; a garbled one is asked for once more."""
        try:
            return parse(await self._said(prompt))
        except Unsound:
            return parse(await self._said(prompt))

    async def _said(self, prompt: Prompt) -> str:
        pieces: list[str] = []
        length = 0
        async with closing(self.model.stream(prompt)) as stream:
            async for piece in stream:
                pieces.append(piece)
                length += len(piece)
                if length > LONGEST:
                    raise Unsound
        return "".join(pieces)

    def _prompt(self, about: str, posts: tuple[Post, ...] = (), drafts: tuple[Draft, ...] = ()) -> Prompt:
        return Prompt(
            purpose=Purpose.SUMMARY,
            instructions=self._told(about),
            question=self._question,
            posts=posts,
            drafts=drafts,
            schema=SCHEMA,
            reply=REPLY,
            language=self.language,
            focus=self.focus,
        )

    def _told(self, about: str) -> str:
        return self.instructions.told(about, self.sections, self.tongue, focused=bool(self.focus))

    @property
    def _question(self) -> str:
        return self.instructions.about.format(focus=self.focus) if self.focus else self.instructions.question


def _draft(point: Point) -> Draft:
    draft = {"section": point.section.value, "text": point.text, "ids": list(point.ids)}
    return draft | {name: value for name, value in (("owner", point.owner), ("due", point.due)) if value}
