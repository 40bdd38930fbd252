"""The process that reads one file: it is handed its bytes, answers, and ends.

Floor 6. All it will ever need is imported here, before the fence: behind it no file can be opened any more.
"""

import codecs
import encodings.aliases
import json
import os
import sys
from collections.abc import Iterable

from PIL import GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from bot.papers import fence, kinds, pictures, plain, replies
from dialogs.errors import AssistantError, Damaged, TooBig, TooHard

LARGEST = 20 << 20
"""Bytes of a file."""
LONGEST_ORDER = 200
"""Bytes of the line that says what is wished for."""
PLUGINS = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
ALWAYS = (*plain.ENCODINGS, "utf-16", "utf-32", "utf-7", "idna", "punycode", "ascii", "latin-1")


def serve() -> None:
    """Answer one order: a line of JSON, then a file's bytes until their end."""
    prepare()
    try:
        fence.put_up()
    except fence.Unfenced:
        answer([replies.line({"fence": False})])
    order = json.loads(sys.stdin.buffer.readline(LONGEST_ORDER))
    data = sys.stdin.buffer.read(LARGEST + 1)
    try:
        answer(replied(data, order["verb"], order["ending"]))
    except (MemoryError, RecursionError):
        answer([replies.fault(TooHard)])


def prepare() -> None:
    """Import what libraries look for only when they meet it: encodings, and readers of pictures."""
    for name in {*encodings.aliases.aliases.values(), *ALWAYS} - {"mbcs", "oem"}:
        codecs.lookup(name)


def replied(data: bytes, verb: str, ending: str) -> list[bytes]:
    """The answer to an order. What a library trips over is the file's fault."""
    try:
        if len(data) > LARGEST:
            raise TooBig
        if verb == "fence":
            return [replies.line({"fence": True})]
        return drawn(data) if verb == "picture" else list(replies.written(kinds.read(data, ending)))
    except AssistantError as error:
        return [replies.fault(type(error))]
    except (MemoryError, RecursionError):
        raise
    except BaseException:  # calamine's panics are no Exception
        return [replies.fault(Damaged)]


def drawn(data: bytes) -> list[bytes]:
    """A picture as an answer."""
    picture = pictures.read(data)
    return [replies.pictured(picture.media_type, picture.width, picture.height, len(picture.data)), picture.data]


def answer(lines: Iterable[bytes]) -> None:
    """Write and end at once: nothing of the libraries is asked again."""
    try:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
    finally:
        os._exit(0)
