"""The Playground's page, made to be told things in an order that it survives; see `orderly.js`."""

from pathlib import Path

HEAD = b"<head>"
SCRIPT = b"<script>" + Path(__file__).with_suffix(".js").read_bytes() + b"</script>"


def orderly(page: bytes) -> bytes:
    """The page with our script before its own. Raises `ValueError` where the Playground's page is another than we know."""
    before, head, after = page.partition(HEAD)
    if not head:
        raise ValueError("the Playground's page has no head to put a script in")
    return before + head + SCRIPT + after
