"""The summary: whatever a model says, nothing false reaches the person."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.errors import Blocked, NothingThere, NotUnderstood, TooLong, Unavailable, Unreadable, Unsound
from dialogs.ports import Wish
from dialogs.prompt import Purpose
from dialogs.summary import LAST, RECENT, about, actions, decisions, elsewhere, summarise
from dialogs.talk import Ask, Cite, Omitted, Part, Place, PlaceKind, Say, Window
from dialogs.writer import LONGEST
from tests.dialogs.desk import (
    NOW,
    START,
    FakeCalendar,
    FakeThreads,
    ScriptedModel,
    a_desk,
    a_point,
    a_post,
    a_summary,
    an_ask,
    notes,
    parts,
    shown,
    thread,
)

POSTS = thread(
    ("Anna Weber", "Shall we move the launch to 3 March?"),
    ("Ben Okafor", "Agreed. I'll tell the press by Friday."),
    ("Chloe Martin", "Who pays for the hall?"),
)
GOOD = a_summary(
    key_points=[a_point("Anna wants to move the launch to 3 March.", "m1")],
    decisions=[a_point("The launch moves to 3 March.", "m2", "m1")],
    actions=[
        a_point("Tell the press.", "m2", owner="Ben Okafor", due="by Friday"),
        a_point("Find the money.", "m3", owner=None, due=None),
    ],
    questions=[a_point("Who pays for the hall?", "m3")],
)


CALENDAR = FakeCalendar(
    {
        "the last 50 messages": Wish(Window(last=50)),
        "since monday": Wish(Window(since=START)),
        "monday": Wish(Window(since=START)),
        "yesterday": Wish(Window(NOW - timedelta(days=1), NOW)),
        "this thread": Wish(Window()),
    }
)
GERMAN = FakeCalendar({"auf deutsch": Wish(language="de")})


async def text_of(says: str) -> str:
    return (await shown(summarise, an_ask(), a_desk(ScriptedModel(says), POSTS))).text


async def collect(found: AsyncIterator[Part], into: list[Part]) -> None:
    async for part in found:
        into.append(part)  # noqa: PERF401 - what came before an error is wanted too


async def test_a_summary_shows_its_sections_and_what_it_covers() -> None:
    assert await text_of(GOOD) == (
        "**This channel**\n\n"
        "**Key points**\n\n- Anna wants to move the launch to 3 March. [1]\n\n"
        "**Decisions**\n\n- The launch moves to 3 March. [2][1]\n\n"
        "**Action items**\n\n- **Ben Okafor**: Tell the press. (due: by Friday) [2]\n- No owner named: Find the money. [3]\n\n"
        "**Open questions**\n\n- Who pays for the hall? [3]\n\n"
        "Read 3 of 3 messages by 3 people, Mon 16 Nov 09:07 to 09:21 (UTC); nothing left out."
    )


async def test_each_number_has_a_citation_of_its_message() -> None:
    answer = await shown(summarise, an_ask(), a_desk(ScriptedModel(GOOD), POSTS))
    assert answer.cites == (
        Cite(1, "Anna Weber, Mon 16 Nov 09:07", "Shall we move the launch to 3 March?", POSTS[0].link),
        Cite(2, "Ben Okafor, Mon 16 Nov 09:14", "Agreed. I'll tell the press by Friday.", POSTS[1].link),
        Cite(3, "Chloe Martin, Mon 16 Nov 09:21", "Who pays for the hall?", POSTS[2].link),
    )


async def test_empty_sections_say_so() -> None:
    text = await text_of(a_summary(key_points=[a_point("It moves.", "m1")]))
    assert [line for line in text.splitlines() if line.startswith("No ")] == [
        "No decisions found.",
        "No action items found.",
        "No open questions found.",
    ]


async def test_a_summary_is_marked_as_made_by_ai() -> None:
    said = [
        part for part in await parts(summarise, an_ask(), a_desk(ScriptedModel(GOOD), POSTS)) if isinstance(part, Say)
    ]
    assert all(part.ai for part in said)


async def test_a_lie_is_left_out_and_the_truth_stays() -> None:
    lies = [a_point("Zoe quits.", "m77"), a_point("Ben pays for the hall.", "m3"), a_point("It costs 900.", "m3")]
    text = await text_of(a_summary(key_points=[*lies, a_point("Chloe asks who pays.", "m3")]))
    assert "**Key points**\n\n- Chloe asks who pays. [1]\n\n**Decisions**" in text


async def test_links_pictures_markup_and_false_marks_of_the_model_do_not_show() -> None:
    bad = "![x](https://evil.example/p.png?q=secret) **Click** [here](https://evil.example) [3] <at>Chloe</at>\n\n# https://evil.example"
    text = await text_of(a_summary(key_points=[a_point(bad, "m3")]))
    assert "evil" not in text.split("**Decisions**")[0]
    assert re.findall(r"(?<!\\)\[(\d+)\]", text) == ["1"]
    assert "\\*\\*Click\\** here" in text


async def test_names_and_deadlines_of_posts_are_shown_as_text() -> None:
    posts = (replace(POSTS[0], author="**Eve** [2](http://evil.example)", text="I do it by Friday"),)
    says = a_summary(actions=[a_point("Do it.", "m1", owner="**Eve** [2](http://evil.example)", due="by Friday")])
    answer = await shown(summarise, an_ask(), a_desk(ScriptedModel(says), posts))
    assert "evil" not in answer.text
    assert re.findall(r"(?<!\\)\[\d+\]", answer.text) == ["[1]"]


@pytest.mark.parametrize("says", ["", "Sorry!", GOOD[:-40], '```json\n{"key_points"'])
async def test_a_garbled_answer_is_an_error_and_never_half_a_summary(says: str) -> None:
    said: list[Part] = []
    with pytest.raises(Unsound):
        await collect(summarise(an_ask(), a_desk(ScriptedModel(says), POSTS)), said)
    assert not [part for part in said if isinstance(part, Say)]


async def test_an_answer_without_end_is_given_up() -> None:
    model = ScriptedModel(["x" * 1000] * (LONGEST // 1000 + 5))
    with pytest.raises(Unsound):
        await parts(summarise, an_ask(), a_desk(model, POSTS))
    assert model.closed == 2


async def test_a_summary_of_which_nothing_stands_is_an_error() -> None:
    with pytest.raises(Unsound):
        await text_of(a_summary(key_points=[a_point("Zoe quits.", "m77")]))


async def test_a_thread_with_nothing_worth_saying_says_that() -> None:
    assert "**Key points**\n\nNo key points found." in await text_of(a_summary())


async def test_a_blocked_summary_is_an_error() -> None:
    with pytest.raises(Blocked):
        await parts(summarise, an_ask(), a_desk(ScriptedModel(Blocked()), POSTS))


@pytest.mark.parametrize(
    "items",
    [
        (),
        (Omitted("own"), Omitted("deleted")),
        (a_post(1, "Anna", "@Parley"),),
    ],
)
async def test_without_anything_written_by_people_there_is_nothing_to_summarise(items: tuple[Omitted, ...]) -> None:
    with pytest.raises(NothingThere):
        await parts(summarise, an_ask(id="m1"), a_desk(ScriptedModel(GOOD), items))


async def test_a_thread_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(Unreadable):
        await parts(summarise, an_ask(), a_desk(ScriptedModel(GOOD), FakeThreads((), Unreadable())))


async def test_a_thread_that_breaks_off_is_summed_up_as_far_as_it_was_read() -> None:
    answer = await shown(summarise, an_ask(), a_desk(ScriptedModel(GOOD), FakeThreads(POSTS, Unavailable())))
    assert answer.text.endswith(
        "Reading broke off half way, and other messages are missing: A part of the company's system that I need did not "
        "answer. Your message is safe; please try again in a few minutes."
    )


async def test_a_post_that_is_longer_than_the_model_can_read_is_too_long() -> None:
    with pytest.raises(TooLong):
        await parts(summarise, an_ask(), a_desk(ScriptedModel(GOOD, window=8_000), thread(("Anna", "x" * 9_000))))


async def test_the_model_is_given_posts_as_data_and_a_schema() -> None:
    model = ScriptedModel(GOOD)
    await parts(summarise, an_ask("auf Deutsch"), a_desk(model, POSTS, calendar=GERMAN))
    prompt = model.prompts[0]
    assert (prompt.purpose, prompt.posts, prompt.history, prompt.language) == (Purpose.SUMMARY, POSTS, (), "de")
    assert prompt.schema is not None and "Write in German." in prompt.instructions


async def test_the_range_is_the_readers_to_keep() -> None:
    threads = FakeThreads(POSTS)
    await parts(summarise, an_ask("the last 50 messages"), a_desk(ScriptedModel(GOOD), threads, calendar=CALENDAR))
    assert threads.windows == [Window(last=50)]


async def test_a_range_that_is_not_understood_reads_nothing() -> None:
    threads = FakeThreads(POSTS)
    with pytest.raises(NotUnderstood):
        await parts(summarise, an_ask("since the flood"), a_desk(ScriptedModel(GOOD), threads))
    assert threads.windows == []


async def test_decisions_are_shown_alone_with_their_own_numbers() -> None:
    answer = await shown(decisions, an_ask(), a_desk(ScriptedModel(GOOD), POSTS))
    assert "**\n\n**Decisions**\n\n- The launch moves to 3 March. [1][2]\n\nRead 3 of 3" in answer.text
    assert [cite.link for cite in answer.cites] == [POSTS[1].link, POSTS[0].link]


async def test_action_items_are_shown_alone() -> None:
    answer = await shown(actions, an_ask(), a_desk(ScriptedModel(GOOD), POSTS))
    assert "**\n\n**Action items**\n\n- **Ben Okafor**: Tell the press." in answer.text
    assert "Key points" not in answer.text


async def test_progress_is_told_but_not_kept() -> None:
    found = await parts(
        summarise, an_ask(), a_desk(ScriptedModel(GOOD), [a_post(n, "Anna", "Hm.") for n in range(150)])
    )
    assert notes(found) == ["Reading 100 messages…", "Summarising 150 messages…"]


async def test_a_citation_fits_what_teams_takes() -> None:
    posts = (replace(POSTS[0], author="Anna " * 40, text="word\n " * 100),)
    answer = await shown(
        summarise, an_ask(), a_desk(ScriptedModel(a_summary(key_points=[a_point("Hm.", "m1")])), posts)
    )
    assert (len(answer.cites[0].title) <= 80, len(answer.cites[0].quote) <= 160) == (True, True)


async def test_at_most_twenty_messages_are_cited() -> None:
    posts = [a_post(number, "Anna", "Hm.") for number in range(60)]
    sections = {
        section: [
            a_point(f"{section} {chr(65 + n)}", f"m{start + 3 * n}", f"m{start + 3 * n + 1}", f"m{start + 3 * n + 2}")
            for n in range(5)
        ]
        for section, start in (("key_points", 0), ("decisions", 15), ("actions", 30), ("questions", 45))
    }
    answer = await shown(summarise, an_ask(), a_desk(ScriptedModel(a_summary(**sections)), posts))
    assert [cite.number for cite in answer.cites] == list(range(1, 21))
    assert list(dict.fromkeys(re.findall(r"\[(\d+)\]", answer.text))) == [str(n) for n in range(1, 21)]


async def test_a_model_that_only_quotes_is_shown_with_quotation_marks_and_author() -> None:
    says = a_summary(key_points=[a_point("Who pays for the hall?", "m3"), a_point("Nobody said this.", "m3")])
    answer = await shown(summarise, an_ask(), a_desk(ScriptedModel(says, writes=False), POSTS))
    assert "**Key points**\n\n- Chloe Martin: “Who pays for the hall?” [1]\n\n**Decisions**" in answer.text


def opening(text: str) -> Ask:
    """An ask that is a channel's new post."""
    place = Place(PlaceKind.CHANNEL, "conversation", "team", "channel", "root")
    return replace(an_ask(text, id="root"), place=place)


