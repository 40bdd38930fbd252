"""The pipelines: what they may, when they run, whom they wait for, and that they call what is there."""

import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from infra.pipelines import comment, package, rollout
from infra.pipelines.rollout import Limits
from tests.package.terraform import infra
from tests.structure.source import ROOT, listing, page

Workflow = dict[str, Any]
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
ALLOWED = {
    ("check", "check"): {"contents": "read"},
    ("check", "infra"): {"contents": "read"},
    ("audit", "audit"): {"contents": "read"},
    ("package", "package"): {"contents": "read"},
    ("plan", "plan"): {"contents": "read", "id-token": "write"},
    ("plan", "comment"): {"contents": "read", "pull-requests": "write"},
    ("apply", "plan"): {"contents": "read", "id-token": "write"},
    ("apply", "apply"): {"contents": "read", "id-token": "write"},
    ("release", "check"): {"contents": "read"},
    ("release", "pack"): {"contents": "read"},
    ("release", "attest"): {"contents": "read", "id-token": "write", "attestations": "write"},
    ("release", "publish"): {"contents": "write"},
    ("deploy", "fetch"): {"contents": "read", "attestations": "read"},
    ("deploy", "deploy"): {"contents": "read", "id-token": "write"},
}
"""Every right of every job. A new one has to be written here, where somebody reads it."""
ENVIRONMENTS = {
    ("plan", "plan"): "plan",
    ("apply", "plan"): "plan",
    ("apply", "apply"): "infrastructure",
    ("deploy", "deploy"): "production",
}


def parsed(text: str) -> Workflow:
    """A workflow. YAML takes its key `on` for a truth value."""
    found: Workflow = {("on" if key is True else key): value for key, value in yaml.safe_load(text).items()}
    return found


@cache
def workflows() -> dict[str, Workflow]:
    return {path.stem: parsed(path.read_text(encoding="utf-8")) for path in (ROOT / ".github/workflows").iterdir()}


def jobs() -> Iterator[tuple[tuple[str, str], Workflow]]:
    for name, workflow in workflows().items():
        yield from (((name, job), body) for job, body in workflow["jobs"].items())


def steps() -> Iterator[tuple[tuple[str, str], Workflow]]:
    yield from ((key, step) for key, job in jobs() for step in job["steps"])


def faults(text: str) -> list[str]:
    """What no workflow may have, by its text alone."""
    workflow = parsed(text)
    found = [] if workflow.get("permissions") == {} else ["rights by default"]
    found += [] if workflow.get("concurrency", {}).get("group") else ["no concurrency"]
    found += ["runs with rights for anybody's branch"] if "pull_request_target" in workflow["on"] else []
    found += ["runs on another's end"] if "workflow_run" in workflow["on"] else []
    found += ["a stored secret"] if re.search(r"secrets\s*[.\[:]", text) else []
    for name, job in workflow["jobs"].items():
        found += [f"{name}: no time limit"] if "timeout-minutes" not in job else []
        found += [f"{name}: no rights named"] if "permissions" not in job else []
        found += [f"{name}: {each}" for step in job["steps"] for each in weak(step)]
    return found


def weak(step: Workflow) -> Iterator[str]:
    """What no step may do."""
    used = step.get("uses", "")
    if used and not PINNED.fullmatch(used):
        yield "an action without a hash"
    if used.startswith("actions/checkout@") and step.get("with", {}).get("persist-credentials") is not False:
        yield "a checkout that keeps its token"
    if "${{" in step.get("run", ""):
        yield "text from outside in a command"


@pytest.mark.parametrize("name", sorted(workflows()))
def test_a_workflow_has_no_fault(name: str) -> None:
    assert faults(page(f".github/workflows/{name}.yml")) == []


SAMPLE = """
on: {pull_request: }
permissions: {}
concurrency: {group: x}
jobs:
  one:
    timeout-minutes: 5
    permissions: {contents: read}
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd
        with: {persist-credentials: false}
      - run: echo "$X"
"""


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("pull_request:", "pull_request_target:"),
        ("pull_request:", "workflow_run:"),
        ("permissions: {}", "permissions: {contents: write}"),
        ("concurrency: {group: x}", ""),
        ("timeout-minutes: 5", ""),
        ("    permissions: {contents: read}", ""),
        ("@de0fac2e4500dabe0009e67214ff5f5447ce83dd", "@v6"),
        ("with: {persist-credentials: false}", "with: {fetch-depth: 0}"),
        ('"$X"', '"${{ github.event.pull_request.title }}"'),
        ('"$X"', '"$X"\n        env: {K: "${{ secrets.KEY }}"}'),
        ('"$X"', '"$X"\n        env: {K: "${{ secrets[\'KEY\'] }}"}'),
    ],
)
def test_each_fault_is_found(here: str, there: str) -> None:
    assert faults(SAMPLE) == [] and here in SAMPLE
    assert faults(SAMPLE.replace(here, there)) != []


