"""What is told of privacy follows from the configuration, whatever it is, and claims nothing that it contradicts."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, product
from typing import Literal

import pytest

from dialogs.ports import Dialog
from dialogs.preferences import Preferences
from dialogs.privacy import about, privacy
from dialogs.statements import SOURCES, STATEMENTS
from dialogs.talk import Answer, PlaceKind
from dialogs.terms import Endpoint, Kind, Offer, Terms
from tests.dialogs.desk import ScriptedModel, a_desk, an_ask, shown

KINDS: tuple[Kind, ...] = ("", "Standard", "DataZoneStandard", "GlobalStandard")
NAMES: dict[Kind, str] = {"": "plain", "Standard": "near", "DataZoneStandard": "zoned", "GlobalStandard": "wide"}
OFFERS = {kind: Offer(name, f"model-{name}", kind) for kind, name in NAMES.items()}
HOSTS = {True: "in.example", False: "out.example", None: "lost.example"}
MONITORED: tuple[Literal["standard", "modified"], ...] = ("standard", "modified")
SEALED: tuple[Literal["", "vault", "file"], ...] = ("", "vault", "file")


def offered() -> Iterator[tuple[Offer, ...]]:
    """Every set of deployments by their kinds."""
    for count in range(len(KINDS) + 1):
        yield from (tuple(OFFERS[kind] for kind in kinds) for kinds in combinations(KINDS, count))


def reached() -> Iterator[tuple[Endpoint, ...]]:
    """No resource, one of each kind, two of different ones; with their regions, without, and with one of two."""
    for count in range(3):
        for some in combinations(HOSTS, count):
            for regions in product(("swedencentral", ""), repeat=count):
                yield tuple(Endpoint(HOSTS[each], each, region) for each, region in zip(some, regions, strict=True))


def every() -> Iterator[Terms]:
    """Every configuration there can be."""
    for endpoints, offers in product(reached(), offered()):
        for local, monitoring, sealed, telemetry in product((False, True), MONITORED, SEALED, (False, True)):
            yield Terms(
                30,
                local=local,
                endpoints=endpoints,
                offers=offers,
                monitoring=monitoring,
                sealed=sealed,
                telemetry=telemetry,
            )


TWO = Terms(
    30,
    endpoints=(Endpoint(HOSTS[True], True, "swedencentral"), Endpoint(HOSTS[False], False, "eastus2")),
    offers=(OFFERS["Standard"], OFFERS["DataZoneStandard"]),
    off=frozenset({"export"}),
)
"""Resources in two regions, and a company that hands no data out."""
ALL = (*every(), TWO)


def told(terms: Terms) -> list[str]:
    """The sentences, in English, as the dialog says them."""
    return [each.claim.format(**each.values(terms)) for each in STATEMENTS if each.holds(terms)]


@cache
def everything() -> tuple[tuple[Terms, list[str]], ...]:
    """Every configuration with what is told of it."""
    return tuple((terms, told(terms)) for terms in ALL)


def about_name(name: str, lines: list[str]) -> list[str]:
    """The sentences that begin with a list of names in which this one stands."""
    return [line for line in lines if name in line.partition(":")[0].split(", ")]


def has(terms: Terms, kind: Kind) -> bool:
    return any(offer.kind == kind for offer in terms.offers)


NEVER: dict[str, tuple[str, Callable[[Terms], bool]]] = {
    "that nothing leaves where telemetry or a model server might take it": (
        r"(?i)nothing leaves this computer",
        lambda terms: terms.local and not terms.offers and not terms.telemetry,
    ),
    "that words stay here where they do not": (
        r"does not leave this computer|nothing leaves this computer|model server on this computer",
        lambda terms: terms.local,
    ),
    "Azure where there is none": (r"Azure|Microsoft|European Union", lambda terms: not terms.local),
    "a geography where no deployment keeps to one": (
        r"in the Azure geography of",
        lambda terms: has(terms, "Standard"),
    ),
    "a zone where no deployment keeps to one": (r"data zone", lambda terms: has(terms, "DataZoneStandard")),
    "that nobody reads along where somebody may": (
        r"nothing is stored for it|machines alone",
        lambda terms: terms.monitoring == "modified",
    ),
    "that Microsoft may read along where it has given that up": (
        r"authorised people at Microsoft",
        lambda terms: terms.monitoring == "standard",
    ),
    "a private address where none is known": (
        r"private addresses alone",
        lambda terms: any(each.private for each in terms.endpoints),
    ),
    "encryption where there is none": (r"is encrypted", lambda terms: bool(terms.sealed)),
    "a vault where there is none": (r"Key Vault", lambda terms: terms.sealed == "vault"),
    "a key file where there is none": (r"a file beside me", lambda terms: terms.sealed == "file"),
    "that it is plain where it is not": (r"do not encrypt", lambda terms: not terms.sealed),
    "silence where figures are sent": (r"no telemetry", lambda terms: not terms.telemetry),
    "figures where none are sent": (r"go to your company's monitoring", lambda terms: terms.telemetry),
    "a region where one is unknown": (
        r"swedencentral",
        lambda terms: all(each.region for each in terms.endpoints),
    ),
}
"""What may be said, and when; otherwise never."""


def test_there_are_thousands_of_configurations() -> None:
    assert len(ALL) > 5_000


@pytest.mark.parametrize("claim", NEVER)
def test_it_never_claims(claim: str) -> None:
    words, may = NEVER[claim]
    claims = [
        (terms, line) for terms, lines in everything() if not may(terms) for line in lines if re.search(words, line)
    ]
    assert claims[:1] == []


@pytest.mark.parametrize(
    ("kind", "says", "not_"),
    [
        ("Standard", "in the Azure geography of", "data zone|geography of the world|not told\\.?$|where in the world"),
        ("DataZoneStandard", "inside the data zone", "Azure geography|of the world|where in the world"),
        ("GlobalStandard", "any Azure geography of the world", "data zone|swedencentral|where in the world"),
        ("", "I was not told", "Azure geography|data zone|of the world"),
    ],
)
def test_each_deployment_is_told_of_by_its_kind_once(kind: Kind, says: str, not_: str) -> None:
    for terms, everywhere in everything():
        lines = about_name(NAMES[kind], everywhere)
        assert len(lines) == (has(terms, kind) and not terms.local)
        assert all(says in line for line in lines)
        assert not any(re.search(not_, line.replace("Which geography that is I was not told.", "")) for line in lines)


@pytest.mark.parametrize("private", HOSTS)
def test_each_address_is_told_of_as_it_is_known(private: bool | None) -> None:
    said = {True: "private addresses alone", False: "lies in the public internet.", None: "I could not find out"}
    for terms, everywhere in everything():
        lines = about_name(HOSTS[private], everywhere)
        assert len(lines) == (not terms.local and any(each.private is private for each in terms.endpoints))
        assert all(said[private] in line for line in lines)


def test_every_configuration_is_told_of_encryption_telemetry_and_rights() -> None:
    for terms, lines in everything():
        text = " ".join(lines)
        assert all(
            words in text for words in ("encrypt", "monitoring" if terms.telemetry else "telemetry", "forget me")
        )


def test_every_statement_holds_somewhere_and_none_is_said_twice() -> None:
    assert [each.claim for each in STATEMENTS if not any(map(each.holds, ALL))] == []
    assert all(len(set(lines)) == len(lines) for _, lines in everything())


def test_no_placeholder_is_left() -> None:
    assert not any("{" in line for _, lines in everything() for line in lines)


def test_what_azure_does_rests_on_pages_of_microsoft() -> None:
    assert {each.source for each in STATEMENTS} - {""} == set(SOURCES)
    assert all(address.startswith("https://learn.microsoft.com/en-us/azure/") for address in SOURCES)


COMPANY = Terms(
    30,
    endpoints=(Endpoint("in.example", True, "swedencentral"),),
    offers=(OFFERS["Standard"], OFFERS["GlobalStandard"]),
    sealed="vault",
)


async def answered(
    dialog: Dialog, terms: Terms, kind: PlaceKind = PlaceKind.PERSONAL, *, writes: bool = True
) -> Answer:
    return await shown(dialog, an_ask(kind=kind), a_desk(ScriptedModel(writes=writes), terms=terms))


async def test_the_card_marks_each_statement_with_its_page() -> None:
    found = await answered(privacy, COMPANY)
    marks = {cite.number: cite.link for cite in found.cites}
    lines = found.cards[0].lines
    assert {int(mark) for line in lines for mark in re.findall(r" \[(\d)\]$", line)} == set(marks)
    assert all(f"[{number}] [{SOURCES[link]}]({link})" in found.text for number, link in marks.items())


async def test_only_pages_that_are_leaned_on_are_named() -> None:
    found = await answered(privacy, Terms(30, local=True), writes=False)
    assert (found.cites, "https" in found.text) == ((), False)


async def test_retention_is_told_in_days_one_day_is_a_day() -> None:
    many, one = (
        (await answered(privacy, COMPANY)).cards[0],
        (await answered(privacy, Terms(1, audit_days=1, gone_days=1))).cards[0],
    )
    assert "is kept for 30 days." in many.lines[0] and "for 365 days." in many.lines[-1]
    assert "is kept for 1 day." in one.lines[0] and "for 1 day." in one.lines[-1] and "after 1 day." in one.lines[-2]


async def test_privacy_tells_of_visits_digests_and_private_answers() -> None:
    text = " ".join((await answered(privacy, COMPANY)).cards[0].lines)
    assert "when I last caught you up" in text and "which digests you want" in text and "posted for a day" in text


@pytest.mark.parametrize(("kind", "buttons"), [(PlaceKind.PERSONAL, 2), (PlaceKind.CHANNEL, 0), (PlaceKind.GROUP, 0)])
async def test_what_is_personal_is_offered_one_to_one_alone(kind: PlaceKind, buttons: int) -> None:
    assert len((await answered(privacy, COMPANY, kind)).cards[0].buttons) == buttons


async def test_about_names_the_deployment_that_answers_and_what_runs_there() -> None:
    (card,) = (await answered(about, COMPANY)).cards
    assert card.lines[:2] == ("The model that answers here: near", "What runs behind that name: model-near")


async def test_about_goes_by_the_person_s_own_choice() -> None:
    at = a_desk(ScriptedModel(), terms=COMPANY, preferences=Preferences("wide"))
    (card,) = (await shown(about, an_ask(kind=PlaceKind.PERSONAL), at)).cards
    assert "wide" in card.lines[0]


async def test_where_others_read_along_about_does_not_go_by_it() -> None:
    at = a_desk(ScriptedModel(), terms=COMPANY, preferences=Preferences("wide"))
    (card,) = (await shown(about, an_ask(kind=PlaceKind.GROUP), at)).cards
    assert card.lines[0] == "The model that answers here: near"


async def test_every_class_of_what_is_kept_is_told_with_its_days() -> None:
    found = await answered(privacy, Terms(30, dead_days=3, feedback_days=1, usage_days=77))
    text = " ".join(found.cards[0].lines)
    assert all(each in text for each in ("answer is kept for 3 days", "you add, is kept for 1 day.", "for 77 days"))
    assert "titles that you give" in text and "your department" in text


async def test_what_is_switched_off_is_not_promised() -> None:
    (card,) = (await answered(privacy, Terms(30, off=frozenset({"export"})))).cards
    assert "export my data" not in " ".join(card.lines) and len(card.buttons) == 1


def test_between_several_regions_nothing_is_moved() -> None:
    lines = told(TWO)
    assert len([line for line in lines if "The resources are in swedencentral, eastus2." in line]) == 2
    assert not any("between whose regions" in line for line in lines)


async def test_about_without_a_model_has_no_card() -> None:
    assert (await answered(about, Terms(30, local=True), writes=False)).cards == ()


@pytest.mark.parametrize("telemetry", [True, False])
async def test_the_offline_engine_says_that_nothing_is_sent_only_where_nothing_is(telemetry: bool) -> None:
    found = await answered(about, Terms(30, local=True, telemetry=telemetry), writes=False)
    assert ("send nothing off this computer" in found.text) is not telemetry
