"""What the harness counts by hand is counted right: messages on a wire, round trips to the database, open streams."""

import struct

import pytest

from tests.load.load import Timing, percentiles
from tests.load.model import Pace, frames
from tests.load.streams import opened
from tests.load.wire import Wire
from tests.load.wiretap import Reading

RESPONSE = b"HTTP/1.1 202 Accepted\r\nX: y\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize("size", [1, 7, len(RESPONSE)])
def test_messages_are_told_apart_however_they_arrive(size: int) -> None:
    heard: list[tuple[bytes, bytes]] = []
    wire = Wire(lambda wire, head, body: heard.append((head[:12], body)))
    for at in range(0, len(RESPONSE), size):
        wire.data_received(RESPONSE[at : at + size])
    assert heard == [(b"HTTP/1.1 202", b"ok"), (b"HTTP/1.1 200", b"")]


def frame(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


STARTUP = struct.pack("!ii", 8, 80877103) + struct.pack("!ii", 13, 196608) + b"user\0"
PREPARED = frame(b"P", b"one\0SELECT 1\0\0\0") + frame(b"S", b"")
RUN = frame(b"B", b"\0one\0rest") + frame(b"E", b"\0\0\0\0\0") + frame(b"S", b"")


@pytest.mark.parametrize("size", [1, 5, 1_000])
def test_each_sync_is_a_round_trip_and_each_bind_a_statement(size: int) -> None:
    batches: list[list[bytes]] = []
    reading, said = Reading(batches.append), STARTUP + PREPARED + RUN + RUN
    for at in range(0, len(said), size):
        reading.feed(said[at : at + size])
    assert batches == [[], [b"SELECT 1"], [b"SELECT 1"]]


def test_streams_are_open_from_their_first_step_to_their_last() -> None:
    times = [(0.0, 4.0), (1.0, 2.0), (2.0, 3.0), (5.0, 6.0)]
    assert opened([Timing(1, 0.0, first=begun, done=ended) for begun, ended in times]) == 2


def test_percentiles_of_nothing_are_zero() -> None:
    assert percentiles([]) == (0.0, 0.0)


def test_percentiles_are_milliseconds() -> None:
    assert percentiles([number / 1000 for number in range(100)], 0.5, 0.99, 1.0) == (50.0, 99.0, 99.0)


def test_a_model_s_answer_is_chunks_that_end() -> None:
    said = frames(["One. ", "Two."])
    assert [said[0].count(b"data: "), said[-1].endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")] == [3, True]


def test_an_answer_takes_its_first_words_and_then_its_pieces() -> None:
    assert Pace(first=1.0, every=0.5, pieces=5).seconds == 3.0