def test_every_job_has_the_rights_that_are_written_down_and_no_other() -> None:
    assert {key: job["permissions"] for key, job in jobs()} == ALLOWED


def test_whatever_signs_in_to_azure_waits_behind_its_environment() -> None:
    assert {key: job["environment"] for key, job in jobs() if "environment" in job} == ENVIRONMENTS
    signing = {key for key, job in jobs() if job["permissions"].get("id-token") == "write"}
    assert signing - set(ENVIRONMENTS) == {("release", "attest")}


def test_the_environments_are_those_that_azure_trusts() -> None:
    trusted = infra().locals("modules/identity")["pipelines"]
    assert "production" in trusted and '"plan"' in trusted
    credential = infra().resources("azurerm_federated_identity_credential")[0].body
    assert credential["subject"] == "repo:${var.repository}:environment:${each.value}"
    page_text = page("docs/pipelines.md")
    assert all(f"environment:{name}" in page_text for name in set(ENVIRONMENTS.values()))


def test_an_action_has_the_same_hash_everywhere_and_its_tag_beside_it() -> None:
    pins: dict[str, set[str]] = {}
    for path in (ROOT / ".github/workflows").iterdir():
        for action, pin in re.findall(
            r"uses: (\S+?)@([0-9a-f]{40} # v\d[\d.]*)$", page(f".github/workflows/{path.name}"), re.M
        ):
            pins.setdefault(action, set()).add(pin)
    assert sum(1 for _, step in steps() if "uses" in step) == sum(
        page(f".github/workflows/{path.name}").count("uses: ") for path in (ROOT / ".github/workflows").iterdir()
    )
    wrong = [f"{action}: {', '.join(found)}" for action, found in pins.items() if len(found) > 1]
    assert not wrong, listing("actions pinned twice", wrong)
    assert set(pins) == {step["uses"].partition("@")[0] for _, step in steps() if "uses" in step}


def test_a_forks_branch_gets_no_identity_and_no_runner_of_ours() -> None:
    (plan,) = [job for key, job in jobs() if key == ("plan", "plan")]
    assert "head.repo.full_name == github.repository" in plan["if"]
    for key, job in jobs():
        asked = workflows()[key[0]]["on"]
        if "self-hosted" in job["runs-on"] and "pull_request" in asked:
            assert key == ("plan", "plan")


