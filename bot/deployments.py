"""What the doctor sees of the language models: each resource lets us in, each deployment answers, and none is about to end.

Floor 7, of the family of `bot.doctor`. A deployment is asked for one word, unless the operator says `--no-model-calls`: that a name
resolves and a list can be had proves neither quota, nor content filter, nor that the deployment is there.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from urllib.parse import urlsplit

import aiohttp

from bot.chain import ASSIGN, cures
from bot.findings import OUTWARD, Check, Probes, Reply, State, Topic, Watch, host, issued
from bot.models.greeting import greet
from bot.models.known import offers, retiring
from bot.settings import Settings
from dialogs.errors import AssistantError, Blocked, Busy, ModelGone, Silent
from dialogs.terms import Offer

GONE = "deploy it there under that name, or take it from AZURE_OPENAI_DEPLOYMENTS"
BUSY = "give it more quota, or wait: people are asked to come back meanwhile"
MUTE = "look at the resource's health in Azure, and at what is said of its model above"
FILTER = "look at its content filter: it refuses even a greeting"


async def look_at_models(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Each resource lets us in, and each deployment answers."""
    if not settings.azure_openai_endpoints:
        yield Check(Topic.MODEL, State.OK, "the offline engine")
        return
    for offer in retiring(offers(settings), probes.now().date()):
        yield ending(offer)
    check = await issued(Topic.MODEL_TOKEN, probes.model_token, "there", cures(ASSIGN))
    yield check
    if check.state is not State.OK:
        return
    token = await probes.model_token()
    looks: list[Awaitable[Check]] = []
    for address in settings.azure_openai_endpoints:
        looks.append(listed(probes, address, token))
        if probes.asked.calls:
            looks += [answered(probes, address, name) for name in settings.azure_openai_deployments]
    for found in await asyncio.gather(*looks):
        yield found
    if not probes.asked.calls:
        yield Check(Topic.DEPLOYMENT, State.WARN, "none was asked for an answer", "leave out --no-model-calls")


def ending(offer: Offer) -> Check:
    """A deployment whose model is gone or goes soon."""
    when = f"ends on {offer.retires.isoformat()}" if offer.retires else "has ended"
    seen = f"what runs behind it, {offer.model}, {when} by Microsoft's schedule"
    cure = "deploy another one and name it in AZURE_OPENAI_DEPLOYMENTS"
    return Check(Topic.RETIREMENT, State.WARN, seen, cure, offer.name)


async def listed(probes: Probes, address: str, token: str) -> Check:
    """Whether a resource answers with its list of models."""
    watch, name = Watch(), host(address)
    path = "" if urlsplit(address).path else "/openai/v1"
    try:
        status = (await Reply.of(probes, f"{address}{path}/models", token)).status
    except (aiohttp.ClientError, TimeoutError) as error:
        seen = f"does not answer ({type(error).__name__})"
        return Check(Topic.MODEL, State.FAIL, seen, OUTWARD, name, watch.lap())
    if status in (401, 403):
        cure = "give the identity the role Cognitive Services OpenAI User; it takes up to 5 minutes"
        return Check(Topic.MODEL, State.FAIL, f"lets nobody in (status {status})", cure, name, watch.lap())
    if status != 200:
        return Check(Topic.MODEL, State.FAIL, f"status {status}", "look at AZURE_OPENAI_ENDPOINTS", name, watch.lap())
    return Check(Topic.MODEL, State.OK, "lets us in", about=name, millis=watch.lap())


async def answered(probes: Probes, address: str, deployment: str) -> Check:
    """Whether a deployment answers."""
    watch, about = Watch(), f"{deployment} at {host(address)}"
    try:
        took = await greet(address, deployment, probes.model_token, probes.now)
    except AssistantError as error:
        state, seen, cure = refused(error)
        return Check(Topic.DEPLOYMENT, state, seen, cure, about, watch.lap())
    tokens = sum(each.input + each.output for each in took)
    return Check(Topic.DEPLOYMENT, State.OK, f"answers ({tokens} tokens)", about=about, millis=watch.lap())


def refused(error: AssistantError) -> tuple[State, str, str]:
    """What a call that failed means, and its cure."""
    match error:
        case ModelGone():
            return State.FAIL, "there is no such deployment, or not any more", GONE
        case Busy():
            return State.WARN, "is there, and has too much to do just now (429)", BUSY
        case Blocked():
            return State.WARN, "is there, and its content filter stopped the greeting", FILTER
        case Silent():
            return State.FAIL, "did not answer in time", MUTE
        case _:
            return State.FAIL, f"does not answer ({type(error).__name__})", MUTE