async def heading(ask: Ask) -> str:
    desk = a_desk(ScriptedModel(GOOD), POSTS, calendar=CALENDAR)
    return (await shown(summarise, ask, desk)).text.splitlines()[0]


async def test_a_new_post_asks_for_the_last_day_of_the_whole_channel() -> None:
    threads = FakeThreads(POSTS)
    await parts(summarise, opening(""), a_desk(ScriptedModel(GOOD), threads))
    assert (threads.windows, threads.places[0].thread) == ([Window(since=NOW - RECENT)], None)


async def test_a_new_post_may_name_its_window() -> None:
    threads = FakeThreads(POSTS)
    await parts(summarise, opening("since Monday"), a_desk(ScriptedModel(GOOD), threads, calendar=CALENDAR))
    assert threads.windows == [Window(since=START)]


async def test_a_window_narrows_a_thread() -> None:
    threads = FakeThreads(POSTS)
    ask = replace(opening("since Monday"), id="reply")
    await parts(summarise, ask, a_desk(ScriptedModel(GOOD), threads, calendar=CALENDAR))
    assert (threads.windows, threads.places) == ([Window(since=START)], [ask.place])


async def test_another_place_may_be_meant_than_the_one_it_is_said_in() -> None:
    threads = FakeThreads(POSTS)
    ask = replace(opening(""), about=replace(opening("").place, thread="other"))
    await parts(summarise, ask, a_desk(ScriptedModel(GOOD), threads))
    assert (threads.windows, threads.places[0].thread) == ([Window()], "other")


