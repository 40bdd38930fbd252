"""What the environment says, read once and checked as a whole.

Floor 5. Every setting stands in `SETTINGS`, which is docs/settings.md and .env.example in code. `read` names every
fault at once, so that nobody has to start ten times to learn ten of them; no message quotes a value, because a value
may be a secret.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.names import Resolve, is_public, resolve, stays_here
from bot.values import (
    Deployed,
    Wrong,
    address,
    bare,
    content_key,
    database,
    deployed,
    guid,
    host,
    in_order,
    is_here,
    listed,
    members,
    model_address,
    number,
    several,
    share,
    text,
    truth,
)

KEYS = ("AZURE_OPENAI_API_KEY", "OPENAI_API_KEY")


class BotCredential(StrEnum):
    """How the bot proves that it is its app registration."""

    FEDERATED = "federated"
    MANAGED_IDENTITY = "managed-identity"
    SECRET = "secret"  # noqa: S105  the kind of credential, not one  # pragma: allowlist secret


class Monitoring(StrEnum):
    """What Azure's abuse monitoring may store; see the data, privacy and security page of Azure OpenAI."""

    STANDARD = "standard"
    MODIFIED = "modified"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, by its name in small letters. In local mode, addresses that lead off this machine are empty."""

    local: bool
    host: str
    port: int
    database_url: str = field(repr=False)
    data_dir: Path
    microsoft_app_id: str
    microsoft_app_tenant_id: str
    bot_credential: BotCredential
    managed_identity_client_id: str
    microsoft_app_password: str = field(repr=False)
    allowed_tenants: frozenset[str]
    oauth_connection_name: str
    require_sign_in: bool
    admin_role: str
    auditor_role: str
    user_role: str
    azure_openai_endpoints: tuple[str, ...]
    azure_openai_deployments: tuple[str, ...]
    azure_openai_scope: str
    azure_openai_regions: tuple[str, ...]
    azure_openai_models: tuple[Deployed, ...]
    abuse_monitoring: Monitoring
    allow_public_model_endpoint: bool
    retention_days: int
    audit_days: int
    daily_tokens_per_person: int
    daily_tokens_tenant: int
    content_key: str
    file_hosts: frozenset[str]
    link_hosts: frozenset[str]
    applicationinsights_connection_string: str = field(repr=False)
    otel_exporter_otlp_endpoint: str
    otel_traces_sampler_arg: float
    service_origins: frozenset[str]
    openid_metadata_url: str
    token_issuer: str
    user_token_url: str
    login_url: str
    graph_url: str
    model_key: str = field(repr=False)
    """The key of a loopback model server; empty where Entra tokens are used."""

    @property
    def telemetry(self) -> bool:
        """Whether anybody is sent traces and metrics."""
        return bool(self.otel_exporter_otlp_endpoint or self.applicationinsights_connection_string)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a setting, and what to do about it. Never holds the value."""

    name: str
    problem: str
    cure: str

    def __str__(self) -> str:
        return f"{self.name} {self.problem}: {self.cure}"


class Unfit(Exception):
    """The environment cannot be started with. `faults` holds every reason."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. A setting without a default is required, except in local mode, where it is `blank`."""

    name: str
    parse: Callable[[str], object]
    default: str | None = ""
    blank: object = ""
    cure: str = "set it"

    def value(self, environ: Mapping[str, str], local: bool) -> object:
        """The parsed value; set but empty counts as not set. Raises `Wrong`."""
        text = environ.get(self.name, "").strip() or self.default
        if text is None and not local:
            raise Wrong("is missing", self.cure)
        return self.parse(text) if text else self.blank


def monitoring(value: str) -> Monitoring:
    """One of the two. Raises `Wrong` for neither."""
    try:
        return Monitoring(value)
    except ValueError:
        raise Wrong("is unknown", f"write one of {', '.join(Monitoring)}") from None


def credential(value: str) -> BotCredential:
    """One of the three ways. Raises `Wrong` for none of them."""
    try:
        return BotCredential(value)
    except ValueError:
        raise Wrong("is unknown", f"write one of {', '.join(BotCredential)}") from None


