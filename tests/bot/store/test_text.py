from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.store.keys import key, plain
from bot.store.pool import Pool
from bot.store.statements import statement

NASTY = [
    "",
    "plain",
    'quote " in it',
    "back\\slash",
    "{brace,comma}",
    "NULL",
    "line\nbreak",
    "Grüße 🎉",
    "'; DROP TABLE inbox; --",
]


@pytest.mark.parametrize("value", NASTY)
async def test_text_comes_back_as_it_went(pool: Pool, value: str) -> None:
    assert await pool.run(statement("SELECT %(value)s::text"), value=value) == [(value,)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text[]", NASTY),
        ("bytea[]", [b"", b"\x00\xff\\", b'"{},']),
        ("int[]", [1, -2]),
        ("bool[]", [True, False]),
        ("text[]", []),
        ("text[]", ["NULL", None]),
        ("timestamptz[]", [None, datetime(2026, 11, 21, 9, 30, tzinfo=UTC)]),
        ("bytea", b"\x00\xff" * 200_000),
        ("bigint", -(2**60)),
        ("bool", True),
        ("date", date(2026, 11, 21)),
        ("timestamptz", datetime(2026, 11, 21, 9, 30, 0, 123456, tzinfo=UTC)),
        ("text", None),
    ],
)
async def test_every_kind_of_value_comes_back_as_it_went(pool: Pool, kind: str, value: Any) -> None:
    assert await pool.run(statement(f"SELECT %(value)s::{kind}"), value=value) == [(value,)]


def test_a_parameter_that_is_named_twice_is_sent_once() -> None:
    made = statement("SELECT %(one)s, %(two)s, %(one)s")
    assert (made.text, made.names) == (b"SELECT $1, $2, $1", ("one", "two"))


def test_an_ordinary_id_is_its_own_key() -> None:
    assert key("19:abc@thread.v2;messageid=1") == "19:abc@thread.v2;messageid=1"


@pytest.mark.parametrize("bad", ["nul\0", "half \ud83d", "x" * 501])
def test_an_id_that_cannot_be_held_becomes_its_hash(bad: str) -> None:
    hashed = key(bad)
    assert hashed.startswith("sha256:") and hashed != key(bad + "x") and key(hashed) == hashed


def test_other_text_loses_only_what_cannot_be_held() -> None:
    assert plain("a\0b \ud83d Grüße") == "ab ? Grüße"
