"""The whole check of the infrastructure, without a cloud: `make infra`, a part of `make check`.

`python -m tests.package.toolchain FOLDER`, where FOLDER is a virtual environment with checkov and grpcio, and with a folder
`schemas` that holds the two packages with the providers' schemas. Two checks at a time, each bounded; where there is no
Terraform, its part is left out and said so. Nothing is fetched and nothing outside a temporary copy of infra/ is written.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT = 300.0
FORMATTER = "node_modules/@cdktn/hcl-tools"
INIT = "terraform init -backend=false -no-color >/dev/null"
VALIDATE = "terraform validate -no-color"
TEST = "terraform test -no-color"
QUIET = {
    "TF_CLI_CONFIG_FILE": os.devnull,
    "CHECKPOINT_DISABLE": "1",
    "BC_SKIP_MAPPING": "TRUE",
    "HCL_PARSE_TIMEOUT_SEC": "60",  # after ten seconds checkov passes over a file, and a busy machine takes ten for any
}
STAGE = f"{TEST} -test-directory=tests/environments -var-file=environments"


@dataclass(frozen=True, slots=True)
class Check:
    """One command, the tool that it needs, on the path or in a folder of the project, and what it must not say."""

    says: str
    command: tuple[str, ...]
    needs: str = "python3"
    never: str = ""


def checks(folder: Path, copy: Path) -> Iterator[Check]:
    """Everything that is run, the longest first."""
    python = f"{folder}/bin/python"
    quietly = ("--framework", "terraform", "--skip-download", "--compact", "--quiet")
    # A file that checkov cannot read it passes over, and ends well.
    yield Check("checkov", (f"{folder}/bin/checkov", "-d", str(ROOT / "infra"), *quietly), never="Parsing errors")
    tests = sorted(path.as_posix() for path in (ROOT / "tests" / "package").glob("test_infrastructure*.py"))
    yield Check("the rules of tests/package", (sys.executable, "-m", "pytest", "-n0", *tests))
    yield from planned((python, "-m", "tests.package.provider", "sh", "-ec"), copy)
    yield Check("the same without Terraform", ("node", "tests/package/format.mjs"), FORMATTER)
    schemas = f"{folder}/schemas"
    yield Check("the schema is the providers'", (python, "-m", "tests.package.assembly", "--check", schemas))


def planned(attached: tuple[str, ...], copy: Path) -> Iterator[Check]:
    """What Terraform itself does, against providers that only pretend."""
    root = " && ".join((INIT, VALIDATE, TEST, f"{STAGE}/dev.tfvars", f"{STAGE}/prod.tfvars"))
    yield Check("terraform validate and test", (*attached, f"cd {copy} && {root}"), "terraform")
    for module in sorted(path.parents[1].name for path in copy.glob("modules/*/tests/*.tftest.hcl")):
        inside = f"cd {copy}/modules/{module} && {INIT} && {TEST}"
        yield Check(f"terraform test of the module {module}", (*attached, inside), "terraform")
    fault = f"sed -i s/shared_access_key_enabled/shared_key_allowed/ main.tf && ! {VALIDATE} 2>/dev/null"
    # In a copy of its own, since the root is planned at the same time.
    broken = f"cp -r {copy}/modules/storage {copy}-broken && cd {copy}-broken && {INIT} && {VALIDATE} && {fault}"
    yield Check("terraform validate finds an unknown argument", (*attached, broken), "terraform")
    formatted = ("terraform", "fmt", "-check", "-diff", "-recursive", str(ROOT / "infra"))
    yield Check("terraform fmt", formatted, "terraform")


def run(check: Check) -> bool:
    """Whether a check passes; prints what it said where it does not."""
    if shutil.which(check.needs) is None and not (ROOT / check.needs).is_dir():
        print(f"left out, there is no {check.needs} here: {check.says}")
        # Terraform comes from no registry of packages; everything else can be had, and on the pipeline it must be.
        return check.needs == "terraform" or not os.environ.get("PARLEY_SKIP_NOTHING")
    began = time.monotonic()
    environ = os.environ | QUIET
    done = subprocess.run(
        check.command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    passed = done.returncode == 0 and not (check.never and check.never in done.stdout)
    print(f"{'ok    ' if passed else 'WRONG '} {time.monotonic() - began:5.1f} s  {check.says}", flush=True)
    if not passed:
        print(done.stdout[-8000:], done.stderr[-2000:])
    return passed


def main(folder: Path) -> int:
    """How many checks failed."""
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as pool:
        copy = shutil.copytree(ROOT / "infra", Path(scratch) / "infra", ignore=shutil.ignore_patterns(".terraform*"))
        return sum(not passed for passed in pool.map(run, checks(folder.resolve(), copy)))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
