"""What of some files is nearest to a question."""

import asyncio
import gc
from collections.abc import Iterator
from time import thread_time

import pytest

from dialogs.documents import Document
from dialogs.selection import MOST, fitting, weighed
from dialogs.slices import SLICE
from tests.dialogs.desk import a_document

REPORT = a_document("report.pdf", "Sales rose by 4 percent.", "The warehouse in Lyon closes in May.")
PLAN = a_document("plan.docx", "We open an office in Oslo.", key="f2")
LONGEST = 4 * SLICE
"""Seconds of work between two turns of the loop, at most."""


def long(key: str, characters: int = 2_000) -> Document:
    text = "word other things that are said in a long file, and 12 numbers " * (characters // 64)
    return a_document(f"{key}.pdf", *([text] * (MOST // characters)), key=key)


async def pauses(seen: list[float]) -> None:
    """How long the loop works before everybody else has a turn; what other processes take does not count."""
    last = thread_time()
    while True:
        await asyncio.sleep(0)
        now = thread_time()
        seen.append(now - last)
        last = now


async def test_what_was_weighed_of_one_file_is_known_without_weighing_it_again() -> None:
    found = await weighed("When does the warehouse in Lyon close?", (PLAN, REPORT))
    assert found.of((REPORT,)).posts == REPORT.posts() and found.of((REPORT,)).related
    assert found.of((PLAN,)).posts == PLAN.posts() and not found.of((PLAN,)).related
    assert found.related and not found.beyond and not found.of((PLAN,)).beyond


async def test_no_more_is_looked_through_than_one_question_may_take() -> None:
    found = await weighed("Lyon?", (long("f8"), REPORT))
    assert sum(len(post.text) for post in found.posts) <= MOST
    assert found.beyond and found.of((REPORT,)).posts == () and found.of((REPORT,)).beyond


@pytest.mark.parametrize("question", ["What does the report say of Lyon?", "REPORT.PDF: Lyon?"])
async def test_a_file_whose_name_is_spoken_of_comes_first(question: str) -> None:
    found = await weighed(question, (long("f8"), REPORT))
    assert found.of((REPORT,)).posts == REPORT.posts() and found.beyond


async def test_the_nearest_passages_that_fit_stand_in_the_order_of_the_files() -> None:
    found = await weighed("Sales in Lyon", (PLAN, REPORT))
    assert [post.id for post in await fitting(found, 10_000, len)] == ["f2.1", "f1.1", "f1.2"]
    assert await fitting(found, 1, len) == ()


@pytest.fixture
def untidied() -> Iterator[None]:
    """Memory is not tidied up meanwhile: how long that takes depends on all tests before."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(("people", "characters"), [(1, 64), (6, 2_000)])
async def test_long_files_never_keep_the_loop_however_many_people_ask(
    people: int, characters: int, untidied: None
) -> None:
    seen, files = list[float](), [long(f"f{n}", characters) for n in range(people)]
    other = asyncio.create_task(pauses(seen))
    question = " ".join(f"question{n} said numbers" for n in range(40))

    async def asked(file: Document) -> None:
        await fitting(await weighed(question, (file,)), 24_000, len)

    await asyncio.gather(*map(asked, files))
    other.cancel()
    assert max(seen) < LONGEST


def test_every_loop_has_its_own_turn() -> None:
    async def two() -> None:
        await asyncio.gather(*(weighed("Lyon?", (long(f"f{n}"),)) for n in range(2)))

    for _ in range(2):
        asyncio.run(two())
