"""What the doctor looks at of the identity: from the machine's own token to what a person's sign-in will bring.

Floor 7, of the family of `bot.doctor`. The links are those of docs/registration.md, in that order. What only a person's token
could show is said as a warning with the way to see it. Sources: Entra's tokens and codes; the Bot Framework token
service's REST interface.
"""

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

from bot.findings import Check, Look, Probes, Reply, State, Topic, issued
from bot.settings import BotCredential, Settings
from bot.tokens import claims

PAGE = "docs/registration.md"
CREDENTIAL_CURES = {
    BotCredential.FEDERATED: f"add a federated credential for the managed identity to the app registration ({PAGE})",
    BotCredential.MANAGED_IDENTITY: "assign the identity MICROSOFT_APP_ID to this machine",
    BotCredential.SECRET: "make a new client secret and set MICROSOFT_APP_PASSWORD",  # pragma: allowlist secret
}
PROOFS = {
    BotCredential.FEDERATED: "of an exchange the bot's own proof alone was, at the identity endpoint",
    BotCredential.MANAGED_IDENTITY: "this credential cannot exchange, so people's tokens must be Graph's already",
    BotCredential.SECRET: "of an exchange the bot's own proof alone was, its secret at the bot token",
}
"""What was seen already of an exchange on behalf of a person."""
ASSIGN = "assign the managed identity to this machine and set MANAGED_IDENTITY_CLIENT_ID to its client id"
CODES = {
    "AADSTS700016": "look at MICROSOFT_APP_ID and MICROSOFT_APP_TENANT_ID: this tenant does not know the app",
    "AADSTS90009": "write the connection's scope as MICROSOFT_APP_ID/access_as_user, without api://, and sign in anew",
    "AADSTS90002": "look at MICROSOFT_APP_TENANT_ID: there is no such tenant",
    "AADSTS7000229": "make the app's service principal in this tenant: az ad sp create --id MICROSOFT_APP_ID",
    "AADSTS70021": "the federated credential does not fit: compare issuer, subject and audience",
    "AADSTS700211": "the federated credential's issuer does not fit: it ends in the tenant's id and /v2.0",
    "AADSTS700212": "the federated credential's audience does not fit: it is api://AzureADTokenExchange",
    "AADSTS700213": "the federated credential's subject does not fit: it is the identity's principal id, not its client id",
    "AADSTS700024": "set the clock by NTP: the identity's token was not valid yet, or not any more",
    "AADSTS7000215": "the client secret is wrong: set MICROSOFT_APP_PASSWORD to its value, not its id",
    "AADSTS7000222": "the client secret has expired: make a new one, or better use BOT_CREDENTIAL=federated",
}
"""What helps for the codes that Entra answers an app with."""

NOBODY = "29:nobody"
"""A person whom the token service does not know."""
EVERY_APP = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"
"""What stands in `wids` of any app's token; it is no role that somebody was given."""
PERMISSION = re.compile(r"[\w.-]{1,80}", re.ASCII)
SHOWN = 8
"""So many permissions are named at most."""


def cures(usual: str) -> Callable[[str], str]:
    """What helps for a code, and the usual where nobody knows better."""
    return lambda why: CODES.get(why, usual)


