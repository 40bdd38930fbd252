"""A package into the slot, tried there, swapped, watched, and swapped back by itself where it does not do.

    python -m infra.pipelines.rollout parley.zip --group rg-parley --app app-parley-x --account stparleyx

Exit codes: 0 it serves · 1 it does not, and what served before serves · 2 wrong arguments · 3 NOBODY KNOWS OR NOTHING
SERVES: a person has to look now. Who serves is never concluded from what a command said, but read from the app itself:
a second swap after one that had not happened would put the bad release in front of people.
"""

import argparse
import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from infra.pipelines import smoke
from infra.pipelines.azure import Azure, CloudRefused, Place
from infra.pipelines.identity import NoToken, federated
from infra.pipelines.smoke import Clock, Finding, Site

SERVES, UNCHANGED, LOST = 0, 1, 3
VERSION = re.compile(r'^VERSION = "(\d+\.\d+\.\d+)"$', re.MULTILINE)
"""As bot/version.py says it."""


class Cloud(Protocol):
    """What is changed in Azure; see `infra.pipelines.azure`."""

    def keep(self, package: Path, name: str) -> None:
        """Put the package where it can be found again."""

    def fill(self, package: Path) -> None:
        """Put the package into the slot."""

    def swap(self) -> None:
        """Let slot and app change places."""


