"""The doctor and the way by which Teams comes: names, certificates as a server really sends them, and the door."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from bot.findings import Asked
from tests.bot.doctoring import Ward, ward
from tests.world.door import Call, Door, Route, reply

__all__ = ["ward"]

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=90)


class Gateway:
    """What stands before the bot: certificates of an authority of its own, and a door that answers with a status."""

    def __init__(self) -> None:
        self.root = trustme.CA()
        self.middle = self.root.create_child_ca()
        self.status = 401
        self.url = ""

    def trust(self) -> ssl.SSLContext:
        """Trusts the root alone, as Microsoft's servers trust public ones."""
        context = ssl.create_default_context()
        self.root.configure_trust(context)
        return context

    @asynccontextmanager
    async def showing(
        self, *names: str, whole: bool = True, until: datetime = LATER, **more: Any
    ) -> AsyncIterator[None]:
        """A server with a certificate of the authority in the middle; not `whole`: it leaves that one out."""
        own = self.middle.issue_cert(*names, not_after=until, not_before=NOW - timedelta(days=100), **more)
        if not whole:
            own = trustme.LeafCert(own.private_key_pem.bytes(), own.cert_chain_pems[0].bytes(), [])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.configure_cert(context)
        async with self.open(context):
            yield

    @asynccontextmanager
    async def open(self, context: ssl.SSLContext | None) -> AsyncIterator[None]:
        async def messages(call: Call) -> Any:
            return reply(None, self.status)

        async with Door((Route("messages", "POST", "/api/messages", messages),), tls=context) as door:
            self.url = door.url.replace("127.0.0.1", "localhost")
            yield


@pytest.fixture
def gateway(ward: Ward) -> Gateway:
    gateway = Gateway()
    ward.probes["trust"] = gateway.trust
    return gateway


async def seen(ward: Ward, gateway: Gateway) -> dict[str, str]:
    ward.probes["asked"] = Asked(gateway.url)
    return await ward.seen()


async def test_a_gateway_that_is_well_is_told_so(ward: Ward, gateway: Gateway) -> None:
    async with gateway.showing("localhost"):
        found = await seen(ward, gateway)
    assert found["public address localhost"].startswith("ok   127.0.0.1 (this machine)")
    assert found["certificate chain"] == "ok   whole (2 sent)"
    assert found["certificate name"] == "ok   is for this name"
    assert found["certificate age"] in ("ok   ends in 89 days", "ok   ends in 90 days")
    assert found["encryption"] == "ok   TLSv1.3" and found["door"] == "ok   refuses who brings no token"


async def test_a_certificate_in_the_middle_that_is_left_out_is_why_teams_is_silent(
    ward: Ward, gateway: Gateway
) -> None:
    async with gateway.showing("localhost", whole=False):
        found = await seen(ward, gateway)
    assert found["certificate chain"].startswith("FAIL one in the middle is missing")
    assert "(1 sent)" in found["certificate chain"] and "fullchain.pem" in found["certificate chain"]
    assert found["certificate age"].startswith("ok ") and found["door"].startswith("ok ")


@pytest.mark.parametrize(
    ("days", "line"),
    [
        (-3, "FAIL ended 2 days ago"),
        (10, "warn ends in 9 days"),
        (20, "warn ends in 19 days"),
        (23, "ok   ends in 22 days"),
    ],
)
async def test_a_certificate_that_ends_soon_or_has_ended_is_found(
    ward: Ward, gateway: Gateway, days: int, line: str
) -> None:
    ending = datetime.now(UTC) + timedelta(days=days, hours=-1 if days > 0 else 1)
    async with gateway.showing("localhost", until=ending):
        found = await seen(ward, gateway)
    assert found["certificate age"].startswith(line) and found["certificate chain"].startswith("ok ")


async def test_two_faults_of_a_certificate_are_told_both(ward: Ward, gateway: Gateway) -> None:
    async with gateway.showing("bot.contoso.example", whole=False, until=NOW - timedelta(days=9)):
        found = await seen(ward, gateway)
    assert all(found[f"certificate {each}"].startswith("FAIL") for each in ("chain", "name", "age"))


@pytest.mark.parametrize(
    ("name", "state"), [("localhost", "ok"), ("LOCALHOST", "ok"), ("*.localhost", "FAIL"), ("host", "FAIL")]
)
async def test_a_certificate_for_another_name_is_found(ward: Ward, gateway: Gateway, name: str, state: str) -> None:
    async with gateway.showing(name):
        found = await seen(ward, gateway)
    assert found["certificate name"].startswith(state)


async def test_a_certificate_that_vouches_for_itself_is_found(ward: Ward, gateway: Gateway) -> None:
    stranger = Gateway()
    async with stranger.showing("localhost"):
        gateway.url = stranger.url
        found = await seen(ward, gateway)
    assert found["certificate chain"].startswith("FAIL")


async def test_a_server_that_speaks_no_tls_shows_no_certificate(ward: Ward, gateway: Gateway) -> None:
    async with gateway.open(None):
        gateway.url = gateway.url.replace("http:", "https:")
        found = await seen(ward, gateway)
    assert found["certificate"].startswith("FAIL none was shown (") and "door" not in found


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (200, "FAIL takes messages without a token (status 200)"),
        (403, "FAIL answers with status 403, not 401. Cure: look at the web application firewall"),
        (404, "FAIL answers with status 404, not 401. Cure: route /api/messages"),
        (502, "FAIL answers with status 502, not 401. Cure: the gateway does not reach the bot"),
        (302, "FAIL answers with status 302, not 401. Cure: look at the gateway"),
    ],
)
async def test_a_door_that_does_not_refuse_with_401_is_found(
    ward: Ward, gateway: Gateway, status: int, line: str
) -> None:
    gateway.status = status
    async with gateway.open(None):
        found = await seen(ward, gateway)
    assert found["door"].startswith(line)


async def test_nothing_that_listens_is_found(ward: Ward, gateway: Gateway) -> None:
    async with gateway.showing("localhost"):
        pass
    found = await seen(ward, gateway)
    assert found["certificate"].startswith("FAIL none was shown (")


@pytest.mark.parametrize(("addresses", "line"), [("10.0.0.4", "ok   10.0.0.4 (private)"), ("", "FAIL")])
async def test_where_the_public_name_leads_is_told(ward: Ward, addresses: str, line: str) -> None:
    async def resolve(host: str) -> frozenset[str]:
        if host == "localhost" and not addresses:
            raise OSError
        return frozenset({addresses or "127.0.0.1"})

    ward.probes |= {"resolve": resolve, "asked": Asked("http://localhost:1")}
    assert (await ward.seen())["public address localhost"].startswith(line)


async def test_where_nobody_said_where_teams_calls_that_is_told(ward: Ward) -> None:
    line = (await ward.seen())["public address"]
    assert line.startswith("warn not looked at") and "--public" in line
