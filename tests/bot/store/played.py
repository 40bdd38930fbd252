"""Whole turns of every shape, played before a real bot: what a day of a company holds, once each."""

import asyncio
from datetime import timedelta

from tests.scenarios.firm import Firm
from tests.scenarios.stage import honest
from tests.world.activities import message
from tests.world.faults import status
from tests.world.people import ADA, BRUNO, CHIDI, DANA, EMRE, FATIMA, PEOPLE, personal


async def play(firm: Firm) -> None:
    """All of it, one after the other. Only Chidi has not signed in before."""
    for person in PEOPLE:
        if person is not CHIDI:
            firm.world.sign_in(person)
    await alone(firm)
    await among_others(firm)
    await parked(firm)
    await digest(firm)
    await file(firm)
    await postponed(firm)
    await stopped(firm)


async def alone(firm: Firm) -> None:
    """Questions one to one, two of them at once, and commands that read or change what is kept."""
    await firm.ask("What is new?")
    first, second = (message(personal(ADA), ADA, text) for text in ("And now?", "And then?"))
    await asyncio.gather(firm.world.post(first), firm.world.post(second))
    await asyncio.gather(firm.over(first["id"]), firm.over(second["id"]))
    for command in ("new chat", "chats", "settings", "usage", "what do you know about me"):
        await firm.ask(command)


async def among_others(firm: Firm) -> None:
    """A question in a group chat, and the summary of a channel."""
    await firm.among(firm.group(), "What is new?", BRUNO)
    channel = firm.channel()
    firm.write(channel, BRUNO, "The launch is on Friday.", timedelta(hours=1))
    firm.world.model.next(honest)
    await firm.post(channel, "summarise", ADA)
    firm.world.model.next(honest)
    await firm.post(channel, "privately summarise", ADA)


async def parked(firm: Firm) -> None:
    """Somebody must sign in first; their question waits, and is answered then."""
    firm.world.users.withhold(CHIDI)
    async with firm.clients(CHIDI) as clients:
        asked = message(personal(CHIDI), CHIDI, "Who am I?")
        await firm.world.post(asked)
        card = await clients.shown()
        await firm.stands("SELECT 1 FROM inbox WHERE activity = %s AND parked AND due > now()", asked["id"])
        await clients.press(card)
        await firm.over(asked["id"])


async def digest(firm: Firm) -> None:
    """A digest is wanted, and told when it is due; it plans the next."""
    channel = firm.channel()
    await firm.post(channel, "digest daily 9:00", DANA)
    firm.write(channel, BRUNO, "The launch is on Friday.", timedelta())
    firm.world.model.next(honest)
    before = len(firm.answers(personal(DANA)))
    await firm.fall_due(DANA)
    await firm.until(lambda: len(firm.answers(personal(DANA))) > before)
    await firm.stands("SELECT 1 FROM inbox WHERE person = %s AND open AND due > now()", DANA.id)


async def file(firm: Firm) -> None:
    """A file with a question, and one more about it."""
    sent = firm.world.drive.sent("plan.txt", b"The crane comes on Tuesday at seven.")
    await firm.ended(message(personal(EMRE), EMRE, "When does it come?", attachments=[sent]), personal(EMRE))
    await firm.ask("Are you sure?", EMRE)


async def postponed(firm: Firm) -> None:
    """The model has a fault, and the question is to be tried again."""
    firm.world.model.faults.add(status(500), times=None)
    asked = message(personal(FATIMA), FATIMA, "Is anybody there?")
    await firm.world.post(asked)
    await firm.stands("SELECT 1 FROM inbox WHERE activity = %s AND attempts > 0", asked["id"])
    firm.world.model.faults.clear()


async def stopped(firm: Firm) -> None:
    """A question is stopped by a word."""
    asked = message(personal(BRUNO), BRUNO, "Tell me everything.")
    await firm.world.post(asked)
    await firm.world.post(message(personal(BRUNO), BRUNO, "stop"))
    await firm.over(asked["id"])
