"""The package that Teams installs: valid by Teams' own schema, complete, and asking for no more than it uses."""

import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from appPackage import build
from dialogs.toolbox import called
from tests.structure.source import ROOT

SCHEMA = ROOT / "node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.30/MicrosoftTeams.schema.json"
APP = "11111111-2222-3333-4444-555555555555"
ASKED = ["--app-id", APP, "--company", 'Contoso "Widgets" & Co', "--website", "https://contoso.example/parley"]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    out = tmp_path / "parley.zip"
    build.main([*ASKED, "--out", str(out)])
    return out


@pytest.fixture
def manifest(package: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zipfile.ZipFile(package).read("manifest.json"))
    return content


def schema_text() -> str:
    """Teams' own schema. Where it is not installed the test is skipped, and fails where nothing may be skipped."""
    if SCHEMA.exists():
        return SCHEMA.read_text(encoding="utf-8")
    reason = "Teams' schema is not installed (npm package @microsoft/app-manifest, by `make setup`)"
    if os.environ.get("PARLEY_SKIP_NOTHING"):
        pytest.fail(f"{reason}, and nothing may be skipped here", pytrace=False)
    pytest.skip(reason)


def commands(manifest: dict[str, Any]) -> list[dict[str, str]]:
    return [command for each in manifest["bots"][0]["commandLists"] for command in each["commands"]]


def test_the_manifest_is_valid_by_the_schema_it_names(manifest: dict[str, Any]) -> None:
    schema = json.loads(schema_text())
    faults = [
        f"{fault.json_path}: {fault.message}" for fault in jsonschema.Draft4Validator(schema).iter_errors(manifest)
    ]
    assert not faults


def test_the_schema_and_the_version_of_the_manifest_agree(manifest: dict[str, Any]) -> None:
    assert f"/teams/v{manifest['manifestVersion']}/" in manifest["$schema"]


def test_a_package_holds_the_manifest_and_its_two_icons_at_the_root(package: Path, manifest: dict[str, Any]) -> None:
    icons = {manifest["icons"]["color"], manifest["icons"]["outline"]}
    assert set(zipfile.ZipFile(package).namelist()) == {"manifest.json", *icons}


def test_documents_can_be_handed_over_one_to_one(manifest: dict[str, Any]) -> None:
    assert manifest["bots"][0]["supportsFiles"] is True


def test_teams_shows_every_command_it_is_given(manifest: dict[str, Any]) -> None:
    assert max(len(each["commands"]) for each in manifest["bots"][0]["commandLists"]) <= 12


def test_a_prompt_starter_begins_the_task_it_is_called_after(manifest: dict[str, Any]) -> None:
    begun = {each["title"]: called(f"{each['prompt']}some text") for each in commands(manifest)}
    tasks = {title: call.task.heading for title, call in begun.items() if call}
    assert len(tasks) == 5 and all(title == heading for title, heading in tasks.items())


def test_the_same_values_make_the_same_bytes(package: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    build.main([*ASKED, "--out", str(again)])
    assert again.read_bytes() == package.read_bytes()


def test_no_placeholder_is_left(manifest: dict[str, Any]) -> None:
    assert "${{" not in json.dumps(manifest)


def test_a_name_with_quotes_stays_a_name(manifest: dict[str, Any]) -> None:
    assert manifest["developer"]["name"] == 'Contoso "Widgets" & Co'


@pytest.mark.parametrize(
    "wrong",
    [
        ["--app-id", "not-an-id"],
        ["--app-id", f"{APP}0"],
        ["--website", "http://contoso.example"],
        ["--company", ""],
        ["--company", "x" * 33],
    ],
)
def test_a_value_that_teams_would_refuse_is_refused_here(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        build.arguments([*ASKED, *wrong])
    assert refused.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_bot_sign_in_and_package_share_one_id(manifest: dict[str, Any]) -> None:
    sign_in = manifest["webApplicationInfo"]
    assert [manifest["id"], manifest["bots"][0]["botId"], sign_in["id"]] == [APP, APP, APP]
    assert sign_in["resource"] == f"api://botid-{APP}"


def test_the_bot_can_be_used_wherever_people_talk(manifest: dict[str, Any]) -> None:
    assert set(manifest["bots"][0]["scopes"]) == {"personal", "team", "groupChat"}


def test_every_scope_has_one_list_of_commands(manifest: dict[str, Any]) -> None:
    scopes = [scope for each in manifest["bots"][0]["commandLists"] for scope in each["scopes"]]
    assert sorted(scopes) == sorted(manifest["bots"][0]["scopes"])


def test_a_command_of_the_type_prompt_has_a_prompt(manifest: dict[str, Any]) -> None:
    assert all(("prompt" in command) == (command.get("type") == "prompt") for command in commands(manifest))


def test_it_reads_only_the_conversations_it_was_added_to(manifest: dict[str, Any]) -> None:
    asked = {(each["name"], each["type"]) for each in manifest["authorization"]["permissions"]["resourceSpecific"]}
    assert asked == {("ChannelMessage.Read.Group", "Application"), ("ChatMessage.Read.Chat", "Application")}


def test_only_the_sign_in_page_is_a_valid_domain(manifest: dict[str, Any]) -> None:
    assert manifest["validDomains"] == ["token.botframework.com"]


def test_names_fit_where_people_read_them(manifest: dict[str, Any]) -> None:
    assert len(manifest["name"]["short"]) <= 30
    assert len(manifest["description"]["short"]) <= 80
    assert all(len(command["title"]) <= 32 and len(command["description"]) <= 80 for command in commands(manifest))


def test_the_package_has_the_version_of_the_project(manifest: dict[str, Any]) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(rf'^version = "{re.escape(manifest["version"])}"$', project, re.MULTILINE)