@pytest.mark.parametrize(
    ("ask", "first"),
    [
        (opening("since Monday"), "**This channel since Mon 16 Nov 09:00 (UTC)**"),
        (opening(""), "**This channel since Fri 20 Nov 10:00 (UTC)**"),
        (replace(opening("this thread"), id="reply"), "**This thread**"),
        (replace(opening("yesterday"), id="reply"), "**This thread, Fri 20 Nov 10:00 to Sat 21 Nov 10:00 (UTC)**"),
        (an_ask("the last 50 messages", PlaceKind.GROUP), "**The last 50 messages of this chat**"),
        (an_ask("", PlaceKind.GROUP), "**This chat**"),
    ],
)
async def test_the_answer_says_which_window_it_understood(ask: Ask, first: str) -> None:
    assert await heading(ask) == first


async def test_another_language_may_be_asked_for() -> None:
    model = ScriptedModel(GOOD)
    await parts(summarise, an_ask("auf Deutsch"), a_desk(model, POSTS, calendar=GERMAN))
    assert (model.prompts[0].language, "Write in German." in model.prompts[0].instructions) == ("de", True)


async def test_the_model_writes_in_a_language_that_we_do_not_speak_ourselves() -> None:
    model = ScriptedModel(GOOD)
    calendar = FakeCalendar({"in italian": Wish(language="it")})
    await parts(summarise, an_ask("in Italian"), a_desk(model, POSTS, calendar=calendar))
    assert (model.prompts[0].language, "Write in Italian." in model.prompts[0].instructions) == ("it", True)


