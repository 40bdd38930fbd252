"""What tests of digests share: places, two digests, a desk that knows them."""

from dataclasses import replace
from datetime import datetime

from dialogs.digests import digest
from dialogs.ports import Desk
from dialogs.talk import Answer, Ask, Digest, Place, PlaceKind, Schedule
from tests.dialogs.desk import (
    NOW,
    START,
    FakeMembers,
    FakeMemory,
    FakeThreads,
    ScriptedModel,
    a_desk,
    a_point,
    a_summary,
    an_ask,
    shown,
    thread,
)

THREAD = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")
CHANNEL = replace(THREAD, thread=None)
CHAT = Place(PlaceKind.GROUP, "19:chat")
ALONE = Place(PlaceKind.PERSONAL, "a:alone")
NINE = Schedule(9, 0, "UTC")
MONDAYS = Schedule(9, 30, "Europe/Madrid", 0)
DAILY = Digest(CHANNEL, NINE, "a:alone", START)
WEEKLY = Digest(CHAT, MONDAYS, "a:alone", START)
POSTS = thread(("Anna Weber", "We move the launch to 3 March."))
SAYS = a_summary(key_points=[a_point("The launch moves to 3 March.", "m1")])
LINK = "https://teams.microsoft.com/l/channel/19%3Ac/channel?groupId=team&tenantId=tenant"


def asked(text: str, place: Place = THREAD) -> Ask:
    return replace(an_ask(text), place=place)


def desk(
    *told: Digest, threads: FakeThreads | None = None, members: FakeMembers | None = None, now: datetime = NOW
) -> Desk:
    memory = FakeMemory(told=told)
    return a_desk(ScriptedModel(SAYS), threads or FakeThreads(POSTS), memory=memory, members=members, now=now)


async def began(text: str, place: Place = THREAD) -> Answer:
    return await shown(digest, asked(text, place), desk())
