"""The package's texts in every language: first the package's own catalogues, then those of the product.

The English text is the key, as everywhere. A catalogue in `languages/` makes a language of the package.
"""

from datetime import UTC
from pathlib import Path

from bot.catalogue import Catalogue

FOLDER = Path(__file__).with_name("languages")
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.po")))
"""Those beside English, by their codes of two letters."""
PRODUCT = Catalogue()
OWN = Catalogue(FOLDER)


def say(text: str, language: str) -> str:
    """The text in a language; in English where nobody translated it."""
    return own(text, language) or PRODUCT.wording(language, UTC).say(text)


def own(text: str, language: str) -> str:
    """What the package's own catalogue of a language has for the text; "" where it has nothing."""
    said = OWN.wording(language, UTC).say(text)
    return said if said != text else ""
