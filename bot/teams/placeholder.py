"""A message that stands in the chat and is written over: for channels and groups, and wherever no stream can be.

Floor 6.
"""

from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot.limits import NOTE_PACE
from bot.teams.errors import Ending, MessageGone, StreamEnded
from bot.teams.message import begun, note, post, put
from dialogs.talk import Answer


class Placeholder:
    """`id` is the message's, None before it was said."""

    pace = NOTE_PACE.total_seconds()
    over = False

    def __init__(self, context: TurnContext, id: str | None = None) -> None:
        self.id = id
        self._context = context
        self._note = ""

    async def open(self, words: str) -> str:
        """Say it for the first time."""
        self._note = words
        self.id = await post(self._context, note(words))
        return self.id or ""

    async def show(self, answer: Answer, words: str) -> bool:
        """Bring the note up to date; False where it is. The answer is shown when it is complete."""
        if not self.id or words in ("", self._note):
            return False
        await put(self._context, self.id, note(words, passing=True))
        self._note = words
        return True

    async def close(self, message: Activity) -> None:
        """Write the message over it; where it is gone, over a new one."""
        if self.id and await self._written(self.id, message):
            return
        if self.id:
            # Of a note nobody may know whether it was taken: another is said then. That must not happen to the answer.
            self.id = await post(self._context, note(self._note))
        await (put(self._context, self.id, message) if self.id else post(self._context, message))

    async def _written(self, id: str, message: Activity) -> bool:
        """Whether it could be written over; one that is gone cannot be."""
        try:
            await put(self._context, id, message)
        except MessageGone:
            return False
        except StreamEnded as ended:
            if ended.reason is Ending.STOPPED:
                raise
            return False
        return True

    async def begin(self, message: Activity) -> str:
        """Begin a further message, to be written over by this one."""
        return await begun(self._context, message)

    async def fill(self, id: str, message: Activity) -> None:
        """Write the message over one that was begun; where it is gone, say it anew."""
        if not await self._written(id, message):
            await post(self._context, message)

    async def more(self, message: Activity) -> None:
        """Say a further message."""
        await post(self._context, message)