async def test_of_a_group_chat_the_last_messages_are_summed_up() -> None:
    threads = FakeThreads(POSTS)
    answer = await shown(summarise, an_ask("", PlaceKind.GROUP), a_desk(ScriptedModel(GOOD), threads))
    assert threads.windows == [Window(last=LAST)]
    assert answer.text.startswith("**This chat**") and answer.text.endswith("nothing left out.")


async def test_a_longer_chat_is_called_its_last_messages_and_it_is_said_how_to_ask_for_more() -> None:
    many = [a_post(number, "Anna", "Hm.") for number in range(LAST - 1)]
    asked = a_post(LAST, "Ada", "@Parley summarise")
    ask = an_ask("", PlaceKind.GROUP, id=asked.id)
    answer = await shown(summarise, ask, a_desk(ScriptedModel(a_summary()), [*many, asked]))
    assert answer.text.startswith("**The last 1000 messages of this chat**")
    assert "**summarise since Monday**, or with a number, such as **summarise the last 3000 messages**" in answer.text


async def test_who_wants_the_whole_chat_gets_it() -> None:
    threads = FakeThreads(POSTS)
    await shown(
        summarise, an_ask("this thread", PlaceKind.GROUP), a_desk(ScriptedModel(GOOD), threads, calendar=CALENDAR)
    )
    assert threads.windows == [Window()]


