"""What is believed and shown of a model's points: the same steps as a summary takes, in one."""

from collections.abc import Sequence

from dialogs.evidence import Evidence
from dialogs.points import Points, Section, chosen, kept, weighed
from dialogs.talk import Post


def verify(
    found: Points,
    posts: Sequence[Post],
    *,
    sources: int,
    quoting: bool = False,
    sections: Sequence[Section] = tuple(Section),
) -> Points:
    """What of `found` is borne out by `posts` and may be shown."""
    true = kept(found, weighed(found, Evidence(posts), quoting=quoting))
    return chosen(true, sources=sources, sections=sections)
