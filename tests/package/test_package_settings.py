"""What an administrator says, and what is answered: everything that is missing at once, with the cure."""

import subprocess
import sys
from pathlib import Path

import pytest

from appPackage import asked, build, given, published
from appPackage.rules import opened
from bot.settings import SETTINGS as OF_THE_BOT
from bot.settings import Unfit
from tests.package.packaged import APP, SETTINGS, needs_schema
from tests.structure.source import ROOT, page

FILE = f"""MICROSOFT_APP_ID={APP}
# the bot's
DATABASE_URL=postgresql://parley@example/parley?sslmode=require
export COMPANY='Contoso "Widgets" & Co'
WEBSITE = "https://contoso.example/parley"
# PRIVACY_URL=https://contoso.example/privacy
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "settings"
    found.write_text(FILE, encoding="utf-8-sig")
    return found


def made(*argv: str | Path, out: Path) -> int:
    return build.main([*map(str, argv), "--unchecked", "--out", str(out)])


def test_the_package_is_made_from_a_file_of_settings(file: Path, tmp_path: Path) -> None:
    assert made("--env-file", file, out=tmp_path / "new" / "parley.zip") == 0
    found = opened((tmp_path / "new" / "parley.zip").read_bytes())
    assert (found.manifest["id"], found.manifest["developer"]["name"]) == (APP, SETTINGS["COMPANY"])


def test_what_is_said_counts_more_than_the_file_and_what_is_empty_counts_not(file: Path, tmp_path: Path) -> None:
    made("--env-file", file, "--company=Fabrikam", "--website=", out=tmp_path / "parley.zip")
    developer = opened((tmp_path / "parley.zip").read_bytes()).manifest["developer"]
    assert (developer["name"], developer["websiteUrl"]) == ("Fabrikam", SETTINGS["WEBSITE"])


def test_everything_that_is_missing_is_said_at_once_with_its_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(out=tmp_path / "parley.zip") == 2
    said = capsys.readouterr().err
    assert [name in said for name in ("MICROSOFT_APP_ID", "COMPANY", "WEBSITE")] == [True] * 3
    assert "make package MICROSOFT_APP_ID=" in said and not (tmp_path / "parley.zip").exists()


def test_what_is_missing_is_said_by_python_alone_before_anything_is_installed() -> None:
    bare = [sys.executable, "-S", "-m", "appPackage.asked", f"--microsoft-app-id={APP}"]
    said = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert said.returncode == 2
    assert "COMPANY is missing" in said.stderr and "MICROSOFT_APP_ID is" not in said.stderr


def test_nothing_is_said_before_the_set_up_where_nothing_is_missing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked.main(["--env-file", str(file)]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made("--env-file", tmp_path / "absent", out=tmp_path / "parley.zip") == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("MICROSOFT_APP_ID", "not-an-id"),
        ("MICROSOFT_APP_ID", "00000000-0000-0000-0000-000000000000"),
        ("MICROSOFT_APP_ID", f"{APP}0"),
        ("WEBSITE", "http://contoso.example"),
        ("WEBSITE", "https://"),
        ("WEBSITE", "https://[contoso.example"),
        ("PRIVACY_URL", "https://localhost/privacy"),
        ("TERMS_URL", "https://user@contoso.example"),
        ("COMPANY", ""),
        ("COMPANY", "x" * 33),
        ("COMPANY", "Contoso\x07"),
        ("USER_TOKEN_URL", "http://127.0.0.1:3979"),
    ],
)
def test_a_value_that_teams_would_refuse_is_refused_here(name: str, wrong: str) -> None:
    with pytest.raises(Unfit) as refused:
        given.read({**SETTINGS, name: wrong})
    assert [fault.name for fault in refused.value.faults] == [name]


def test_an_id_in_capitals_is_written_as_entra_does() -> None:
    letters = "AAAAAAAA-2222-3333-4444-555555555555"
    assert given.read({**SETTINGS, "MICROSOFT_APP_ID": letters}).app_id == letters.lower()


def test_a_package_that_a_rule_refuses_is_not_written(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = "https://token.contoso.example:8443/api"
    assert made("--env-file", file, f"--user-token-url={service}", out=tmp_path / "parley.zip") == 0
    assert made("--env-file", file, "--user-token-url=https://10.0.0.1", out=tmp_path / "other.zip") == 2
    assert "validDomains" in capsys.readouterr().err and not (tmp_path / "other.zip").exists()


def test_the_summary_says_what_the_package_asks_for_and_where_it_goes(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs_schema()
    build.main(["--env-file", str(file), "--out", str(tmp_path / "parley.zip")])
    said = capsys.readouterr().out
    for words in (
        str(tmp_path),
        APP,
        "ChannelMessage.Read.Group",
        "en, de, es, fr, ja",
        "Teams' schema 1.30",
        "Upload",
    ):
        assert words in said


def test_a_package_that_the_schema_did_not_see_says_so(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made("--env-file", file, out=tmp_path / "parley.zip")
    assert "NOT Teams' schema" in capsys.readouterr().out


def test_a_schema_that_is_not_there_is_no_consent() -> None:
    with pytest.raises(published.NotInstalled):
        published.faults({"manifestVersion": "0.0"}, {})


def test_what_the_bot_has_a_setting_for_is_read_under_its_name() -> None:
    shared = {each.name for each in given.ASKED} & {each.name for each in OF_THE_BOT}
    assert shared == {"MICROSOFT_APP_ID", "USER_TOKEN_URL"}


@pytest.mark.parametrize("name", [each.name for each in given.ASKED])
def test_the_page_and_the_command_know_every_setting(name: str) -> None:
    assert f"`{name}`" in page("appPackage/README.md")
    assert f'--{name.lower().replace("_", "-")}="$${name}"' in page("Makefile")
