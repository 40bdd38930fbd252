from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from bot.teams.activity import Incoming, parse
from bot.teams.origins import origins
from bot.teams.verify import Allowed, Claims, Forbidden, admit, bind
from tests.world.activities import SERVICE, message
from tests.world.people import ADA, OTHER_TENANT, TENANT, THREAD, personal

CLAIMS = Claims(SERVICE, frozenset({"msteams", "webchat"}), datetime(2030, 1, 1, tzinfo=UTC))
ALLOWED = Allowed(origins(("https://smba.trafficmanager.net",)), frozenset({TENANT}))
LOCAL = Allowed(origins((), loopback=True), frozenset())


def incoming(**changes: Any) -> Incoming:
    return parse(orjson.dumps({**message(personal(ADA), ADA, "hello"), **changes}))


def claims(serviceurl: str = SERVICE, *endorsements: str) -> Claims:
    return Claims(serviceurl, frozenset(endorsements or ("msteams",)), CLAIMS.expires)


def tenants(conversation: str | None, channel: str | None) -> dict[str, Any]:
    return {
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": conversation},
        "channelData": {"tenant": {"id": channel}} if channel else {},
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"channelId": "msteams:subchannel"},
        tenants(TENANT, TENANT),
        tenants(TENANT, None),
        tenants(None, TENANT),
        tenants(TENANT.upper(), TENANT),
    ],
)
def test_an_activity_of_our_tenant_that_the_token_vouches_for_comes_in(changes: dict[str, Any]) -> None:
    bind(CLAIMS, ALLOWED, incoming(**changes))


def test_a_channels_thread_comes_in() -> None:
    bind(CLAIMS, ALLOWED, parse(orjson.dumps(message(THREAD, ADA, "summarise"))))


@pytest.mark.parametrize(
    "said", ["https://smba.trafficmanager.net/emea", "https://SMBA.trafficmanager.net/emea/", SERVICE]
)
def test_the_slash_at_the_end_and_the_case_of_the_host_do_not_matter(said: str) -> None:
    bind(claims(said), ALLOWED, incoming())


@pytest.mark.parametrize(
    ("vouched", "changes"),
    [
        (claims(""), {}),
        (claims("https://smba.trafficmanager.net/amer/"), {}),
        (claims("https://evil.example/"), {}),
        (claims("https://evil.example/"), {"serviceUrl": "https://evil.example/"}),
        (claims(SERVICE), {"serviceUrl": "https://evil.example/"}),
        (claims("http://smba.trafficmanager.net/emea/"), {"serviceUrl": "http://smba.trafficmanager.net/emea/"}),
        (claims(SERVICE, "webchat"), {}),
        (Claims(SERVICE, frozenset(), CLAIMS.expires), {}),
        (CLAIMS, {"channelId": "webchat"}),
        (CLAIMS, {"channelId": "emulator"}),
        (CLAIMS, {"channelId": "MSTEAMS"}),
        (CLAIMS, {"channelId": ":msteams"}),
        (CLAIMS, {"channelId": ""}),
        (CLAIMS, {"channelId": None}),
        (CLAIMS, tenants(OTHER_TENANT, OTHER_TENANT)),
        (CLAIMS, tenants(OTHER_TENANT, TENANT)),
        (CLAIMS, tenants(TENANT, OTHER_TENANT)),
        (CLAIMS, tenants(OTHER_TENANT, None)),
        (CLAIMS, tenants(None, OTHER_TENANT)),
        (CLAIMS, tenants(None, None)),
        (CLAIMS, tenants("", "")),
    ],
)
def test_what_the_token_does_not_vouch_for_or_is_foreign_stays_outside(
    vouched: Claims, changes: dict[str, Any]
) -> None:
    with pytest.raises(Forbidden):
        bind(vouched, ALLOWED, incoming(**changes))


def test_local_mode_takes_any_tenant_from_this_machine() -> None:
    found = incoming(serviceUrl="http://localhost:26150/_connector", **tenants(None, None))
    assert admit(LOCAL, found) == "msteams"


def test_local_mode_speaks_to_nothing_off_this_machine() -> None:
    with pytest.raises(Forbidden):
        admit(LOCAL, incoming())
