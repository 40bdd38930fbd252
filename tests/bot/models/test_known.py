"""The catalogue of models: what is known, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from bot.models.known import MODELS, known, offers, retiring
from bot.settings import Settings, read
from dialogs.terms import Offer

TODAY = date(2026, 11, 21)
COMPANY = {
    "DATABASE_URL": "postgresql://parley@db.example/parley?sslmode=require",
    "MICROSOFT_APP_ID": "00000000-0000-0000-0000-000000000001",
    "MICROSOFT_APP_TENANT_ID": "00000000-0000-0000-0000-000000000002",
    "AZURE_OPENAI_ENDPOINTS": "https://one.openai.azure.com",
    "AZURE_OPENAI_DEPLOYMENTS": "gpt-4.1-mini,chat,thing",
    "AZURE_OPENAI_MODELS": "chat=gpt-5.4/DataZoneStandard",
}


def company(**more: str) -> Settings:
    return read(COMPANY | more, local=False)


def name_of(model: str) -> str | None:
    found = known(model)
    return found.model if found else None


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("gpt-4o", "gpt-4o"),
        ("GPT-4o ", "gpt-4o"),
        ("o3-mini", "o3-mini"),
        ("gpt-4o-mini", "gpt-4o-mini"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
        ("gpt-5.4-mini@2026-03-17", "gpt-5.4-mini"),
        ("gpt-5.4-mini (2026-03-17)", "gpt-5.4-mini"),
        ("gpt-5.6-luna", "gpt-5.6-luna"),
    ],
)
def test_a_model_is_known_by_its_name_with_a_version_or_without(name: str, model: str) -> None:
    assert name_of(name) == model


@pytest.mark.parametrize(
    "name",
    [
        "",
        "chat",
        "gpt-5-pro",
        "gpt-5.4-codex",
        "gpt-55",
        "gpt-5.9",
        "gpt-4o-realtime",
        "gpt-5-chat",
        "gpt-6-sol",
        "llama3",
    ],
)
def test_nothing_is_guessed_from_a_similar_name(name: str) -> None:
    assert known(name) is None


def test_of_another_version_the_end_is_not_known() -> None:
    found = known("gpt-5-2027-01-01")
    assert found is not None
    assert (found.retires, found.ended, found.tunable) == (None, False, False)


def test_without_a_version_nothing_ends_where_versions_end_on_different_days() -> None:
    found, dated = known("gpt-4o"), known("gpt-4o-2024-11-20")
    assert found is not None and dated is not None
    assert (found.retires, found.tunable, dated.retires) == (None, True, date(2027, 4, 14))


def test_models_that_reason_take_no_temperature() -> None:
    assert {each.model[:5] for each in MODELS if each.tunable} == {"gpt-4"}


def test_the_small_ones_are_the_cheap_ones() -> None:
    small = ("-nano", "-mini", "-luna")
    assert {each.cost for each in MODELS if each.model.endswith(small)} == {1}
    assert {each.cost for each in MODELS if not each.model.endswith(small)} <= {0, 2, 3}


def test_what_ended_on_a_day_that_nobody_told_has_none() -> None:
    assert {each.model for each in MODELS if each.ended} == {"o1", "o3", "o3-mini", "o4-mini"}
    assert not any(each.retires for each in MODELS if each.ended)


def test_every_model_stands_there_once_with_what_it_is_good_for() -> None:
    assert len({each.model for each in MODELS}) == len(MODELS)
    assert all(each.strength for each in MODELS)


def test_deployments_are_offered_in_their_order_with_what_is_known_of_them() -> None:
    first, second, third = offers(company())
    assert first == Offer("gpt-4.1-mini")
    assert (second.name, second.model, second.kind, second.retires) == (
        "chat",
        "gpt-5.4",
        "DataZoneStandard",
        date(2027, 9, 2),
    )
    assert third == Offer("thing")


def test_what_is_said_of_a_deployment_goes_before_its_name() -> None:
    (offer,) = offers(
        company(AZURE_OPENAI_DEPLOYMENTS="gpt-4.1", AZURE_OPENAI_MODELS="gpt-4.1=own-thing/GlobalStandard")
    )
    assert offer == Offer("gpt-4.1", "own-thing", "GlobalStandard")


def test_of_a_server_on_this_machine_azure_s_catalogue_says_nothing() -> None:
    local = {"AZURE_OPENAI_ENDPOINTS": "http://127.0.0.1:8080/v1", "AZURE_OPENAI_DEPLOYMENTS": "gpt-4.1"}
    assert offers(read(local, local=True)) == (Offer("gpt-4.1"),)


def test_the_offline_engine_is_no_deployment() -> None:
    assert offers(read({"AZURE_OPENAI_DEPLOYMENTS": "gpt-4.1"}, local=True)) == ()


@pytest.mark.parametrize(
    ("ends", "soon"),
    [(None, False), (date(2027, 2, 20), False), (date(2027, 2, 19), True), (TODAY, True), (date(2025, 1, 1), True)],
)
def test_a_model_that_ends_within_ninety_days_is_warned_of(ends: date | None, soon: bool) -> None:
    assert bool(retiring([replace(Offer("x"), retires=ends)], TODAY)) is soon


def test_a_model_that_has_ended_is_warned_of_too() -> None:
    assert retiring([Offer("x", ended=True)], TODAY)


@pytest.mark.parametrize(
    ("model", "sees"),
    [
        ("gpt-4o", True),
        ("gpt-4.1-nano", True),
        ("o1", True),
        ("o4-mini", True),
        ("o3-mini", False),
        ("gpt-5", True),
        ("gpt-5.4-mini", True),
        ("gpt-5.6-luna-2027-01-01", True),
        ("gpt-5.9", False),
        ("our-own", False),
    ],
)
def test_who_is_shown_pictures_is_known_of_the_model_and_never_guessed(model: str, sees: bool) -> None:
    (offer,) = offers(company(AZURE_OPENAI_DEPLOYMENTS="chat", AZURE_OPENAI_MODELS=f"chat={model}/Standard"))
    assert offer.sees is sees


def test_a_deployment_whose_model_nobody_named_is_shown_nothing() -> None:
    (offer,) = offers(company(AZURE_OPENAI_DEPLOYMENTS="gpt-4o", AZURE_OPENAI_MODELS=""))
    assert not offer.sees
