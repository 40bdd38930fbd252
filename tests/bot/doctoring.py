"""A doctor with settings that lead to doubles, and probes that can be swapped for failing ones."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.doctor import Check, Probes, checks
from bot.settings import Settings, read
from bot.store.condition import Condition, Fences, Server
from dialogs.errors import Unavailable
from tests.world.graph import GraphDouble
from tests.world.login import LoginDouble
from tests.world.openai import ModelDouble
from tests.world.people import APP, TENANT
from tests.world.userlogin import TokenServiceDouble

FENCES = Fences(
    known=True,
    member=True,
    unbound=False,
    logs_in=False,
    rewrites=False,
    asleep=0,
    unfenced=0,
    owns=False,
    makes=False,
    large=False,
    superuser=False,
    owner=False,
)
"""As they should be."""


def server(**changes: Any) -> Server:
    """A server as it should be, but for the changes."""
    return replace(Server(17, clock(), "TLSv1.3", 100, 12), **changes)


async def sound() -> Condition:
    return Condition(server(), FENCES)


async def nothing_missing() -> tuple[str, ...]:
    return ()


async def within() -> bool:
    return True


async def token() -> str:
    return "a-token"


async def no_token() -> str:
    raise Unavailable


async def here(host: str) -> frozenset[str]:
    return frozenset({"127.0.0.1"})


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Ward:
    """Settings that lead to doubles, and probes that can be swapped for failing ones."""

    login: LoginDouble
    users: TokenServiceDouble
    model: ModelDouble
    graph: GraphDouble
    session: aiohttp.ClientSession
    probes: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.probes["graph_token"] = self.app_token()

    def settings(self) -> Settings:
        addresses = {
            "DATABASE_URL": "postgresql://parley@localhost/parley",
            "MICROSOFT_APP_ID": APP,
            "MICROSOFT_APP_TENANT_ID": TENANT,
            "AZURE_OPENAI_ENDPOINTS": self.model.url,
            "AZURE_OPENAI_DEPLOYMENTS": "gpt-5.4-mini",
            "SERVICE_ORIGINS": self.login.url,
            "OPENID_METADATA_URL": self.login.metadata,
            "USER_TOKEN_URL": self.users.url,
            "LOGIN_URL": self.login.url,
            "GRAPH_URL": self.graph.url,
            "FILE_HOSTS": "contoso.sharepoint.com",
        }
        return read({**addresses, **self.environ}, local=False)

    def app_token(self, **claims: Any) -> Callable[[], Awaitable[str]]:
        """A probe that brings a token of the app for Graph, as Entra writes it."""
        found = self.login.token("https://graph.microsoft.com", **claims)

        async def probe() -> str:
            return found

        return probe

    async def seen(self, settings: Settings | None = None) -> dict[str, str]:
        """The last line about each thing, without its name and how long it took."""
        return {each.name: line(each) for each in await self.found(settings)}

    async def found(self, settings: Settings | None = None) -> list[Check]:
        """Every check, in its order."""
        return [each async for each in checks(settings or self.settings(), self.looks())]

    def looks(self) -> Probes:
        """What the doctor looks with."""
        found = {"now": clock, "resolve": here, "missing": nothing_missing, "fenced": within, "condition": sound}
        tokens = {"bot_token": token, "model_token": token, "identity_token": token}
        return Probes(session=self.session, **{**tokens, **found, **self.probes})


def line(check: Check) -> str:
    """A check without its name, nor how long it took."""
    return str(replace(check, millis=None)).replace(f" {check.name}:", "")


@pytest.fixture
async def ward() -> AsyncIterator[Ward]:
    async with (
        LoginDouble() as login,
        TokenServiceDouble() as users,
        ModelDouble() as model,
        GraphDouble() as graph,
        aiohttp.ClientSession() as session,
    ):
        yield Ward(login, users, model, graph, session)
