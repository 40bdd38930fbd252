"""What a company's package differs in, read from the settings that the bot is served with.

Two of them are settings of the bot itself; the others only Teams shows, so they stand here and not in `bot.settings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.names import split, stays_here
from bot.settings import SETTINGS, Fault, Setting, Unfit
from bot.values import Wrong, address

LONGEST_NAME = 32
LONGEST_ADDRESS = 2048


def app(value: str) -> str:
    """The bot's own id; the one of `.env.example` is nobody's."""
    if not value.strip("0-"):
        raise Wrong("is the one of the example", "copy the client id of the bot's app registration")
    return str(OWN["MICROSOFT_APP_ID"].parse(value))


def company(value: str) -> str:
    """A name that fits where Teams shows it."""
    if len(value) > LONGEST_NAME:
        raise Wrong("is too long", f"write at most {LONGEST_NAME} characters, Teams shows no more")
    if not value.isprintable():
        raise Wrong("holds invisible characters", "write it anew by hand")
    return value


def shown(value: str) -> str:
    """The address of a page that Teams links to; it may hold a query and a fragment."""
    parts = split(value)
    if parts is None or parts.scheme != "https" or len(value) > LONGEST_ADDRESS:
        raise Wrong("is no address of a page", "write it as https://host/path, the way the browser shows it")
    if stays_here(value):
        raise Wrong("leads to this machine", "name a page that your people can open")
    return value


def abroad(value: str) -> str:
    """The token service; Teams opens its sign-in page, so it cannot be on this machine."""
    if stays_here(value):
        raise Wrong("leads to this machine", "name the token service of your cloud, or leave it out")
    return address(value)


OWN = {each.name: each for each in SETTINGS}
ASKED = (
    Setting(
        "MICROSOFT_APP_ID",
        app,
        None,
        cure="set it to the client id of the bot's app registration; terraform -chdir=infra output -raw microsoft_app_id",
    ),
    Setting("COMPANY", company, None, cure="say who offers it, as people read it in Teams"),
    Setting("WEBSITE", shown, None, cure="name the page where your people find help, https://…"),
    Setting("PRIVACY_URL", shown),
    Setting("TERMS_URL", shown),
    Setting("USER_TOKEN_URL", abroad, OWN["USER_TOKEN_URL"].default),
)
"""Everything that is asked for. Without a default it is required."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one company's package is made from. `sign_in` is the host of the sign-in page."""

    app_id: str
    company: str
    website: str
    privacy: str
    terms: str
    sign_in: str

    @property
    def values(self) -> Mapping[str, str]:
        """What stands for each placeholder of the manifest."""
        return {
            "MICROSOFT_APP_ID": self.app_id,
            "COMPANY": self.company,
            "WEBSITE": self.website,
            "PRIVACY_URL": self.privacy,
            "TERMS_URL": self.terms,
            "SIGN_IN_HOST": self.sign_in,
        }


def read(settings: Mapping[str, str]) -> Given:
    """What the settings say. Raises `Unfit` with every fault of them at once."""
    found, faults = {}, []
    for each in ASKED:
        try:
            found[each.name] = str(each.value(settings, local=False))
        except Wrong as wrong:
            faults.append(Fault(each.name, *wrong.args))
    if faults:
        raise Unfit(tuple(faults))
    return Given(
        app_id=found["MICROSOFT_APP_ID"],
        company=found["COMPANY"],
        website=found["WEBSITE"],
        privacy=found["PRIVACY_URL"] or found["WEBSITE"],
        terms=found["TERMS_URL"] or found["WEBSITE"],
        sign_in=urlsplit(found["USER_TOKEN_URL"]).hostname or "",
    )


def lines(text: str) -> dict[str, str]:
    """The settings of a file like `.env.example`: `NAME=value` a line, in quotes or not, `#` before what is none."""
    named = (line.strip().removeprefix("export ").partition("=") for line in text.splitlines())
    return {name.strip(): unquoted(value.strip()) for name, equals, value in named if equals and name[:1] != "#"}


def unquoted(value: str) -> str:
    """A value without the quotes around it."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
