"""The doctor and the language models: each resource lets it in, each deployment answers, and none is about to end."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.findings import Asked
from tests.bot.doctoring import Ward, no_token, ward
from tests.world.faults import drop, refused, status, throttled
from tests.world.openai import ModelDouble, filtered

__all__ = ["ward"]

DEPLOYMENT = "deployment gpt-5.4-mini at 127.0.0.1"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            status(401),
            "FAIL lets nobody in (status 401). Cure: give the identity the role Cognitive Services OpenAI User",
        ),
        (status(404), "FAIL status 404"),
        (drop, "FAIL does not answer"),
    ],
)
async def test_a_resource_that_does_not_let_us_in_fails(ward: Ward, fault: Any, words: str) -> None:
    ward.model.faults.add(fault, of="models", times=None)
    assert (await ward.seen())["model 127.0.0.1"].startswith(words)


async def test_each_deployment_is_asked_for_one_word(ward: Ward) -> None:
    ward.environ["AZURE_OPENAI_DEPLOYMENTS"] = "gpt-5.4-mini,gpt-4.1"
    found = await ward.seen()
    assert sorted(each.model for each in ward.model.prompts) == ["gpt-4.1", "gpt-5.4-mini"]
    assert all(
        found[f"deployment {name} at 127.0.0.1"].startswith("ok   answers (") for name in ("gpt-4.1", "gpt-5.4-mini")
    )


async def test_the_word_costs_a_handful_of_tokens_and_the_line_says_how_many(ward: Ward) -> None:
    ward.model.answer = "ok"
    line = (await ward.seen())[DEPLOYMENT]
    assert 0 < int(line.partition("(")[2].partition(" ")[0]) < 60


async def test_each_resource_is_asked_for_itself_and_none_for_another(ward: Ward) -> None:
    async with ModelDouble(deployments=("another",)) as second:
        ward.environ["AZURE_OPENAI_ENDPOINTS"] = f"{ward.model.url},{second.url.replace('127.0.0.1', 'localhost')}"
        found = await ward.seen()
    assert found[DEPLOYMENT].startswith("ok ")
    assert found["deployment gpt-5.4-mini at localhost"].startswith("FAIL there is no such deployment")


async def test_no_deployment_is_asked_where_the_operator_does_not_want_it(ward: Ward) -> None:
    ward.probes["asked"] = Asked(calls=False)
    found = await ward.seen()
    assert not ward.model.prompts and found["deployment"].startswith("warn none was asked")
    assert found["model 127.0.0.1"] == "ok   lets us in"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refused(404, "DeploymentNotFound"), "FAIL there is no such deployment, or not any more. Cure: deploy it"),
        (throttled(1), "warn is there, and has too much to do just now (429). Cure: give it more quota"),
        (filtered(), "warn is there, and its content filter stopped the greeting. Cure: look at its content filter"),
        (status(500), "FAIL does not answer (Unavailable). Cure: look at the resource's health"),
        (drop, "FAIL does not answer (Unavailable)"),
    ],
)
async def test_a_deployment_that_does_not_answer_is_told_by_why(ward: Ward, fault: Any, words: str) -> None:
    ward.model.faults.add(fault, of="chat", times=None)
    assert (await ward.seen())[DEPLOYMENT].startswith(words)


async def test_what_a_model_says_stands_in_no_line(ward: Ward) -> None:
    ward.model.answer = "CANARY"
    assert "CANARY" not in " ".join((await ward.seen()).values())


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13, ends on 2026-10-01 by Microsoft's schedule"),
        ("o3", "o3, has ended by Microsoft's schedule"),
    ],
)
async def test_a_model_that_is_gone_or_goes_soon_is_named(ward: Ward, model: str, words: str) -> None:
    name = ward.settings().azure_openai_deployments[0]
    ward.environ["AZURE_OPENAI_MODELS"] = f"{name}={model}/Standard"
    ward.probes["now"] = lambda: datetime(2026, 11, 21, tzinfo=UTC)
    ward.probes["model_token"] = no_token
    assert (await ward.seen())[f"retirement {name}"].startswith(f"warn what runs behind it, {words}")