class Stands(Enum):
    """Where the new release stands."""

    SERVING = "it serves"
    WAITING = "it stands in the slot"
    UNKNOWN = "neither app nor slot says"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: until the slot is well, until the app is well after a swap, how long it is watched, between two looks."""

    warm: float = 600.0
    settle: float = 180.0
    watch: float = 600.0
    every: float = 10.0
    strikes: int = 3
    """How many looks in a row must fail before what serves is taken back."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """One rollout. `tell` is given each line of its story."""

    cloud: Cloud
    app: Site
    slot: Site
    release: str
    clock: Clock
    tell: Callable[[str], None]
    limits: Limits = Limits()

    def run(self, package: Path) -> int:
        """From the package to an exit code."""
        before = smoke.release(self.app)
        self.tell(f"serving now: {smoke.plain(before) or 'nothing that says its release'}; to come: {self.release}")
        if before == self.release:
            self.tell("it serves already; nothing is done")
            return SERVES
        if not self._staged(package):
            return UNCHANGED
        return self._shown(before)

    def _staged(self, package: Path) -> bool:
        """Whether the slot holds the new release and is well."""
        try:
            self.cloud.keep(package, f"parley-{self.release}.zip")
            self.cloud.fill(package)
        except CloudRefused as refused:
            # A filling that was cut short may be complete; only a slot that is well by its own words is swapped.
            self.tell(f"::error::{refused}; nothing was swapped")
            return False
        self.tell("the slot is filled; is it well?")
        if self._well(self.slot, self.limits.warm):
            return True
        self.tell("::error::the slot is not well; nothing was swapped")
        return False

    def _shown(self, before: str) -> int:
        """The swap and what comes of it."""
        claimed = self._swapped()
        stands = self._stands()
        if stands is Stands.WAITING:
            self.tell("::error::the swap did not happen; what served before serves")
            return UNCHANGED if self._well(self.app, self.limits.settle, before) else self._lost("the app is not well")
        if stands is Stands.UNKNOWN and not claimed:
            return self._lost("nobody says whether the swap happened")
        if stands is Stands.SERVING and self._watched():
            self.tell(f"{self.release} serves; the slot keeps what served before")
            return SERVES
        return self._back(before)

    def _back(self, before: str) -> int:
        """What served before serves again, or a person is called."""
        self.tell("::error::the new release is not well: swapping back")
        claimed = self._swapped()
        if self._well(self.app, self.limits.settle, before) and smoke.release(self.app) != self.release:
            self.tell(f"{smoke.plain(before) or 'what served before'} serves again")
            return UNCHANGED
        if smoke.release(self.app) == self.release:
            return self._lost("the swap back did not happen, and the bad release serves")
        return self._lost(
            "after the swap back the app is not well" + ("" if claimed else ", and Azure refused the swap")
        )

    def _swapped(self) -> bool:
        """Whether Azure says that it swapped."""
        try:
            self.cloud.swap()
        except CloudRefused as refused:
            self.tell(f"::warning::{refused}; asking the app and the slot which release they are")
            return False
        return True

    def _stands(self) -> Stands:
        """Where the new release is by its own words. A call that was given up may still be swapping, so only "it serves"
        is believed at once."""
        until = self.clock.now() + self.limits.settle
        while (here := smoke.release(self.app)) != self.release:
            if self.clock.now() + self.limits.every > until:
                waiting = here or smoke.release(self.slot) == self.release
                return Stands.WAITING if waiting else Stands.UNKNOWN
            self.clock.pause(self.limits.every)
        return Stands.SERVING

    def _watched(self) -> bool:
        """Whether the app stays well for as long as it is watched; one bad look among good ones is a restart."""
        if not self._well(self.app, self.limits.settle):
            return False
        until, strikes = self.clock.now() + self.limits.watch, 0
        while self.clock.now() < until or strikes:
            self.clock.pause(self.limits.every)
            bad = [each for each in smoke.look(self.app, self.release) if not each.well]
            self._list(bad)
            strikes = strikes + 1 if bad else 0
            if strikes == self.limits.strikes:
                return False
        return True

    def _well(self, site: Site, within: float, wanted: str | None = None) -> bool:
        release = self.release if wanted is None else wanted
        findings = smoke.examine(site, release, within, self.clock, self.limits.every)
        self._list(findings)
        return all(each.well for each in findings)

    def _list(self, findings: tuple[Finding, ...] | list[Finding]) -> None:
        for each in findings:
            self.tell(f"  {each}")

    def _lost(self, why: str) -> int:
        self.tell(f"::error::A PERSON HAS TO LOOK NOW: {why}. docs/pipelines.md says what to do by hand.")
        return LOST


def named(package: Path) -> str:
    """The release that a package is. Raises `ValueError` for a file that is no package of ours."""
    try:
        with zipfile.ZipFile(package) as opened:
            found = VERSION.search(opened.read("bot/version.py").decode())
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile):
        found = None
    if not found:
        raise ValueError(f"{package.name} is no package of infra.pipelines.package")
    return found[1]


def hosts(asked: argparse.Namespace) -> Iterator[Site]:
    """The app's own name and the slot's. Both resolve inside the network only."""
    yield Site(asked.app_origin or f"https://{asked.app}.{asked.suffix}")
    yield Site(asked.slot_origin or f"https://{asked.app}-{asked.slot}.{asked.suffix}")


def arguments(argv: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="rollout", description="Slot, smoke test, swap, watch; and back by itself.")
    parser.add_argument("package", type=Path)
    parser.add_argument("--group", required=True, help="the resource group of the web app")
    parser.add_argument("--app", required=True, help="output app_name of infra")
    parser.add_argument("--account", required=True, help="output storage_name of infra")
    parser.add_argument("--slot", default="staging")
    parser.add_argument("--suffix", default="azurewebsites.net", help="azurewebsites.us for the US government")
    parser.add_argument("--app-origin", help="where the app has another address than its name and the suffix")
    parser.add_argument("--slot-origin", help="the same for the slot")
    parser.add_argument("--watch", type=float, default=Limits().watch, help="seconds of watching after the swap")
    return parser.parse_args(argv)


def main(argv: list[str], environ: Mapping[str, str], clock: Clock | None = None) -> int:
    """The exit code of the rollout; 2 for arguments that cannot be meant."""
    asked = arguments(argv)
    try:
        release, identity, (app, slot) = named(asked.package), federated(environ), hosts(asked)
    except (ValueError, NoToken) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    place = Place(asked.group, asked.app, asked.slot, asked.account)
    limits = Limits(watch=asked.watch)
    return Rollout(Azure(place, identity), app, slot, release, clock or Clock(), told, limits).run(asked.package)


def told(line: str) -> None:
    """A line of the story, at once: the pipeline's page is read while it runs."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
