"""A picture, written anew from its pixels: nothing else of the file is left, no place, no camera, no hidden data.

Floor 6.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from PIL.Image import DecompressionBombError

from dialogs.errors import Damaged, Dangerous, Foreign

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_PIXELS = 50_000_000
"""Pixels that are decoded: four bytes each at most."""
LONGEST_SIDE = 2_048
"""Pixels; a model that sees is shown no more."""
QUALITY = 90
MOST_BYTES = 4 << 20
"""Bytes of a picture that is written without loss; a larger one becomes a JPEG."""
LOSSY = ("JPEG", "WEBP")


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture as the child answers it."""

    media_type: str
    width: int
    height: int
    data: bytes


def read(data: bytes) -> Redrawn:
    """The picture, turned as it is meant to be seen, the first of a moving one. Raises `Foreign`, `Damaged`, `Dangerous`."""
    warnings.simplefilter("ignore")
    # A picture that ends too early is said to be damaged; Pillow would rather draw half of it.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Dangerous
            return redrawn(image, image.format or "")
    except UnidentifiedImageError as error:
        raise Foreign from error
    except DecompressionBombError as error:
        raise Dangerous from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError) as error:
        raise Damaged from error


def redrawn(image: Image.Image, form: str) -> Redrawn:
    """The pixels in the size that is shown."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(image)
    plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if form in LOSSY and plain.mode == "RGB":
        return jpeg(plain)
    exact = written(plain, "PNG")
    return exact if len(exact.data) <= MOST_BYTES else jpeg(plain)


def jpeg(image: Image.Image) -> Redrawn:
    """The picture as a JPEG; what is transparent becomes white."""
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    return written(image, "JPEG")


def written(image: Image.Image, form: str) -> Redrawn:
    """The pixels alone, in a new file."""
    clean = Image.frombytes(image.mode, image.size, image.tobytes())
    file = BytesIO()
    clean.save(file, form, quality=QUALITY)
    return Redrawn(f"image/{form.lower()}", clean.width, clean.height, file.getvalue())
