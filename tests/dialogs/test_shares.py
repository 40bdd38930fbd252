"""Answers for one person alone, and how they come before everybody."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from dialogs.cards import Button
from dialogs.errors import Expired, NotMember, Standing, Unsound, Widened
from dialogs.ports import Desk, Dialog, Member
from dialogs.shares import OPEN, may_post, post, posted, share_key, shared
from dialogs.talk import (
    Answer,
    Ask,
    Cite,
    Errand,
    Event,
    Part,
    Place,
    PlaceKind,
    Say,
    Scope,
    Share,
    Shared,
    Window,
    grow,
)
from tests.dialogs.desk import NOW, START, FakeMembers, FakeMemory, ScriptedModel, a_desk, an_ask, parts, shown

THREAD = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")
CHANNEL = replace(THREAD, thread=None)
CHAT = Place(PlaceKind.GROUP, "19:chat")
ALONE = Place(PlaceKind.PERSONAL, "a:alone")
ME = Member("person")
BEN = Member("ben")
GUEST = Member("guest", outside=True)
SCOPE = Scope(THREAD, Window(START, NOW))
CITE = Cite(1, "Anna Weber, Mon 16 Nov 09:07", "We move", "https://teams.microsoft.com/l/message/1")
SAID = (Say("**Key points**\n\n- The launch moves. [1]", ai=True), CITE, SCOPE)
KEPT = Answer(SAID[0].text, ai=True, cites=(CITE,), scope=SCOPE)


def privately(place: Place = THREAD, about: Place | None = None) -> Ask:
    return replace(an_ask("summarise", id="7"), place=place, about=about, alone=True)


async def said(error: Exception | None = None) -> AsyncIterator[Part]:
    for part in SAID:
        yield part
    if error:
        raise error


def desk(members: Sequence[Member] | None = (ME, BEN), **kept: Shared) -> Desk:
    return a_desk(ScriptedModel(), members=FakeMembers(members), memory=FakeMemory(kept=kept))


async def offered(ask: Ask, members: Sequence[Member] | None = (ME, BEN)) -> Answer:
    answer = Answer()
    async for part in shared(said(), ask, desk(members)):
        answer = grow(answer, part)
    return answer


def kept(place: Place = THREAD, *audience: str) -> Shared:
    return Shared(KEPT, place, audience or ("person", "ben"))


def pressed(text: str = "key", place: Place = THREAD, event: Event = Event.MESSAGE) -> Ask:
    return Ask("8", an_ask().person, place, text, event=event)


async def collect(stream: AsyncIterator[Part], found: list[Part]) -> None:
    async for part in stream:
        found.append(part)  # noqa: PERF401 - what came before an error is wanted too


async def test_a_private_answer_is_kept_with_who_may_know_it() -> None:
    answer = await offered(privately())
    assert (answer.text, answer.cites, answer.scope) == (KEPT.text, KEPT.cites, KEPT.scope)
    assert answer.share == Share(THREAD, ("person", "ben"))


async def test_below_it_stands_a_button_that_posts_it() -> None:
    ask = privately()
    (card,) = (await offered(ask)).cards
    assert card.buttons == (Button("Post to the thread", f"post {share_key(ask)}", quiet=True),)
    assert card.foot == (OPEN,)


@pytest.mark.parametrize(
    ("ask", "place", "title"),
    [
        (privately(CHAT), CHAT, "Post to the chat"),
        (privately(THREAD, THREAD), THREAD, "Post to the thread"),
        (privately(THREAD, CHANNEL), THREAD, "Post to the thread"),
        (privately(THREAD, replace(THREAD, thread="2")), replace(THREAD, thread="2"), "Post to the thread"),
        (privately(ALONE, THREAD), THREAD, "Post to the thread"),
        (privately(ALONE, CHANNEL), CHANNEL, "Post to the channel"),
        (privately(ALONE, CHAT), CHAT, "Post to the chat"),
    ],
)
async def test_it_would_be_posted_where_it_is_about_and_asked(ask: Ask, place: Place, title: str) -> None:
    answer = await offered(ask)
    assert answer.share == Share(place, ("person", "ben"))
    assert answer.cards[0].buttons[0].title == title


async def test_without_knowing_who_belongs_there_it_cannot_be_posted() -> None:
    answer = await offered(privately(), None)
    assert (answer.share, answer.cards) == (None, ())
    assert answer.text == KEPT.text + "\n\nI could not see who belongs to this conversation, so it stays with you."


async def test_what_is_said_in_ones_own_chat_has_no_button() -> None:
    answer = await offered(privately(ALONE))
    assert (answer.text, answer.share, answer.cards) == (KEPT.text, None, ())


async def test_an_answer_that_fails_is_not_kept_for_posting() -> None:
    found: list[Part] = []
    with pytest.raises(Unsound):
        await collect(shared(said(Unsound()), privately(), desk()), found)
    assert found and not [part for part in found if isinstance(part, Share)]


@pytest.mark.parametrize(
    "other",
    [
        replace(privately(), id="9"),
        privately(CHAT),
        replace(privately(), person=replace(an_ask().person, tenant="another")),
    ],
)
def test_every_private_answer_has_a_key_of_its_own(other: Ask) -> None:
    key = share_key(privately())
    assert share_key(other) != key == share_key(privately())
    assert len(key) == 32 and set(key) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("then", "now", "kind", "may"),
    [
        ("person ben", [ME, BEN], PlaceKind.CHANNEL, True),
        ("person ben", [ME], PlaceKind.GROUP, True),
        ("person ben", [BEN], PlaceKind.CHANNEL, False),
        ("person ben", [], PlaceKind.CHANNEL, False),
        ("person", [ME, BEN], PlaceKind.CHANNEL, True),
        ("person", [ME, BEN], PlaceKind.GROUP, False),
        ("person", [ME, GUEST], PlaceKind.CHANNEL, False),
        ("person guest", [ME, GUEST], PlaceKind.CHANNEL, True),
        ("person guest", [ME, GUEST], PlaceKind.GROUP, True),
        ("person", [ME, Member("")], PlaceKind.GROUP, False),
        ("PERSON", [ME], PlaceKind.GROUP, True),
    ],
)
def test_it_is_posted_only_before_those_who_may_know_it(
    then: str, now: list[Member], kind: PlaceKind, may: bool
) -> None:
    assert may_post("person", then.split(), now, kind) is may


def test_nameless_members_are_newcomers_each_time() -> None:
    assert not may_post("person", ("person", ""), (ME, Member("", outside=True)), PlaceKind.CHANNEL)


@pytest.mark.parametrize("where", [THREAD, ALONE])
async def test_the_button_sends_the_answer_to_its_thread(where: Place) -> None:
    answer = await shown(post, pressed(place=where), desk(key=kept()))
    assert answer.errands == (Errand(Event.POST, THREAD, "key"),)
    assert answer.text == "I'm posting it to the thread. It stands there once, however often this is pressed."


async def test_pressed_twice_it_is_the_same_errand() -> None:
    first, second = [await shown(post, pressed(), desk(key=kept(CHAT))) for _ in range(2)]
    assert first == second
    assert first.errands == (Errand(Event.POST, CHAT, "key"),)


@pytest.mark.parametrize("dialog", [post, posted])
async def test_what_stands_there_already_is_not_posted_again(dialog: Dialog) -> None:
    found: list[Part] = []
    with pytest.raises(Standing):
        await collect(dialog(pressed(), desk(key=replace(kept(), posted=True))), found)
    assert found == []


async def test_it_is_posted_with_its_sources_in_the_name_of_who_asked() -> None:
    answer = await shown(posted, pressed(event=Event.POST), desk(key=kept()))
    assert answer.text == f"Posted for Ada Byron.\n\n{KEPT.text}"
    assert (answer.ai, answer.cites, answer.scope) == (True, KEPT.cites, SCOPE)
    assert (answer.cards, answer.errands) == ((), ())


async def test_a_name_is_text_and_nothing_else() -> None:
    ask = pressed(event=Event.POST)
    ask = replace(ask, person=replace(ask.person, name="**Eve** [1](https://evil.example)"))
    first = (await shown(posted, ask, desk(key=kept()))).text.splitlines()[0]
    assert first == r"Posted for \*\*Eve\** 1."


async def test_somebody_without_a_name_posts_on_request() -> None:
    ask = pressed(event=Event.POST)
    ask = replace(ask, person=replace(ask.person, name=""))
    assert (await shown(posted, ask, desk(key=kept()))).text.startswith("Posted on request.\n\n**Key points**")


@pytest.mark.parametrize("dialog", [post, posted])
async def test_what_is_no_longer_kept_cannot_be_posted(dialog: Dialog) -> None:
    with pytest.raises(Expired):
        await parts(dialog, pressed(), desk())


@pytest.mark.parametrize("dialog", [post, posted])
@pytest.mark.parametrize(
    ("members", "error"),
    [([BEN], NotMember), (None, NotMember), ([ME, BEN, GUEST], Widened)],
)
async def test_the_audience_is_looked_at_again_each_time(
    dialog: Dialog, members: Sequence[Member] | None, error: type[Exception]
) -> None:
    found: list[Part] = []
    with pytest.raises(error):
        await collect(dialog(pressed(), desk(members, key=kept())), found)
    assert found == []


async def test_a_newcomer_to_a_chat_is_not_shown_what_was_said_before() -> None:
    with pytest.raises(Widened):
        await parts(post, pressed(), desk([ME, BEN, Member("new")], key=kept(CHAT)))


async def test_a_newcomer_to_a_team_may_read_its_channels_anyway() -> None:
    answer = await shown(post, pressed(), desk([ME, BEN, Member("new")], key=kept()))
    assert answer.errands
