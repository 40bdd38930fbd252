"""The package that Teams installs: valid by Teams' own schema, complete, and asking for no more than it uses."""

import inspect
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from appPackage import build, published, rules
from bot.graph import source
from bot.teams import extension
from bot.version import VERSION
from tests.package.packaged import APP, SETTINGS, given, needs_schema, package, zipped
from tests.structure.source import ROOT, page


@pytest.fixture
def manifest() -> dict[str, Any]:
    return dict(package().manifest)


def test_package_and_languages_are_valid_by_the_schema_they_name() -> None:
    needs_schema()
    found = package()
    assert published.faults(found.manifest, found.languages) == []


def test_microsofts_own_validator_finds_nothing(tmp_path: Path) -> None:
    needs_schema()
    file = tmp_path / "manifest.json"
    file.write_bytes(package().files["manifest.json"])
    # Whoever has the schema has it by npm, and so has Node.
    said = subprocess.run(
        ["node", ROOT / "tests/package/validate.mjs", file], capture_output=True, text=True, timeout=60
    )
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_the_schema_finds_what_is_wrong() -> None:
    needs_schema()
    found = package()
    faults = published.faults({**found.manifest, "accentColor": "blue"}, {"de.json": {"name.short": "Parley"}})
    assert {each.partition(" ")[0] for each in faults} == {"manifest.json:", "de.json:"}


def test_the_newest_published_schema_is_used(manifest: dict[str, Any]) -> None:
    needs_schema()
    versions = [found for each in published.FOLDER.iterdir() if (found := re.fullmatch(r"v(\d+)\.(\d+)", each.name))]
    newest = max((int(each[1]), int(each[2])) for each in versions)
    assert manifest["manifestVersion"] == "{}.{}".format(*newest)


def test_our_own_rules_find_nothing() -> None:
    assert rules.faults(package(), given()) == []


def test_everything_stands_at_the_root_of_the_zip() -> None:
    names = zipfile.ZipFile(io.BytesIO(zipped())).namelist()
    assert names == ["manifest.json", "de.json", "es.json", "fr.json", "ja.json", "color.png", "outline.png"]


def test_the_same_settings_make_the_same_bytes() -> None:
    assert build.zipped(build.files(given())) == zipped()


def test_a_name_with_quotes_stays_a_name(manifest: dict[str, Any]) -> None:
    assert manifest["developer"]["name"] == SETTINGS["COMPANY"]


def test_pages_that_a_company_does_not_name_are_its_website(manifest: dict[str, Any]) -> None:
    assert manifest["developer"]["privacyUrl"] == manifest["developer"]["termsOfUseUrl"] == SETTINGS["WEBSITE"]


def test_documents_can_be_handed_over_one_to_one(manifest: dict[str, Any]) -> None:
    assert manifest["bots"][0]["supportsFiles"] is True


def test_bot_action_and_sign_in_share_one_id(manifest: dict[str, Any]) -> None:
    sign_in = manifest["webApplicationInfo"]
    ids = [manifest["id"], manifest["bots"][0]["botId"], manifest["composeExtensions"][0]["botId"], sign_in["id"]]
    assert ids == [APP] * 4
    assert sign_in["resource"] == f"api://botid-{APP}"


def test_infrastructure_page_and_package_name_one_resource() -> None:
    made = re.findall(r'"(api://[^"$]*)\$', page("infra/modules/identity/registration.tf") + page("infra/outputs.tf"))
    by_hand = re.findall(r"(api://[\w-]*)\$", page("docs/registration.md"))
    packaged = re.findall(r'"(api://[^"$]*)\$', page("appPackage/manifest.json"))
    exchange = "api://AzureADTokenExchange"
    assert {*made, *by_hand, *packaged} - {exchange} == {"api://botid-"}


def test_the_bot_can_be_used_wherever_people_talk(manifest: dict[str, Any]) -> None:
    assert set(manifest["bots"][0]["scopes"]) == {"personal", "team", "groupChat"}


def test_it_asks_owners_for_the_permissions_that_the_reader_names() -> None:
    named = set(re.findall(r"\w+\.Read\.(?:Group|Chat)\b", inspect.getsource(source)))
    assert {name for name, _ in rules.RIGHTS} == named


def test_the_action_on_a_message_is_the_one_that_the_program_answers(manifest: dict[str, Any]) -> None:
    (action,) = manifest["composeExtensions"][0]["commands"]
    assert (action["id"], action["type"], action["fetchTask"]) == (extension.COMMAND, "action", True)
    assert action["context"] == ["message"]


def test_only_the_sign_in_page_is_a_valid_domain(manifest: dict[str, Any]) -> None:
    assert manifest["validDomains"] == ["token.botframework.com"]


def test_with_another_token_service_its_page_is_the_valid_domain() -> None:
    elsewhere = given(USER_TOKEN_URL="https://tokengcch.botframework.azure.us")
    opened = rules.opened(build.zipped(build.files(elsewhere)))
    assert opened.manifest["validDomains"] == ["tokengcch.botframework.azure.us"]
    assert rules.faults(opened, elsewhere) == []


def test_program_project_and_package_have_one_version(manifest: dict[str, Any]) -> None:
    assert manifest["version"] == VERSION
    assert re.search(rf'^version = "{re.escape(VERSION)}"$', page("pyproject.toml"), re.MULTILINE)


def test_what_is_in_the_package_can_be_read_by_people() -> None:
    text = package().files["ja.json"].decode()
    assert json.loads(text) and "\\u" not in text and text.count("\n") > 50