async def test_an_empty_chat_is_said_without_a_window() -> None:
    with pytest.raises(NothingThere, match=r"^$"):
        await parts(summarise, an_ask("", PlaceKind.GROUP), a_desk(ScriptedModel(GOOD), ()))


@pytest.mark.parametrize(
    ("words", "topic", "window"),
    [
        ("the launch", "the launch", Window()),
        ("the launch since Monday?", "the launch", Window(since=START)),
        ("Monday", "Monday", Window()),
        ("the end of this thread", "the end of this thread", Window()),
        ('the "launch" <at>x</at> https://evil.example', "the launch ‹at›x‹/at› (link left out)", Window()),
    ],
)
async def test_a_topic_may_have_a_window_at_its_end(words: str, topic: str, window: Window) -> None:
    model, threads = ScriptedModel(GOOD), FakeThreads(POSTS)
    await parts(about, an_ask(words), a_desk(model, threads, calendar=CALENDAR))
    assert (model.prompts[0].focus, threads.windows) == (topic, [window])


async def test_what_was_said_about_a_topic_is_one_section() -> None:
    answer = await shown(about, an_ask("the launch"), a_desk(ScriptedModel(GOOD), POSTS))
    assert answer.text.startswith(
        "**This channel**\n\n**About “the launch”**\n\n- Anna wants to move the launch to 3 March. [1]\n\nRead 3 of 3"
    )


async def test_a_topic_nobody_spoke_of_is_said_so() -> None:
    answer = await shown(about, an_ask("the moon"), a_desk(ScriptedModel(a_summary()), POSTS))
    assert "**About “the moon”**\n\nI found nothing that was said about “the moon”.\n\n" in answer.text


async def test_without_a_topic_it_is_asked_for() -> None:
    with pytest.raises(NotUnderstood, match="Say what about"):
        await parts(about, an_ask(" ?"), a_desk(ScriptedModel(GOOD), POSTS))


async def test_in_a_personal_chat_it_is_said_where_there_is_something_to_read() -> None:
    answer = await shown(elsewhere, an_ask("", PlaceKind.PERSONAL), a_desk(ScriptedModel()))
    assert "Name a channel or chat of yours: **summarise #incidents in Engineering since Monday**" in answer.text


async def test_a_model_that_lies_changes_nothing_but_the_count() -> None:
    true = json.loads(GOOD)
    lies = [
        a_point("Zoe quits.", "m77"),
        a_point("Ben Okafor pays for the hall.", "m3"),
        a_point("It costs 900.", "m3"),
        a_point("The launch moves to Friday.", "m1"),
        a_point("![x](https://evil.example/p.png)", "m1"),
        a_point("", "m1"),
    ]
    says = json.dumps(
        {name: [*points, *(lie | {"owner": "Zoe", "due": "now"} for lie in lies)] for name, points in true.items()}
    )
    told, honest = [await shown(summarise, an_ask(), a_desk(ScriptedModel(each), POSTS)) for each in (says, GOOD)]
    assert (told.dropped, replace(told, dropped=0)) == (len(lies) * 4, honest)
