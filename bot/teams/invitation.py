"""How somebody is shown where to sign in: with nobody else seeing it, and what stands in the conversation meanwhile.

Floor 6. In a personal chat the card is an ordinary message, elsewhere a private one (`bot.teams.private`): it stands for one
person, and pressed by anybody else it would sign in the wrong one. Source: Teams bot SSO.
"""

from dataclasses import dataclass

from botbuilder.core import TurnContext

from bot.teams.message import post
from bot.teams.private import Alone, MakeCard, Private
from dialogs.ports import Words
from dialogs.talk import PlaceKind

WAITING = "I'm signing you in…"
ELSEWHERE = "Please sign in: I have sent you the button for that in our own chat."


@dataclass(frozen=True, slots=True)
class Invitation:
    """`waiting` is said while the person has not signed in; `elsewhere` there where the card had to go to their own chat."""

    card: MakeCard
    to: Alone
    waiting: str = WAITING
    elsewhere: str = ELSEWHERE

    async def show(self, context: TurnContext, kind: PlaceKind, whisper: Private | None = None) -> bool:
        """Show the card; whether it went to the person's own chat. Raises `NotReached`.

        `whisper` is where the person is spoken to privately already.
        """
        if kind is PlaceKind.PERSONAL:
            await post(context, await self.card(kind))
            return False
        return await (whisper or Private(context, self.to)).invite(self.card, kind)


def invitation(card: MakeCard, to: Alone, words: Words) -> Invitation:
    """In the words of the person who is to sign in."""
    return Invitation(card, to, words.say(WAITING), words.say(ELSEWHERE))
