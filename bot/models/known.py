"""What is known of the models that Azure offers: what each is good for, what it costs, when it is gone.

Floor 6. Maintained by hand. It rests on Microsoft's retirement schedule of Foundry Models as of 2026-09-02
(learn.microsoft.com/azure/foundry/openai/concepts/model-retirement-schedule), which has changed its dates before: look
again before you rely on one. Price classes rest on the families' list prices for a million tokens written, as of the
summer of 2026: up to 6 dollars (nano, mini, luna), up to 15 (the models without a surname, terra), and above (5.5, sol).
Only models that do not reason take a temperature. Which are shown pictures rests on "Use vision-enabled chat models"
(learn.microsoft.com/azure/foundry/openai/how-to/gpt-with-vision: the o-series, GPT-4o, GPT-4.1 and GPT-5 series) and on the table
of "Azure OpenAI reasoning models", by which o3-mini takes none. What is unknown stays empty; nothing is guessed from a similar
name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.settings import Settings
from dialogs.terms import Offer


@dataclass(frozen=True, slots=True)
class Known:
    """One model, and what it is good for. `versions` are those that `retires` holds for, or how they begin; none for any.

    `cost` is the price class, 1 to 3, 0 for unknown. `tunable`: it takes a temperature. `ended`: it is gone, on a day
    that the table does not give. `sees`: it can be shown pictures.
    """

    model: str
    retires: date | None
    strength: str
    cost: int = 0
    tunable: bool = False
    ended: bool = False
    versions: tuple[str, ...] = ()
    sees: bool = True


QUICK = "quick everyday questions, summaries and translations"
EVERYDAY = "everyday questions, texts and summaries"
THOROUGH = "questions that take some thought, analysis and code"
HARD = "the hardest questions, long analyses and code"

GPT_41 = date(2027, 4, 14)
CHAT = date(2026, 6, 29)
GPT_5 = date(2027, 2, 9)
GPT_54 = date(2027, 9, 2)
GPT_54_SMALL = date(2027, 9, 21)
GPT_56 = date(2028, 1, 11)

MODELS: tuple[Known, ...] = (
    Known("gpt-4o-2024-05-13", date(2026, 10, 1), EVERYDAY, 2, tunable=True),
    Known("gpt-4o", GPT_41, EVERYDAY, 2, tunable=True, versions=("2024-08-06", "2024-11-20")),
    Known("gpt-4o-mini", GPT_41, QUICK, 1, tunable=True, versions=("2024-07-18",)),
    Known("gpt-4.1", GPT_41, EVERYDAY, 2, tunable=True, versions=("2025-04-14",)),
    Known("gpt-4.1-mini", GPT_41, QUICK, 1, tunable=True, versions=("2025-04-14",)),
    Known("gpt-4.1-nano", GPT_41, QUICK, 1, tunable=True, versions=("2025-04-14",)),
    Known("o1", None, HARD, 3, ended=True),
    Known("o3", None, THOROUGH, 2, ended=True),
    Known("o3-mini", None, THOROUGH, 1, ended=True, sees=False),
    Known("o4-mini", None, THOROUGH, 1, ended=True),
    Known("gpt-5", GPT_5, THOROUGH, 2, versions=("2025-08-07",)),
    Known("gpt-5-mini", GPT_5, EVERYDAY, 1, versions=("2025-08-07",)),
    Known("gpt-5-nano", GPT_5, QUICK, 1, versions=("2025-08-07",)),
    Known("gpt-5.1", date(2027, 5, 15), THOROUGH, 2, versions=("2025-11-13",)),
    Known("gpt-5.1-chat", CHAT, EVERYDAY),
    Known("gpt-5.2", date(2027, 6, 8), THOROUGH, 2, versions=("2025-12-11",)),
    Known("gpt-5.2-chat", CHAT, EVERYDAY),
    Known("gpt-5.3-chat", CHAT, EVERYDAY),
    Known("gpt-chat-latest", None, EVERYDAY),
    Known("gpt-5.4", GPT_54, THOROUGH, 2, versions=("2026-03",)),
    Known("gpt-5.4-mini", GPT_54_SMALL, EVERYDAY, 1, versions=("2026-03",)),
    Known("gpt-5.4-nano", GPT_54_SMALL, QUICK, 1, versions=("2026-03",)),
    Known("gpt-5.5", date(2027, 10, 26), HARD, 3, versions=("2026-04-24",)),
    Known("gpt-5.6-luna", GPT_56, QUICK, 1, versions=("2026-07-09",)),
    Known("gpt-5.6-terra", GPT_56, THOROUGH, 2, versions=("2026-07-09",)),
    Known("gpt-5.6-sol", GPT_56, HARD, 3, versions=("2026-07-09",)),
)

_VERSION = re.compile(r"[-@:_ ]?\(?(\d{4}-\d{2}-\d{2})?\)?")


def known(model: str) -> Known | None:
    """What is known of a model by its name, which may end with its version; None for nothing.

    Another surname is another model: `gpt-5-pro` is no `gpt-5`. Of another version the end is not known, nor without
    one where versions end on different days.
    """
    name = model.strip().casefold()
    fitting = sorted((each for each in MODELS if name.startswith(each.model)), key=lambda each: -len(each.model))
    for each in fitting:
        if version := _VERSION.fullmatch(name, len(each.model)):
            return each if _covers(each, version[1]) else replace(each, retires=None, ended=False)
    return None


def _covers(model: Known, version: str | None) -> bool:
    if version is None:
        return not any(each.model.startswith(f"{model.model}-20") for each in MODELS)
    return not model.versions or version.startswith(model.versions)


def offers(settings: Settings) -> tuple[Offer, ...]:
    """The deployments that are set, in their order, with what is known of them; none for the offline engine."""
    if not settings.azure_openai_endpoints:
        return ()
    if settings.local:
        # What runs on this machine may bear any name; Azure's catalogue says nothing of it.
        return tuple(map(Offer, settings.azure_openai_deployments))
    said = {each.name: each for each in settings.azure_openai_models}
    return tuple(
        _offer(Offer(name, said[name].model, said[name].kind)) if name in said else Offer(name)
        for name in settings.azure_openai_deployments
    )


def _offer(offer: Offer) -> Offer:
    """With the catalogue's facts. What a deployment is called says nothing of its model."""
    found = known(offer.model)
    if found is None:
        return offer
    return Offer(
        name=offer.name,
        model=offer.model,
        kind=offer.kind,
        good_for=found.strength,
        cost=found.cost,
        retires=found.retires,
        tunable=found.tunable,
        ended=found.ended,
        sees=found.sees,
    )


def retiring(offers: Iterable[Offer], today: date) -> tuple[Offer, ...]:
    """Those whose model is gone or goes soon: worth a word at the start and in the doctor's findings."""
    return tuple(offer for offer in offers if offer.retiring(today))
