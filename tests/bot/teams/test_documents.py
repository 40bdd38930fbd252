"""Documents as Teams hands them over."""

import pytest

from bot.teams.documents import handed, offered
from bot.teams.message import enclosures
from dialogs.attachments import Handed, Handover
from dialogs.talk import Answer

HOSTS = frozenset({"*.sharepoint.com"})


def test_what_a_document_holds_is_known_by_its_key_alone() -> None:
    found = offered(Handover("k1", "report.docx", 7))
    assert found.content == {
        "description": "report.docx",
        "sizeInBytes": 7,
        "acceptContext": {"key": "k1"},
        "declineContext": {"key": "k1"},
    }


def test_a_name_is_shown_as_it_will_be_read() -> None:
    assert offered(Handover("k", "re\u202efdp.exe\n<at>x", 7)).name == "refdp.exe < at>x"
    shown = handed(Handed("a\u200bb.md", "https://contoso.sharepoint.com/x", "1", "md"))
    assert shown.name == "ab.md"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/data.json",
        "http://contoso.sharepoint.com/x",
        "https://contoso.sharepoint.com:8443/x",
        "https://contoso.sharepoint.com@evil.example/x",
        "https://contoso.sharepoint.com\\@evil.example/x",
        "https://contoso.sharepoint.com.evil.example/x",
        "https://аcme.sharepoint.com/x",
        "javascript:alert(1)",
        "//contoso.sharepoint.com/x",
        "",
    ],
)
def test_a_document_that_lies_elsewhere_is_named_and_leads_nowhere(link: str) -> None:
    (shown,) = enclosures(Answer("", handed=(Handed("data.json", link, "1", "json"),)), HOSTS)
    assert (shown.text, shown.attachments) == ("data.json", None)


def test_where_no_host_is_named_no_document_leads_anywhere() -> None:
    file = Handed("[x](https://evil.example)", "https://contoso.sharepoint.com/x", "1", "json")
    (shown,) = enclosures(Answer("", handed=(file,)))
    assert "://" not in shown.text and shown.attachments is None
