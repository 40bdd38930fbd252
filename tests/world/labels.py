"""What Teams refuses in an outgoing message: labels, citations, feedback, cards, size."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from tests.world.door import Refusal
from tests.world.faces import ADAPTIVE, CONSENT, FILE, attached, buttons, inputs

ROOT = "https://schema.org/Message"
CITATIONS = 20
UTF16_BYTES = 100 * 1024
CARD_BYTES = 28 * 1024
OFFICE = ("Word", "Excel", "PowerPoint", "OneNote", "SharePoint", "Visio", "Loop", "Whiteboard")
ADOBE = ("Illustrator", "Photoshop", "InDesign", "Flash")
OTHERS = ("Source Code", "Sketch", "Image", "GIF", "Video", "Sound", "ZIP", "Text", "PDF")
ICONS = frozenset((*OTHERS, *(f"Microsoft {name}" for name in OFFICE), *(f"Adobe {name}" for name in ADOBE)))


def check(activity: Mapping[str, Any], body: bytes) -> None:
    """Raises the `Refusal` Teams would answer with."""
    weigh(body)
    if not activity.get("entities") and not activity.get("channelData"):
        return
    flaw = next(flaws(activity), None)
    if flaw:
        raise Refusal(400, "BadArgument", flaw)


def weigh(body: bytes) -> None:
    """100 KB counted in UTF-16; the cheap test spares small messages the decoding."""
    if len(body) * 2 > UTF16_BYTES and len(body.decode().encode("utf-16-le")) > UTF16_BYTES:
        raise Refusal(413, "MessageSizeTooBig", "Message size too large.")


def check_cards(activity: Mapping[str, Any], *, files: bool) -> None:
    """Raises the `Refusal` Teams would answer with; `files`: documents may be handed over there."""
    attachments = activity.get("attachments") or ()
    if not files and (attached(attachments, CONSENT) or attached(attachments, FILE)):
        raise Refusal(403, "ForbiddenOperationException", "Files are not supported in this conversation")
    for one in attached(attachments, CONSENT):
        if not one.get("name") or not {"sizeInBytes", "acceptContext", "declineContext"} <= one["content"].keys():
            raise Refusal(400, "BadArgument", "A file consent card needs a name, a size and two contexts")
    for one in attached(attachments, FILE):
        if not one.get("contentUrl") or not one.get("name") or not one["content"].get("uniqueId"):
            raise Refusal(400, "BadArgument", "A file card needs a name, an address and an id")
    for one in attached(attachments, ADAPTIVE):
        _check_card(one["content"])


def _check_card(card: Mapping[str, Any]) -> None:
    if len(orjson.dumps(card)) > CARD_BYTES:
        raise Refusal(413, "MessageSizeTooBig", "The card is too large")
    ids = [one.id for one in inputs(card)]
    if len(set(ids)) < len(ids) or not all(one.get("title") for one in buttons(card)):
        raise Refusal(400, "BadArgument", "Inputs need ids of their own, and buttons a title")


def flaws(activity: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is wrong with the labels of a message."""
    yield from _feedback(activity.get("channelData") or {})
    roots = [one for one in activity.get("entities") or () if one.get("type") == ROOT]
    if len(roots) > 1:
        yield "There may be only one root message entity"
    for root in roots:
        yield from _root(root, activity.get("text") or "")


def _feedback(data: Mapping[str, Any]) -> Iterator[str]:
    loop = data.get("feedbackLoop")
    if loop is not None and "feedbackLoopEnabled" in data:
        yield "feedbackLoop and feedbackLoopEnabled exclude each other"
    if loop is not None and loop.get("type") not in ("default", "custom"):
        yield "feedbackLoop.type must be default or custom"


def _root(root: Mapping[str, Any], text: str) -> Iterator[str]:
    if root.get("@type") != "Message" or root.get("@context") != "https://schema.org":
        yield "The root entity needs @type Message and @context https://schema.org"
    citations = root.get("citation") or ()
    if len(citations) > CITATIONS:
        yield "At most 20 citations are allowed"
    if len({one.get("position") for one in citations}) < len(citations):
        yield "The position of a citation must be unique"
    for one in citations:
        yield from _citation(one, text)
        yield from _usage(root.get("usageInfo") or {}, (one.get("appearance") or {}).get("usageInfo") or {})


def _citation(one: Mapping[str, Any], text: str) -> Iterator[str]:
    if one.get("@type") != "Claim" or not isinstance(one.get("position"), int):
        yield "A citation is a Claim with a whole number as position"
    if f"[{one.get('position')}]" not in text:
        yield "The position of a citation must appear in the text"
    look = one.get("appearance") or {}
    if look.get("@type") != "DigitalDocument" or not look.get("name"):
        yield "A citation's appearance is a DigitalDocument with a name"
    yield from _lengths(look)
    yield from _preview(look)


def _lengths(look: Mapping[str, Any]) -> Iterator[str]:
    if len(look.get("name") or "") > 80 or len(look.get("abstract") or "") > 160:
        yield "name takes 80 characters and abstract 160"
    keywords: Sequence[str] = look.get("keywords") or ()
    if len(keywords) > 3 or any(len(word) > 28 for word in keywords):
        yield "At most 3 keywords of 28 characters are allowed"


def _preview(look: Mapping[str, Any]) -> Iterator[str]:
    if look.get("image") and look["image"].get("name") not in ICONS:
        yield "Unknown citation icon"
    if ("text" in look) != (look.get("encodingFormat") == ADAPTIVE):
        yield "text and encodingFormat belong together"
    if "text" in look and not _is_card(look["text"]):
        yield "The preview card cannot be parsed"


def _is_card(text: str) -> bool:
    try:
        return bool(orjson.loads(text)["type"] == "AdaptiveCard")
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return False


def _usage(message: Mapping[str, Any], citation: Mapping[str, Any]) -> Iterator[str]:
    if citation and message and citation.get("@id") != message.get("@id"):
        yield "usageInfo of a citation differs from the message's"
