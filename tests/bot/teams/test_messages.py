"""Answers that take several messages: long ones, and cards."""

import pytest

from bot.limits import MESSAGE_BYTES
from bot.teams.message import enclosures
from bot.teams.speaker import Speaker
from dialogs.attachments import Handed, Handover
from dialogs.cards import Button
from dialogs.errors import Unavailable
from dialogs.talk import Answer, Say
from tests.bot.teams.stage import CARD, CITES, HOME, Stage, into
from tests.world.door import Call
from tests.world.faults import accepted, status
from tests.world.people import GROUP, THREAD, Room


@pytest.mark.parametrize("room", [HOME, GROUP, THREAD])
async def test_a_long_answer_stands_in_numbered_messages(stage: Stage, room: Room) -> None:
    stage.room = room
    answer = Answer(
        "\n\n".join(f"Point {number} is made [1]. {'It is long. ' * 40}" for number in range(300)), True, CITES
    )
    counts: list[int] = []

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say(answer.text, ai=True))
        await speaker.close(answer, on_shown=into(counts))

    await stage.turn(act)
    texts = stage.chat.texts
    assert [text.rpartition("\n\n")[2] for text in texts] == [f"({n}/{len(texts)})" for n in range(1, len(texts) + 1)]
    assert all(len(text.encode("utf-16-le")) <= MESSAGE_BYTES for text in texts)
    assert counts == list(range(1, len(texts) + 1))
    assert [one.feedback for one in stage.chat] == [False] * (len(texts) - 1) + [True]


async def test_of_a_long_answer_a_later_life_says_only_what_is_missing(stage: Stage) -> None:
    answer = Answer("word " * 20_000)
    ids: list[str] = []

    async def crash(count: int) -> None:
        raise Unavailable

    async def first(speaker: Speaker) -> None:
        ids.append(await speaker.open("Thinking…"))
        await speaker.close(answer, on_shown=crash)

    with pytest.raises(Unavailable):
        await stage.turn(first)
    await stage.turn(lambda speaker: speaker.close(answer, shown=1), placeholder=ids[0])
    assert [text.rpartition("\n\n")[2] for text in stage.chat.texts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert sum(text.count("word") for text in stage.chat.texts) == 20_000


@pytest.mark.parametrize("room", [HOME, GROUP])
async def test_cards_are_messages_of_their_own(stage: Stage, room: Room) -> None:
    stage.room = room
    counts: list[int] = []

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("Choose:", cards=(CARD, CARD)), on_shown=into(counts))

    await stage.turn(act)
    assert [(one.text, len(one.cards)) for one in stage.chat] == [("Choose:", 0), ("", 1), ("", 1)]
    assert counts == [1, 2, 3]


@pytest.mark.parametrize("room", [HOME, GROUP])
async def test_above_a_card_without_text_stands_its_title(stage: Stage, room: Room) -> None:
    stage.room = room

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer(cards=(CARD,)))

    await stage.turn(act)
    assert [(one.text, len(one.cards)) for one in stage.chat] == [("Try it", 0), ("", 1)]


async def test_a_card_of_unknown_fate_is_not_said_twice(stage: Stage) -> None:
    def card(call: Call) -> bool:
        return b"AdaptiveCard" in call.body

    stage.teams.faults.add(accepted(status(502)), when=card)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("Choose:", cards=(CARD,)))

    await stage.turn(act)
    assert [len(one.cards) for one in stage.chat] == [0, 1]


SUGGESTED = (Button("Shorter", "shorter"), Button("Again", "again"))


async def closed(stage: Stage, answer: Answer) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(answer)

    await stage.turn(act)


async def test_what_may_be_said_next_is_suggested_below_the_answer(stage: Stage) -> None:
    await closed(stage, Answer("Because.", ai=True, suggested=SUGGESTED))
    assert stage.chat.last.suggestions == ["Shorter", "Again"]
    assert stage.chat.last.activity["suggestedActions"]["actions"][0] == {
        "type": "imBack",
        "title": "Shorter",
        "value": "shorter",
    }


