"""What a rollout asks of Azure, as calls of the `az` program, which signs in anew before each of them."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.pipelines.identity import Federated, NoToken

PATIENCE = 1_200.0
"""Seconds for one call. A swap waits until every instance of the slot has warmed up."""

Run = Callable[[Sequence[str]], int]


class CloudRefused(Exception):
    """A step that Azure did not do, or of which it did not say that it did. Its text names the step."""


@dataclass(frozen=True, slots=True)
class Place:
    """The web app with its slot, and the account whose container `deploy` keeps what was deployed."""

    group: str
    app: str
    slot: str
    account: str


def az(command: Sequence[str]) -> int:
    """Runs `az`; its exit code, 124 where it took too long, 127 where there is none. What it says stands in the pipeline's log."""
    program = shutil.which("az")
    if program is None:
        return 127
    try:
        return subprocess.run([program, *command], check=False, timeout=PATIENCE).returncode  # noqa: S603  the runner's az
    except subprocess.TimeoutExpired:
        return 124


@dataclass(frozen=True, slots=True)
class Azure:
    """The three things that a rollout changes. Each raises `CloudRefused`."""

    place: Place
    identity: Federated
    run: Run = az

    def keep(self, package: Path, name: str) -> None:
        """The package as it was deployed, in the storage account, signed in as whoever deploys."""
        account = ("--account-name", self.place.account, "--container-name", "deploy", "--auth-mode", "login")
        file = ("--name", name, "--file", str(package), "--overwrite", "true", "--output", "none")
        self._do("keeping the package", "storage", "blob", "upload", *account, *file)

    def fill(self, package: Path) -> None:
        """The package into the slot; what stood there before goes."""
        way = ("--type", "zip", "--clean", "true", "--restart", "true", "--track-status", "false", "--output", "none")
        self._do("filling the slot", "webapp", "deploy", *self._slot(), "--src-path", str(package), *way)

    def swap(self) -> None:
        """Slot and app change places: once forwards, a second time back."""
        target = ("--target-slot", "production", "--output", "none")
        self._do("the swap", "webapp", "deployment", "slot", "swap", *self._slot(), *target)

    def _slot(self) -> tuple[str, ...]:
        return "--resource-group", self.place.group, "--name", self.place.app, "--slot", self.place.slot

    def _do(self, step: str, *command: str) -> None:
        self._sign_in(step)
        if code := self.run(command):
            raise CloudRefused(f"{step} ended with code {code}")

    def _sign_in(self, step: str) -> None:
        who = ("--username", self.identity.client, "--tenant", self.identity.tenant, "--output", "none")
        try:
            proof = ("--federated-token", self.identity.token())
        except NoToken as missing:
            raise CloudRefused(f"{step}: {missing}") from None
        if code := self.run(("login", "--service-principal", *who, *proof)):
            raise CloudRefused(f"{step}: signing in ended with code {code}")