def test_what_may_write_a_comment_runs_the_bases_program() -> None:
    (job,) = [job for key, job in jobs() if key == ("plan", "comment")]
    (checkout,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert job["runs-on"] == "ubuntu-24.04"


def test_each_kind_of_work_in_the_network_has_runners_of_its_own() -> None:
    labels = {key: job["runs-on"][-1] for key, job in jobs() if isinstance(job["runs-on"], list)}
    assert labels == {
        ("plan", "plan"): "parley-plan",
        ("apply", "plan"): "parley-apply",
        ("apply", "apply"): "parley-apply",
        ("deploy", "deploy"): "parley-deploy",
    }


def test_what_a_branch_may_run_on_makes_nothing_that_is_approved() -> None:
    branches = {tuple(job["runs-on"]) for key, job in jobs() if "pull_request" in workflows()[key[0]]["on"]}
    ours = {
        tuple(job["runs-on"])
        for key, job in jobs()
        if key[0] in ("apply", "deploy") and "self-hosted" in job["runs-on"]
    }
    assert len(ours) == 2 and not branches & ours
    assert "selected workflows" in page("docs/pipelines.md") and "made anew for each job" in page("docs/pipelines.md")


def test_what_changes_azure_is_never_cancelled_and_never_twice_at_a_time() -> None:
    for name in ("apply", "deploy", "release"):
        assert workflows()[name]["concurrency"]["cancel-in-progress"] is False
    assert "${{" not in workflows()["apply"]["concurrency"]["group"] + workflows()["deploy"]["concurrency"]["group"]


def test_nothing_of_a_plain_fork_asks_for_azure() -> None:
    first = {("plan", "plan"), ("apply", "plan"), ("deploy", "fetch")}
    assert all("vars.AZURE_TENANT_ID != ''" in job["if"] for key, job in jobs() if key in first)
    assert {key for key, job in jobs() if key in ENVIRONMENTS} - first == {("apply", "apply"), ("deploy", "deploy")}
    assert all(
        job["needs"] in {"plan", "fetch"} for key, job in jobs() if key in {("apply", "apply"), ("deploy", "deploy")}
    )


def test_a_plan_is_made_as_the_infrastructure_says_and_applied_as_it_was_read() -> None:
    plans = [step["run"] for _, step in steps() if "terraform -chdir=infra plan" in step.get("run", "")]
    assert len(plans) == 2 and all("-refresh=false" in run and "-lock=false" in run for run in plans)
    (applied,) = [step["run"] for _, step in steps() if "terraform -chdir=infra apply" in step.get("run", "")]
    assert applied.endswith("/infra/parley.tfplan") and "-auto-approve" not in applied and "-var" not in applied
    sums = [step["run"] for _, step in steps() if "sha256sum --check --strict" in step.get("run", "")]
    assert len(sums) == 2


def test_what_is_deployed_was_released_and_proven() -> None:
    (fetch,) = [step["run"] for key, step in steps() if key == ("deploy", "fetch") and "run" in step]
    assert "gh attestation verify" in fetch and "/.github/workflows/release.yml" in fetch and "--source-ref" in fetch
    attested = [
        step["with"] for key, step in steps() if key == ("release", "attest") and "attest@" in step.get("uses", "")
    ]
    assert [sorted(each) for each in attested] == [["subject-path"], ["sbom-path", "subject-path"]]
    assert all(dict(jobs())["release", "attest"]["needs"] == ["check", "pack"] for _ in attested)


GH = """#!/bin/sh
echo "$*" >>asked
case "$*" in
*commits/tags/*) echo c0ffee ;;
*compare/c0ffee...main*) echo "$STATUS" ;;
"release download"*) mkdir -p dist && echo zip >dist/parley.zip ;;
esac
"""


@pytest.mark.parametrize(
    ("tag", "status", "fetched"),
    [
        ("v0.1.0", "ahead", True),
        ("v0.1.0", "identical", True),
        ("v0.1.0", "diverged", False),
        ("v0.1.0", "behind", False),
        ("--repo=evil/x", "ahead", False),
    ],
)
def test_only_a_release_of_a_commit_of_main_is_fetched(tag: str, status: str, fetched: bool, tmp_path: Path) -> None:
    (script,) = [step["run"] for key, step in steps() if key == ("deploy", "fetch") and "run" in step]
    (tmp_path / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    environ = {"PATH": f"{tmp_path}:{os.defpath}", "TAG": tag, "STATUS": status, "GH_REPO": "contoso/parley"}
    environ["GITHUB_OUTPUT"] = str(tmp_path / "output")
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, env=environ, check=False, timeout=30)
    asked = (tmp_path / "asked").read_text(encoding="utf-8") if (tmp_path / "asked").exists() else ""
    assert (done.returncode == 0) is fetched
    assert ("release download" in asked) is fetched
    assert ("--source-digest c0ffee" in asked) is fetched


def test_a_rollout_has_time_to_swap_back_before_its_job_ends() -> None:
    limits = Limits()
    calls = 4 * 1_200  # keeping, filling, swapping, swapping back
    longest = calls + limits.warm + 3 * limits.settle + limits.watch
    assert longest < dict(jobs())["deploy", "deploy"]["timeout-minutes"] * 60


def test_every_make_target_and_program_that_a_workflow_calls_is_there() -> None:
    called = " ".join(step.get("run", "") for _, step in steps())
    targets = set(re.findall(r"\bmake ([a-z-]+)", called))
    assert targets == {"audit", "infra", "package", "sbom"}
    assert not targets - set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    programs = set(re.findall(r"-m infra\.pipelines\.(\w+)", called))
    assert programs == {"comment", "package", "rollout"}


def test_the_programs_are_called_with_options_that_they_have() -> None:
    parsers = {"comment": comment, "package": package, "rollout": rollout}
    for _, step in steps():
        for name, options in re.findall(r"-m infra\.pipelines\.(\w+)((?:[^\n]|\\\n)*)", step.get("run", "")):
            code = page(f"infra/pipelines/{name}.py")
            assert name in parsers
            assert all(f'"{option}"' in code for option in re.findall(r"--[a-z]+", options))


def test_updates_of_everything_wait_a_week() -> None:
    updates = yaml.safe_load(page(".github/dependabot.yml"))["updates"]
    assert {each["package-ecosystem"]: each["directory"] for each in updates} == {
        "pip": "/",
        "npm": "/",
        "github-actions": "/",
        "terraform": "/infra",
    }
    assert all(each["cooldown"]["default-days"] >= 7 for each in updates)


def test_every_variable_that_a_workflow_reads_is_explained() -> None:
    read = {
        name
        for path in (ROOT / ".github/workflows").iterdir()
        for name in re.findall(r"vars\.(\w+)", page(f".github/workflows/{path.name}"))
    }
    missing = [name for name in read if f"`{name}`" not in page("docs/pipelines.md")]
    assert not missing, listing("variables that docs/pipelines.md does not explain", missing)
