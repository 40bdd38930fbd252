"""The company's terms, computed from the running configuration, which people are told and which dialogs go by.

Floor 1. What is not known is empty or None, and nothing is claimed of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

SOON = timedelta(days=90)
"""How long before its end a model is warned of; Microsoft tells its customers about as early."""

Kind = Literal["", "Standard", "DataZoneStandard", "GlobalStandard"]
"""Where prompts of a deployment are processed: in its region's geography, in its zone of the world, anywhere. "" is unknown."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One Azure OpenAI resource. `private`: whether its name resolves to private addresses alone."""

    host: str
    private: bool | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A deployment people may choose, with what the catalogue knows of the model behind it.

    `cost` is its price class, 1 to 3; 0 is unknown. `tunable`: it takes a temperature. `ended`: it is gone, whenever that was.
    `sees`: it can be shown pictures.
    """

    name: str
    model: str = ""
    kind: Kind = ""
    good_for: str = ""
    cost: int = 0
    retires: date | None = None
    tunable: bool = False
    ended: bool = False
    sees: bool = False

    def retiring(self, today: date) -> bool:
        """Whether its model is known to be gone, or to go soon."""
        return self.ended or (self.retires is not None and self.retires - today <= SOON)


@dataclass(frozen=True, slots=True)
class Terms:
    """The company's terms. `monitoring`: "modified" only where Azure has approved modified abuse monitoring.

    `sealed`: the content is encrypted with a key in the company's vault, or with one from a file.
    `telemetry`: figures without content leave for the company's own monitoring. `gone_days`: how long what is kept of a
    person stays after they removed the assistant; `dead_days`, what could not be answered. `off`: features that the company has
    switched off.
    """

    retention_days: int
    local: bool = False
    audit_days: int = 365
    gone_days: int = 30
    dead_days: int = 14
    feedback_days: int = 90
    usage_days: int = 400
    endpoints: tuple[Endpoint, ...] = ()
    offers: tuple[Offer, ...] = ()
    monitoring: Literal["standard", "modified"] = "standard"
    sealed: Literal["", "vault", "file"] = ""
    telemetry: bool = False
    off: frozenset[str] = frozenset()

    def offer(self, name: str, *, seeing: bool = False) -> Offer | None:
        """The deployment that answers whoever chose `name`: the first where that is not on offer; None where none is.

        `seeing`: one that can be shown pictures, where there is any.
        """
        chosen = next((offer for offer in self.offers if offer.name == name), self.offers[0] if self.offers else None)
        if not seeing or chosen is None or chosen.sees:
            return chosen
        return next((offer for offer in self.offers if offer.sees and not offer.ended), chosen)
