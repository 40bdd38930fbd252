"""The action `Summarise thread` on a message's menu."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from bot.store.rows import Arrival
from bot.teams.activity import Incoming, parse
from bot.teams.bodies import Answer as Reply
from bot.teams.errands import read
from bot.teams.extension import LONGEST, WRITTEN, Extension, Inside
from dialogs.errors import AssistantError, NotAdded, NotMember
from dialogs.ports import Words
from dialogs.shares import share_key
from dialogs.talk import Answer, Cite, Event, Person, Place, PlaceKind, Shared
from tests.dialogs.desk import English
from tests.world.activities import invoke, on_message
from tests.world.people import ADA, CHANNEL, GROUP, ROOT, TENANT, THREAD, personal

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LINK = "https://teams.microsoft.com/l/message/19:x@thread.tacv2/1"
ANSWER = Answer("**Key points**\n\n- Anna ships. [1]", ai=True, cites=(Cite(1, "Anna, Mon 09:02", "We ship", LINK),))


class House:
    """Everything behind the action; `error` is why the person is not let in."""

    def __init__(self, error: AssistantError | None = None) -> None:
        self.error = error
        self.arrivals: list[Arrival] = []
        self.kept: dict[str, Shared] = {}
        self.asked: list[Place] = []
        self.slow = False
        self.free: list[bool] = []
        self.over: set[tuple[str, str, str]] = set()
        """Person, conversation and id of the asks that have ended."""
        self.extension = Extension(
            Inside(self.accept, self.admit, self.shared, self.words, said, lambda: NOW, self.ended), 0.01
        )

    async def accept(self, arrival: Arrival) -> None:
        self.arrivals.append(arrival)

    async def admit(self, incoming: Incoming, place: Place, free: bool) -> None:
        self.asked.append(place)
        self.free.append(free)
        if self.slow:
            await asyncio.Event().wait()
        if self.error:
            raise self.error

    async def shared(self, incoming: Incoming, key: str) -> Shared | None:
        return self.kept.get(key)

    async def ended(self, incoming: Incoming, conversation: str, ask: str) -> bool:
        return (incoming.sender.entra, conversation, ask) in self.over

    def end(self) -> None:
        """What was asked last is over."""
        ask = read(self.arrivals[-1].body)
        self.over.add((ask.person.id, self.arrivals[-1].conversation, ask.id))

    def words(self, person: Person) -> Words:
        return English()


def said(error: AssistantError, words: Words) -> str:
    return error.words


def incoming(activity: Mapping[str, Any]) -> Incoming:
    return parse(orjson.dumps(activity))


def card(reply: Reply) -> dict[str, Any]:
    """The card of a reply's window."""
    body: Any = reply.body
    found: dict[str, Any] = body["task"]["value"]["card"]["content"]
    return found


def words(reply: Reply) -> str:
    return "\n".join("".join(run["text"] for run in line.get("inlines", ())) for line in card(reply)["body"])


def opened(reply: Reply) -> list[str]:
    """The addresses that can be pressed in a reply's window."""
    runs = (run for line in card(reply)["body"] for run in line.get("inlines", ()))
    return [run["selectAction"]["url"] for run in runs if "selectAction" in run]


def pressed(reply: Reply) -> dict[str, Any]:
    """The invoke of the card's button."""
    value = {"commandId": "summariseThread", "data": card(reply)["actions"][0]["data"]}
    return invoke(THREAD, ADA, "composeExtension/submitAction", value)


CHOSEN = on_message(THREAD, ADA, "1793610109999", "<p>hello</p>", "summariseThread")


async def test_choosing_it_keeps_a_private_summary_of_the_thread() -> None:
    house = House()
    await house.extension.fetch(incoming(CHOSEN))
    ask = read(house.arrivals[0].body)
    assert (ask.event, ask.text, ask.alone) == (Event.MESSAGE, "summarise", True)
    assert (ask.place.conversation, ask.place.thread) == (THREAD.conversation, ROOT)


