"""Iterators within iterators: everything is passed on, and nothing is left open."""

from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from dialogs.streams import forward


class Opened:
    """Iterators that say when they are closed."""

    def __init__(self) -> None:
        self.closed: list[str] = []

    async def letters(self) -> AsyncIterator[str | AsyncIterator[str]]:
        try:
            yield "a"
            yield self.numbers()
            yield "b"
        finally:
            self.closed.append("letters")

    async def numbers(self) -> AsyncIterator[str]:
        try:
            yield "1"
            yield "2"
        finally:
            self.closed.append("numbers")

    async def failing(self) -> AsyncIterator[str | AsyncIterator[str]]:
        try:
            yield self.broken()
            yield "never"
        finally:
            self.closed.append("failing")

    async def broken(self) -> AsyncIterator[str]:
        yield "1"
        raise ValueError


async def test_an_iterator_among_the_items_gives_its_own() -> None:
    opened = Opened()
    assert [item async for item in forward(opened.letters())] == ["a", "1", "2", "b"]
    assert opened.closed == ["numbers", "letters"]


async def test_whoever_stops_early_closes_all_that_has_begun_the_innermost_first() -> None:
    opened = Opened()
    stream = forward(opened.letters())
    assert [await anext(stream), await anext(stream)] == ["a", "1"]
    assert isinstance(stream, AsyncGenerator)
    await stream.aclose()
    assert opened.closed == ["numbers", "letters"]


async def test_what_an_inner_iterator_raises_ends_everything() -> None:
    opened = Opened()
    with pytest.raises(ValueError):
        [item async for item in forward(opened.failing())]
    assert opened.closed == ["failing"]
