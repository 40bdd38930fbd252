"""What a token says of a person."""

from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from bot.teams.sessions import session

APP = "the-app"
CLAIMS = {"aud": APP, "oid": "ada", "tid": "contoso", "exp": 1_795_000_000, "name": "Ada", "roles": ["user", 7]}


def token(**changes: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode(claims, "a secret that is long enough for HS256", algorithm="HS256")


def test_a_token_says_whose_it_is_and_what_they_may() -> None:
    found = session(token(), APP)
    assert found is not None
    assert (found.person, found.tenant, found.name, found.roles) == ("ada", "contoso", "Ada", frozenset({"user"}))
    assert found.expires == datetime.fromtimestamp(1_795_000_000, UTC)


def test_a_person_is_called_by_what_tells_most() -> None:
    found = session(token(preferred_username="ada@contoso.example"))
    assert found is not None and found.name == "ada@contoso.example"


@pytest.mark.parametrize("nothing", [None, "", "no token", "a.b.c"])
def test_what_is_no_token_is_no_session(nothing: str | None) -> None:
    assert session(nothing) is None


@pytest.mark.parametrize("missing", [{"oid": None}, {"tid": None}, {"exp": None}, {"oid": 7}, {"tid": ["a"]}])
def test_a_token_that_does_not_say_whose_it_is_is_nobodys(missing: dict[str, Any]) -> None:
    assert session(token(**missing)) is None


@pytest.mark.parametrize("roles", [None, "user", {"user": True}])
def test_roles_of_a_wrong_type_are_none(roles: Any) -> None:
    found = session(token(roles=roles), APP)
    assert found is not None and found.roles == frozenset()


@pytest.mark.parametrize("audience", [APP, f"api://{APP}", f"api://botid-{APP}"])
def test_roles_count_in_a_token_for_the_bot(audience: str) -> None:
    found = session(token(aud=audience), APP)
    assert found is not None and found.roles == frozenset({"user"})


@pytest.mark.parametrize("audience", ["https://graph.microsoft.com", "api://another", None, 7])
def test_another_applications_roles_are_none_of_ours(audience: Any) -> None:
    claims = {name: value for name, value in {**CLAIMS, "aud": audience}.items() if value is not None}
    found = session(jwt.encode(claims, "a secret that is long enough for HS256", algorithm="HS256"), APP)
    assert found is not None and found.roles == frozenset()


def test_a_time_beyond_all_times_is_no_session() -> None:
    assert session(token(exp=1e300)) is None
