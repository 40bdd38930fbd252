"""The icons: the sizes and colours that Teams asks for, and the drawing they come from."""

import struct
import zlib
from itertools import chain

import pytest

from appPackage import draw
from tests.structure.source import ROOT


def pixels(name: str) -> list[list[draw.Pixel]]:
    """The pixels of a PNG with 8 bits of red, green, blue and alpha, and no filter, as `draw` writes it."""
    raw = (ROOT / "appPackage" / name).read_bytes()
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, bits, kind = struct.unpack(">IIBB", raw[16:26])
    assert (bits, kind) == (8, 6)
    rows = list(struct.iter_unpack(f"B{4 * width}B", zlib.decompress(data(raw))))
    assert len(rows) == height
    return [[(r, g, b, a) for r, g, b, a in zip(*[iter(row[1:])] * 4, strict=True)] for row in rows]


def data(raw: bytes) -> bytes:
    """What stands in the IDAT chunk."""
    start = raw.index(b"IDAT")
    (length,) = struct.unpack(">I", raw[start - 4 : start])
    return raw[start + 4 : start + 4 + length]


@pytest.mark.parametrize(("name", "size"), [("color.png", 192), ("outline.png", 32)])
def test_an_icon_has_the_size_that_teams_asks_for(name: str, size: int) -> None:
    assert [len(row) for row in pixels(name)] == [size] * size


def test_the_colour_icon_leaves_nothing_transparent() -> None:
    assert {alpha for *_, alpha in chain.from_iterable(pixels("color.png"))} == {255}


def test_the_outline_is_white_on_nothing() -> None:
    points = list(chain.from_iterable(pixels("outline.png")))
    assert {(red, green, blue) for red, green, blue, _ in points} == {(255, 255, 255)}
    assert {0, 255} <= {alpha for *_, alpha in points}


def test_the_corners_of_the_outline_are_empty() -> None:
    rows = pixels("outline.png")
    assert [rows[y][x][3] for y in (0, -1) for x in (0, -1)] == [0, 0, 0, 0]


def test_the_icons_are_what_the_drawing_draws() -> None:
    assert pixels("outline.png") == draw.outline_icon(32)
    assert pixels("color.png")[::16] == draw.colour_icon(192)[::16]
