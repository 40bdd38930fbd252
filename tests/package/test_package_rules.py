"""The rules of our own: each of them says no to a package with one thing wrong."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from appPackage import rules
from tests.package.packaged import broken, given, mistranslated, package, with_files

COMMANDS = "bots[0].commandLists[0].commands"
Break = Callable[[dict[str, Any]], object]


def bot(manifest: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = manifest["bots"][0]
    return found


def listed(manifest: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = bot(manifest)["commandLists"][0]["commands"]
    return found


def asked(manifest: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = manifest["authorization"]["permissions"]["resourceSpecific"]
    return found


BROKEN: dict[str, Break] = {
    "version 9.0.0": lambda m: m.update(version="9.0.0"),
    "manifestVersion": lambda m: m.update(manifestVersion="1.19"),
    "id is not": lambda m: m.update(id="00000000-0000-0000-0000-000000000000"),
    "bots[0].botId": lambda m: bot(m).update(botId="00000000-0000-0000-0000-000000000000"),
    "composeExtensions[0].botId": lambda m: m["composeExtensions"][0].update(botId="x"),
    "webApplicationInfo.id": lambda m: m["webApplicationInfo"].update(id="x"),
    "webApplicationInfo.resource": lambda m: m["webApplicationInfo"].update(resource=f"api://{m['id']}"),
    "validDomains": lambda m: m["validDomains"].append("*.azurewebsites.net"),
    "developer.privacyUrl": lambda m: m["developer"].update(privacyUrl="http://contoso.example"),
    "developer.termsOfUseUrl": lambda m: m["developer"].update(termsOfUseUrl="https://localhost/terms"),
    "developer.name was not filled in": lambda m: m["developer"].update(name="${{COMPANY}}"),
    "not every scope": lambda m: bot(m)["scopes"].remove("team"),
    "defaultInstallScope": lambda m: m.update(defaultInstallScope="meetings"),
    "defaultGroupCapability": lambda m: m["defaultGroupCapability"].pop("team"),
    "supportsChannelFeatures": lambda m: m.pop("supportsChannelFeatures"),
    "13 commands": lambda m: listed(m).append({"title": "More", "type": "prompt", "prompt": "more"}),
    "personal: two commands with one title": lambda m: listed(m)[0].update(title=listed(m)[1]["title"]),
    "a command without a prompt": lambda m: listed(m)[0].update(prompt=" "),
    "the permissions asked for": lambda m: asked(m).append({"name": "Member.Read.Group", "type": "Application"}),
    "permissions: nothing": lambda m: m.update(permissions=["identity"]),
    "name.short has 31": lambda m: m["name"].update(short="x" * 31),
    "description.short has 81": lambda m: m["description"].update(short="x" * 81),
    f"{COMMANDS}[0].description has 0": lambda m: listed(m)[0].update(description=""),
    "it.json is missing": lambda m: m["localizationInfo"]["additionalLanguages"].append(
        {"languageTag": "it", "file": "it.json"}
    ),
    "de.json is listed under another": lambda m: m["localizationInfo"]["additionalLanguages"][0].update(
        languageTag="it"
    ),
    "outline.png is named nowhere": lambda m: m["icons"].update(outline="color.png"),
}


@pytest.mark.parametrize("said", BROKEN)
def test_a_package_with_one_thing_wrong_is_refused_for_it(said: str) -> None:
    assert [line for line in broken(BROKEN[said]) if said in line]


@pytest.mark.parametrize(
    ("said", "break_it"),
    [
        (f"de.json: {COMMANDS}[0].title is not said", lambda texts: texts.pop(f"{COMMANDS}[0].title")),
        (f"de.json: {COMMANDS}[40].title is nowhere", lambda texts: texts.update({f"{COMMANDS}[40].title": "Mehr"})),
        ("de.json: name.full has 101", lambda texts: texts.update({"name.full": "x" * 101})),
        ("de.json: two commands", lambda texts: texts.update({f"{COMMANDS}[0].title": texts[f"{COMMANDS}[1].title"]})),
    ],
)
def test_a_language_with_one_thing_wrong_is_refused_for_it(
    said: str, break_it: Callable[[dict[str, str]], Any]
) -> None:
    assert [line for line in mistranslated(break_it) if said in line]


def test_a_package_without_a_file_it_names_is_refused() -> None:
    assert "ja.json is missing" in with_files(ja_json=None)


def test_a_package_with_a_file_too_many_is_refused() -> None:
    assert "notes.txt is named nowhere in the manifest" in with_files(notes_txt=b"")


def test_a_package_that_is_too_large_is_refused() -> None:
    faults = rules.faults(replace(package(), size=rules.LARGEST + 1), given())
    assert faults == ["the package has 200001 bytes, more than 200000"]


def picture(size: int, colour: tuple[int, int, int, int], dot: tuple[int, int, int, int], at: int) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGBA", (size, size), colour)
    image.putpixel((at, at), dot)
    image.save(out, "PNG")
    return out.getvalue()


BLUE, WHITE, NOTHING, HALF = (59, 58, 143, 255), (255, 255, 255, 255), (255, 255, 255, 0), (59, 58, 143, 128)


@pytest.mark.parametrize(
    ("icon", "fits"),
    [
        (picture(192, BLUE, WHITE, 96), True),
        (picture(191, BLUE, WHITE, 96), False),
        (picture(192, BLUE, HALF, 96), False),
        (picture(192, BLUE, WHITE, 35), False),
        (picture(192, BLUE, WHITE, 156), False),
        (b"no picture", False),
        (b"", False),
    ],
)
def test_a_colour_icon_fills_its_square_and_draws_in_the_middle(icon: bytes, fits: bool) -> None:
    assert (not with_files(color_png=icon)) is fits


@pytest.mark.parametrize(
    ("icon", "fits"),
    [
        (picture(32, NOTHING, WHITE, 9), True),
        (picture(33, NOTHING, WHITE, 9), False),
        (picture(32, NOTHING, BLUE, 9), False),
        (picture(32, WHITE, WHITE, 9), False),
        (picture(32, NOTHING, NOTHING, 9), False),
        (b"\x89PNG\r\n\x1a\n", False),
    ],
)
def test_an_outline_is_white_on_nothing(icon: bytes, fits: bool) -> None:
    assert (not with_files(outline_png=icon)) is fits
