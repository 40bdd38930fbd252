"""Nobody who holds a connection of the serving role, or whose words are stored, gets further than they may."""

from collections.abc import Iterator

import pytest

from tests.attacks.store import HOSTILE, across, attacked, expired, planted, refused, standing, words


@pytest.fixture(scope="module")
def premises() -> Iterator[tuple[str, str]]:
    """A database, as its owner and as who serves it."""
    with attacked() as (owner, clerk):
        yield owner, clerk


async def test_the_serving_role_oversteps_nowhere(premises: tuple[str, str]) -> None:
    assert [text for text, kept in refused(premises[1]) if not kept] == []


async def test_no_statement_reaches_another_tenants_rows(premises: tuple[str, str]) -> None:
    before = await planted(premises[0])
    found = [each async for each in across(*premises)]
    assert [name for name, _, leak in found if leak] == [] and standing(premises[0]) == before


async def test_behind_its_own_fence_a_statement_reaches_them(premises: tuple[str, str]) -> None:
    """Or else nothing was shown by it."""
    await planted(premises[0])
    assert len([name async for name, own, _ in across(*premises) if own]) > 120


async def test_the_audit_does_not_expire_before_its_time(premises: tuple[str, str]) -> None:
    await planted(premises[0])
    assert expired(premises[1]) == 0


async def test_words_come_back_as_they_were(premises: tuple[str, str]) -> None:
    kept = await words(premises[1])
    assert len(kept) == 5 * len(HOSTILE) and all(kept)
