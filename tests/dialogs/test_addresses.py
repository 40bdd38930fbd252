"""Which addresses stand in a text, and which of them anybody should be sent to."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.addresses import LONGEST, MOST, addresses, host, is_mail

LINK = "https://contoso.sharepoint.com/:w:/r/sites/a_b/Doc%20(1).docx?d=w1&csf=1#page=2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"See {LINK} please", (LINK,)),
        (f"See {LINK}.", (LINK,)),
        (f"<{LINK}>", (LINK,)),
        (f'"{LINK}"', (LINK,)),
        ("(https://a.example/x)", ("https://a.example/x)", "https://a.example/x")),
        ("[x](https://a.example/x)", ("https://a.example/x)", "https://a.example/x")),
        ("https://a.example/f_(x)", ("https://a.example/f_(x)",)),
        ("**https://a.example/x**", ("https://a.example/x**", "https://a.example/x")),
        ("https://a.example/x_", ("https://a.example/x_", "https://a.example/x")),
        ("請看https://a.example/x。", ("https://a.example/x",)),
        ("https://a.example and https://a.example", ("https://a.example",)),
        ("xhttps://a.example", ()),
        ("no address", ()),
    ],
)
def test_an_address_is_found_as_it_stands(text: str, found: tuple[str, ...]) -> None:
    assert addresses([text]) == found or set(addresses([text])) == set(found)


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example/x",
        "HTTPS://a.example/x",
        "https://A.example/x",
        "https://user@a.example/x",
        "https://a.example@evil.example/x",
        "https://a.example:443/x",
        "https://a.example:8443/x",
        "https://a.example./x",
        "https://a..example/x",
        "https://-a.example/x",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f.0.0.1/x",
        "https://0177.0.0.1/x",
        "https://[::1]/x",
        "https://xn--e1afmkfd.example/x",
        "https://a.xn--p1ai/x",
        "https://аpple.example/x",
        "https://a.example\\@evil.example/x",
        "https://a.example/x\\y",
        "https://a.example/%0d%0aSet-Cookie:x",
        "https://a.example/%00",
        "https://a.example/%5c",
        "https://a.example/%zz",
        "https://a%2eexample/x",
        "https:/a.example/x",
        "https:///a.example/x",
        "https://a.example/x\u200by",
        "https://a.example/x y",
        "https://a.example/" + "x" * LONGEST,
        "javascript:https://a.example",
        "",
    ],
)
def test_what_readers_could_read_differently_has_no_host(address: str) -> None:
    assert host(address) == ""


def test_the_host_is_the_name_that_is_turned_to() -> None:
    assert host(LINK) == "contoso.sharepoint.com"
    assert host("https://teams.microsoft.com/l/message/19:a_b@thread.tacv2/17?x=1") == "teams.microsoft.com"
    assert host("https://a.example?x@y") == "a.example"


@settings(derandomize=True, database=None, deadline=None)
@given(st.lists(st.text() | st.just(LINK) | st.just("https://a.example/\\x"), max_size=6).map("".join))
def test_nothing_is_found_that_does_not_stand_there(text: str) -> None:
    assert all(found in text and (host(found) or is_mail(found)) for found in addresses([text]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to anna@contoso.com.", ("anna@contoso.com",)),
        ("Anna <anna.b+c@contoso.co.uk>; b_c@CONTOSO.com", ("anna.b+c@contoso.co.uk", "b_c@CONTOSO.com")),
        ("a@b.com,c@d.com", ("a@b.com", "c@d.com")),
        ("**a@b.com**", ("a@b.com",)),
        ("请联系（a@b.com）", ("a@b.com",)),
        *((text, ()) for text in ("a@b.com?subject=x", "mailto:a@b.com", "https://a@b.com/x", "x.@b.com", "a@b.com/x")),
        *(
            (text, ())
            for text in ("a@b.com@evil.com", "ña@b.com", "a@xn--b.com", "a@b", "a@b.com-x", "a@1.2.3.4", "a@b.com:1")
        ),
    ],
)
def test_a_mail_address_is_found_where_it_stands_by_itself(text: str, found: tuple[str, ...]) -> None:
    assert addresses([text]) == found
    assert [is_mail(text) for text in found] == [True] * len(found) and not is_mail(text)


def test_mail_addresses_displace_no_others() -> None:
    found = addresses([" ".join(f"a{number}@b.com" for number in range(5_000)), LINK])
    assert LINK in found and len(found) == MOST + 1


def test_no_more_are_taken_than_an_answer_could_need() -> None:
    assert len(addresses(f"https://a.example/{number}" for number in range(5_000))) == MOST


@pytest.mark.parametrize(
    "piece",
    ["https://", "https://a.", "https://a)", "a.", ")", "https://a.example/x)*_ ", "%", "a@", "a@b.com,", " a@b.c-"],
)
def test_a_text_made_to_be_slow_is_read_once(piece: str) -> None:
    began = time.process_time()
    addresses([f"https://a.example/{piece * (1_000_000 // len(piece))}"])
    assert time.process_time() - began < 2