async def test_what_is_kept_belongs_to_the_threads_lane_and_the_person() -> None:
    house = House()
    await house.extension.fetch(incoming(CHOSEN))
    arrival = house.arrivals[0]
    assert (arrival.tenant, arrival.conversation, arrival.person) == (TENANT, THREAD.conversation, ADA.id)
    assert arrival.at == NOW and arrival.due is None


async def test_the_window_says_at_once_that_it_is_being_read() -> None:
    reply = await House().extension.fetch(incoming(CHOSEN))
    assert reply.status == 200 and "I'm reading these messages" in words(reply)


async def test_the_window_shows_the_summary_once_it_is_there() -> None:
    house = House()
    reply = await house.extension.fetch(incoming(CHOSEN))
    house.kept[share_key(read(house.arrivals[0].body))] = Shared(ANSWER, house.asked[0], ())
    window = await house.extension.submit(incoming(pressed(reply)))
    assert words(window).split("\n")[:-1] == ["Key points", "• Anna ships. [1]", "1. Anna, Mon 09:02"]
    assert opened(window) == [LINK]


@pytest.mark.parametrize(("ai", "says"), [(True, True), (False, False)])
async def test_the_window_says_in_small_print_what_a_model_wrote(ai: bool, says: bool) -> None:
    house = House()
    reply = await house.extension.fetch(incoming(CHOSEN))
    house.kept[share_key(read(house.arrivals[0].body))] = Shared(replace(ANSWER, ai=ai), house.asked[0], ())
    (*_, last) = card(await house.extension.submit(incoming(pressed(reply))))["body"]
    assert (last["inlines"][0]["text"] == WRITTEN and last["inlines"][0].get("size") == "Small") is says


@pytest.mark.parametrize("error", [None, NotAdded()])
async def test_a_window_is_read_out_as_it_is_written(error: AssistantError | None) -> None:
    reply = await House(error).extension.fetch(incoming(CHOSEN))
    assert card(reply)["speak"] == card(reply)["fallbackText"] == words(reply).strip() != ""


async def test_until_then_it_says_that_it_is_not_done() -> None:
    house = House()
    reply = await house.extension.submit(incoming(pressed(await house.extension.fetch(incoming(CHOSEN)))))
    assert "not done yet" in words(reply) and card(reply)["actions"]


async def test_a_summary_that_failed_is_not_waited_for() -> None:
    house = House()
    reply = await house.extension.fetch(incoming(CHOSEN))
    house.end()
    over = await house.extension.submit(incoming(pressed(reply)))
    assert "why nothing did" in words(over) and card(over)["actions"] == []


async def test_pressed_early_the_button_still_knows_what_it_waits_for() -> None:
    house = House()
    early = await house.extension.submit(incoming(pressed(await house.extension.fetch(incoming(CHOSEN)))))
    house.end()
    assert "why nothing did" in words(await house.extension.submit(incoming(pressed(early))))


async def test_a_summary_that_was_made_is_shown_though_its_ask_is_over() -> None:
    house = House()
    reply = await house.extension.fetch(incoming(CHOSEN))
    house.end()
    house.kept[share_key(read(house.arrivals[0].body))] = Shared(ANSWER, house.asked[0], ())
    assert "Anna ships" in words(await house.extension.submit(incoming(pressed(reply))))


@pytest.mark.parametrize("more", [{}, {"ask": 7, "conversation": None}, {"ask": "1", "conversation": "19:other"}])
async def test_a_button_that_names_no_ask_of_ones_own_waits(more: dict[str, Any]) -> None:
    value = {"commandId": "summariseThread", "data": {"summary": "key", **more}}
    reply = await House().extension.submit(incoming(invoke(THREAD, ADA, "composeExtension/submitAction", value)))
    assert "not done yet" in words(reply)


@pytest.mark.parametrize(("length", "says"), [(LONGEST, False), (LONGEST + 1, True)])
async def test_where_a_summary_is_cut_the_window_says_so(length: int, says: bool) -> None:
    house = House()
    reply = await house.extension.fetch(incoming(CHOSEN))
    long = replace(ANSWER, text="x" * length)
    house.kept[share_key(read(house.arrivals[0].body))] = Shared(long, house.asked[0], ())
    assert ("too long for this window" in words(await house.extension.submit(incoming(pressed(reply))))) is says


