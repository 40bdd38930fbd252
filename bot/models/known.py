"""What is known of the models that Azure offers: what each is good for, what it costs, when it is gone.

Floor 6. Maintained by hand. It rests on Microsoft's retirement schedule of Foundry Models as of 2026-09-02
(learn.microsoft.com/azure/foundry/openai/concepts/model-retirement-schedule), which has changed its dates before: look
again before you rely on one. Price classes rest on the families' list prices for a million tokens written, as of the
summer of 2026: up to 6 dollars (nano, mini, luna), up to 15 (the models without a surname, terra), and above (5.5, sol).
Only models that do not reason take a temperature. What is unknown stays empty; nothing is guessed from a similar name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.settings import Settings
from dialogs.terms import Offer

State = Literal["", "preview", "ga", "legacy", "deprecated", "retired"]
"""Where a model stands in its life; "" where it is not in Microsoft's table."""


@dataclass(frozen=True, slots=True)
class Known:
    """One model, and what it is good for. `versions` are those that `retires` holds for, or how they begin; none for any.

    `cost` is the price class, 1 to 3, 0 for unknown. `tunable`: it takes a temperature.
    """

    model: str
    state: State
    retires: date | None
    strength: str
    cost: int = 0
    tunable: bool = False
    versions: tuple[str, ...] = ()


QUICK = "quick everyday questions, summaries and translations"
EVERYDAY = "everyday questions, texts and summaries"
THOROUGH = "questions that take some thought, analysis and code"
HARD = "the hardest questions, long analyses and code"

GPT_41 = date(2027, 4, 14)
O_SERIES = date(2026, 10, 21)
"""The table gives them days from 2026-10-01 to this one."""
CHAT = date(2026, 6, 29)
GPT_5 = date(2027, 2, 9)
GPT_54 = date(2027, 9, 2)
GPT_54_SMALL = date(2027, 9, 21)
GPT_56 = date(2028, 1, 11)

MODELS: tuple[Known, ...] = (
    Known("gpt-4o-2024-05-13", "retired", date(2026, 10, 1), EVERYDAY, 2, tunable=True),
    Known("gpt-4o", "deprecated", GPT_41, EVERYDAY, 2, tunable=True, versions=("2024-08-06", "2024-11-20")),
    Known("gpt-4o-mini", "deprecated", GPT_41, QUICK, 1, tunable=True, versions=("2024-07-18",)),
    Known("gpt-4.1", "legacy", GPT_41, EVERYDAY, 2, tunable=True, versions=("2025-04-14",)),
    Known("gpt-4.1-mini", "legacy", GPT_41, QUICK, 1, tunable=True, versions=("2025-04-14",)),
    Known("gpt-4.1-nano", "legacy", GPT_41, QUICK, 1, tunable=True, versions=("2025-04-14",)),
    Known("o1", "retired", O_SERIES, HARD, 3),
    Known("o3", "retired", O_SERIES, THOROUGH, 2),
    Known("o3-mini", "retired", O_SERIES, THOROUGH, 1),
    Known("o4-mini", "retired", O_SERIES, THOROUGH, 1),
    Known("gpt-5", "ga", GPT_5, THOROUGH, 2, versions=("2025-08-07",)),
    Known("gpt-5-mini", "ga", GPT_5, EVERYDAY, 1, versions=("2025-08-07",)),
    Known("gpt-5-nano", "ga", GPT_5, QUICK, 1, versions=("2025-08-07",)),
    Known("gpt-5-chat", "retired", CHAT, EVERYDAY),
    Known("gpt-5.1", "ga", date(2027, 5, 15), THOROUGH, 2, versions=("2025-11-13",)),
    Known("gpt-5.1-chat", "retired", CHAT, EVERYDAY),
    Known("gpt-5.2", "ga", date(2027, 6, 8), THOROUGH, 2, versions=("2025-12-11",)),
    Known("gpt-5.2-chat", "retired", CHAT, EVERYDAY),
    Known("gpt-5.3-chat", "retired", CHAT, EVERYDAY),
    Known("gpt-chat-latest", "preview", None, EVERYDAY),
    Known("gpt-5.4", "ga", GPT_54, THOROUGH, 2, versions=("2026-03",)),
    Known("gpt-5.4-mini", "ga", GPT_54_SMALL, EVERYDAY, 1, versions=("2026-03",)),
    Known("gpt-5.4-nano", "ga", GPT_54_SMALL, QUICK, 1, versions=("2026-03",)),
    Known("gpt-5.5", "ga", date(2027, 10, 26), HARD, 3, versions=("2026-04-24",)),
    Known("gpt-5.6-luna", "ga", GPT_56, QUICK, 1, versions=("2026-07-09",)),
    Known("gpt-5.6-terra", "ga", GPT_56, THOROUGH, 2, versions=("2026-07-09",)),
    Known("gpt-5.6-sol", "ga", GPT_56, HARD, 3, versions=("2026-07-09",)),
    Known("gpt-6-luna", "", None, QUICK, 1),
    Known("gpt-6-sol", "", None, HARD, 3),
)

_VERSION = re.compile(r"[-@:_ ]?\(?(\d{4}-\d{2}-\d{2})?\)?")


def known(model: str) -> Known | None:
    """What is known of a model by its name, which may end with its version; None for nothing.

    Another surname is another model: `gpt-5-pro` is no `gpt-5`. Of another version the end is not known.
    """
    name = model.strip().casefold()
    fitting = sorted((each for each in MODELS if name.startswith(each.model)), key=lambda each: -len(each.model))
    for each in fitting:
        if version := _VERSION.fullmatch(name, len(each.model)):
            return each if _covers(each, version[1]) else replace(each, state="", retires=None)
    return None


def _covers(model: Known, version: str | None) -> bool:
    return version is None or not model.versions or version.startswith(model.versions)


def offers(settings: Settings) -> tuple[Offer, ...]:
    """The deployments that are set, in their order, with what is known of them; none for the offline engine."""
    if not settings.azure_openai_endpoints:
        return ()
    if settings.local:
        # What runs on this machine may bear any name; Azure's catalogue says nothing of it.
        return tuple(map(Offer, settings.azure_openai_deployments))
    said = {each.name: each for each in settings.azure_openai_models}
    plain = (Offer(name) for name in settings.azure_openai_deployments)
    return tuple(
        _offer(Offer(each.name, said[each.name].model, said[each.name].kind) if each.name in said else each)
        for each in plain
    )


def _offer(offer: Offer) -> Offer:
    """With the catalogue's facts; a deployment that nobody described may be called like its model."""
    found = known(offer.model or offer.name)
    if found is None:
        return offer
    return Offer(
        name=offer.name,
        model=offer.model or offer.name,
        kind=offer.kind,
        good_for=found.strength,
        cost=found.cost,
        retires=found.retires,
        tunable=found.tunable,
    )


def retiring(offers: Iterable[Offer], today: date) -> tuple[Offer, ...]:
    """Those whose model is gone or goes soon: worth a word at the start and in the doctor's findings."""
    return tuple(offer for offer in offers if offer.retiring(today))
