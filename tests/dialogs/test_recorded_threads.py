"""Recorded threads and one of our own, summed up by the offline engine: every quote verbatim, every citation right."""

from pathlib import Path

import pytest

from tests.dialogs.threads import RECORDED, SAMPLE, load
from tests.load.liar import EVIL, seen
from tests.load.threads import quotes, summed_up, valid, verbatim

recorded = pytest.mark.parametrize(
    "path",
    RECORDED
    or [
        pytest.param(
            Path(), marks=pytest.mark.skip(reason="no recorded threads in ../shared/threads beside this checkout")
        )
    ],
    ids=lambda path: path.stem,
)


@recorded
async def test_every_quote_of_a_recorded_thread_stands_verbatim_in_the_message_it_cites(path: Path) -> None:
    posts = load(path)
    answer = await summed_up(posts)
    assert (len(quotes(answer)) >= 5, verbatim(answer, posts)) == (True, 100)


@recorded
async def test_every_citation_of_a_recorded_thread_opens_the_message_of_its_author(path: Path) -> None:
    posts = load(path)
    answer = await summed_up(posts)
    assert valid(answer, posts) == 100


@recorded
async def test_the_whole_of_a_recorded_thread_is_covered(path: Path) -> None:
    posts = load(path)
    answer = await summed_up(posts)
    assert (
        f"Read {len(posts)} of {len(posts)} messages by {len({post.author_id for post in posts})} people" in answer.text
    )


@recorded
async def test_no_transcribers_mark_is_quoted(path: Path) -> None:
    answer = await summed_up(load(path))
    assert not [text for text, _ in quotes(answer) if "{" in text]


async def test_a_thread_of_colleagues_is_summed_up_as_they_would() -> None:
    answer = await summed_up(SAMPLE)
    decisions, _, rest = answer.text.partition("**Decisions**")[2].partition("**Action items**")
    actions, _, questions = rest.partition("**Open questions**")
    assert "let's go with the old customs house." in decisions
    assert "keep the total budget at 32,000 euros" in decisions
    assert (
        "- **Ben Okafor**: Anna Weber: “Ben, could you send them the signed contract by Thursday?” (due: Thursday)"
        in actions
    )
    assert "- **Farah Nasser**: “I'll book the catering company" in actions
    assert "- No owner named: Dev Patel: “Someone needs to update the customer list" in actions
    assert "Who will translate the keynote slides into Portuguese?" in questions
    assert "How many hotel rooms" not in questions


async def test_the_thread_of_colleagues_is_quoted_verbatim() -> None:
    answer = await summed_up(SAMPLE)
    assert (verbatim(answer, SAMPLE), valid(answer, SAMPLE)) == (100, 100)


async def test_a_model_that_lies_changes_nothing_but_the_count_of_dropped_points() -> None:
    honest, lying, lies = await seen(SAMPLE)
    assert (lying.text, lying.cites, lying.dropped) == (honest.text, honest.cites, honest.dropped + lies)
    assert EVIL not in lying.text