SETTINGS: tuple[Setting, ...] = (
    Setting("HOST", text, "0.0.0.0"),  # noqa: S104  the container's front door
    Setting("PORT", number(0, 65535), "3978"),
    Setting("DATABASE_URL", database, None, cure="set it to postgresql://role@host/database?sslmode=require"),
    Setting("DATA_DIR", Path, ".local"),
    Setting("MICROSOFT_APP_ID", guid, None, cure="set it to the application id of the bot's app registration"),
    Setting("MICROSOFT_APP_TENANT_ID", guid, None, cure="set it to the id of the tenant of the app registration"),
    Setting("BOT_CREDENTIAL", credential, "federated"),
    Setting("MANAGED_IDENTITY_CLIENT_ID", guid),
    Setting("MICROSOFT_APP_PASSWORD", text),
    Setting("ALLOWED_TENANTS", members(guid), blank=frozenset()),
    Setting("OAUTH_CONNECTION_NAME", text, "sso"),
    Setting("REQUIRE_SIGN_IN", truth, "true"),
    Setting("ADMIN_ROLE", text, "admin"),
    Setting("AUDITOR_ROLE", text, "auditor"),
    Setting("USER_ROLE", text),
    Setting(
        "AZURE_OPENAI_ENDPOINTS", several(model_address), None, (), "name one resource, https://….openai.azure.com"
    ),
    Setting("AZURE_OPENAI_DEPLOYMENTS", several(text), None, (), "name at least one deployment"),
    Setting("AZURE_OPENAI_SCOPE", text, "https://cognitiveservices.azure.com/.default"),
    Setting("AZURE_OPENAI_REGIONS", in_order, "", ()),
    Setting("AZURE_OPENAI_MODELS", several(deployed), "", ()),
    Setting("ABUSE_MONITORING", monitoring, "standard"),
    Setting("ALLOW_PUBLIC_MODEL_ENDPOINT", truth, "false"),
    Setting("CONTENT_KEY", content_key),
    Setting("FILE_HOSTS", members(host), "*.sharepoint.com"),
    Setting("LINK_HOSTS", members(host), "teams.microsoft.com,teams.cloud.microsoft,*.sharepoint.com"),
    Setting("RETENTION_DAYS", number(1, 3650), "30"),
    Setting("AUDIT_DAYS", number(1, 3650), "365"),
    Setting("DAILY_TOKENS_PER_PERSON", number(1, 10**12), "200000"),
    Setting("DAILY_TOKENS_TENANT", number(1, 10**12), "20000000"),
    Setting("APPLICATIONINSIGHTS_CONNECTION_STRING", text),
    Setting("OTEL_EXPORTER_OTLP_ENDPOINT", address),
    Setting("OTEL_TRACES_SAMPLER_ARG", share, "1"),
    Setting("SERVICE_ORIGINS", members(bare), "https://smba.trafficmanager.net"),
    Setting("OPENID_METADATA_URL", address, "https://login.botframework.com/v1/.well-known/openidconfiguration"),
    Setting("TOKEN_ISSUER", text, "https://api.botframework.com"),
    Setting("USER_TOKEN_URL", address, "https://token.botframework.com"),
    Setting("LOGIN_URL", address, "https://login.microsoftonline.com"),
    Setting("GRAPH_URL", address, "https://graph.microsoft.com"),
)


def read(environ: Mapping[str, str], *, local: bool) -> Settings:
    """The settings an environment stands for. Raises `Unfit` with every fault of it."""
    values: dict[str, Any] = {"local": local, "model_key": model_key(environ)}
    faults: list[Fault] = []
    for setting in SETTINGS:
        try:
            values[setting.name.lower()] = setting.value(environ, local)
        except Wrong as wrong:
            faults.append(Fault(setting.name, *wrong.args))
    faults += between(environ, local)
    if faults:
        raise Unfit(tuple(faults))
    return at_home(Settings(**values)) if local else abroad(Settings(**values))


def model_key(environ: Mapping[str, str]) -> str:
    """A key for the model; `between` lets it through for a loopback server only."""
    return next((environ[name] for name in KEYS if environ.get(name)), "")


