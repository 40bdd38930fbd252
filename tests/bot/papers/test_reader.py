"""The parent of the child that reads: it hands over bytes, waits no longer than it may, and leaves nothing behind."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.papers.reader import LARGEST, Reader, ending
from dialogs.errors import Damaged, NotFetched, TooBig, TooHard
from tests.bot.papers.papers import NOW, children, docx, leftovers, paragraph, pdf, read, sample, text, zipped

PARSERS = (
    "lxml",
    "PIL",
    "pypdfium2",
    "python_calamine",
    "oxmsg",
    "olefile",
    "selectolax",
    "charset_normalizer",
    "email.parser",
)


class Slow:
    """A file that arrives in two parts; the second when it is let go."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.closed = False

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            yield b"First words. "
            self.begun.set()
            await self.go.wait()
            yield b"Last words."
        finally:
            self.closed = True


async def failing() -> AsyncIterator[bytes]:
    """A file whose source breaks off."""
    yield b"x" * 100
    raise NotFetched


class Silent:
    """A file of which nothing comes until it is let go."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def pieces(self) -> AsyncIterator[bytes]:
        self.asked.set()
        await self.go.wait()
        yield b"Late words."


async def late() -> AsyncIterator[bytes]:
    """A file whose source ran out of its own time."""
    yield b"x"
    raise TimeoutError


async def test_the_child_stands_behind_its_fence() -> None:
    assert await Reader().fenced()


async def test_the_child_has_neither_environment_nor_files_of_its_parent() -> None:
    slow, reader = Slow(), Reader()
    with Path(__file__).open() as mine:
        assert mine.fileno() > 2
        task = asyncio.create_task(reader.document(slow.pieces(), "a.txt", "key", NOW))
        await slow.begun.wait()
        (pid,) = children()
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        opened = {
            int(path.name)
            for path in Path(f"/proc/{pid}/fd").iterdir()
            if not str(path.readlink()).startswith(sys.prefix)
        }
        slow.go.set()
        assert text(await task) == "First words. Last words."
    assert environment == b""
    assert len(opened & {0, 1, 2}) == 3


async def test_the_name_of_a_file_is_not_among_the_arguments() -> None:
    slow = Slow()
    task = asyncio.create_task(Reader().document(slow.pieces(), "salaries.txt", "key", NOW))
    await slow.begun.wait()
    (pid,) = children()
    assert b"salaries" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    slow.go.set()
    await task


async def test_who_gives_up_leaves_no_process() -> None:
    slow = Slow()
    task = asyncio.create_task(Reader().document(slow.pieces(), "a.txt", "key", NOW))
    await slow.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not children()
    assert slow.closed


async def test_what_goes_wrong_while_fetching_is_what_is_said() -> None:
    with pytest.raises(NotFetched):
        await Reader().document(failing(), "a.txt", "key", NOW)
    assert not children()


async def test_a_source_that_was_too_slow_speaks_for_itself() -> None:
    with pytest.raises(TimeoutError):
        await Reader().document(late(), "a.txt", "key", NOW)


async def test_a_file_that_is_too_big_is_not_read() -> None:
    with pytest.raises(TooBig):
        await read(b"x" * (LARGEST + 1))
    assert not children()


async def test_a_file_as_large_as_may_be_is_read() -> None:
    document = await read(b"Some words of no great meaning.\n" * (LARGEST // 32), "a.txt")
    assert document.passages[0].text.startswith("Some words")


async def test_a_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TooHard):
        await read(b"words", "a.txt", Reader(wall=0.001))
    assert not children()


async def test_a_file_that_never_ends_is_given_up() -> None:
    with pytest.raises(TooHard):
        await Reader(feeding=0.001).document(Slow().pieces(), "a.txt", "key", NOW)
    assert not children()


async def test_no_more_children_than_are_allowed() -> None:
    reader, first, second = Reader(fed=1), Slow(), Slow()
    one = asyncio.create_task(reader.document(first.pieces(), "a.txt", "key", NOW))
    two = asyncio.create_task(reader.document(second.pieces(), "a.txt", "key", NOW))
    await first.begun.wait()
    assert (len(children()), second.begun.is_set()) == (1, False)
    first.go.set()
    second.go.set()
    assert text(await one) == text(await two) == "First words. Last words."


async def test_a_file_that_does_not_come_holds_up_nobody_elses() -> None:
    reader, slow = Reader(children=1), Slow()
    waiting = asyncio.create_task(reader.document(slow.pieces(), "a.txt", "key", NOW))
    await slow.begun.wait()
    assert text(await read(b"Here at once.", "b.txt", reader)) == "Here at once."
    slow.go.set()
    assert text(await waiting) == "First words. Last words."


async def test_files_of_which_nothing_comes_hold_up_nobody_elses() -> None:
    reader, silent = Reader(children=1, fed=1), [Silent(), Silent()]
    waiting = [asyncio.create_task(reader.document(each.pieces(), "a.txt", "key", NOW)) for each in silent]
    for each in silent:
        await each.asked.wait()
    assert not children()
    assert text(await asyncio.wait_for(read(b"Here at once.", "b.txt", reader), 30)) == "Here at once."
    for each in silent:
        each.go.set()
    assert [text(document) for document in await asyncio.gather(*waiting)] == ["Late words."] * 2


async def test_a_file_that_never_begins_is_given_up() -> None:
    with pytest.raises(TooHard):
        await Reader(feeding=0.001).document(Silent().pieces(), "a.txt", "key", NOW)
    assert not children()


async def test_a_child_that_is_killed_says_that_it_was_too_much() -> None:
    slow = Slow()
    task = asyncio.create_task(Reader().document(slow.pieces(), "a.txt", "key", NOW))
    await slow.begun.wait()
    (pid,) = children()
    await asyncio.to_thread(subprocess.run, ["kill", "-9", str(pid)], check=True)
    slow.go.set()
    with pytest.raises(TooHard):
        await task


async def test_nothing_is_written_anywhere() -> None:
    began, mark = time.time() - 1, b"Nobody else has these words 4711"
    words = mark.decode()
    for data in (docx(paragraph(words)), pdf([words]), words.encode(), zipped([("a", mark)])):
        try:
            await read(data, "a.txt")
        except Exception as error:  # the zip is foreign: that too leaves nothing
            assert type(error).__name__ == "Foreign"
    assert not leftovers(mark, began)


def test_no_parser_is_even_loaded_here() -> None:
    code = f"import sys, bot.papers.reader; print([name for name in {PARSERS!r} if name in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert told.stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.CSV", "csv"),
        ("Makefile", "makefile"),
        ("a.b.md", "md"),
        ("a.", ""),
        ("a.x y", ""),
        ("a." + "x" * 99, ""),
        ("ä.ö", ""),
    ],
)
def test_of_a_name_only_a_plain_ending_is_told(name: str, expected: str) -> None:
    assert ending(name) == expected


async def test_half_a_sample_through_a_child_is_damaged() -> None:
    with pytest.raises(Damaged):
        await read(sample("talk.pptx")[:9_000])
