"""The people of a thread, by the names they are called.

Floor 6.
"""

import re
from collections.abc import Sequence
from re import Pattern

from dialogs.japanese import KANJI, SCRIPT, is_japanese
from dialogs.talk import Post

_PART = re.compile(rf"(?![{SCRIPT}])[^\W\d_](?:(?![{SCRIPT}])[\w'’-])+|[{KANJI}]+|[ァ-ヺー]{{2,}}")


class People:
    """Who wrote in a thread. A part of a name that is an ordinary word there ("Will") or means two people means nobody."""

    def __init__(self, posts: Sequence[Post]) -> None:
        authors = list(dict.fromkeys(post.author for post in posts if not post.bot))
        named = {part.casefold() for author in authors for part in _PART.findall(author)}
        ordinary = {word for post in posts for word in _PART.findall(post.text) if word in named}
        self._called: dict[str, str | None] = {}
        for author in authors:
            self._called[author.casefold()] = author
            for part in _PART.findall(author):
                if is_japanese(part) or (part[0].isupper() and part.casefold() not in ordinary):
                    self._called[part.casefold()] = (
                        None if self._called.get(part.casefold(), author) != author else author
                    )

    def assigned(self, cue: Pattern[str], text: str, post: Post) -> str | None:
        """The person that a cue names in `text`, which stands in `post`."""
        if not post.mentions and "@" not in text and self._called.keys().isdisjoint(_PART.findall(text.casefold())):
            return None
        names = (name for found in cue.finditer(text) for name in found.groupdict().values() if name)
        return next((person for name in names if (person := self._person(name, post))), None)

    def _person(self, name: str, post: Post) -> str | None:
        """The author so called; somebody else only where the post marks a name as one, by `@Name` or a mention."""
        bare = name.removeprefix("@").strip()
        first = bare.split()[0] if bare else ""
        known = self._called.get(bare.casefold()) or self._called.get(first.casefold())
        marked = name.startswith("@") or (post.mentions and " " in bare)
        return known or (bare if marked and (bare[0].isupper() or is_japanese(bare)) else None)
