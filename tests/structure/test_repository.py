"""What stands in the repository: nothing of anybody's machine, no secret, and pages whose links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.source import ROOT, files, listing, page, text_of

DOMAINS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "deb." + "debian.org",
    "registry." + "terraform.io",
)
FORBIDDEN: dict[str, re.Pattern[str]] = {
    "the host of a package registry": re.compile("|".join(map(re.escape, DOMAINS))),
    "where packages come from": re.compile(r"--(extra-)?(index-url|find-links)\b|\"resolved\":\s*\"http"),
    "a path of somebody's machine": re.compile(r"(?<![\w.>/])/(root|work|Users|home/(?!site\b)\w+)/\S"),
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----"),
    "a signed token": re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\."),
    "a client secret": re.compile(r"\b\w{3}8Q~[\w~.-]{30,}"),
    "a key of a storage account or a service": re.compile(
        r"(AccountKey|SharedAccessKey|api[-_]?key)\s*[=:]\s*['\"]?[\w+/]{32,}", re.I
    ),
}
SECRET = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/]{44,}={0,2}(?![\w+/=])")
"""What a long secret looks like in base64."""
PINNED = ("requirements.txt", "requirements-dev.txt", "package-lock.json")
"""Files of pins; their hashes are no secrets."""

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def found(path: Path) -> Iterator[str]:
    """What must not stand in a file."""
    name = path.relative_to(ROOT).as_posix()
    text = text_of(path) or ""
    for kind, pattern in FORBIDDEN.items():
        yield from (f"{name}:{line_of(text, hit)} holds {kind}" for hit in pattern.finditer(text))
    if name not in PINNED:
        yield from (
            f"{name}:{line_of(text, hit)} holds a long secret" for hit in SECRET.finditer(text) if random(hit[0])
        )


def line_of(text: str, hit: re.Match[str]) -> int:
    """The line a match stands on."""
    return text.count("\n", 0, hit.start()) + 1


def random(word: str) -> bool:
    """Whether a long word looks drawn by lot: small and large letters and digits, in no words."""
    kinds = (any(map(str.islower, word)), any(map(str.isupper, word)), sum(map(str.isdigit, word)) >= 3)
    return all(kinds) and len(set(word)) > 20


def broken(path: Path) -> Iterator[str]:
    """The links of a page that lead nowhere."""
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        goal = (path.parent / place).resolve() if place else path
        if not goal.exists():
            yield f"{path.relative_to(ROOT)} links to {target}, which is not there"
        elif anchor and anchor not in anchors(goal):
            yield f"{path.relative_to(ROOT)} links to {target}, which has no such heading"


def anchors(path: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_nothing_that_does_not_belong_stands_in_the_repository() -> None:
    wrong = [line for path in files() for line in found(path)]
    assert not wrong, listing("what must not be published", wrong)


@pytest.mark.parametrize(
    "text",
    [
        "pip install --index" + "-url https://example.org/simple",
        "open('/ro" + "ot/.bashrc')",
        "see /ho" + "me/anna/notes",
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        "token = eyJhbGciOiJSUzI1NiIsImtpZCI6." + "eyJhdWQiOiJhcGk6Ly9ib3QifQ.x",
    ],
)
def test_the_search_finds_what_it_is_for(text: str) -> None:
    assert any(pattern.search(text) for pattern in FORBIDDEN.values())


def test_every_link_of_every_page_leads_somewhere() -> None:
    pages = [path for path in files() if path.suffix == ".md"]
    wrong = [line for path in pages for line in broken(path)]
    assert not wrong, listing("links that lead nowhere", wrong)


def test_the_changes_begin_with_the_version_of_the_project() -> None:
    version = re.search(r'^version = "([^"]+)"$', page("pyproject.toml"), re.MULTILINE)
    first = re.search(r"^## (\S+)", page("CHANGELOG.md"), re.MULTILINE)
    assert version and first
    assert first[1] in (version[1], "Unreleased")


def test_the_licence_is_the_one_the_project_names() -> None:
    assert page("LICENSE").startswith("MIT License")
    assert 'license = "MIT"' in page("pyproject.toml")


def test_the_top_level_holds_what_the_project_promises() -> None:
    promised = (
        "README.md LICENSE CHANGELOG.md CONTRIBUTING.md SECURITY.md Makefile pyproject.toml requirements.txt "
        "requirements-dev.txt .env.example .ci/run app.py bot dialogs appPackage infra tests docs"
    )
    assert [name for name in promised.split() if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_its_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*(#|-c ).*\n", "", page(name), flags=re.MULTILINE).strip())
    wrong = [entry.partition("\n")[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert not wrong, listing("packages that are not pinned", wrong)
