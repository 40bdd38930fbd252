"""The steps of a walk: what happens in a town, as data. Each makes sense wherever it stands; see `tests.attacks.asks` and `moves`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, and the chance by which it is chosen who does it and where."""

    verb: str
    seed: int


WEIGHTS: Mapping[str, int] = {
    "write": 1_000,
    "reply": 600,
    "edit": 150,
    "delete": 100,
    "join": 90,
    "leave": 90,
    "move": 40,
    "among": 50,
    "aside": 50,
    "file": 14,
    "attach": 12,
    "keep": 8,
    "share": 12,
    "use": 24,
    "again": 6,
    "press": 30,
    "steal": 8,
    "menu": 6,
    "thumb": 4,
    "sign_in": 3,
    "due": 2,
}
"""How often each verb comes, and `restart` between them."""

AMONG = (
    *("summarise", "privately summarise", "privately summarise", "what is {mark}?", "catch me up", "what else?"),
    *(
        "privately catch me up",
        "decisions",
        "what was said about {mark}",
        "digest daily 9:00",
        "digest off",
        "new chat",
    ),
    *("translate to German: {mark}", "privately catch me up", "prompts", "what is {mark} about?"),
)
ASIDE = (
    *("what is {mark}?", "and what else?", "and what else?", "summarise {place}", "catch me up on {place}", "new chat"),
    *(
        "what was said about {mark} in {place}",
        "chats",
        "chats search {mark}",
        "chats open {number}",
        "rewrite your last answer",
    ),
    *("translate your last answer to German", "export my data", "what do you know about me", "digest", "help", "usage"),
    *("what does the file say?", "what does the document say?", "give me this as markdown", "prompts"),
    *(
        "summarise {foreign}",
        "chats delete {number} yes",
        "settings",
        "prompts",
        "summarise: {mark} was here",
        "catch me up",
    ),
)


KEEN: Mapping[str, int] = {
    **WEIGHTS,
    "write": 400,
    "reply": 150,
    "join": 200,
    "among": 200,
    "late": 60,
    "file": 40,
    "press": 300,
}
"""The same where people ask and press more than they write, and some who have left: for a short walk."""


def steps(seed: int, many: int, restarts: int = 4_000, weights: Mapping[str, int] = WEIGHTS) -> list[Step]:
    """So many steps by chance; after every `restarts` the process begins anew."""
    chance, verbs = Random(seed), tuple(weights)
    bounds = list(accumulate(weights.values()))
    chosen = chance.choices(verbs, cum_weights=bounds, k=many)
    seeds = [chance.getrandbits(40) for _ in chosen]
    found = [Step(verb, each) for verb, each in zip(chosen, seeds, strict=True)]
    return [
        replace(step, verb="restart") if (number + 1) % restarts == 0 else step for number, step in enumerate(found)
    ]
