"""Reading once more, in the personal chat, what an earlier answer there was about.

Floor 2. That may have been read with the person's own rights (a place asked for by name) or as a member of the place (a
digest); either is proof enough that they may see it, and their own rights come first.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from dialogs.errors import AssistantError, NeedsSignIn, NotMember, Unreadable
from dialogs.ports import Threads
from dialogs.streams import closing
from dialogs.talk import Omitted, Person, Place, Post, Window

Batches = AsyncIterator[Sequence[Post | Omitted]]
REFUSALS = (NeedsSignIn, NotMember, Unreadable)


@dataclass(frozen=True, slots=True)
class Again:
    """Messages as the person's `own` rights show them, or else to those who belong there; `dialogs.ports.Threads`."""

    own: Threads
    among: Threads

    async def read(self, person: Person, place: Place, window: Window) -> Batches:
        """As the threads underneath. Raises `NeedsSignIn` where that alone may help."""
        begun, refused = False, None
        try:
            async with closing(self.own.read(person, place, window)) as batches:
                async for batch in batches:
                    begun = True
                    yield batch
        except REFUSALS as error:
            if begun:
                raise
            refused = error
        if refused is not None:
            async with closing(_otherwise(self.among.read(person, place, window), refused)) as batches:
                async for batch in batches:
                    yield batch


async def _otherwise(batches: Batches, refused: AssistantError) -> Batches:
    """What comes the other way. Where nothing does, a sign-in that was asked for is still what may help."""
    begun = False
    try:
        async with closing(batches) as found:
            async for batch in found:
                begun = True
                yield batch
    except REFUSALS:
        if begun or not isinstance(refused, NeedsSignIn):
            raise
        raise refused from None
