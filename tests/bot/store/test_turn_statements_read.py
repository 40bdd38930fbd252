"""What is read of a statement: which columns it fixes, and that nothing else counts."""

import pytest

from tests.bot.store.reached import reached

TABLES = {"asks": ("tenant", "place", "id"), "lanes": ("tenant", "place", "fence")}
NARROW = (
    "SELECT id FROM asks WHERE tenant = $1 AND place = $2",
    "SELECT id FROM asks a WHERE a.place = $2::text AND $1 = a.tenant",
    "UPDATE asks SET id = 1 WHERE tenant = $1 AND place = ANY ($2)",
    "DELETE FROM asks USING lanes l WHERE l.tenant = $1 AND l.place = $2 AND asks.tenant = l.tenant AND asks.place = l.place",
    "INSERT INTO asks (tenant, place, id) VALUES ($1, $2, $3), ($1, $2, $4)",
    "INSERT INTO asks (tenant, place, id) SELECT tenant, place, $3 FROM lanes WHERE tenant = $1 AND place = $2",
    "WITH l AS (DELETE FROM lanes WHERE tenant = $1 AND place = $2 RETURNING *) SELECT FROM l JOIN asks USING (tenant, place)",
    "SELECT FROM unnest($1::text[], $2::text[]) AS t (tenant, place) JOIN asks a ON a.tenant = t.tenant AND a.place = t.place",
    "SELECT FROM lanes l LEFT JOIN asks a ON a.tenant = l.tenant AND a.place = $2 WHERE l.tenant = $1 AND l.place = $2",
    "SELECT FROM lanes l, LATERAL (SELECT id FROM asks WHERE tenant = l.tenant AND place = l.place) AS a "
    "WHERE l.tenant = $1 AND l.place = $2",
    "DELETE FROM asks WHERE (tenant, place) IN (SELECT tenant, place FROM lanes WHERE tenant = $1 AND place = $2)",
    "SELECT EXISTS (SELECT FROM asks WHERE tenant = l.tenant AND place = $2) FROM lanes l WHERE tenant = $1 AND place = $2",
)
WIDE = (
    "SELECT id FROM asks WHERE tenant = $1",
    "SELECT id FROM asks WHERE tenant = $1 AND (place = $2 OR id = $3)",
    "SELECT id FROM asks WHERE tenant = $1 AND NOT place = $2",
    "SELECT id FROM asks WHERE tenant = $1 AND place > $2",
    "SELECT id FROM asks WHERE tenant = $1 AND place = lower(id)",
    "SELECT FROM asks a LEFT JOIN lanes l ON a.tenant = $1 AND a.place = $2 AND l.tenant = $1 AND l.place = $2",
    "SELECT FROM lanes l JOIN asks a ON a.tenant = l.tenant AND a.place = l.place WHERE l.tenant = $1",
    "INSERT INTO asks (tenant, place, id) VALUES ($1, $2, $3), ($1, lower($2), $4)",
    "INSERT INTO asks (tenant, id) VALUES ($1, $3)",
    "WITH a AS (SELECT * FROM asks WHERE tenant = $1) SELECT FROM a WHERE place = $2",
    "SELECT 1 WHERE EXISTS (SELECT FROM asks WHERE tenant = $1)",
    "UPDATE lanes SET fence = (SELECT max(id) FROM asks WHERE tenant = $1) WHERE tenant = $1 AND place = $2",
    "DELETE FROM lanes WHERE tenant = $1 AND place = $2 AND fence NOT IN (SELECT id FROM asks WHERE tenant = $1)",
    "LOCK TABLE asks IN SHARE MODE",
)


def fixed(text: str) -> list[bool]:
    """Of every way in which a statement reaches asks: whether tenant and place are fixed."""
    return [{"tenant", "place"} <= touch.columns for touch in reached(text, TABLES) if touch.table == "asks"]


@pytest.mark.parametrize("text", NARROW)
def test_a_statement_that_names_both_is_narrow(text: str) -> None:
    assert fixed(text) and all(fixed(text))


@pytest.mark.parametrize("text", WIDE)
def test_a_statement_that_may_reach_another_place_is_not(text: str) -> None:
    assert False in fixed(text)


def test_it_is_known_which_parameter_a_column_is_fixed_by() -> None:
    (touch,) = reached("SELECT id FROM asks WHERE tenant = $1 AND place = $2", TABLES)
    assert dict(touch.fixed) == {"tenant": {1}, "place": {2}}
