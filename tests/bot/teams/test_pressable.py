"""Which links of an answer work: those that stand in what was read for it, on hosts that are allowed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dialogs
from bot.settings import SETTINGS
from bot.teams.message import messages, removed
from bot.teams.pressable import pressable
from bot.teams.render import safe
from dialogs.talk import Answer, Cite, Links, grow

DOC = "https://contoso.sharepoint.com/sites/a/Plan.docx"
SOURCE = "https://teams.example/l/message/1"
HOSTS = frozenset({"teams.microsoft.com", "*.sharepoint.com"})


def an_answer(text: str, *found: str) -> Answer:
    return Answer(text, cites=(Cite(1, "Anna", "We ship.", SOURCE),), links=found)


def shown(answer: Answer, hosts: frozenset[str] = HOSTS) -> str:
    text: str = messages(answer, hosts=hosts)[0].text
    return text


def test_an_address_of_what_was_read_works_where_its_host_is_allowed() -> None:
    assert shown(an_answer(f"See [the plan]({DOC}).", DOC)) == f"See [the plan]({DOC})."


def test_an_address_that_stands_nowhere_is_text() -> None:
    assert shown(an_answer(f"See [the plan]({DOC}?q=S3CRET).", DOC)) == (
        "See the plan (https[:]//contoso[.]sharepoint[.]com/sites/a/Plan[.]docx?q=S3CRET)."
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x",
        "https://sharepoint.com/x",
        "https://contoso.sharepoint.com.evil.example/x",
        "https://evilsharepoint.com/x",
        "https://contoso.sharepoint.com@evil.example/x",
        "https://eu-prod.asyncgw.teams.microsoft.com/urlp/v1/url/content?url=x",
        "http://teams.microsoft.com/x",
        "https://teams.microsoft.com:8443/x",
    ],
)
def test_an_address_on_another_host_is_text_wherever_it_stands(address: str) -> None:
    answer = an_answer(f"[x]({address}) {address}", address)
    assert pressable(answer, HOSTS) == {SOURCE}
    assert "](" not in shown(answer) and "://" not in shown(answer)


def test_without_hosts_only_the_sources_can_be_pressed() -> None:
    answer = an_answer(f"[x]({DOC}) [1]({SOURCE})", DOC)
    assert shown(answer, frozenset()).endswith(f"[1]({SOURCE})") and DOC not in shown(answer, frozenset())
    assert (removed(answer), removed(answer, HOSTS)) == (1, 0)


def test_links_are_kept_each_once_and_shown_to_nobody_by_themselves() -> None:
    answer = grow(grow(Answer("x"), Links((DOC, SOURCE))), Links((SOURCE,)))
    assert answer.links == (DOC, SOURCE) and shown(answer) == "x"


def test_the_hosts_are_a_setting() -> None:
    (setting,) = (each for each in SETTINGS if each.name == "LINK_HOSTS")
    assert setting.value({}, False) == {"teams.microsoft.com", "teams.cloud.microsoft", "*.sharepoint.com"}


MAIL = "anna@contoso.com"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"Write to {MAIL}.", f"Write to {MAIL}."),
        (f"**{MAIL}**, <{MAIL}>", f"**{MAIL}**, {MAIL}"),
        (f"[{MAIL}](mailto:{MAIL})", MAIL),
        (f"[Anna](mailto:{MAIL})", f"Anna ({MAIL})"),
        (f"[Anna](mailto:{MAIL}?subject=S3CRET)", "Anna (mailto[:]anna[@]contoso[.]com?subject=S3CRET)"),
        (f"{MAIL}?subject=S3CRET", "anna[@]contoso[.]com?subject=S3CRET"),
        (f"[Anna]({MAIL})", "Anna (anna[@]contoso[.]com)"),
        (f"S3CRET.{MAIL} {MAIL}.evil.com", "S3CRET.anna[@]contoso[.]com anna[@]contoso[.]com[.]evil[.]com"),
        ("bruno@contoso.com", "bruno[@]contoso[.]com"),
    ],
)
def test_a_mail_address_of_what_was_read_stays_as_it_is_and_no_other(text: str, seen: str) -> None:
    assert shown(an_answer(text, MAIL)) == seen


def test_a_mail_address_in_no_source_is_none_to_press() -> None:
    assert shown(an_answer(f"Write to {MAIL}.")) == "Write to anna[@]contoso[.]com." and removed(an_answer(MAIL)) == 1


def said(file: Path) -> Iterator[str]:
    """The texts in a program, without what only describes it."""
    nodes = list(ast.walk(ast.parse(file.read_text())))
    described = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = (node for node in nodes if isinstance(node, ast.Constant) and id(node) not in described)
    return (node.value for node in texts if isinstance(node.value, str) and " " in node.value)


def test_nothing_that_the_dialogs_say_themselves_needs_brackets() -> None:
    texts = [text for file in Path(dialogs.__file__ or "").parent.glob("*.py") for text in said(file)]
    assert len(texts) > 300
    assert [text for text in texts if re.search(r"\[[.:@]\]", safe(text, frozenset()))] == []
