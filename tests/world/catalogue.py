"""The product's catalogue, read once for a whole test process: it never changes, and to read it takes a core a tenth of a second."""

from functools import cache

from bot.catalogue import Catalogue


@cache
def catalogue() -> Catalogue:
    """Every text in every language."""
    return Catalogue()
