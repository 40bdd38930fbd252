"""The ways out of the house: to Teams, the user token service, Microsoft Graph, the models, and to where files lie.

Floor 8. A member of the room of `app`. Each speaks to what the settings name and to nothing else.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import aiohttp

from bot.fetching import Fetcher
from bot.fetching import Token as BotToken
from bot.foundation import Identities
from bot.graph.directory import GraphDirectory
from bot.graph.drive import GraphDrive
from bot.graph.profile import GraphProfile
from bot.graph.threads import GraphThreads
from bot.models.azure import AzureModel, Resources, opaque
from bot.models.offline import OfflineModel
from bot.obo import Behalf
from bot.pinning import Pinned
from bot.settings import Settings
from bot.signals import SWITCH
from bot.teams.connector import Connectors
from bot.teams.desk import MakeModel
from bot.teams.line import Line
from bot.teams.line import Ways as LineWays
from bot.teams.members import Admitted
from bot.teams.origins import origins
from bot.teams.pacing import PUBLISHED, Limits, Pacing
from bot.teams.reach import NO_GRAPH, Reach
from bot.teams.readers import Readers
from bot.teams.signin import SignIn
from bot.teams.usertokens import UserTokens
from bot.tokens import Token, scopes
from dialogs.ports import Model
from dialogs.talk import Ask, Person, Usage
from dialogs.terms import Offer

WORD_PAUSE = 0.04
"""Seconds between two words of the offline engine, so that its answers are seen to grow."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Microsoft Graph: what may be read there, a person's department, and the files on their own messages."""

    reach: Reach
    department: Callable[[Person], Awaitable[str | None]]
    drive: GraphDrive | None = None


def token_of(settings: Settings, who: Identities) -> BotToken:
    """The bot's own token, for Teams and nobody else."""
    audience, _ = scopes(settings.login_url)
    return partial(who.bot, audience) if who.bot else nobody


def lines(
    settings: Settings,
    session: aiohttp.ClientSession,
    who: Identities,
    now: Callable[[], datetime],
    limits: Limits = PUBLISHED,
) -> tuple[UserTokens, Connectors]:
    """The ways to the user token service and to Teams, with the bot's token, at the pace that Teams allows."""
    handed = LineWays(token_of(settings, who), asyncio.sleep, random.random, now)
    teams = origins(settings.service_origins, loopback=settings.local)
    parts = urlsplit(settings.user_token_url)
    service = Line(session, origins((f"{parts.scheme}://{parts.netloc}",), loopback=settings.local), handed)
    tokens = UserTokens(service, settings.user_token_url, settings.microsoft_app_id)
    return tokens, Connectors(Line(session, teams, handed, Pacing(time.monotonic, limits)), teams)


async def nobody() -> None:
    """The token of local mode."""


def fetcher(settings: Settings, session: Pinned, who: Identities) -> Fetcher:
    """The way to files and pictures."""
    teams = origins(settings.service_origins, loopback=settings.local)
    return Fetcher(session, settings.file_hosts, teams, token_of(settings, who))


async def nothing(person: Person) -> str | None:
    """What is known of a person's department where there is no Graph."""
    return None


def graph(
    settings: Settings,
    session: aiohttp.ClientSession,
    who: Identities,
    sign_in: SignIn,
    now: Callable[[], datetime],
    stack: AsyncExitStack,
) -> Graph:
    """Microsoft Graph, read as the person where they have signed in for it, else as the app by members alone."""
    if not settings.graph_url:
        return Graph(NO_GRAPH, nothing)
    behalf = None
    if who.machine is not None:
        behalf = Behalf(settings, f"{settings.graph_url}/.default", now, who.machine)
        stack.push_async_callback(behalf.close)
    readers = Readers(settings.graph_url, who.bot, sign_in, behalf)
    threads = GraphThreads(session, settings.graph_url, readers.tokens, settings.microsoft_app_id)
    return Graph(
        Reach(partial(Admitted, threads), GraphDirectory(threads.line, readers.own), threads.abroad(readers.own)),
        GraphProfile(threads.line, readers.own).department,
        GraphDrive(threads.line, readers.own, settings.file_hosts),
    )


def models(settings: Settings, machine: Token | None, now: Callable[[], datetime], stack: AsyncExitStack) -> MakeModel:
    """Azure OpenAI, or in local mode the offline engine unless a model server on this machine was named."""
    if not settings.azure_openai_endpoints:
        return lambda ask, offer, meter: OfflineModel(meter, partial(asyncio.sleep, WORD_PAUSE))

    async def token() -> str:
        return settings.model_key or (await machine(settings.azure_openai_scope) if machine else "local")

    resources = Resources(settings.azure_openai_endpoints, token, now)
    stack.push_async_callback(resources.close)
    SWITCH.models.append(resources.aside)
    first = Offer(settings.azure_openai_deployments[0])

    def make(ask: Ask, offer: Offer | None, meter: Callable[[Usage], None]) -> Model:
        person, chosen = opaque(settings.microsoft_app_id, ask.person.tenant, ask.person.id), offer or first
        return AzureModel(resources, chosen.name, meter, person=person, tunable=chosen.tunable, sees=chosen.sees)

    return make
