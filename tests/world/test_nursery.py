"""A bot that is forked is like one that is started: what it is told, what it says, how it ends."""

import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from tests.world.bots import PROGRAM
from tests.world.nursery import Child, Nursery
from tests.world.world import World

HELP = (PROGRAM, "--help")


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
async def waiting() -> AsyncIterator[Mapping[str, str]]:
    """The environment of a bot that lives on, because it waits for its database."""
    async with World() as world:
        nowhere = "postgresql://nobody:unused@127.0.0.1:1/nothing"  # pragma: allowlist secret
        yield world.environ(DATABASE_URL=nowhere, PORT="0")


async def said(child: Child) -> str:
    assert child.stdout is not None
    return (await child.stdout.read()).decode()


async def test_a_child_is_told_its_arguments_and_says_what_the_program_says(nursery: Nursery) -> None:
    child = await nursery.born(HELP, {})
    assert "Parley, a private assistant" in await said(child) and await child.wait() == 0


async def test_a_child_knows_no_environment_but_its_own(nursery: Nursery) -> None:
    child = await nursery.born((PROGRAM,), {"DATABASE_URL": "nonsense"})
    told = await said(child)
    assert await child.wait() == 2 and "DATABASE_URL" in told and "MICROSOFT_APP_ID" in told


async def test_a_child_that_is_killed_ends_by_that_and_the_others_go_on(
    nursery: Nursery, waiting: Mapping[str, str]
) -> None:
    doomed, other = await nursery.born((PROGRAM,), waiting), await nursery.born(HELP, {})
    doomed.send_signal(signal.SIGKILL)
    assert (await doomed.wait(), await other.wait()) == (-signal.SIGKILL, 0)
    doomed.send_signal(signal.SIGTERM)


async def test_with_the_nursery_all_end_that_lived(waiting: Mapping[str, str]) -> None:
    nursery = Nursery()
    child = await nursery.born((PROGRAM,), waiting)
    nursery.close()
    assert await child.wait() == -signal.SIGKILL


async def test_a_childs_errors_may_go_to_a_file_of_their_own(nursery: Nursery, tmp_path: Path) -> None:
    with (tmp_path / "errors").open("w+b") as errors:
        child = await nursery.born((PROGRAM, "nonsense"), {}, errors=errors.fileno())
        assert await said(child) == "" and await child.wait() == 2
        errors.seek(0)
        assert b"invalid choice" in errors.read()