def between(environ: Mapping[str, str], local: bool) -> Iterator[Fault]:
    """What is wrong between settings that are right one by one."""
    endpoints = tuple(listed(environ.get("AZURE_OPENAI_ENDPOINTS", "")))
    near = bool(endpoints) and all(map(stays_here, endpoints))
    if local:
        # A developer's machine may hold keys and addresses for other work: local mode uses none of them.
        if near and not environ.get("AZURE_OPENAI_DEPLOYMENTS"):
            yield Fault("AZURE_OPENAI_DEPLOYMENTS", "is missing", "set it to the model's name on the local server")
        return
    yield from password(environ)
    yield from described(environ, endpoints)
    if not near:
        for name in filter(environ.get, KEYS):
            yield Fault(name, "is an API key", "remove it; the model is called with Entra tokens only")


def described(environ: Mapping[str, str], endpoints: tuple[str, ...]) -> Iterator[Fault]:
    """What is said of the models fits to what is there: people are told of it."""
    regions = tuple(listed(environ.get("AZURE_OPENAI_REGIONS", "")))
    if regions and len(regions) != len(endpoints):
        yield Fault("AZURE_OPENAI_REGIONS", "does not fit", "name one region for each address, in the same order")
    names = set(listed(environ.get("AZURE_OPENAI_DEPLOYMENTS", "")))
    said = {one.partition("=")[0].strip() for one in listed(environ.get("AZURE_OPENAI_MODELS", ""))}
    if said - names:
        yield Fault(
            "AZURE_OPENAI_MODELS", "names what is not deployed", "name only what AZURE_OPENAI_DEPLOYMENTS names"
        )


def password(environ: Mapping[str, str]) -> Iterator[Fault]:
    """A secret is there exactly when it is used."""
    secret = environ.get("BOT_CREDENTIAL") == BotCredential.SECRET
    there = bool(environ.get("MICROSOFT_APP_PASSWORD"))
    if secret and not there:
        yield Fault("MICROSOFT_APP_PASSWORD", "is missing", "set it, or better BOT_CREDENTIAL=federated")
    if there and not secret:
        yield Fault("MICROSOFT_APP_PASSWORD", "is set but not used", "remove it; no secret is better than a spare one")


def abroad(settings: Settings) -> Settings:
    """Without a list of tenants, only the app's own is allowed."""
    return replace(settings, allowed_tenants=settings.allowed_tenants or frozenset({settings.microsoft_app_tenant_id}))


def at_home(settings: Settings) -> Settings:
    """Local mode has no inbound authentication: nobody else may reach it, and it reaches nothing off this machine.

    Nobody signs in there, so nobody could hold a role either.
    """
    endpoints = settings.azure_openai_endpoints
    near = all(map(stays_here, endpoints))
    return replace(
        settings,
        host="127.0.0.1",
        require_sign_in=False,
        user_role="",
        azure_openai_endpoints=endpoints if near else (),
        model_key=settings.model_key if near else "",
        content_key="" if "://" in settings.content_key else settings.content_key,
        graph_url=settings.graph_url if stays_here(settings.graph_url) else "",
        database_url=settings.database_url if is_local_database(settings.database_url) else "",
        applicationinsights_connection_string="",
        otel_exporter_otlp_endpoint=settings.otel_exporter_otlp_endpoint
        if stays_here(settings.otel_exporter_otlp_endpoint)
        else "",
    )


async def refuse_public(settings: Settings, resolve: Resolve = resolve) -> None:
    """Raises `Unfit` where a model's address lies in the public internet and that is not permitted.

    A name that cannot be resolved passes: DNS may come later than the bot, and nothing is sent to a name without address.
    """
    public = [address for address in settings.azure_openai_endpoints if await leads_out(address, resolve)]
    if public and not settings.allow_public_model_endpoint:
        cure = "give it a private endpoint and link its DNS zone, or set ALLOW_PUBLIC_MODEL_ENDPOINT=true"
        raise Unfit((Fault("AZURE_OPENAI_ENDPOINTS", "leads to a public address", cure),))


async def leads_out(address: str, resolve: Resolve) -> bool:
    """Whether an address is known to lie in the public internet."""
    try:
        return await is_public(urlsplit(address).hostname or "", resolve)
    except OSError:
        return False


def is_local_database(url: str) -> bool:
    """Whether a database URL leads to this machine; an empty one does not."""
    parts = urlsplit(url)
    return bool(url) and is_here(parts.hostname or "", parse_qs(parts.query))


def is_keyless(url: str) -> bool:
    """Whether a database URL has no password, so that an Entra token takes its place; `role:@host` has an empty one."""
    return urlsplit(url).password is None
