"""A message that stands in the chat and is written over: for channels and groups, and wherever no stream can be.

Floor 6.
"""

from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot.limits import NOTE_PACE
from bot.teams.errors import Ending, MessageGone, StreamEnded
from bot.teams.message import note, post, put
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

    async def show(self, answer: Answer, words: str) -> None:
        """Bring the note up to date; the answer is shown when it is complete."""
        if self.id and words not in ("", self._note):
            self._note = words
            await put(self._context, self.id, note(words))

    async def close(self, message: Activity) -> None:
        """Write the message over it; where it is gone, say the message anew."""
        try:
            if self.id:
                await put(self._context, self.id, message)
                return
        except MessageGone:
            pass
        except StreamEnded as ended:
            if ended.reason is Ending.STOPPED:
                raise
        self.id = await post(self._context, message)

    async def more(self, message: Activity) -> None:
        """Say a further message."""
        await post(self._context, message)
