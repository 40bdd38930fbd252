import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from bot.lookups import Loop


class Resolver:
    """Knows one name, has never heard of `nowhere`, and hangs for every other."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = threading.Event()

    def __call__(self, host: str, *rest: Any) -> list[Any]:
        self.asked.append(host)
        if host == "nowhere":
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        if host != "known":
            self.go.wait(10)
        return [(host, *rest)]


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    found = Resolver()
    yield found
    found.go.set()


def run(resolver: Resolver, act: Callable[[Loop], Awaitable[Any]], patience: float = 0.05) -> Any:
    """What comes of it in a loop of its own."""

    async def acted() -> Any:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        return await act(loop)

    with asyncio.Runner(loop_factory=lambda: Loop(resolver, patience)) as runner:
        return runner.run(acted())


def test_a_name_is_found(resolver: Resolver) -> None:
    assert run(resolver, lambda loop: loop.getaddrinfo("known", 443, type=1)) == [("known", 443, 0, 1, 0, 0)]


def test_a_name_that_nobody_knows_fails_by_its_own_error(resolver: Resolver) -> None:
    with pytest.raises(socket.gaierror) as failed:
        run(resolver, lambda loop: loop.getaddrinfo("nowhere", 443))
    assert failed.value.errno == socket.EAI_NONAME


def test_a_resolver_that_hangs_fails_in_time(resolver: Resolver) -> None:
    with pytest.raises(socket.gaierror) as failed:
        run(resolver, lambda loop: loop.getaddrinfo("slow", 443))
    assert failed.value.errno == socket.EAI_AGAIN


async def crowded(loop: Loop) -> str:
    """A hundred ask for names that hang, one for a name that is known, and a file is to be read."""
    hanging = [asyncio.create_task(loop.getaddrinfo(f"slow {number}", 443)) for number in range(100)]
    await asyncio.sleep(0)
    ((name, *_),) = await loop.getaddrinfo("known", 443)
    read = await asyncio.to_thread(lambda: "read")
    assert not any(one.done() for one in hanging)
    for one in hanging:
        one.cancel()
    return f"{name}, {read}"


def test_a_hundred_names_that_hang_hold_up_neither_another_name_nor_a_file(resolver: Resolver) -> None:
    assert run(resolver, crowded, patience=10) == "known, read"


async def asked_by_many(loop: Loop) -> list[Any]:
    """Many ask for the same name, and one of them gives up."""
    asking = [asyncio.create_task(loop.getaddrinfo("slow", 443)) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()
    await asyncio.sleep(0)
    look = loop._look
    assert isinstance(look, Resolver)
    look.go.set()
    return await asyncio.gather(*asking[1:])


def test_many_who_ask_for_a_name_have_one_thread_and_one_answer(resolver: Resolver) -> None:
    found = run(resolver, asked_by_many, patience=10)
    assert len(found) == 19 and resolver.asked == ["slow"]


async def late(loop: Loop) -> Any:
    """Whoever asked first has given up when the answer comes."""
    with pytest.raises(socket.gaierror):
        await loop.getaddrinfo("slow", 443)
    again = asyncio.create_task(loop.getaddrinfo("slow", 443))
    await asyncio.sleep(0)
    assert isinstance(loop._look, Resolver)
    loop._look.go.set()
    return await again


def test_what_the_resolver_finds_at_last_is_for_those_who_ask_then(resolver: Resolver) -> None:
    assert run(resolver, late) and resolver.asked == ["slow"]


def test_a_look_up_that_hangs_does_not_keep_the_process_from_ending(resolver: Resolver) -> None:
    with pytest.raises(socket.gaierror):
        run(resolver, lambda loop: loop.getaddrinfo("slow", 443))
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "name look-up")
    resolver.go.set()  # the loop is closed by now, and nobody hears of it
