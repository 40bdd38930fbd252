"""The people of a thread, by the names they are called.

Floor 6.
"""

import re
from collections.abc import Iterable, Sequence
from re import Match

from dialogs.talk import Post

_PART = re.compile(r"[^\W\d_][\w'’-]+")


class People:
    """Who wrote in a thread. A part of a name that is an ordinary word there ("Will") or means two people means nobody."""

    def __init__(self, posts: Sequence[Post]) -> None:
        ordinary = {word for post in posts for word in _PART.findall(post.text) if word.islower()}
        self._called: dict[str, str | None] = {}
        for author in dict.fromkeys(post.author for post in posts):
            self._called[author.casefold()] = author
            for part in _PART.findall(author):
                if part[0].isupper() and part.casefold() not in ordinary:
                    self._called[part.casefold()] = None if part.casefold() in self._called else author

    def assigned(self, cues: Iterable[Match[str]]) -> str | None:
        """The person that one of the cues names."""
        names = (name for cue in cues for name in cue.groupdict().values() if name)
        return next((person for name in names if (person := self._person(name))), None)

    def _person(self, name: str) -> str | None:
        """The author so called; somebody else only where the name was marked as one, `@Name`."""
        bare = name.removeprefix("@").strip()
        first = bare.split()[0] if bare else ""
        known = self._called.get(bare.casefold()) or self._called.get(first.casefold())
        return known or (bare if name.startswith("@") and bare[0].isupper() else None)
