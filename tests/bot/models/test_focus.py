"""The offline engine asked about one thing."""

import json

import pytest

from bot.models.extract import summary
from bot.models.offline import OfflineModel
from dialogs.prompt import Prompt, Purpose
from tests.dialogs.desk import thread
from tests.dialogs.threads import SAMPLE


def about(words: str) -> list[str]:
    return [item["text"] for item in summary(SAMPLE, words)["key_points"]]


@pytest.mark.parametrize("words", ["the catering", "Catering?", "cateríng"])
def test_only_what_speaks_about_it_is_quoted(words: str) -> None:
    assert len(about(words)) >= 2 and all("catering" in text.casefold() for text in about(words))


def test_what_nobody_spoke_about_gives_nothing() -> None:
    assert summary(SAMPLE, "the helicopter") == {"key_points": [], "decisions": [], "actions": [], "questions": []}


def test_words_that_say_nothing_give_nothing() -> None:
    assert not about("?!")


def test_several_words_are_met_together() -> None:
    assert "customs house" in about("the old customs house")[0]


def test_the_answer_to_a_question_about_it_counts_though_it_does_not_name_it() -> None:
    posts = thread(
        ("Anna", "What does the projector cost?"),
        ("Ben", "Around 900 euros with the long cable."),
        ("Ben", "Lunch is at one."),
    )
    found = [item["text"] for item in summary(posts, "projector")["key_points"]]
    assert "Around 900 euros with the long cable." in found and "Lunch is at one." not in found


def test_a_person_can_be_asked_about() -> None:
    found = summary(SAMPLE, "Dev Patel")["key_points"]
    authors = {post.id: post.author for post in SAMPLE}
    assert found and {authors[item["ids"][0]] for item in found} == {"Dev Patel"}


async def test_the_model_keeps_to_the_focus_of_its_prompt() -> None:
    prompt = Prompt(Purpose.SUMMARY, "", "", posts=SAMPLE, focus="catering")
    pieces = [piece async for piece in OfflineModel(lambda usage: None).stream(prompt)]
    assert json.loads("".join(pieces)) == summary(SAMPLE, "catering")
