"""Every construct with which markdown, HTML or a client's zeal could lead somebody astray or carry something out.

Each stands in a text that is shown while it is written: after every character what is shown is read by the oracle, and
nothing but the one allowed address may be pressed in it, nothing loads, and nothing is taken back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.teams.growth import prefix
from bot.teams.render import safe
from bot.teams.runs import blocks
from bot.teams.split import split
from tests.attacks.constructs import CONSTRUCTS
from tests.attacks.oracle import found, page
from tests.attacks.report import Report

ALLOWED = "https://teams.microsoft.com/l/message/19:a_b@thread.tacv2/17?groupId=4"
MAIL = "anna@contoso.com"
LINKS = frozenset({ALLOWED, MAIL})
"""What stands in a source: an address, and how somebody is written to."""
OPENED = LINKS | {f"mailto:{MAIL}"}
"""What a greedy client may press then."""
OUT = "https://evil.example/S3CRET?q"
"""Without a sign that would end it in HTML without quotes."""

AROUND: Mapping[str, str] = {
    "alone": "{}",
    "in prose": "We met, and *agreed* on it: {} That is all, she said.",
    "in a list": "- one\n- {}\n- three",
    "in a quote": "> Anna wrote:\n> {}\n\nNo.",
    "after an open mark": "So **it is [not {}",
    "after a picture's mark": "wow!{}](x)",
    "in a heading": "# On {}\n\nText.",
    "in a table": "| a | b |\n|---|---|\n| {} | 2 |\n",
    "after a definition": "[r]: https://evil.example/r\n\n{} [r] [a][r] ![r]",
    "after open code": "`a {}",
}
FILLED: Mapping[str, str] = {
    "in long code": f"`{'ab ' * 40}{{}} {'cd ' * 40}`",
    "in a long block": f"```\n{'ab ' * 40}``` {{}}\n```x\n{{}}\n{'cd ' * 40}\n```",
    "in a long line": f"{'a' * 90}{{}}{'b' * 90}",
    "at the end of a long line": f"```a`b``c```\n\n```\n{'x' * 130} ```\n{{}} {'y ' * 90}\n```",
}
LONG = ("in long code", "in a long block", "in a long line", "at the end of a long line")
"""Long enough to be cut in the middle of what stands there."""
USUAL = ("alone", "after an open mark")


@dataclass(frozen=True, slots=True)
class Tried:
    """How many states of a text were looked at, and what was wrong with any."""

    states: int
    harm: tuple[str, ...]


def texts(family: str, around: tuple[str, ...]) -> Iterator[str]:
    """The constructs of a family, in each of the surroundings."""
    for construct in CONSTRUCTS[family]:
        attack = construct.replace("{u}", OUT).replace("{a}", ALLOWED).replace("{m}", MAIL)
        for name in around:
            yield (AROUND.get(name) or FILLED[name]).replace("{}", attack)


def grown(text: str, links: frozenset[str] = LINKS) -> Tried:
    """The text as it comes in, character by character, and as it stands in the end."""
    final = safe(text, links)
    harm = [*page(final).harm(OPENED), *framed(text)]
    shown = ""
    for end in range(len(text) + 1):
        now = prefix(text[:end], links)
        if not now.startswith(shown) or not final.startswith(now):
            harm.append(f"taken back after {end} characters")
        if now != shown:
            harm += page(now).harm(OPENED)
        shown = now
    return Tried(len(text) + 2, tuple(harm))


def parted(text: str, limits: range = range(260, 420, 9)) -> Tried:
    """The text in parts, cut at many places."""
    shown = safe(text, LINKS)
    parts = [part for limit in limits for part in split(shown, limit, lambda part: safe(part, LINKS))]
    return Tried(len(parts), tuple(harm for part in parts for harm in page(part).harm(OPENED)))


def framed(text: str) -> Iterator[str]:
    """What is wrong with the text as runs of a card."""
    for run in (run for block in blocks(text, LINKS) for run in block["inlines"]):
        if run.keys() - {"type", "text", "weight", "italic", "strikethrough", "fontType", "selectAction"}:
            yield f"a run with {sorted(run)}"
        if run.get("selectAction", ALLOWED) not in (ALLOWED, {"type": "Action.OpenUrl", "url": ALLOWED}):
            yield f"a run that opens {run['selectAction']}"
        if "fontType" not in run and "selectAction" not in run:
            yield from (f"in a run: {link}" for link in found(run["text"]) if link not in OPENED)


async def run(report: Report) -> None:
    """Every construct in all surroundings."""
    for family in CONSTRUCTS:
        tried = [grown(text) for text in texts(family, tuple(AROUND))]
        tried += [parted(text) for text in texts(family, LONG)]
        report.count(f"rendering: {family}", sum(one.states for one in tried), sum(bool(one.harm) for one in tried))
