"""What is said of a plan in a pull request: one comment, bounded, and nothing of a branch's text is obeyed."""

import json
import re
from pathlib import Path
from typing import Any

import marko
import pytest
from marko.block import FencedCode
from marko.inline import RawText

from infra.pipelines import comment
from infra.pipelines.comment import AUTHOR, LENGTH, MARK, GitHubRefused, Thread, quoted
from tests.package.slots import Answer, listening

RUN = "https://github.example/contoso/parley/actions/runs/7"
PLAN = """
  # module.storage.azurerm_storage_account.parley must be replaced
-/+ resource "azurerm_storage_account" "parley" {
      ~ name = "stparley" -> "stother" # forces replacement
    }

  # module.dns.azurerm_private_dns_zone.blob will be destroyed
  - resource "azurerm_private_dns_zone" "blob" {}

Plan: 1 to add, 0 to change, 2 to destroy.
"""


class GitHub:
    """The comments of a pull request, as GitHub keeps them."""

    def __init__(self, *comments: dict[str, Any]) -> None:
        self.comments = [{"id": number, **each} for number, each in enumerate(comments, 1)]
        self.asked: list[tuple[str, str]] = []
        self.refuses = 0

    def answer(self, method: str, path: str, body: bytes, authorization: str) -> Answer:
        self.asked.append((method, path))
        if self.refuses or authorization != "Bearer right":
            return self.refuses or 401, {"message": "not for you"}
        if method == "GET":
            page = int(path.rpartition("=")[2])
            return 200, self.comments[100 * page - 100 : 100 * page]  # type: ignore[return-value]
        text = json.loads(body)["body"]
        if method == "POST":
            self.comments.append({"id": len(self.comments) + 1, "user": {"login": AUTHOR}, "body": text})
            return 201, {}
        (found,) = [each for each in self.comments if path.endswith(f"/comments/{each['id']}")]
        found["body"] = text
        return 200, {}


def by(author: str, text: str) -> dict[str, Any]:
    return {"user": {"login": author}, "body": text}


def say(github: GitHub, text: str, token: str = "right") -> str:
    with listening(github.answer) as api:
        return Thread("contoso/parley", 12, token, api).say(text)


def blocks(markdown: str) -> list[str]:
    """What stands in the fences of a comment, as a reader of Markdown sees it."""
    fences = [each for each in marko.parse(markdown).children if isinstance(each, FencedCode)]
    return [str(text.children) for each in fences for text in each.children if isinstance(text, RawText)]


def outside(markdown: str) -> str:
    """The comment without what stands in its fences."""
    for block in blocks(markdown):
        markdown = markdown.replace(block, "", 1)
    return markdown


def test_the_end_of_the_plan_and_what_would_be_lost_come_first() -> None:
    said = quoted(PLAN, RUN)
    assert said.startswith(f"{MARK}\n**Plan: 1 to add, 0 to change, 2 to destroy.**\n")
    assert "**2 would be destroyed or replaced:**" in said
    assert blocks(said)[0].split() == [
        "module.storage.azurerm_storage_account.parley",
        "module.dns.azurerm_private_dns_zone.blob",
    ]


def test_the_whole_plan_is_quoted() -> None:
    assert blocks(quoted(PLAN, RUN))[-1].strip("\n") == PLAN.strip("\n")


@pytest.mark.parametrize(
    "text",
    [
        "```\n@contoso/everyone look\n```",
        "````````\n<img src=https://evil.example/x>\n````````",
        "~~~\n@ada\n~~~",
        "</details>\n\n@ada",
        "<!-- parley: plan -->",
        "# ```\n# @ada must be replaced",
        "`" * 5000 + "\n@ada",
    ],
)
def test_no_text_of_a_plan_gets_out_of_its_fence(text: str) -> None:
    said = quoted(f"{text}\n{PLAN}", RUN)
    assert text.splitlines()[0] in blocks(said)[-1]
    assert "@" not in outside(said) and "evil" not in outside(said)


