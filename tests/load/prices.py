"""The prices of `prices.toml`, the one place where money is named. What was not found has no figure, and nothing makes one up."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("prices.toml")
HOURS = 730
"""Of a month, as Azure counts them."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one of what `per` says; None where no price was found. `seen` is when its source was written."""

    name: str
    per: str
    source: str
    usd: float | None = None
    seen: str = ""

    @property
    def known(self) -> float:
        """In US dollars; who adds up what was not found has made a mistake, so that is a ValueError."""
        if self.usd is None:
            raise ValueError(f"no price was found for {self.name}")
        return self.usd

    @property
    def monthly(self) -> float:
        """Of what is paid by the hour, for a month."""
        return self.known * HOURS


def read(text: str) -> Mapping[str, Price]:
    """Prices by name."""
    return {name: Price(name, **fields) for name, fields in tomllib.loads(text).items()}


PRICES = read(FILE.read_text(encoding="utf-8"))
