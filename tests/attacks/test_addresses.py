"""Nobody but the host that is meant is turned to, however an address is written and whatever a name resolves to."""

import pytest
from yarl import URL

from bot.fetching import Fetcher
from bot.hosts import allowed, lying
from bot.names import split
from bot.pinning import Pinned, open_pinned
from bot.teams.origins import origins
from dialogs.errors import AssistantError
from tests.attacks.addresses import (
    FILES,
    FORBIDDEN,
    GRAPH,
    LINKS,
    TEAMS,
    Outside,
    drained,
    gates,
    leaks,
    resolved,
    run,
)
from tests.attacks.lookalikes import lookalikes
from tests.attacks.report import Report
from tests.bot.resolving import PUBLIC, Names, Sockets


async def test_no_lookalike_is_let_through() -> None:
    found = [(gate, family, through) async for gate, family, through in leaks()]
    assert len(found) > 3_000
    assert [one for one in found if one[2]] == []


async def test_no_name_leads_inside() -> None:
    found = [(form, answer, let) async for form, answer, let in resolved()]
    assert len(found) == 3 * len(FORBIDDEN)
    assert [one for one in found if one[2]] == []


HONEST = {
    "a service address": f"https://{TEAMS}/emea/",
    "a call of Teams": f"https://{TEAMS}/emea/v3/conversations/a%3A1",
    "a file's host": f"https://{FILES.upper()}/x?tempauth=y",
    "a download": f"https://{FILES}:443/x?tempauth=y#z",
    "an upload": f"https://{FILES}/x",
    "a picture": f"https://{TEAMS}/amer/v3/attachments/0-weu-d1/views/original",
    "a picture's service": f"https://{TEAMS}/emea",
    "a next page of Graph": f"https://{GRAPH}/v1.0/chats/19:x@thread.v2/messages?$skiptoken=1",
    "a link to a message": f"https://{LINKS}/l/message/x/1",
}


@pytest.mark.parametrize("name", HONEST)
async def test_an_honest_address_passes_every_gate(name: str) -> None:
    outside = Outside()
    async with open_pinned(outside.names, outside.sockets) as session:
        _, gate = gates(outside, Pinned(session))[name]
        assert await gate(HONEST[name])


async def test_no_gate_is_forgotten() -> None:
    async with open_pinned() as session:
        assert set(gates(Outside(), Pinned(session))) == set(HONEST)


@pytest.mark.parametrize("host", [TEAMS, FILES, GRAPH, LINKS])
def test_the_lookalikes_differ_from_each_other_and_from_what_they_look_like(host: str) -> None:
    found = [address for family in lookalikes(host).values() for address in family]
    assert f"https://{host}/x" not in found and len(set(found)) > 350


@pytest.mark.parametrize(
    "address",
    [
        "https://sharepoint.com/x",
        "https://.sharepoint.com/x",
        "https://evilsharepoint.com/x",
        "https://contoso.sharepoint.com.evil.example/x",
        "https://contoso.sharepoint.co/x",
        "https://127.0.0.1.sharepoint.com.nip.example/x",
        "https://*.sharepoint.com/x",
        "https://-.sharepoint.com/x",
    ],
)
def test_a_wildcard_means_names_below_it_and_nothing_else(address: str) -> None:
    assert not allowed(address, frozenset({"*.sharepoint.com"}))


@pytest.mark.parametrize("host", [TEAMS, FILES, GRAPH, LINKS])
def test_what_one_reader_of_addresses_takes_for_a_host_the_other_does_too(host: str) -> None:
    for address in (one for family in lookalikes(host).values() for one in family):
        parts = split(address)
        if parts is not None and parts.hostname and allowed(address, frozenset({parts.hostname})):
            assert (URL(address, encoded=True).raw_host or "").lower() == parts.hostname


async def test_a_rebinding_name_is_asked_for_once_and_reached_where_it_was_checked() -> None:
    names, sockets = Names({PUBLIC}, {"169.254.169.254"}), Sockets()
    async with open_pinned(names, sockets) as session:
        fetcher = Fetcher(Pinned(session), frozenset({FILES}), origins((f"https://{TEAMS}",)), Outside().token)
        with pytest.raises(AssistantError):
            await drained(fetcher.download(f"https://{FILES}/x"))
    assert (names.asked, sockets.wanted) == ([FILES], [PUBLIC])


async def test_the_report_counts_what_was_tried() -> None:
    report = Report()
    await run(report)
    assert report.let_through == 0 and report.tried.total() > 3_000


def test_a_file_may_be_named_with_spaces_and_its_host_decides_alone() -> None:
    hosts = frozenset({"contoso-my.sharepoint.com"})
    assert lying("https://contoso-my.sharepoint.com/a b/ü.docx", hosts) == (
        "https://contoso-my.sharepoint.com/a%20b/%C3%BC.docx"
    )
    assert (
        lying("https://evil.example/a b", hosts)
        == lying("https://contoso-my.sharepoint.com@evil.example/", hosts)
        == ""
    )