def test_a_plan_that_changes_nothing_says_so_in_our_words_only() -> None:
    said = quoted("No changes. @ada <b>Your</b> infrastructure matches the configuration.", RUN)
    assert said.startswith(f"{MARK}\n**No changes.**\n")


def test_a_plan_that_does_not_end_is_no_good_news() -> None:
    assert "does not say how it ends" in quoted("Error: something", RUN)


@pytest.mark.parametrize("line", ["x" * 99, "é" * 99, "`" * 50 + "x" * 49])
def test_a_comment_is_never_longer_than_github_takes(line: str) -> None:
    said = quoted(PLAN + f"{line}\n" * 5000 + "  # a.b will be destroyed\n" * 5000, RUN)
    assert len(said) <= LENGTH < 65_536
    assert "further lines are left out here" in said and RUN in said and "Plan: 1 to add" in said


def test_what_a_reader_does_not_see_is_left_out() -> None:
    assert "name = abc" in quoted("name = a\u202eb\u200b\x1b\ufeffc\n", RUN)


def test_what_looks_like_a_token_is_hidden() -> None:
    token = "eyJ" + "hbGciOiJSUzI1NiJ9.eyJ" + "zdWIiOiJhIn0.c2ln"
    said = quoted(f'key = "AccountKey={"a" * 44}"\nbearer = "{token}"\n', RUN)
    assert token not in said and "a" * 44 not in said and said.count("(hidden)") == 2


def test_the_first_plan_is_written_and_the_next_one_over_it() -> None:
    github = GitHub(by("ada", "hello"))
    assert (say(github, quoted(PLAN, RUN)), say(github, quoted("No changes.", RUN))) == ("written", "written over")
    assert [each["user"]["login"] for each in github.comments] == ["ada", AUTHOR]
    assert "**No changes.**" in github.comments[1]["body"]


def test_a_comment_of_somebody_else_is_never_written_over() -> None:
    github = GitHub(by("mallory", f"{MARK} mine"), by(AUTHOR, "something else"))
    assert say(github, quoted(PLAN, RUN)) == "written"
    assert github.comments[0]["body"] == f"{MARK} mine" and github.comments[1]["body"] == "something else"


def test_the_comment_is_found_behind_many_others() -> None:
    github = GitHub(*[by("ada", "x")] * 250, by(AUTHOR, f"{MARK}\nold"))
    assert say(github, quoted(PLAN, RUN)) == "written over"
    assert len(github.comments) == 251


def test_a_refusal_of_github_says_a_status_and_nothing_that_was_sent() -> None:
    github = GitHub()
    github.refuses = 403
    with pytest.raises(GitHubRefused, match=r"^GitHub answers 403 to GET$"):
        say(github, "text")


def test_no_answer_of_github_is_a_refusal_too() -> None:
    with pytest.raises(GitHubRefused, match="does not answer"):
        Thread("contoso/parley", 12, "right", "http://127.0.0.1:9").say("x")


def test_the_command_writes_the_comment(tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_bytes(PLAN.encode() + b"\xff")
    github = GitHub()
    with listening(github.answer) as api:
        command = [str(plan), "--repository", "contoso/parley", "--pull", "12", "--run", RUN, "--api", api]
        assert (comment.main(command, "right"), comment.main(command, "wrong")) == (0, 1)
    assert len(github.comments) == 1 and all("/repos/contoso/parley/issues/" in path for _, path in github.asked)


def test_the_same_is_written_into_a_file_for_whoever_approves(tmp_path: Path) -> None:
    plan, page = tmp_path / "plan.txt", tmp_path / "page.md"
    plan.write_text(PLAN, encoding="utf-8")
    assert comment.main([str(plan), "--run", RUN, "--out", str(page)], "") == 0
    assert re.match(re.escape(MARK), page.read_text(encoding="utf-8"))
