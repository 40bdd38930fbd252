"""The page about costs says what its model says; the model reckons with what infra/ makes; and no price is made up."""

import re
from datetime import date

import pytest

from tests.load import costs
from tests.load.costs import PEOPLE, SIZES, TABLES_OF_THE_PAGE, Bill
from tests.load.prices import PRICES, Price
from tests.structure.asked import variables
from tests.structure.blocks import BLOCK
from tests.structure.source import ROOT, page

COSTS = page("docs/costs.md")
PRODUCTION = page("infra/environments/prod.tfvars")


def default(block: str, name: str) -> str:
    """What an argument of an object is where nobody says otherwise."""
    found = re.search(rf"\b{name}\s*= optional\(\w+, (\S+)\)", variables()[block])
    assert found
    return found[1]


def endpoints() -> int:
    """The private endpoints that production has: one a file that makes any, the models' for each region, telemetry's none."""
    made = [
        path.parent.name
        for path in sorted((ROOT / "infra/modules").rglob("*.tf"))
        for _ in re.findall(r'^resource "azurerm_private_endpoint"', path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    regions = re.search(r"^openai_regions = \[(.*)\]", PRODUCTION, re.MULTILINE)
    assert regions
    return len([each for each in made if each not in ("openai", "observability")]) + len(regions[1].split(","))


@pytest.mark.parametrize("name", TABLES_OF_THE_PAGE)
def test_a_table_of_the_page_is_that_of_the_model(name: str) -> None:
    """Otherwise: `python -m tests.load.costs --write`."""
    assert BLOCK.format(name, TABLES_OF_THE_PAGE[name]) in COSTS


def test_the_model_reckons_with_the_sizes_of_the_infrastructure() -> None:
    assert (default("plan", "sku"), int(default("plan", "least"))) == ('"P1v3"', SIZES.instances)
    assert int(default("gateway", "least")) == SIZES.gateway
    assert int(default("database", "storage_mb")) == SIZES.disk * 1024
    assert default("database", "zone_redundant") == "true" and SIZES.standby == 2
    assert not re.search(r"^(plan|gateway|database)\b", PRODUCTION, re.MULTILINE)


def test_the_model_counts_every_private_endpoint() -> None:
    assert endpoints() == SIZES.endpoints


def test_the_tokens_are_those_of_the_model_that_production_deploys() -> None:
    (model,) = set(re.findall(r'\bmodel = "([^"]+)"', PRODUCTION))
    assert model in PRICES["read"].per


@pytest.mark.parametrize("name", ["standing", "tokens", "total"])
def test_more_people_never_cost_less(name: str) -> None:
    each = [getattr(Bill(people), name) for people in PEOPLE]
    assert each == sorted(each)


@pytest.mark.parametrize("price", PRICES.values(), ids=lambda price: price.name)
def test_a_price_says_where_it_was_seen_and_when(price: Price) -> None:
    assert price.per and price.source
    assert (price.usd is None) == (price.seen == "")
    assert price.seen in ("", "unknown") or date.fromisoformat(f"{price.seen}-01-01"[:10])


def test_what_was_not_found_is_in_no_sum() -> None:
    with pytest.raises(ValueError, match="no price was found"):
        _ = PRICES["bastion"].known


def test_the_page_does_not_pretend_to_be_a_quotation() -> None:
    assert "nothing here was ever billed" in COSTS and "Azure price calculator" in COSTS


def test_no_money_is_named_but_in_the_file_of_prices() -> None:
    bare = re.sub(r"<!-- (\w+) -->.*?<!-- end of \1 -->", "", COSTS, flags=re.DOTALL)
    assert re.findall(r"\d[\d.,]* (?:US )?(?:dollars|USD)", bare) == ["6.00 USD"]


def test_two_digits_are_kept() -> None:
    assert [costs.dollars(value) for value in (1234.5, 0.0412, 0)] == ["1,200", "0.041", "0"]
