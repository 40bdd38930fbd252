"""What the content filter says of a prompt or an answer, in words of a closed list.

Floor 6. Pure. Nothing of it is trusted to be there, and no text of it is kept: a detail may quote what was written.
Shapes: learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter-annotations.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from dialogs.talk import Finding

Where = Literal["prompt", "completion"]

CATEGORIES = frozenset(
    {
        *("hate", "sexual", "violence", "self_harm", "profanity", "custom_blocklists"),
        *("jailbreak", "indirect_attack", "protected_material_text", "protected_material_code"),
        *("personally_identifiable_information", "ungrounded_material", "task_adherence"),
    }
)
OTHER = "other"
"""A category that is not in the list."""
UNRUN = Finding("prompt", "error", "unfiltered")
"""The filter did not run, and the text passed without it."""
RANKS = ("unfiltered", "low", "medium", "detected", "high", "filtered")
"""How grave a finding is, the gravest last."""
RESULTS = ("content_filter_results", "content_filter_result")
"""Both are met in refusals."""


def found(where: Where, results: object) -> Iterator[Finding]:
    """The findings among `content_filter_results` that are not "safe"."""
    if not isinstance(results, Mapping):
        return
    for name, verdict in results.items():
        if name == "error":
            yield Finding(where, UNRUN.category, UNRUN.severity)
        elif severity := _severity(verdict):
            yield Finding(where, _category(name), severity)


def _category(name: object) -> str:
    plain = str(name).replace("-", "_")
    return plain if plain in CATEGORIES else OTHER


def _severity(verdict: object) -> str:
    """How grave; "" for what is safe or says nothing."""
    if not isinstance(verdict, Mapping):
        return ""
    if verdict.get("severity") in ("low", "medium", "high"):
        return str(verdict["severity"])
    return next((name for name in ("detected", "filtered") if verdict.get(name) is True), "")


def prompted(chunk: Mapping[str, Any]) -> Iterator[Finding]:
    """What a chunk says of the prompt."""
    annotations = chunk.get("prompt_filter_results")
    for each in annotations if isinstance(annotations, list) else ():
        yield from found("prompt", each.get(RESULTS[0]) if isinstance(each, Mapping) else None)


def refused(where: Where, error: object) -> Iterator[Finding]:
    """What a refusal says, wherever in the `error` object it says it."""
    for each in _within(error):
        for name in RESULTS:
            yield from found(where, each.get(name))


def _within(error: object) -> Iterator[Mapping[str, Any]]:
    """The `error` object, its inner one and its filters, as far as they are objects."""
    if not isinstance(error, Mapping):
        return
    filters = error.get("content_filters")
    several = filters if isinstance(filters, list) else ()
    yield from (each for each in (error, error.get("innererror"), *several) if isinstance(each, Mapping))


def gravest(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each category of prompt and of completion: a stream repeats them."""
    worst: dict[tuple[str, str], Finding] = {}
    for each in findings:
        key = each.where, each.category
        if key not in worst or RANKS.index(each.severity) > RANKS.index(worst[key].severity):
            worst[key] = each
    return tuple(worst.values())
