"""A request that shows pictures, as JSON that is written while it is sent.

Floor 6. A dozen megabytes turned into JSON in one go would keep everybody else waiting for half a second; so each picture is
encoded a slice at a time, and others have their turn in between.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import orjson

from dialogs.documents import Picture

SLICE = 3 * 64 * 1024
"""Bytes of a picture that are encoded in one go; three of them make four characters without a rest."""


@dataclass(frozen=True, slots=True)
class Body:
    """A Chat Completions request whose last message shows pictures behind its text.

    Source: `ChatCompletionContentPartImageParam`. The data are in the address itself, so that nobody fetches anything.
    """

    request: Mapping[str, Any] = field(repr=False)
    pictures: Sequence[Picture] = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes of all pieces."""
        encoded = sum(-(-len(picture.data) // 3) * 4 for picture in self.pictures)
        return encoded + sum(len(piece) for piece in chain.from_iterable(self._frame()))

    async def pieces(self) -> AsyncIterator[bytes]:
        """The JSON, a piece at a time."""
        for frame, picture in zip(self._frame(), (*self.pictures, None), strict=True):
            for piece in frame:
                yield piece
            for piece in encoded(picture) if picture else ():
                yield piece
                await asyncio.sleep(0)

    def _frame(self) -> Iterator[list[bytes]]:
        """What stands before each picture, and after the last."""
        *before, last = self.request["messages"]
        rest = {name: value for name, value in self.request.items() if name != "messages"}
        opening = [orjson.dumps(rest)[:-1], b',"messages":[', *(orjson.dumps(message) + b"," for message in before)]
        text = orjson.dumps({"type": "text", "text": last["content"]})
        opening += [orjson.dumps({"role": last["role"]})[:-1], b',"content":[', text]
        for picture in self.pictures:
            address = orjson.dumps(f"data:{picture.media_type};base64,")[:-1]
            yield [*opening, b',{"type":"image_url","image_url":{"detail":"auto","url":', address]
            opening = [b'"}}']
        yield [*opening, b"]}]}"]


def encoded(picture: Picture) -> Iterator[bytes]:
    """The data in base64, in slices."""
    starts = range(0, len(picture.data), SLICE)
    return (base64.b64encode(picture.data[start : start + SLICE]) for start in starts)