async def test_a_root_message_is_the_beginning_of_its_thread() -> None:
    house = House()
    await house.extension.fetch(incoming(on_message(CHANNEL, ADA, ROOT, "<p>hi</p>", "summariseThread")))
    assert house.asked[0].conversation == THREAD.conversation


@pytest.mark.parametrize("root", ["../../secrets", "", "1;messageid=2", 7, None])
async def test_a_payloads_strange_ids_lead_nowhere_else(root: Any) -> None:
    house = House()
    activity = on_message(THREAD, ADA, "1", "", "summariseThread")
    activity["value"]["messagePayload"] |= {"id": root, "replyToId": root}
    await house.extension.fetch(incoming(activity))
    assert house.asked[0].conversation == THREAD.conversation


async def test_in_a_group_chat_it_is_the_chat() -> None:
    house = House()
    await house.extension.fetch(incoming(on_message(GROUP, ADA, "1", "", "summariseThread")))
    assert (house.asked[0].kind, house.asked[0].conversation) == (PlaceKind.GROUP, GROUP.conversation)


async def test_the_persons_own_chat_holds_nothing_to_read() -> None:
    house = House()
    reply = await house.extension.fetch(incoming(on_message(personal(ADA), ADA, "1", "", "summariseThread")))
    assert house.arrivals == [] and "our own chat" in words(reply)


async def test_where_it_was_not_added_it_offers_to_be() -> None:
    house = House(NotAdded())
    reply = await house.extension.fetch(incoming(CHOSEN))
    add = card(reply)["body"][1]["actions"][0]
    assert add["data"] == {"msteams": {"justInTimeInstall": True}} and house.arrivals == []


async def test_who_does_not_belong_there_is_told_so_and_nothing_is_kept() -> None:
    house = House(NotMember())
    reply = await house.extension.fetch(incoming(CHOSEN))
    assert NotMember().words in words(reply) and house.arrivals == []


async def test_teams_is_not_waited_for_longer_than_the_window_waits() -> None:
    house = House()
    house.slow = True
    reply = await house.extension.fetch(incoming(CHOSEN))
    assert reply.status == 200 and house.arrivals == []


@pytest.mark.parametrize("data", [{}, {"summary": 7}, None])
async def test_a_button_without_a_key_closes_the_window(data: Any) -> None:
    value = {"commandId": "summariseThread", "data": data}
    reply = await House().extension.submit(incoming(invoke(THREAD, ADA, "composeExtension/submitAction", value)))
    assert (reply.status, reply.body) == (200, {})


async def test_choosing_it_twice_is_two_summaries() -> None:
    house = House()
    await house.extension.fetch(incoming(CHOSEN))
    await house.extension.fetch(incoming({**CHOSEN, "id": "another"}))
    assert len({arrival.activity for arrival in house.arrivals}) == 2


async def test_once_it_was_added_it_reads_what_was_chosen_before() -> None:
    house = House()
    value = CHOSEN["value"] | {"data": {"msteams": {"justInTimeInstall": True}}}
    reply = await house.extension.submit(incoming(invoke(THREAD, ADA, "composeExtension/submitAction", value)))
    assert len(house.arrivals) == 1 and "I'm reading these messages" in words(reply)


async def test_the_window_shows_nothing_to_whom_it_is_no_longer_for() -> None:
    house = House()
    reply = await house.extension.fetch(incoming(CHOSEN))
    house.kept[share_key(read(house.arrivals[0].body))] = Shared(ANSWER, house.asked[0], ())
    house.error = NotMember()
    shown = words(await house.extension.submit(incoming(pressed(reply))))
    assert "Anna ships" not in shown and NotMember().words in shown


async def test_to_begin_nobody_must_have_signed_in_but_to_see() -> None:
    house = House()
    await house.extension.submit(incoming(pressed(await house.extension.fetch(incoming(CHOSEN)))))
    assert house.free == [True, False]
