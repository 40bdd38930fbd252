"""The way to a model where the other side writes HTTP as it pleases."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.models import transport
from bot.models.azure import AzureModel, Resources
from bot.models.patience import Patience
from dialogs.errors import AssistantError, Blocked, Silent, Unavailable
from dialogs.prompt import Prompt, Purpose
from tests.bot.turns import NOW

QUESTION = Prompt(Purpose.ANSWER, "You are Parley.", "What is a lease?")
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n%b\r\n"
END = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
LONG = b"long " * 20
"""More than is handed on as it comes."""

Play = Callable[[asyncio.StreamWriter], Awaitable[None]]


def said(text: bytes) -> bytes:
    return b'data: {"choices":[{"delta":{"content":"%b"}}]}\n\n' % text


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


@asynccontextmanager
async def playing(*plays: Play, patience: Patience | None = None) -> AsyncIterator[AzureModel]:
    """A model at resources that do this when they are asked."""

    def taking(play: Play) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            taking_part.append(task)
            try:
                await reader.readuntil(b"\r\n\r\n")
                await play(writer)
                await writer.drain()
            finally:
                writer.close()

        return taken

    taking_part: list[asyncio.Task[None]] = []

    async def token() -> str:
        return "an-entra-token"

    servers = [await asyncio.start_server(taking(play), "127.0.0.1", 0) for play in plays]
    addresses = [f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers]
    resources = Resources(addresses, token, lambda: NOW, patience)
    try:
        async with asyncio.timeout(10):
            yield AzureModel(resources, "gpt-5.4-mini", lambda usage: None)
    finally:
        await resources.close()
        for task in taking_part:
            task.cancel()
        await asyncio.gather(*taking_part, return_exceptions=True)
        for server in servers:
            server.close()
            await server.wait_closed()


async def heard_in_two(play: Play, heard: asyncio.Event) -> None:
    """What plays says "one ", and "two" when that was heard."""
    async with playing(play) as model:
        stream = model.stream(QUESTION)
        assert await anext(stream) == "one "
        heard.set()
        assert [piece async for piece in stream] == ["two"]


async def test_an_event_whose_end_comes_by_itself_is_handed_on_then() -> None:
    heard = asyncio.Event()

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM % b"" + chunk(said(b"one ")[:-1]))
        await writer.drain()
        await asyncio.sleep(0.01)
        writer.write(chunk(b"\n"))
        await heard.wait()
        writer.write(chunk(said(b"two") + END) + chunk(b""))

    await heard_in_two(play, heard)


async def test_what_was_handed_on_before_half_an_event_and_silence_is_not_lost() -> None:
    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM % b"" + chunk(said(b"one ") + said(b"two")[:-5]))
        await writer.drain()
        await asyncio.Event().wait()

    async with playing(play, patience=Patience(silence=0.2)) as model:
        stream = model.stream(QUESTION)
        assert await anext(stream) == "one "
        with pytest.raises(AssistantError):
            await anext(stream)


async def test_a_compressed_answer_is_read_all_the_same() -> None:
    async def play(writer: asyncio.StreamWriter) -> None:
        packed = zlib.compressobj(wbits=31)
        writer.write(STREAM % b"Content-Encoding: gzip\r\n")
        for part in (said(b"one "), said(b"two"), END):
            writer.write(chunk(packed.compress(part) + packed.flush(zlib.Z_SYNC_FLUSH)))
            await writer.drain()
        writer.write(chunk(packed.flush()) + chunk(b""))

    async with playing(play) as model:
        assert "".join([piece async for piece in model.stream(QUESTION)]) == "one two"


async def test_a_line_of_comment_begins_no_answer() -> None:
    async def commenting(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM % b"" + chunk(b": processing\n\n"))
        await writer.drain()
        await asyncio.Event().wait()

    async def answering(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM % b"" + chunk(said(b"from the second") + END) + chunk(b""))

    async with playing(commenting, answering, patience=Patience(late=0.05)) as model:
        assert "".join([piece async for piece in model.stream(QUESTION)]) == "from the second"


async def test_a_refusal_that_ends_in_a_blank_line_stays_what_it_says() -> None:
    body = b'{"error":{"code":"content_filter","message":"filtered","status":400}}\n\n'
    head = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(head + body)

    async with playing(play) as model:
        with pytest.raises(Blocked):
            await anext(model.stream(QUESTION))


async def test_what_is_no_http_any_more_breaks_an_answer_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "BREATH", 0.05)

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM % b"" + chunk(said(LONG)))
        await writer.drain()
        await heard.wait()
        writer.write(b"zz\r\nnonsense\r\n")
        await writer.drain()
        await asyncio.Event().wait()

    heard = asyncio.Event()
    async with playing(play) as model:
        stream = model.stream(QUESTION)
        assert await anext(stream) == LONG.decode()
        heard.set()
        with pytest.raises(Unavailable):
            await anext(stream)


async def test_a_resource_that_is_not_there_is_unavailable() -> None:
    async def token() -> str:
        return "an-entra-token"

    resources = Resources(["http://127.0.0.1:1"], token, lambda: NOW)
    with pytest.raises(Unavailable):
        await anext(AzureModel(resources, "gpt-5.4-mini", lambda usage: None).stream(QUESTION))
    await resources.close()


async def test_lines_of_comment_are_no_words() -> None:
    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM % b"" + chunk(said(b"one ")))
        while True:
            writer.write(chunk(b": keep-alive\n\n"))
            await writer.drain()
            await asyncio.sleep(0.02)

    async with playing(play, patience=Patience(silence=0.2)) as model:
        stream = model.stream(QUESTION)
        assert await anext(stream) == "one "
        with pytest.raises(Silent):
            await anext(stream)


async def test_where_nothing_tells_what_arrived_together_each_event_is_handed_on() -> None:
    heard = asyncio.Event()

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM % b"Content-Encoding: identity\r\n" + chunk(said(b"one ")))
        await writer.drain()
        await heard.wait()
        writer.write(chunk(said(b"two") + END) + chunk(b""))

    await heard_in_two(play, heard)
