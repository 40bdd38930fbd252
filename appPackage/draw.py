"""Draws the two icons that Teams asks for: `python appPackage/draw.py` writes color.png and outline.png.

Two people talking: a bubble behind, a bubble in front with two lines of text and the mark of a citation.
Shapes are signed distances in a square of 192 units; a pixel's coverage is its distance to the edge, so the
edges come out smooth without any drawing library.
"""

import struct
import zlib
from collections.abc import Callable
from math import hypot
from pathlib import Path

Shape = Callable[[float, float], float]
"""How far a point is from the edge; negative inside."""
Colour = tuple[float, float, float]
Pixel = tuple[int, int, int, int]

TOP: Colour = (86, 84, 196)
BOTTOM: Colour = (43, 42, 120)
BEHIND: Colour = (126, 205, 204)
WHITE: Colour = (255, 255, 255)
INK: Colour = (59, 58, 143)
MARK: Colour = (244, 157, 84)
INWARD = 0.92
"""How large the drawing stands in the colour icon."""


def box(left: float, top: float, right: float, bottom: float, radius: float) -> Shape:
    """A rectangle with round corners."""

    def distance(x: float, y: float) -> float:
        across = abs(x - (left + right) / 2) - (right - left) / 2 + radius
        down = abs(y - (top + bottom) / 2) - (bottom - top) / 2 + radius
        return hypot(max(across, 0.0), max(down, 0.0)) + min(max(across, down), 0.0) - radius

    return distance


def polygon(*corners: tuple[float, float]) -> Shape:
    """A convex polygon, its corners clockwise on the screen."""
    edges = list(zip(corners, corners[1:] + corners[:1], strict=True))

    def distance(x: float, y: float) -> float:
        return max(
            ((y2 - y1) * (x - x1) - (x2 - x1) * (y - y1)) / hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in edges
        )

    return distance


def both(*shapes: Shape) -> Shape:
    """Everything inside any of them."""
    return lambda x, y: min(shape(x, y) for shape in shapes)


def without(shape: Shape, hole: Shape) -> Shape:
    """The first less the second."""
    return lambda x, y: max(shape(x, y), -hole(x, y))


def ring(shape: Shape, width: float) -> Shape:
    """The edge of a shape, `width` thick, inside it."""
    return lambda x, y: max(shape(x, y), -shape(x, y) - width)


def grown(shape: Shape, by: float) -> Shape:
    """A little larger."""
    return lambda x, y: shape(x, y) - by


FRONT = both(box(32, 68, 130, 136, 18), polygon((50, 130), (76, 130), (50, 156)))
BACK = both(box(78, 38, 160, 104, 18), polygon((140, 92), (160, 86), (160, 126)))
LINES = both(box(48, 86, 114, 95, 4.5), box(48, 109, 86, 118, 4.5))
CITATION = box(98, 105, 114, 121, 8)

FRONT_LARGE = both(box(12, 60, 144, 150, 22), polygon((36, 144), (72, 144), (36, 180)))
BACK_LARGE = both(box(66, 12, 180, 102, 22), polygon((164, 98), (180, 92), (180, 126)))
LINES_LARGE = both(box(42, 84, 114, 96, 5), box(42, 114, 84, 126, 5))


def colour_icon(size: int) -> list[list[Pixel]]:
    """The icon in colour, on its own ground, as Teams shows it in lists."""
    # Teams cuts the edges into other shapes: the drawing keeps to the middle 120 of 192 pixels.
    layers = ((without(BACK, grown(FRONT, 7)), BEHIND), (FRONT, WHITE), (LINES, INK), (CITATION, MARK))
    unit = 192 / size

    def pixel(x: float, y: float) -> Pixel:
        colour = mixed(TOP, BOTTOM, y / 192)
        for shape, paint in layers:
            colour = mixed(colour, paint, covered(shape, inward(x), inward(y), unit / INWARD))
        return (*rounded(colour), 255)

    return grid(size, pixel)


def inward(at: float) -> float:
    """Where in the drawing a place of the smaller one is."""
    return 96 + (at - 96) / INWARD


def outline_icon(size: int) -> list[list[Pixel]]:
    """The same drawing in white lines on nothing, as Teams shows it in its rail."""
    unit = 192 / size
    back = without(ring(BACK_LARGE, 12), grown(FRONT_LARGE, 9))
    shape = both(back, ring(FRONT_LARGE, 12), LINES_LARGE)
    return grid(size, lambda x, y: (255, 255, 255, round(255 * covered(shape, x, y, unit))))


def covered(shape: Shape, x: float, y: float, unit: float) -> float:
    """How much of a pixel lies inside, from 0 to 1."""
    return min(max(0.5 - shape(x, y) / unit, 0.0), 1.0)


def mixed(under: Colour, over: Colour, share: float) -> Colour:
    """Paint over paint."""
    red, green, blue = (a + (b - a) * share for a, b in zip(under, over, strict=True))
    return red, green, blue


def rounded(colour: Colour) -> tuple[int, int, int]:
    """Whole numbers from 0 to 255."""
    return round(colour[0]), round(colour[1]), round(colour[2])


def grid(size: int, pixel: Callable[[float, float], Pixel]) -> list[list[Pixel]]:
    """Each pixel at its middle, in units of the drawing."""
    middles = [(step + 0.5) * 192 / size for step in range(size)]
    return [[pixel(x, y) for x in middles] for y in middles]


def png(rows: list[list[Pixel]]) -> bytes:
    """The pixels as a PNG with 8 bits of red, green, blue and alpha."""
    raw = b"".join(b"\x00" + bytes(value for pixel in row for value in pixel) for row in rows)
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in parts)


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG: length, name, data, checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


if __name__ == "__main__":
    here = Path(__file__).parent
    (here / "color.png").write_bytes(png(colour_icon(192)))
    (here / "outline.png").write_bytes(png(outline_icon(32)))
