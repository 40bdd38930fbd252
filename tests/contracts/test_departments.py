"""Departments on the real database: asked for once a week, kept only of who is known."""

from datetime import timedelta

import pytest

from bot.store.departments import Departments
from bot.store.pool import Pool
from tests.bot.store.stores import NOW, TENANT, ask

LATER = NOW + timedelta(days=7)


@pytest.fixture
async def departments(pool: Pool, database: str) -> Departments:
    """One person is known."""
    await ask(database, "INSERT INTO people (tenant, person) VALUES (%s, 'anna')", TENANT)
    return Departments(pool)


async def test_the_directory_is_asked_once_a_week(departments: Departments) -> None:
    times = (NOW, NOW, LATER - timedelta(seconds=1), LATER, LATER)
    assert [await departments.due(TENANT, "anna", time) for time in times] == [True, False, False, True, False]


async def test_a_clock_that_was_ahead_puts_nothing_off_for_good(departments: Departments) -> None:
    await departments.due(TENANT, "anna", NOW + timedelta(days=900))
    assert await departments.due(TENANT, "anna", NOW)


async def test_what_the_directory_said_is_kept(departments: Departments, database: str) -> None:
    await departments.write(TENANT, "anna", "Sales\0 & Support")
    assert await ask(database, "SELECT person, department FROM people") == [("anna", "Sales & Support")]


async def test_of_who_is_not_known_nothing_is_asked_or_kept(departments: Departments, database: str) -> None:
    await departments.write(TENANT, "ben", "Sales")
    assert not await departments.due(TENANT, "ben", NOW)
    assert await ask(database, "SELECT person, department FROM people") == [("anna", "")]
