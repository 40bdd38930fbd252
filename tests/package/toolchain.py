"""What the infrastructure is checked with beside the tests, in an environment of its own: `make infra`.

`python -m tests.package.toolchain FOLDER`, where FOLDER is a virtual environment with checkov, grpcio and the two packages
that carry the providers' schemas. Two checks at a time, each bounded; where there is no Terraform, its part is left out
and said so. Nothing is fetched and nothing outside a temporary copy of infra/ is written.
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
STAGE = f"{TEST} -test-directory=tests/environments -var-file=environments"


@dataclass(frozen=True, slots=True)
class Check:
    """One command, and the tool that it needs, on the path or in a folder of the project."""

    says: str
    command: tuple[str, ...]
    needs: str = "python3"


def checks(folder: Path, copy: Path) -> Iterator[Check]:
    """Everything that is run, the longest first."""
    python = f"{folder}/bin/python"
    quietly = ("--framework", "terraform", "--skip-download", "--compact", "--quiet")
    attached = (python, "-m", "tests.package.provider", "sh", "-ec")
    yield Check("checkov", (f"{folder}/bin/checkov", "-d", str(ROOT / "infra"), *quietly))
    root = " && ".join((INIT, VALIDATE, TEST, f"{STAGE}/dev.tfvars", f"{STAGE}/prod.tfvars"))
    yield Check("terraform validate and test", (*attached, f"cd {copy} && {root}"), "terraform")
    yield Check(
        "terraform test of the models", (*attached, f"cd {copy}/modules/openai && {INIT} && {TEST}"), "terraform"
    )
    fault = f"sed -i s/shared_access_key_enabled/shared_key_allowed/ main.tf && ! {VALIDATE} 2>/dev/null"
    broken = f"cd {copy}/modules/storage && {INIT} && {VALIDATE} && {fault}"
    yield Check("terraform validate finds an unknown argument", (*attached, broken), "terraform")
    yield Check(
        "terraform fmt", ("terraform", "fmt", "-check", "-diff", "-recursive", str(ROOT / "infra")), "terraform"
    )
    yield Check("the same without Terraform", ("node", "tests/package/format.mjs"), FORMATTER)
    (packages,) = folder.glob("lib/python3*/site-packages")
    yield Check("the schema is the providers'", (python, "-m", "tests.package.assembly", "--check", str(packages)))


def run(check: Check) -> bool:
    """Whether a check passes; prints what it said where it does not."""
    if shutil.which(check.needs) is None and not (ROOT / check.needs).is_dir():
        print(f"left out, there is no {check.needs} here: {check.says}")
        return True
    began = time.monotonic()
    environ = os.environ | {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "BC_SKIP_MAPPING": "TRUE"}
    done = subprocess.run(
        check.command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    print(
        f"{'ok    ' if done.returncode == 0 else 'WRONG '} {time.monotonic() - began:5.1f} s  {check.says}", flush=True
    )
    if done.returncode:
        print(done.stdout[-8000:], done.stderr[-2000:])
    return done.returncode == 0


def main(folder: Path) -> int:
    """How many checks failed."""
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as pool:
        copy = shutil.copytree(ROOT / "infra", Path(scratch) / "infra", ignore=shutil.ignore_patterns(".terraform*"))
        return sum(not passed for passed in pool.map(run, checks(folder.resolve(), copy)))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
