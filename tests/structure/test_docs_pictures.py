"""The pictures of the pages: drawn ones are current, legible in light and dark, and true; all are small and said in words."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.load.costs import SIZES
from tests.structure import picture_azure, picture_house
from tests.structure.album import CUTS, KEPT, LARGEST
from tests.structure.floors import FLOORS
from tests.structure.pictures import FOLDER, PICTURES
from tests.structure.source import ROOT, files, page
from tests.structure.svg import DARK, LIGHT, Box, Colours

SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
LEGIBLE = 4.5
"""Contrast of words with what is behind them at least (WCAG 2.2, level AA)."""
TELLING = 20
"""Letters that words for a picture have at least."""


def shown() -> Iterator[tuple[Path, str, Path]]:
    """Every picture of every page: the page, its words, its file."""
    for each in (path for path in files() if path.suffix == ".md"):
        for words, target in SHOWN.findall(each.read_text(encoding="utf-8")):
            yield each, words, (each.parent / target).resolve()


def boxes(name: str) -> list[Box]:
    """The rectangles of a drawn picture."""
    return [part for part in PICTURES[name]().parts if isinstance(part, Box)]


def lines(name: str) -> str:
    """All that stands in a drawn picture, as its file says it."""
    root = ElementTree.fromstring(page(f"docs/pictures/{name}"))
    return "\n".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))


def luminance(colour: str) -> float:
    """Of a colour, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(one: str, other: str) -> float:
    """Between two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", PICTURES)
def test_a_drawn_picture_is_current(name: str) -> None:
    """Otherwise: `python -m tests.structure.pictures`."""
    assert page((FOLDER / name).as_posix()) == PICTURES[name]().svg


@pytest.mark.parametrize("name", PICTURES)
def test_a_drawn_picture_stands_by_itself(name: str) -> None:
    text = page((FOLDER / name).as_posix())
    assert not re.search(r"href|<script|@import|url\((?!#)|<image|<foreignObject", text)
    assert "prefers-color-scheme: dark" in text and "<title" in text and "<desc" in text


@pytest.mark.parametrize("name", PICTURES)
def test_words_fit_their_boxes_and_boxes_the_picture(name: str) -> None:
    drawing = PICTURES[name]()
    assert [box.lines for box in boxes(name) if box.room < 0] == []
    assert [box for box in boxes(name) if box.x + box.wide > drawing.wide or box.y + box.high > drawing.high] == []


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_on_everything_they_stand_on(colours: Colours) -> None:
    grounds = (colours.paper, *colours.fills.values())
    assert [pair for pair in product((colours.ink, colours.faint), grounds) if contrast(*pair) < LEGIBLE] == []
    assert contrast(colours.number, colours.badge) >= LEGIBLE


def test_the_house_shows_every_room_on_its_floor() -> None:
    text = lines("house.svg").splitlines()
    rooms = [name.partition(".")[2] or name for names in FLOORS.values() for name in names]
    assert sorted(word for word in text if word in set(rooms)) == sorted(rooms)
    assert picture_house.overlapping(boxes("house.svg")) == []


def test_the_way_of_a_message_goes_through_rooms_that_there_are() -> None:
    assert {room for room, _ in picture_house.WAY} <= {name for names in FLOORS.values() for name in names}


def test_azure_shows_every_subnet_of_the_network() -> None:
    made = re.findall(
        r'^resource "azurerm_subnet".*?^  name\s+= "(\w+)"', page("infra/modules/network/main.tf"), re.M | re.S
    )
    assert sorted(made) == sorted(picture_azure.SUBNETS)
    assert [name for name in made if name not in lines("azure.svg")] == []


def test_azure_shows_every_private_endpoint() -> None:
    made = {
        path.parent.name
        for path in (ROOT / "infra/modules").rglob("*.tf")
        if 'resource "azurerm_private_endpoint"' in path.read_text(encoding="utf-8")
    }
    assert made - {"observability"} == {each.module for each in picture_azure.ENDPOINTS}
    assert len(picture_azure.ENDPOINTS) == SIZES.endpoints


def test_azure_shows_every_host_that_may_be_called() -> None:
    public = page("infra/clouds.tf").partition("    public = {")[2].partition("    usgovernment = {")[0]
    keys = ("login", "graph", "service_origins", "channel_keys", "channel_issuer", "token_service", "telemetry")
    hosts = {re.search(rf'^      {key}\s+= "(?:https://)?([^"/]+)', public, re.MULTILINE) for key in keys}
    tenant = re.search(r"^sharepoint_hosts = \[(.*)\]", page("infra/environments/prod.tfvars"), re.MULTILINE)
    assert tenant and None not in hosts
    assert {found[1] for found in hosts if found} | set(re.findall(r'"([^"]+)"', tenant[1])) == {
        host for host, _ in picture_azure.HOSTS
    }


def test_azure_hides_no_public_address() -> None:
    """The gateway's is the door; firewall and NAT are the way out; the bastion's is for administrators, by Entra."""
    made = {
        path.parent.name
        for path in (ROOT / "infra/modules").rglob("*.tf")
        if 'resource "azurerm_public_ip"' in path.read_text(encoding="utf-8")
    }
    assert made == {"gateway", "firewall", "network", "admin"}
    assert lines("azure.svg").count("the only public name") == 1


def test_every_picture_of_a_page_is_there_and_said_in_words() -> None:
    wrong = [
        (each.name, target.name) for each, words, target in shown() if not target.is_file() or len(words) < TELLING
    ]
    assert wrong == []


def test_every_picture_that_is_kept_is_shown_and_small() -> None:
    kept = {path for path in (ROOT / KEPT).iterdir() if path in files()}
    assert {path.name for path in kept} <= {target.name for _, _, target in shown()}
    assert {path.name for path in kept if path.stat().st_size > LARGEST} == set()


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_a_picture_of_the_guide_is_one_that_the_browser_takes(cut: object) -> None:
    source = getattr(cut, "source", "")
    room, _, what = source.partition("-")
    taken = [path.read_text(encoding="utf-8") for path in (ROOT / "tests/browser").glob("*.py")]
    assert any(f'"{what}"' in text or f'"{source}"' in text for text in taken), f"{room}: no test takes {source}"
