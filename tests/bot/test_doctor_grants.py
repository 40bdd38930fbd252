"""The doctor and what was uploaded and granted: the package beside the program, and what a team or chat allows."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bot.findings import Asked
from bot.grants import ASKED
from bot.version import VERSION
from tests.bot.doctoring import Ward, ward
from tests.structure.source import ROOT
from tests.world.door import Call, Door, Route, reply
from tests.world.people import APP

__all__ = ["ward"]

TEAM, CHAT = "11111111-2222-3333-4444-555555555555", "19:a/b@thread.v2"


def package(folder: Path, version: Any = VERSION, app: str = APP, text: str = "") -> Path:
    """A package as it is uploaded."""
    path = folder / "parley.zip"
    with ZipFile(path, "w") as made:
        manifest = {"version": version, "bots": [{"botId": app}], "webApplicationInfo": {"id": APP}}
        made.writestr("manifest.json", text or json.dumps(manifest))
    return path


async def told(ward: Ward, path: Path) -> str:
    ward.probes["asked"] = Asked(package=path)
    return (await ward.seen())["package"]


async def test_a_package_of_this_program_and_bot_is_in_step(ward: Ward, tmp_path: Path) -> None:
    assert await told(ward, package(tmp_path)) == f"ok   has the program's version {VERSION}, and is this bot's"


@pytest.mark.parametrize(
    ("made", "line"),
    [
        ({"version": "0.0.9"}, f"warn has version '0.0.9', the program {VERSION}. Cure: make the package anew"),
        ({"version": "\u202e" * 90}, "warn has version '\\u202e"),
        ({"app": "another"}, "FAIL is another bot's than MICROSOFT_APP_ID"),
        ({"text": "{"}, "FAIL holds no manifest"),
        ({"text": "[]"}, "FAIL holds no manifest"),
    ],
)
async def test_a_package_that_is_not_in_step_is_found(
    ward: Ward, tmp_path: Path, made: dict[str, str], line: str
) -> None:
    assert (await told(ward, package(tmp_path, **made))).startswith(line)


async def test_what_is_no_package_is_found(ward: Ward, tmp_path: Path) -> None:
    (tmp_path / "parley.zip").write_bytes(b"no zip")
    assert (await told(ward, tmp_path / "parley.zip")).startswith("FAIL holds no manifest")
    assert (await told(ward, tmp_path / "nothing")).startswith("FAIL holds no manifest")


async def test_a_package_that_was_damaged_on_its_way_is_found(ward: Ward, tmp_path: Path) -> None:
    path = tmp_path / "parley.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as made:
        made.writestr("manifest.json", json.dumps({"version": VERSION}))
    whole = path.read_bytes()
    path.write_bytes(whole[:43] + b"\xff" * 8 + whole[51:])  # behind the local header, thirty bytes and the name
    assert (await told(ward, path)).startswith("FAIL holds no manifest")


def test_what_the_doctor_compares_is_what_the_package_asks_for() -> None:
    manifest = json.loads((ROOT / "appPackage" / "manifest.json").read_text(encoding="utf-8"))
    wanted = [one["name"] for one in manifest["authorization"]["permissions"]["resourceSpecific"]]
    assert sorted(wanted) == sorted(name for names in ASKED.values() for name in names)


def grant(permission: str, app: str = APP) -> dict[str, str]:
    return {"clientAppId": app, "permission": permission, "permissionType": "Application"}


async def grants(ward: Ward, asked: Asked, status: int, body: Any) -> tuple[dict[str, str], list[str]]:
    """What is said where Graph answers so, and the addresses that it was asked for."""
    paths: list[str] = []

    async def answer(call: Call) -> Any:
        paths.append(call.request.raw_path)
        return reply(body, status)

    routes = [Route("grants", "GET", f"/v1.0/{kind}/{{id}}/permissionGrants", answer) for kind in ("teams", "chats")]
    ward.probes["asked"] = asked
    async with Door(routes) as graph:
        ward.environ["GRAPH_URL"] = graph.url
        return await ward.seen(), paths


@pytest.mark.parametrize(
    ("status", "body", "line"),
    [
        (200, {"value": [grant("ChannelMessage.Read.Group")]}, "ok   grants what the package asks for"),
        (
            200,
            {"value": [grant("ChannelMessage.Read.Group", "other")]},
            "FAIL lacks ChannelMessage.Read.Group. Cure: add",
        ),
        (200, {"value": ["nonsense"]}, "FAIL lacks ChannelMessage.Read.Group"),
        (200, {}, "warn status 200"),
        (403, {}, "warn may not be read (status 403): that takes TeamsAppInstallation.Read.Group, which the package"),
        (404, {}, "FAIL there is none such"),
        (503, {}, "warn status 503"),
    ],
)
async def test_what_a_team_has_granted_is_read_where_it_may_be(ward: Ward, status: int, body: Any, line: str) -> None:
    found, _ = await grants(ward, Asked(teams=(TEAM,)), status, body)
    assert found["resource grants team 1"].startswith(line)


async def test_a_chat_is_named_in_the_address_so_that_nothing_of_it_is_taken_for_a_path(ward: Ward) -> None:
    found, paths = await grants(ward, Asked(chats=(CHAT,)), 200, {"value": [grant("ChatMessage.Read.Chat")]})
    assert found["resource grants chat 1"] == "ok   grants what the package asks for"
    assert paths == ["/v1.0/chats/19:a%2Fb@thread.v2/permissionGrants"] and TEAM not in str(found)
