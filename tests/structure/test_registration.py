"""The page for the administrator says what the package, the settings and the doctor really hold."""

import inspect
import json
import re

import pytest

from bot import chain, obo
from bot.graph import drive
from bot.settings import SETTINGS, BotCredential
from bot.teams.members import KEEP
from bot.telemetry import Event
from bot.tokens import EXCHANGE_SCOPE
from dialogs import errors
from tests.structure.source import page

PAGE = page("docs/registration.md")
MANIFEST = json.loads(page("appPackage/manifest.json"))
WORDS = " ".join(
    [
        *(inspect.cleandoc(each.__doc__ or "") for each in vars(errors).values() if inspect.isclass(each)),
        *(obo.UNGRANTED, obo.BARRED, obo.UNSUITED),
    ]
)
DELEGATED = (
    *("User.Read", "Team.ReadBasic.All", "Channel.ReadBasic.All", "ChannelMessage.Read.All", "Chat.Read"),
    "Files.Read.All",
)


def test_the_page_names_exactly_the_permissions_that_the_package_asks_for() -> None:
    asked = {each["name"] for each in MANIFEST["authorization"]["permissions"]["resourceSpecific"]}
    assert set(re.findall(r"^\| `([\w.]+)` \(resource-specific", PAGE, re.MULTILINE)) == asked


def test_the_page_names_exactly_the_domains_and_the_resource_of_the_package() -> None:
    (line,) = re.findall(r"^- `validDomains`: (.*), where", PAGE, re.MULTILINE)
    assert MANIFEST["validDomains"] == ["${{SIGN_IN_HOST}}"]
    (usual,) = [each.default for each in SETTINGS if each.name == "USER_TOKEN_URL"]
    assert re.findall(r"`([^`]+)`", line) == [str(usual).removeprefix("https://")]
    resource = MANIFEST["webApplicationInfo"]["resource"].replace("${{MICROSOFT_APP_ID}}", "<MICROSOFT_APP_ID>")
    assert PAGE.count(f"`{resource}`") == 2


def test_the_files_of_a_channel_are_found_with_the_permission_that_the_page_names() -> None:
    assert "Files.Read.All" in (drive.__doc__ or "")


def test_every_setting_that_the_page_names_exists() -> None:
    named = {
        name for words in re.findall(r"`([^`\n]+)`", PAGE) for name in re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", words)
    }
    assert named and named <= {setting.name for setting in SETTINGS}


def test_the_table_the_commands_and_the_connection_name_the_same_delegated_permissions() -> None:
    table = re.findall(r"^\| (`.*`) \(delegated\)", PAGE, re.MULTILINE)
    (loop,) = re.findall(r"^for NAME in (.*); do$", PAGE, re.MULTILINE)
    (scopes,) = re.findall(r"\| `(User\.Read [^`]*)` \|", PAGE)
    found = {name for row in table for name in re.findall(r"`([^`]+)`", row)}
    assert found == set(loop.split()) == set(scopes.split()) == {*DELEGATED, "openid", "profile", "offline_access"}


@pytest.mark.parametrize("code", chain.CODES)
def test_every_code_that_the_doctor_knows_has_a_row(code: str) -> None:
    assert f"`{code}`" in PAGE


@pytest.mark.parametrize("code", sorted(obo.CONSENT))
def test_every_code_that_means_missing_consent_has_a_row(code: str) -> None:
    assert f"`{code}`" in PAGE


@pytest.mark.parametrize("name", ["docs/registration.md", "docs/settings.md"])
def test_the_scope_of_the_connection_is_written_so_that_its_token_can_be_renewed(name: str) -> None:
    scopes = re.findall(r"(\S+)/access_as_user", page(name))
    assert scopes and {scope.strip('`"') for scope in scopes} <= {"<MICROSOFT_APP_ID>", "$APP"}


def test_what_a_token_may_do_is_not_looked_for_where_only_a_name_is_told() -> None:
    assert "say `about`" not in PAGE and "summarise #" in PAGE.partition("## 8.")[2]


def test_consent_to_graph_is_never_promised_by_the_card() -> None:
    (row,) = re.findall(r"^\| the card for one person, once \|.*$", PAGE, re.MULTILINE)
    assert "if the connection asks for Graph" in row


def test_the_page_knows_the_rule_about_guests() -> None:
    assert "guests are not answered" not in PAGE and "the rule `guests`" in PAGE


def test_how_long_a_guest_is_remembered_stands_where_the_rule_does() -> None:
    minutes = KEEP.total_seconds() / 60
    assert f"remembered for {minutes:.0f} minutes" in page("docs/operations.md").partition("## Rules")[2]


def test_the_provider_that_could_not_be_tried_can_be_looked_up() -> None:
    assert "`az bot authsetting list-providers`" in PAGE


def test_a_refused_exchange_has_its_row_in_both_pages() -> None:
    sign = f'`"event": "{Event.EXCHANGE_FAILED}"`'
    assert sign in PAGE and sign in page("docs/operations.md")


@pytest.mark.parametrize("words", re.findall(r'^\| "([^"]+)"', PAGE, re.MULTILINE))
def test_a_refusal_that_the_page_quotes_is_what_people_read(words: str) -> None:
    assert words in WORDS


@pytest.mark.parametrize("event", re.findall(r'"event": "([a-z ]+)"', PAGE))
def test_an_event_that_the_page_names_can_be_logged(event: str) -> None:
    assert event in set(Event)


def test_the_page_knows_the_ways_and_the_audience_of_the_credential() -> None:
    assert {way.value for way in BotCredential} - set(re.findall(r"`(?:BOT_CREDENTIAL=)?([\w-]+)`", PAGE)) == set()
    assert PAGE.count(EXCHANGE_SCOPE.removesuffix("/.default")) == 2
    assert f"`{chain.PAGE}`" not in PAGE and chain.PAGE == "docs/registration.md"


def test_the_page_says_that_nothing_of_it_was_ever_run() -> None:
    assert "None of these commands has ever been run against a real tenant." in PAGE


def test_an_administrator_finds_the_page() -> None:
    assert "docs/registration.md" in page("README.md")
    assert "registration.md" in page("docs/operations.md") and "registration.md" in page("infra/README.md")
