"""What the content filter says, in the shapes that are met, and in words of a closed list."""

from typing import Any

import pytest

from bot.models.tally import Tally, word
from bot.models.verdicts import found, gravest, prompted, refused
from dialogs.talk import Finding

SAFE = {"hate": {"filtered": False, "severity": "safe"}, "jailbreak": {"detected": False, "filtered": False}}


def findings(results: Any) -> list[tuple[str, str]]:
    return [(each.category, each.severity) for each in found("prompt", results)]


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (SAFE, []),
        ({"hate": {"filtered": False, "severity": "low"}}, [("hate", "low")]),
        ({"self-harm": {"filtered": True, "severity": "high"}}, [("self_harm", "high")]),
        ({"jailbreak": {"detected": True, "filtered": False}}, [("jailbreak", "detected")]),
        ({"custom_blocklists": {"filtered": True, "details": [{"id": "names"}]}}, [("custom_blocklists", "filtered")]),
        ({"something new of 2027": {"filtered": True, "severity": "low"}}, [("other", "low")]),
        ({"hate": {"filtered": False, "severity": "my secret"}}, []),
        ({"error": {"code": "content_filter_error", "message": "secret"}}, [("error", "unfiltered")]),
        ({"hate": None, "violence": [], "sexual": {"severity": 4}}, []),
        (None, []),
        ([], []),
        ("safe", []),
    ],
)
def test_what_is_not_safe_is_found(results: Any, expected: list[tuple[str, str]]) -> None:
    assert findings(results) == expected


@pytest.mark.parametrize(
    "error",
    [
        {"innererror": {"content_filter_result": {"violence": {"filtered": True, "severity": "high"}}}},
        {"innererror": {"content_filter_results": {"violence": {"filtered": True, "severity": "high"}}}},
        {"content_filter_results": {"violence": {"filtered": True, "severity": "high"}}},
        {"content_filters": [{"content_filter_results": {"violence": {"filtered": True, "severity": "high"}}}]},
    ],
)
def test_a_refusal_says_it_in_several_shapes(error: Any) -> None:
    assert list(refused("prompt", error)) == [Finding("prompt", "violence", "high")]


@pytest.mark.parametrize("error", [None, "no", [], {"innererror": "x", "content_filters": 5}, {"content_filters": [3]}])
def test_a_refusal_of_another_shape_says_nothing(error: Any) -> None:
    assert list(refused("prompt", error)) == []


@pytest.mark.parametrize("annotations", [None, "x", [None], [{"content_filter_results": 4}], {}])
def test_annotations_of_another_shape_say_nothing(annotations: Any) -> None:
    assert list(prompted({"prompt_filter_results": annotations})) == []


def test_of_what_is_repeated_the_gravest_is_kept() -> None:
    low, high = Finding("completion", "hate", "low"), Finding("completion", "hate", "high")
    assert gravest([low, high, low]) == (high,)


def test_prompt_and_completion_are_kept_apart() -> None:
    both = (Finding("prompt", "hate", "low"), Finding("completion", "hate", "low"))
    assert gravest(both) == both


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("gpt-5.4-mini-2026-03-17", "gpt-5.4-mini-2026-03-17"),
        ("a b", ""),
        ("x" * 81, ""),
        ("", ""),
        (None, ""),
        (7, ""),
        ("a\n", ""),
        ("é", ""),
    ],
)
def test_only_a_bare_name_is_taken_from_an_answer(value: object, kept: str) -> None:
    assert word(value) == kept


def test_headers_are_taken_as_far_as_they_are_names() -> None:
    tally = Tally("m", 1)
    tally.met({"x-ms-region": "Sweden Central", "apim-request-id": "what I wrote", "x-request-id": "r-2"})
    assert (tally.usage().region, tally.usage().request) == ("swedencentral", "r-2")


def test_without_headers_nothing_is_known() -> None:
    tally = Tally("m", 1)
    tally.met({})
    assert (tally.usage().region, tally.usage().request, tally.usage().version) == ("", "", "")


@pytest.mark.parametrize(
    "chunk",
    [
        *(None, "x", 7, [], {}, {"choices": None}, {"choices": "x"}, {"choices": [None, 3]}, {"choices": {"delta": 1}}),
        *({"choices": [{"delta": "x"}]}, {"choices": [{"delta": {"content": 5}}]}, {"usage": [1], "model": {"a": 1}}),
    ],
)
def test_a_chunk_of_another_shape_says_nothing(chunk: object) -> None:
    tally = Tally("m", 1)
    assert tally.take(chunk) == "" and not tally.said and tally.usage().version == ""
