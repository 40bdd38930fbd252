"""What a child answers is believed no further than a stranger's text."""

import asyncio
import json
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader
from typing import Any

import pytest

from bot.papers import replies
from bot.papers.draft import PORTION
from bot.papers.reader import LIMIT, document, picture
from bot.papers.replies import FAULTS, Garbled, NoFence
from dialogs.documents import MOST_PASSAGES, Document, Gap, Kind, Passage, Picture
from dialogs.errors import Damaged, Protected
from dialogs.talk import Locator
from tests.bot.papers.papers import NOW

HEAD: dict[str, Any] = {"kind": "pdf", "whole": 2, "gaps": {"scans": 1}, "passages": 1}
PASSAGE = ["page", "1", "Words"]
PNG = b"\x89PNG\r\n\x1a\n...."
SHOWN: dict[str, Any] = {"media_type": "image/png", "width": 4, "height": 4, "size": len(PNG)}


async def said(*lines: object, rest: bytes = b"", end: bool = True) -> StreamReader:
    """An answer of these lines."""
    stream = StreamReader(limit=LIMIT)
    stream.feed_data(b"".join(json.dumps(line).encode() + b"\n" for line in lines) + rest)
    if end:
        stream.feed_eof()
    return stream


async def documented(*lines: object) -> Document:
    """The document of an answer."""
    return await document(await said(*lines), "a.pdf", "key", NOW)


async def pictured(head: object, data: bytes) -> Picture:
    """The picture of an answer."""
    return await picture(await said(head, rest=data), "a.png")


async def test_a_document_is_taken_as_it_is_said() -> None:
    expected = Document("key", "a.pdf", Kind.PDF, NOW, (Passage(Locator("page", "1"), "Words"),), 2, {Gap.SCANS: 1})
    assert await documented(HEAD, PASSAGE) == expected


async def test_a_picture_is_taken_as_it_is_said() -> None:
    assert await pictured(SHOWN, PNG) == Picture("a.png", "image/png", PNG, 4, 4)


SENSELESS: tuple[object, ...] = (None, [], -1, 1.5, True, {"x": {}})
NAMES = ("kind", "whole", "gaps", "passages")


@pytest.mark.parametrize(
    "head",
    [
        *({**HEAD, name: value} for name in NAMES for value in SENSELESS),
        {**HEAD, "kind": "program"},
        {**HEAD, "gaps": {"scans": -1}},
        {**HEAD, "gaps": {"secrets": 1}},
        {**HEAD, "passages": MOST_PASSAGES + 1},
        {**HEAD, "passages": 0},
        {**HEAD, "whole": 10**9},
        [],
        "words",
        None,
    ],
)
async def test_a_first_line_that_makes_no_sense_is_refused(head: object) -> None:
    with pytest.raises(Garbled):
        await documented(head, PASSAGE)


@pytest.mark.parametrize(
    "passage",
    [
        ["link", "1", "Words"],
        ["page", 1, "Words"],
        ["page", "1", None],
        ["page", "1"],
        ["page", "1", "Words", "more"],
        ["page", "1", ""],
        ["page", "1" * 200, "Words"],
        ["page", "1", "x" * (PORTION + 1)],
        ["page", "1", "half \ud800 of a pair"],
        ["page", "1\0", "Words"],
        {"label": "page"},
        7,
    ],
)
async def test_a_passage_that_makes_no_sense_is_refused(passage: object) -> None:
    with pytest.raises(Garbled):
        await documented(HEAD, passage)


@pytest.mark.parametrize(
    ("head", "data"),
    [
        (SHOWN, b"GIF89a......"),
        ({**SHOWN, "media_type": "image/svg+xml"}, PNG),
        ({**SHOWN, "media_type": ["image/png"]}, PNG),
        ({**SHOWN, "size": replies.MOST_PICTURE + 1}, PNG),
        ({**SHOWN, "width": 5_000}, PNG),
        ({**SHOWN, "height": "4"}, PNG),
    ],
)
async def test_a_picture_that_makes_no_sense_is_refused(head: object, data: bytes) -> None:
    with pytest.raises(Garbled):
        await pictured(head, data)


async def test_more_text_than_a_document_may_hold_is_refused() -> None:
    many = 600
    with pytest.raises(Garbled):
        await documented({**HEAD, "passages": many}, *(["page", "1", "x" * PORTION] for _ in range(many)))


async def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(LimitOverrunError):
        await document(await said(rest=b"[" * (2 * LIMIT)), "a", "key", NOW)


async def test_a_line_that_nests_without_end_is_refused() -> None:
    with pytest.raises(Garbled):
        await document(await said(rest=b"[" * 30_000 + b"\n"), "a", "key", NOW)


async def test_an_answer_that_stops_is_no_answer() -> None:
    with pytest.raises(IncompleteReadError):
        await documented({**HEAD, "passages": 2}, PASSAGE)


async def test_a_fault_is_raised_by_its_name() -> None:
    with pytest.raises(Protected):
        await documented({"fault": "Protected"})


@pytest.mark.parametrize("name", ["SystemExit", "Stopped", ["Protected"], None, 3])
async def test_a_fault_that_nobody_knows_is_a_damaged_file(name: object) -> None:
    with pytest.raises(Damaged):
        await documented({"fault": name})


async def test_without_a_fence_nothing_is_read() -> None:
    with pytest.raises(NoFence):
        await documented({"fence": False})


def test_what_is_written_is_what_is_parsed() -> None:
    for fault in FAULTS.values():
        with pytest.raises(fault):
            replies.heading(replies.fault(fault))


async def test_waiting_for_an_answer_can_be_given_up() -> None:
    task = asyncio.create_task(document(await said(end=False), "a", "key", NOW))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
