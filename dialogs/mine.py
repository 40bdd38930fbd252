"""What of a reading concerns one person: found by code, not by a model.

Floor 3. A member of the room of `dialogs.summary`.
"""

from collections.abc import Iterable, Sequence

from dialogs.names import tokens
from dialogs.plain import line
from dialogs.points import Point, Section
from dialogs.talk import Person, Post


def mentions(posts: Iterable[Post], person: Person) -> list[Post]:
    """What others wrote to the person by name, the newest first."""
    me = person.id.casefold()
    found = [post for post in posts if me in map(str.casefold, post.mentions) and post.author_id.casefold() != me]
    return sorted(found, key=lambda post: (post.time, post.id), reverse=True)


def names(posts: Sequence[Post], person: Person) -> frozenset[str]:
    """What the person is called: in full, and by the first name where nobody else has it."""
    me = person.id.casefold()
    authors = {(post.author, post.author_id.casefold()) for post in posts}
    full = {_key(person.name), *(_key(name) for name, key in authors if key == me)} - {""}
    others = {_key(name) for name, key in authors if key != me}
    taken = {word for other in others for word in tokens(other)}
    firsts = {tokens(name)[0] for name in full if tokens(name)}
    return frozenset((full - others) | (firsts - taken))


def assigned(point: Point, called: frozenset[str]) -> bool:
    """Whether a point is an action of somebody who is called so."""
    return point.section is Section.ACTIONS and point.owner is not None and _key(point.owner) in called


def _key(name: str) -> str:
    return line(name).casefold()
