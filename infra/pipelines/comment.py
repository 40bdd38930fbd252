"""Says a plan in a pull request: one comment, which is written over by the next plan, however often it changes.

    python -m infra.pipelines.comment plan.txt --repository contoso/parley --pull 12 --run https://…/actions/runs/7
    python -m infra.pipelines.comment plan.txt --out page.md --run https://…/actions/runs/7

The plan's text comes from a branch that nobody has approved yet, so it is quoted: in a fence that is longer than any in
it, without characters that cannot be seen, and no longer than GitHub takes. The token is read from GITHUB_TOKEN.
"""

import argparse
import http.client
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MARK = "<!-- parley: plan -->"
AUTHOR = "github-actions[bot]"
"""A comment of anybody else that begins with the mark is not ours, and is not written over."""
LENGTH = 60_000
"""Characters of a comment; GitHub takes 65,536."""
PAGES = 20
API = "https://api.github.com"
TIMEOUT = 30.0
BYTES = 16 * 1024 * 1024

COUNTED = re.compile(
    r"^(Plan: (?:\d+ to import, )?\d+ to add, \d+ to change, \d+ to destroy\.|No changes\.)", re.MULTILINE
)
LOSSES = re.compile(r"^\s*# (\S+) (?:will be destroyed|must be replaced)$", re.MULTILINE)
SECRETS = re.compile(
    r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|(?<=AccountKey=)[\w+/=]{20,}|(?<=sig=)[\w%+/=-]{20,}|\b\w{3}8Q~[\w~.-]{30,}"
)
"""None should ever be there; Terraform hides what it knows to be secret, and these are the ones it would not know."""


class GitHubRefused(Exception):
    """GitHub did not do what it was asked for. The text holds a status and nothing that was sent."""


def seen(text: str) -> str:
    """A text without what a reader would not see: control characters, invisible ones, changes of direction."""
    return "".join(each for each in text if each == "\n" or unicodedata.category(each) not in {"Cc", "Cf", "Co", "Cs"})


def fence(text: str) -> str:
    """Backticks that no line of the text can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)


def shortened(text: str, room: int) -> tuple[str, int]:
    """The first lines that fit into some characters, and how many lines were left out."""
    if len(text) <= room:
        return text, 0
    kept = text[:room].rpartition("\n")[0]
    return kept, text.count("\n") - kept.count("\n")


def quoted(plan: str, run: str) -> str:
    """The comment's Markdown. What would be lost comes first, and is never what is left out."""
    text = SECRETS.sub("(hidden)", seen(plan.replace("\r\n", "\n").replace("\t", "    ").expandtabs())).strip("\n")
    counted = COUNTED.search(text)
    losses = LOSSES.findall(text)
    head = [MARK, f"**{counted[0]}**" if counted else "**The plan does not say how it ends. Look at the run.**"]
    if losses:
        named, more = shortened("\n".join(losses), 4_000)
        bar = fence(named)
        head += ["", f"**{len(losses)} would be destroyed or replaced:**", "", f"{bar}text\n{named}\n{bar}"]
        head += [f"and {more} more."] if more else []
    bar = fence(text)
    foot = f"\n[The whole run]({run})."
    room = LENGTH - sum(map(len, head)) - len(foot) - 2 * len(bar) - 200
    body, left = shortened(text, max(room, 0))
    note = [f"{left} further lines are left out here."] if left else []
    return "\n".join(
        [*head, "", "<details><summary>The plan</summary>", "", f"{bar}text", body, bar, "</details>", *note, foot]
    )


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one pull request. Every method raises `GitHubRefused`."""

    repository: str
    pull: int
    token: str
    api: str = API

    def say(self, text: str) -> str:
        """Writes the one comment, or over it; which of them."""
        mine = next(self._mine(), None)
        if mine is None:
            self._ask("POST", f"/repos/{self.repository}/issues/{self.pull}/comments", {"body": text})
            return "written"
        self._ask("PATCH", f"/repos/{self.repository}/issues/comments/{mine}", {"body": text})
        return "written over"

    def _mine(self) -> Iterator[int]:
        for page in range(1, PAGES + 1):
            found = self._ask("GET", f"/repos/{self.repository}/issues/{self.pull}/comments?per_page=100&page={page}")
            yield from (each["id"] for each in found if ours(each))
            if len(found) < 100:
                return

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        parts = urlsplit(self.api)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "parley-pipelines",
            "Content-Type": "application/json",
        }
        try:
            connection.request(method, parts.path + path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            told = response.read(BYTES)
        except (OSError, http.client.HTTPException) as fault:
            raise GitHubRefused(f"GitHub does not answer: {type(fault).__name__}") from None
        finally:
            connection.close()
        if response.status not in (200, 201):
            raise GitHubRefused(f"GitHub answers {response.status} to {method}")
        return json.loads(told)


def ours(comment: Mapping[str, Any]) -> bool:
    """Whether a comment is the one that is kept up to date."""
    return comment["user"]["login"] == AUTHOR and str(comment["body"]).startswith(MARK)


def arguments(argv: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="comment", description="Say a plan in a pull request.")
    parser.add_argument("plan", type=Path, help="what `terraform show -no-color` says")
    parser.add_argument("--repository", default="", help="owner/name")
    parser.add_argument("--pull", type=int, default=0, help="the number of the pull request")
    parser.add_argument("--out", type=Path, help="a file to write it to, instead of a pull request")
    parser.add_argument("--run", required=True, help="the address of the run, for the whole plan")
    parser.add_argument("--api", default=API, help="GitHub's address; another for an Enterprise Server")
    return parser.parse_args(argv)


def main(argv: list[str], token: str) -> int:
    """0, or 1 with a line that says what GitHub refused."""
    asked = arguments(argv)
    text = quoted(asked.plan.read_text(encoding="utf-8", errors="replace"), asked.run)
    if asked.out:
        asked.out.write_text(f"{text}\n", encoding="utf-8")
        return 0
    try:
        print(f"the comment is {Thread(asked.repository, asked.pull, token, asked.api).say(text)}")
    except GitHubRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ.get("GITHUB_TOKEN", "")))
