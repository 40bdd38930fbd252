"""The picture of what infra/ makes in the company's subscription: its network, its doors, and the ways between them.

The tests beside it compare subnets, endpoints, public addresses and named hosts with the Terraform files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.structure.svg import LINE, Arrow, Box, Drawing, Part, Words


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A private endpoint: the module of infra/ that makes it, what it is called, and the service behind it."""

    module: str
    name: str
    service: tuple[str, ...]


ENDPOINTS: Sequence[Endpoint] = (
    Endpoint("app", "web app", ("web app", "in a plan")),
    Endpoint("app", "staging", ("staging", "slot")),
    Endpoint("openai", "models 1", ("Azure", "OpenAI 1")),
    Endpoint("openai", "models 2", ("Azure", "OpenAI 2")),
    Endpoint("database", "database", ("PostgreSQL", "+ standby")),
    Endpoint("storage", "storage", ("storage", "account")),
    Endpoint("keyvault", "vault", ("Key Vault",)),
)
SUBNETS = ("gateway", "app", "endpoints", "AzureFirewallSubnet", "AzureBastionSubnet", "admin")
HOSTS = (
    ("login.microsoftonline.com", "Entra: tokens"),
    ("login.botframework.com", "keys that Teams signs with"),
    ("api.botframework.com", "the bot service"),
    ("token.botframework.com", "people's sign-in"),
    ("smba.trafficmanager.net", "Teams: what the bot says"),
    ("graph.microsoft.com", "Graph: what people may read"),
    ("contoso.sharepoint.com", "files of the tenant"),
    ("contoso-my.sharepoint.com", "files of its people"),
    ("*.in.applicationinsights.azure.com", "telemetry"),
)
CHIP, STEP, LEFT = 84, 92, 262
ROW, ENDPOINTS_Y, SERVICES_Y = 132, 262, 392


def drawing() -> Drawing:
    """The whole picture."""
    return Drawing(
        "Parley in the company's own Azure",
        "Teams reaches one public name, the gateway, on 443 at /api/messages. The gateway reaches the web app by its private "
        "endpoint. The app reaches models, database, storage and vault by private endpoints only, and named hosts by the "
        "firewall. Administrators come by a bastion, where one is wanted. Nothing else is reachable from outside.",
        1236,
        530,
        [*outside(), *network(), *endpoints(), *services(), *ways()],
    )


def outside() -> list[Part]:
    """Who calls, and who is called."""
    lines = tuple(line for host, why in HOSTS for line in (host, f"· {why}"))
    return [
        Box(12, 52, 190, 56, ("administrators", "by Entra, for an hour"), "outside"),
        Box(12, ROW + 15, 190, 70, ("Microsoft Teams", "and its bot service"), "outside"),
        Box(950, 52, 274, 34 + LINE * len(lines), ("named hosts, 443 only", *lines), "outside", top=True),
    ]


def network() -> list[Part]:
    """The network and its subnets, but for the endpoints'."""
    door = ("subnet gateway", "application gateway", "web application firewall", "the only public name")
    app = ("subnet app", "no address of its own:", "app and slot call out", "from here")
    out = ("AzureFirewallSubnet", "firewall: named hosts,", "nothing else. One address", "seen from outside")
    return [
        Box(242, 10, 680, 350, ("virtual network, private DNS zones linked to it",), "band", top=True),
        Box(262, 48, 300, 60, ("AzureBastionSubnet", "bastion, if one is wanted"), "room", top=True),
        Box(602, 48, 300, 60, ("subnet admin", "a machine without a public address"), "room", top=True),
        Box(262, ROW, 190, 100, door, "door", top=True),
        Box(482, ROW, 190, 100, app, "touched", top=True),
        Box(702, ROW, 200, 100, out, "touched", top=True),
    ]


def endpoints() -> list[Part]:
    """The endpoints in their subnet."""
    chips = [Box(column(n), ENDPOINTS_Y + 34, CHIP, 34, (each.name,), "touched") for n, each in enumerate(ENDPOINTS)]
    name = Words("subnet endpoints: answers, never calls", 600, ENDPOINTS_Y + 20, "name")
    return [Box(252, ENDPOINTS_Y, 660, 84, (), "band"), name, *chips]


def services() -> list[Part]:
    """What is behind the endpoints."""
    boxes = [Box(column(n), SERVICES_Y + 12, CHIP, 52, each.service) for n, each in enumerate(ENDPOINTS)]
    colours = "red: open to Teams' addresses on 443, POST /api/messages · blue: private · yellow: not yours alone"
    return [
        Box(242, SERVICES_Y, 680, 96, (), "band"),
        Words("Azure's services: public access off, keys off, managed identities only", 254, SERVICES_Y + 84, "name"),
        *boxes,
        Words(colours, 242, SERVICES_Y + 122, "faint"),
    ]


def column(number: int) -> float:
    """Where an endpoint and its service stand."""
    return LEFT + number * STEP


def ways() -> list[Part]:
    """Who reaches what."""
    down = [
        Arrow(((column(n) + CHIP / 2, ENDPOINTS_Y + 68), (column(n) + CHIP / 2, SERVICES_Y + 12)))
        for n in range(len(ENDPOINTS))
    ]
    first, middle = column(0) + CHIP / 2, ROW + 50
    return [
        Arrow(((202, middle), (262, middle)), "open"),
        Words("443", 210, middle - 7, "faint"),
        Arrow(((first, ROW + 100), (first, ENDPOINTS_Y + 34))),
        Arrow(((577, ROW + 100), (577, ENDPOINTS_Y))),
        Arrow(((672, middle), (702, middle))),
        Arrow(((902, middle), (950, middle))),
        Arrow(((202, 80), (262, 80))),
        Arrow(((562, 80), (602, 80))),
        *down,
    ]
