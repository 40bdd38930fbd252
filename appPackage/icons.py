"""What is in the pixels of an icon. Source: Teams' page on the icons of apps."""

import io

from PIL import Image

SAFE = (36, 36, 156, 156)
"""The middle of the colour icon, where its drawing must stay: Teams cuts the edges into other shapes."""


def pixels(content: bytes) -> Image.Image | None:
    """A picture with red, green, blue and alpha; None for what is no PNG."""
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as found:
            return found.convert("RGBA")
    except OSError:
        return None


def is_ground(icon: Image.Image) -> bool:
    """Whether outside the middle nothing but the ground is painted, which may change from top to bottom."""
    left, top, right, bottom = SAFE
    width, height = icon.size
    every = {
        y: {icon.getpixel((x, y)) for x in range(width) if not (left <= x < right and top <= y < bottom)}
        for y in range(height)
    }
    return all(len(row) == 1 for row in every.values())


def is_white(icon: Image.Image) -> bool:
    """Whether only white is drawn, with something drawn and something left out."""
    drawn = {point[:3] for _, point in icon.getcolors(maxcolors=1 << 16) or () if isinstance(point, tuple) and point[3]}
    return drawn == {(255, 255, 255)} and alpha(icon) == (0, 255)


def alpha(icon: Image.Image) -> tuple[int, int]:
    """How opaque its least and its most opaque pixel are, from 0 to 255."""
    found = icon.getchannel("A").histogram()
    there = [level for level, count in enumerate(found) if count]
    return there[0], there[-1]
