"""Signing in and out with the work account, and who one is signed in as.

Floor 3. No model has a hand in this. It has to work for who is not signed in.
"""

from collections.abc import AsyncIterator

from dialogs.addresses import addresses
from dialogs.errors import AssistantError
from dialogs.plain import plain
from dialogs.ports import Desk
from dialogs.talk import Ask, Links, OfferSignIn, Part, PlaceKind, Say

LOCALLY = "I'm running locally on this computer, where nobody has to sign in."
HERE = "You can sign in with your work account here:"
SOMEBODY = "You are signed in."
NOBODY = "You are not signed in."
LEFT = "You are signed out: I can do nothing in your name any more until you sign in again."


async def sign_in(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Shows the person how to sign in, unless they have."""
    if desk.terms.local:
        yield Say(desk.words.say(LOCALLY))
        return
    name = await desk.account.name()
    if name is not None:
        said = known(ask, desk, name)
        yield Links(addresses((said,)))
        yield Say(said)
        return
    yield Say(desk.words.say(HERE))
    yield OfferSignIn()


async def sign_out(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Has the token service forget the person."""
    if desk.terms.local:
        yield Say(desk.words.say(LOCALLY))
        return
    await desk.account.leave()
    yield Say(desk.words.say(LEFT))


async def state(ask: Ask, desk: Desk) -> str:
    """A sentence about who the person is signed in as; "" where nobody signs in, or nobody can tell just now."""
    if desk.terms.local:
        return ""
    try:
        return known(ask, desk, await desk.account.name())
    except AssistantError:
        return ""


def known(ask: Ask, desk: Desk, name: str | None) -> str:
    """The same for a name that has been looked up. Where others read along it is not told."""
    if name is None:
        return desk.words.say(NOBODY)
    alone = ask.alone or ask.place.kind is PlaceKind.PERSONAL
    return (
        desk.words.say("You are signed in as **{name}**.", name=plain(name))
        if name and alone
        else desk.words.say(SOMEBODY)
    )
