"""Pictures: written anew from their pixels, bounded before they are decoded."""

from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image

from bot.papers import pictures
from bot.papers.reader import Reader
from dialogs.errors import AssistantError, Damaged, Dangerous, Foreign, TooHard
from tests.bot.papers.papers import pieces, sample


def file(image: Image.Image, form: str, **more: Any) -> bytes:
    """A picture's file."""
    found = BytesIO()
    image.save(found, form, **more)
    return found.getvalue()


def opened(data: bytes) -> Image.Image:
    """The picture in a file."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp"])
async def test_a_picture_is_written_anew(ending: str) -> None:
    picture = await Reader().picture(pieces(sample(f"drawing.{ending}")), "drawing")
    image = opened(picture.data)
    assert (picture.name, picture.width, picture.height, image.size) == ("drawing", 120, 60, (120, 60))
    red, green, blue = image.convert("RGB").getpixel((30, 20))  # type: ignore[misc]
    assert red > 220 and max(green, blue) < 40
    assert picture.media_type == f"image/{(image.format or '').lower()}"


def test_nothing_else_of_the_file_is_left() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "the camera", "a comment"
    data = file(Image.new("RGB", (50, 50), "blue"), "JPEG", exif=exif, comment=b"a secret") + b"behind the end"
    drawn = pictures.read(data).data
    assert not any(words in drawn for words in (b"camera", b"comment", b"secret", b"behind"))
    assert not opened(drawn).getexif()


def test_a_picture_is_turned_as_it_is_meant() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = pictures.read(file(Image.new("RGB", (80, 40)), "JPEG", exif=exif))
    assert (drawn.width, drawn.height) == (40, 80)


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("PNG", "1"), ("GIF", "P")]
)
def test_a_large_picture_is_made_smaller_whatever_its_colours(form: str, mode: str) -> None:
    drawn = pictures.read(file(Image.new(mode, (4_096, 1_024)), form))
    assert (drawn.width, drawn.height) == (2_048, 512)


def test_of_a_moving_picture_the_first_is_shown() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    drawn = pictures.read(file(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert opened(drawn.data).convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_a_picture_that_stays_large_is_sent_with_some_loss() -> None:
    noise = Image.frombytes("RGBA", (1_100, 1_100), Random(7).randbytes(4 * 1_100 * 1_100))
    drawn = pictures.read(file(noise, "PNG", compress_level=0))
    assert drawn.media_type == "image/jpeg"


@pytest.mark.parametrize("name", ["drawing.bmp", "report.pdf", "budget.xlsx"])
async def test_other_kinds_are_refused(name: str) -> None:
    with pytest.raises(Foreign):
        await Reader().picture(pieces(sample(name)), "a.png")


def test_a_drawing_of_lines_is_no_picture() -> None:
    with pytest.raises(Foreign):
        pictures.read(b"<svg xmlns='http://www.w3.org/2000/svg'/>")


@pytest.mark.parametrize("side", [8_000, 14_000])
async def test_a_picture_of_too_many_points_is_not_decoded(side: int) -> None:
    with pytest.raises(Dangerous):
        await Reader().picture(pieces(file(Image.new("1", (side, side)), "PNG")), "bomb.png")


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp"])
def test_every_truncation_is_a_picture_or_has_words(ending: str) -> None:
    data = sample(f"drawing.{ending}")
    for size in range(len(data)):
        try:
            pictures.read(data[:size])
        except AssistantError as error:
            assert type(error) in (Damaged, Foreign, Dangerous, TooHard)
