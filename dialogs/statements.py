"""What becomes of what people write, as statements with their conditions: nothing is claimed that the terms contradict.

Floor 2. A condition is a pure function of the terms; what is not known is said to be unknown. What Azure does rests on
Microsoft's own pages, which the statements name (read on 2026-11-21).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dialogs.terms import Kind, Terms

LEARN = "https://learn.microsoft.com/en-us/azure"
DATA = f"{LEARN}/foundry/responsible-ai/openai/data-privacy"
KINDS = f"{LEARN}/foundry/foundry-models/concepts/deployment-types"
ABUSE = f"{LEARN}/foundry/openai/concepts/abuse-monitoring"
SOURCES: Mapping[str, str] = {
    KINDS: "Deployment types of Microsoft Foundry Models",
    DATA: "Data, privacy, and security for Azure Direct Models",
    ABUSE: "Abuse monitoring",
}
"""Microsoft's pages, by their addresses; as Microsoft calls them."""

Values = Mapping[str, str]


def _nothing(terms: Terms) -> Values:
    return {}


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that may be said where `holds`, with the page it rests on; "" where that is this very program."""

    claim: str
    holds: Callable[[Terms], bool]
    source: str = ""
    values: Callable[[Terms], Values] = _nothing


def _of(*kinds: Kind, places: int | None = None) -> Callable[[Terms], bool]:
    """Whether a deployment of these kinds is on offer; and in how many regions, 2 for several, if that matters."""

    def holds(terms: Terms) -> bool:
        known = places is None or places == min(len(regions(terms)), 2)
        return not terms.local and known and any(offer.kind in kinds for offer in terms.offers)

    return holds


def _named(*kinds: Kind) -> Callable[[Terms], Values]:
    """The deployments of these kinds, and the regions."""

    def values(terms: Terms) -> Values:
        return {
            "names": ", ".join(offer.name for offer in terms.offers if offer.kind in kinds),
            "regions": ", ".join(regions(terms)),
        }

    return values


def regions(terms: Terms) -> tuple[str, ...]:
    """The regions of the resources; none where one of them is unknown."""
    found = [endpoint.region for endpoint in terms.endpoints]
    return tuple(dict.fromkeys(found)) if all(found) else ()


def _leads(private: bool | None) -> Callable[[Terms], bool]:
    return lambda terms: not terms.local and any(each.private is private for each in terms.endpoints)


def _hosts(private: bool | None) -> Callable[[Terms], Values]:
    return lambda terms: {"hosts": ", ".join(each.host for each in terms.endpoints if each.private is private)}


def _always(terms: Terms) -> bool:
    return True


def _in_azure(terms: Terms) -> bool:
    return not terms.local


STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "Nothing leaves this computer: the offline engine runs on it, and it only quotes.",
        lambda terms: terms.local and not terms.offers and not terms.telemetry,
    ),
    Statement(
        "What you write does not leave this computer: the offline engine runs on it, and it only quotes.",
        lambda terms: terms.local and not terms.offers and terms.telemetry,
    ),
    Statement(
        "I hand what you write to nobody but a model server on this computer; what that one does with it I do not know.",
        lambda terms: terms.local and bool(terms.offers),
    ),
    Statement(
        "{names}: the model works on what it is given in the Azure geography of {regions}, between whose regions it may be "
        "moved.",
        _of("Standard", places=1),
        DATA,
        _named("Standard"),
    ),
    Statement(
        "{names}: the model works on what it is given in the Azure geography of the resource that it is given to, and is moved "
        "to none of the others. The resources are in {regions}.",
        _of("Standard", places=2),
        DATA,
        _named("Standard"),
    ),
    Statement(
        "{names}: the model works on what it is given in the Azure geography of its resource, between whose regions it may "
        "be moved. Which geography that is I was not told.",
        _of("Standard", places=0),
        DATA,
        _named("Standard"),
    ),
    Statement(
        "{names}: the model works on what it is given anywhere inside the data zone that its resource in {regions} belongs "
        "to, the European Union or the United States: not always in that region.",
        _of("DataZoneStandard", places=1),
        KINDS,
        _named("DataZoneStandard"),
    ),
    Statement(
        "{names}: the model works on what it is given anywhere inside the data zone of the resource that it is given to, the "
        "European Union or the United States: not always in that region. The resources are in {regions}.",
        _of("DataZoneStandard", places=2),
        KINDS,
        _named("DataZoneStandard"),
    ),
    Statement(
        "{names}: the model works on what it is given anywhere inside the data zone that its resource belongs to, the "
        "European Union or the United States. Which of them that is I was not told.",
        _of("DataZoneStandard", places=0),
        KINDS,
        _named("DataZoneStandard"),
    ),
    Statement(
        "{names}: the model works on what it is given in any Azure geography of the world, wherever your company's resource "
        "is.",
        _of("GlobalStandard"),
        KINDS,
        _named("GlobalStandard"),
    ),
    Statement(
        "{names}: where in the world the model works on what it is given, I was not told.",
        _of(""),
        "",
        _named(""),
    ),
    Statement(
        "{hosts}: this address of the model leads to private addresses alone.",
        _leads(True),
        "",
        _hosts(True),
    ),
    Statement(
        "{hosts}: this address of the model lies in the public internet.",
        _leads(False),
        "",
        _hosts(False),
    ),
    Statement(
        "{hosts}: whether this address of the model lies in the public internet, I could not find out.",
        _leads(None),
        "",
        _hosts(None),
    ),
    Statement(
        "With your question, the model gets what was said before in this chat and the messages that you ask me to read, with "
        "their authors' names. I ask it to store nothing, and I tell it a pseudonym for who asks.",
        _in_azure,
    ),
    Statement(
        "It is given to no other customer and not to OpenAI, and trains no model without your company's permission.",
        _in_azure,
        DATA,
    ),
    Statement("Azure's content filter looks at it and stores nothing of it.", _in_azure, DATA),
    Statement(
        "Azure watches for abuse. What looks like it is looked at by machines; it may also be stored in the geography of the "
        "resource and read by authorised people at Microsoft.",
        lambda terms: not terms.local and terms.monitoring == "standard",
        ABUSE,
    ),
    Statement(
        "By your company's settings, Microsoft has approved modified abuse monitoring: nothing is stored for it, and it is "
        "looked at by machines alone.",
        lambda terms: not terms.local and terms.monitoring == "modified",
        ABUSE,
    ),
    Statement(
        "What I keep of it is encrypted with a key in your company's Key Vault: whoever runs the database, or finds a backup "
        "of it, reads nothing of what was written.",
        lambda terms: terms.sealed == "vault",
    ),
    Statement(
        "What I keep of it is encrypted with a key from a file beside me: whoever has the database alone reads nothing of "
        "what was written, whoever has that file too can.",
        lambda terms: terms.sealed == "file",
    ),
    Statement(
        "I do not encrypt what I keep of it: whoever runs the database can read it.",
        lambda terms: not terms.sealed,
    ),
    Statement(
        "You can see what I keep of you, take it along and have it deleted: “what do you know about me”, “export my data”, "
        "“forget me”. Only a legal matter can keep it from being deleted.",
        lambda terms: "export" not in terms.off,
    ),
    Statement(
        "You can see what I keep of you and have it deleted: “what do you know about me”, “forget me”. Only a legal matter can "
        "keep it from being deleted.",
        lambda terms: "export" in terms.off,
    ),
    Statement(
        "Administrators see figures, and who did what when, without any content. They can have everything of a person "
        "exported or deleted, which is noted.",
        _always,
    ),
    Statement("Microsoft Teams keeps this chat too, by your company's own rules.", _in_azure),
    Statement(
        "Figures without content, such as counts and times, go to your company's monitoring.",
        lambda terms: terms.telemetry,
    ),
    Statement("I send no telemetry.", lambda terms: not terms.telemetry),
)