async def test_beside_a_card_it_is_the_buttons_of_the_card(stage: Stage) -> None:
    await closed(stage, Answer("Because.", ai=True, cards=(CARD,), suggested=SUGGESTED))
    first, card = stage.chat
    assert (first.suggestions, card.suggestions) == ([], [])
    assert "[Help] [Shorter] [Again]" in card.reading


async def test_above_a_document_nothing_is_suggested(stage: Stage) -> None:
    await closed(stage, Answer("Because.", ai=True, handovers=OFFERS[:1], suggested=SUGGESTED))
    assert [one.suggestions for one in stage.chat] == [[], []]


async def test_an_answer_of_nothing_says_so(stage: Stage) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer())

    await stage.turn(act)
    assert stage.chat.texts == ["I have nothing to show for that."]


OFFERS = (Handover("a" * 32, "data.json", 17), Handover("b" * 32, "data.html", 18))
GIVEN = (Handed("data.json", "https://contoso-my.sharepoint.com/data.json", "17", "json"),)


async def test_documents_are_offered_after_the_answer_one_by_one(stage: Stage) -> None:
    counts: list[int] = []

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("Here it is.", handovers=OFFERS), on_shown=into(counts))

    await stage.turn(act)
    assert [one.reading for one in stage.chat] == ["Here it is.", "data.json", "data.html"]
    assert counts == [1, 2, 3]


async def test_an_offer_knows_its_document_by_the_key_alone(stage: Stage) -> None:
    await stage.turn(lambda speaker: speaker.close(Answer("Here.", handovers=OFFERS[:1])))
    (offer,) = stage.chat.last.offers
    assert offer["content"] == {
        "description": "data.json",
        "sizeInBytes": 17,
        "acceptContext": {"key": "a" * 32},
        "declineContext": {"key": "a" * 32},
    }


def test_a_document_that_was_handed_over_is_shown() -> None:
    (message,) = enclosures(Answer("It is in your OneDrive.", handed=GIVEN), frozenset({"*.sharepoint.com"}))
    (file,) = (one.serialize() for one in message.attachments)
    assert (file["name"], file["contentUrl"], file["content"]) == (
        "data.json",
        "https://contoso-my.sharepoint.com/data.json",
        {"uniqueId": "17", "fileType": "json"},
    )


async def test_where_teams_takes_no_documents_the_answer_stands(stage: Stage) -> None:
    stage.teams.allow_files = False
    counts: list[int] = []

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer("Here it is.", handovers=OFFERS), on_shown=into(counts))

    await stage.turn(act)
    assert (stage.chat.texts, counts) == (["Here it is."], [1, 2, 3])


async def test_an_offer_that_could_not_be_made_now_is_made_by_a_later_life(stage: Stage) -> None:
    stage.teams.faults.add(status(503), when=lambda call: b"file.consent" in call.body, times=3)
    ids: list[str] = []

    async def first(speaker: Speaker) -> None:
        ids.append(await speaker.open("Thinking…"))
        await speaker.close(Answer("Here.", handovers=OFFERS[:1]))

    with pytest.raises(Unavailable):
        await stage.turn(first)
    await stage.turn(lambda speaker: speaker.close(Answer("Here.", handovers=OFFERS[:1]), shown=1), placeholder=ids[0])
    assert [one.reading for one in stage.chat] == ["Here.", "data.json"]


async def test_above_a_document_without_text_stands_its_name(stage: Stage) -> None:
    await stage.turn(lambda speaker: speaker.close(Answer(handovers=OFFERS[:1])))
    assert stage.chat.texts == ["data.json", ""]


async def test_links_that_were_taken_out_are_counted(stage: Stage) -> None:
    counts: list[int] = []

    async def act(speaker: Speaker) -> None:
        await speaker.close(Answer("[a](https://evil.example) ![b](https://evil.example/x) [1]", True, CITES))
        counts.append(speaker.removed)

    await stage.turn(act)
    assert counts == [2]


async def test_where_a_company_wants_no_feedback_nothing_is_rated(stage: Stage) -> None:
    stage.thumbs = False
    await stage.turn(lambda speaker: speaker.close(Answer("So.", ai=True)))
    assert (stage.chat.last.ai, stage.chat.last.feedback) == (True, False)
