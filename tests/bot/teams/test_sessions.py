"""What a token says of a person."""

from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from bot.teams.sessions import session

CLAIMS = {"oid": "ada", "tid": "contoso", "exp": 1_795_000_000, "name": "Ada", "roles": ["user", 7]}


def token(**changes: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode(claims, "a secret that is long enough for HS256", algorithm="HS256")


def test_a_token_says_whose_it_is_and_what_they_may() -> None:
    found = session(token())
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
    found = session(token(roles=roles))
    assert found is not None and found.roles == frozenset()