async def look_at_tenant(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Entra knows the tenant. Its issuer is also that of the federated credential."""
    home = f"{settings.login_url}/{settings.microsoft_app_tenant_id}/v2.0"
    reply = await Reply.of(probes, f"{home}/.well-known/openid-configuration")
    issuer = reply.field("issuer")
    if reply.status != 200 or not isinstance(issuer, str):
        yield Check(Topic.TENANT, State.FAIL, f"status {reply.status}", "look at MICROSOFT_APP_TENANT_ID and LOGIN_URL")
    elif issuer.endswith(f"/{settings.microsoft_app_tenant_id}/v2.0"):
        yield Check(Topic.TENANT, State.OK, "Entra knows it")
    else:
        yield Check(
            Topic.TENANT, State.FAIL, "Entra names another issuer", "set MICROSOFT_APP_TENANT_ID to the tenant's id"
        )


async def look_at_token(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The machine has an identity where the bot leans on one, and the bot can prove itself."""
    words = f"Entra gave one, by {settings.bot_credential}"
    cure = cures(CREDENTIAL_CURES[settings.bot_credential])
    looks = [issued(Topic.BOT_TOKEN, probes.bot_token, words, cure)]
    if settings.bot_credential is BotCredential.FEDERATED and probes.identity_token is not None:
        looks.insert(0, issued(Topic.IDENTITY, probes.identity_token, "gave the identity's token", cures(ASSIGN)))
    # At once, because an endpoint that hangs is waited for as long as the whole look may take.
    for check in await asyncio.gather(*looks):
        yield check
    if check.state is State.OK:
        async for other in mistaken(settings, claims(await probes.bot_token())):
            yield other


async def mistaken(settings: Settings, said: Any) -> AsyncIterator[Check]:
    """The bot's token is somebody else's."""
    app = said.get("azp") or said.get("appid") or settings.microsoft_app_id
    if app != settings.microsoft_app_id:
        cure = "set MICROSOFT_APP_ID to the identity's client id, or BOT_CREDENTIAL to how the app proves itself"
        yield Check(Topic.BOT_TOKEN, State.FAIL, "it is another app's than MICROSOFT_APP_ID", cure)
    if said.get("tid", settings.microsoft_app_tenant_id) != settings.microsoft_app_tenant_id:
        yield Check(Topic.BOT_TOKEN, State.FAIL, "it is of another tenant", "look at MICROSOFT_APP_TENANT_ID")


async def look_at_connection(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The token service knows our connection, and can exchange what a person's client offers."""
    token = await probes.bot_token()
    query = urlencode({"userId": NOBODY, "channelId": "msteams"})
    reply = await Reply.of(probes, f"{settings.user_token_url}/api/usertoken/GetTokenStatus?{query}", token)
    check = connection(settings, reply)
    yield check
    if check.state is State.OK:
        query = urlencode({"state": state(settings)})
        reply = await Reply.of(probes, f"{settings.user_token_url}/api/botsignin/GetSignInResource?{query}", token)
        yield exchange(settings, reply)
        yield unseen(settings)


def connection(settings: Settings, reply: Reply) -> Check:
    """Whether the connection is one of those that the token service knows of this bot."""
    name = Topic.CONNECTION
    if reply.status in (401, 403):
        cure = "give the Azure Bot resource the app id MICROSOFT_APP_ID, single tenant"
        return Check(name, State.FAIL, f"the token service does not know this bot (status {reply.status})", cure)
    if reply.status == 404:
        reply = Reply(200, reply.date, [])
    if reply.status != 200 or not isinstance(reply.body, list):
        return Check(name, State.FAIL, f"status {reply.status}", "look at USER_TOKEN_URL")
    known = [one.get("connectionName") for one in reply.body if isinstance(one, dict)]
    if settings.oauth_connection_name in known:
        return Check(name, State.OK, "the token service knows it")
    cure = f"make it at the Azure Bot resource, or set OAUTH_CONNECTION_NAME to its name ({PAGE})"
    return Check(name, State.FAIL, f"{len(known)} connections, none of them OAUTH_CONNECTION_NAME", cure)


def exchange(settings: Settings, reply: Reply) -> Check:
    """Whether the connection can sign people in silently."""
    name, wanted = Topic.SILENT, f"api://botid-{settings.microsoft_app_id}"
    if reply.status != 200:
        return Check(name, State.FAIL, f"no sign-in link (status {reply.status})", f"look at the connection ({PAGE})")
    found = reply.field("tokenExchangeResource", "uri")
    if not isinstance(found, str) or not found:
        return Check(name, State.WARN, "not possible, people see a card", f"set its Token Exchange URL to {wanted}")
    if found.lower() != wanted:
        return Check(name, State.FAIL, "its Token Exchange URL is another app's", f"set it to {wanted}")
    return Check(name, State.OK, "the connection exchanges tokens for this bot")


def unseen(settings: Settings) -> Check:
    """What a person's token would show: a warning, because nothing of it was looked at."""
    words = "no person's was looked at: neither its scope and roles nor its exchange for Graph's"
    cure = (
        "in your own chat with the bot ask for `summarise #CHANNEL in TEAM`: it reads there, or says why not, and Entra's "
        f'code stands in the log at "token not exchanged" ({PAGE})'
    )
    return Check(Topic.PERSONS, State.WARN, f"{words}; {PROOFS[settings.bot_credential]}", cure)


def state(settings: Settings) -> str:
    """What the token service is told of who asks for a sign-in link: a conversation that there is not."""
    who = {"user": {"id": NOBODY}, "bot": {"id": f"28:{settings.microsoft_app_id}"}, "conversation": {"id": "a:nobody"}}
    about = {"channelId": "msteams", "serviceUrl": min(settings.service_origins, default="")}
    asked = {"connectionName": settings.oauth_connection_name, "msAppId": settings.microsoft_app_id}
    return b64encode(json.dumps({**asked, "conversation": {**who, **about}}).encode()).decode()


async def look_at_roles(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """A role stands only in tokens for the bot itself, which cannot be seen without a person."""
    if settings.user_role:
        words = "admits people by a role, and roles stand only in tokens for the bot itself"
        cure = (
            f"the connection's scope must be {settings.microsoft_app_id}/access_as_user and the role be assigned to "
            "people; sign in and ask something: who holds it is answered, who does not is told so"
        )
        yield Check(Topic.SETTING, State.WARN, words, cure, "USER_ROLE")


async def look_at_grants(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """What the app itself may do in the whole tenant: nothing, because teams and chats grant it one by one."""
    said = claims(await probes.graph_token())
    if not said:
        yield Check(Topic.GRANTS, State.WARN, "the token cannot be read", "look at the app's API permissions in Entra")
        return
    roles = sorted(set(listed(said, "roles")))
    if roles:
        named = ", ".join(filter(PERMISSION.fullmatch, roles[:SHOWN]))
        words = f"{len(roles)} permissions for the whole tenant ({named})"
        cure = "take them from the app in Entra: each team and chat grants its own (RSC) when the bot is added"
        yield Check(Topic.GRANTS, State.WARN, words, cure)
    elif set(listed(said, "wids")) - {EVERY_APP}:
        yield Check(Topic.GRANTS, State.WARN, "the app holds a directory role", "take it from the app in Entra")
    else:
        yield Check(Topic.GRANTS, State.OK, "none for the whole tenant; each team and chat grants its own")


def listed(said: Any, name: str) -> list[str]:
    """A claim that is a list of texts."""
    found = said.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


async def look_at_issuer(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The channel's tokens will bear the issuer that is expected of them."""
    issuer = (await Reply.of(probes, settings.openid_metadata_url)).field("issuer")
    if issuer == settings.token_issuer:
        yield Check(Topic.ISSUER, State.OK, "it is TOKEN_ISSUER")
    else:
        cure = "TOKEN_ISSUER and OPENID_METADATA_URL must be of one cloud"
        yield Check(Topic.ISSUER, State.FAIL, "the channel's metadata names another", cure)


CHAIN: dict[Topic, Look] = {
    Topic.ISSUER: look_at_issuer,
    Topic.TENANT: look_at_tenant,
    Topic.BOT_TOKEN: look_at_token,
    Topic.CONNECTION: look_at_connection,
    Topic.SETTING: look_at_roles,
}
