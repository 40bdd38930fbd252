"""A rollout: what serves at its end, and what it says, whatever goes wrong on the way."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.pipelines import rollout
from infra.pipelines.azure import Azure, Place
from infra.pipelines.identity import NoToken, federated
from infra.pipelines.rollout import LOST, SERVES, UNCHANGED, Limits, Rollout
from infra.pipelines.smoke import Clock, Site
from tests.package.slots import NEW, OLD, Program, Slots, Stand, stand
from tests.structure.source import ROOT

PLACE = Place("rg-parley", "app-parley", "staging", "stparley")
STEPS = ["upload", "webapp deploy"]


def rolled(slots: Slots) -> tuple[int, str]:
    """The exit code of one rollout, and its story."""
    told: list[str] = []
    with stand(slots) as here:
        cloud = Azure(PLACE, here.identity, slots.az)
        clock = Clock(slots.now, slots.pause)
        run = Rollout(cloud, Site(here.app), Site(here.slot), NEW, clock, told.append, Limits())
        return run.run(Path("parley.zip")), "\n".join(told)


def test_a_release_that_is_well_serves_and_the_one_before_waits_in_the_slot() -> None:
    slots = Slots()
    code, story = rolled(slots)
    assert (code, slots.app.version, slots.slot.version, slots.said) == (SERVES, NEW, OLD, [*STEPS, "slot swap"])
    assert "::error::" not in story


def test_it_signs_in_anew_before_each_step() -> None:
    slots = Slots()
    rolled(slots)
    assert slots.signed_in == len(slots.said) == 3


def test_a_release_is_watched_after_it_was_swapped() -> None:
    slots = Slots()
    rolled(slots)
    assert slots.time >= Limits().watch


@pytest.mark.parametrize("fault", ["silent", "unready", "open"])
def test_a_release_that_is_ill_in_the_slot_is_never_swapped(fault: str) -> None:
    slots = Slots(coming=Program(NEW, fault))
    code, story = rolled(slots)
    assert (code, slots.app.version, slots.said) == (UNCHANGED, OLD, STEPS)
    assert "FAIL" in story and "nothing was swapped" in story


def test_a_slot_that_still_answers_as_another_release_is_not_swapped() -> None:
    slots = Slots(coming=Program("0.1.9"))
    assert rolled(slots)[0] == UNCHANGED
    assert slots.said == STEPS


@pytest.mark.parametrize("step", STEPS)
def test_what_azure_refuses_before_the_swap_changes_nothing(step: str) -> None:
    slots = Slots(refuses=step)
    code, _ = rolled(slots)
    assert (code, slots.app.version) == (UNCHANGED, OLD) and "slot swap" not in slots.said


def test_a_release_that_falls_ill_after_the_swap_is_swapped_back_by_itself() -> None:
    slots = Slots(coming=Program(NEW, falls_ill_at=200))
    code, story = rolled(slots)
    assert (code, slots.app.version, slots.said.count("slot swap")) == (UNCHANGED, OLD, 2)
    assert f"{OLD} serves again" in story


def test_a_release_that_falls_ill_at_the_very_end_of_the_watch_is_swapped_back() -> None:
    slots = Slots(coming=Program(NEW, falls_ill_at=Limits().watch - 5))
    assert rolled(slots)[0] == UNCHANGED
    assert slots.app.version == OLD


def test_a_release_that_says_nothing_once_it_serves_is_swapped_back() -> None:
    class Fragile(Slots):
        def _swapped(self) -> int:
            self.coming.fault = "silent"
            return super()._swapped()

    slots = Fragile()
    assert rolled(slots)[0] == UNCHANGED
    assert slots.app.version == OLD


def test_one_bad_look_is_no_reason_to_swap_back() -> None:
    class Hiccup(Slots):
        def pause(self, seconds: float) -> None:
            super().pause(seconds)
            self.coming.fault = "unready" if 300 <= self.time < 315 else ""

    slots = Hiccup()
    code, story = rolled(slots)
    assert (code, slots.app.version) == (SERVES, NEW) and "FAIL" in story


def test_a_swap_that_did_not_happen_is_not_undone() -> None:
    slots = Slots(swaps=["refused"])
    code, story = rolled(slots)
    assert (code, slots.app.version, slots.said.count("slot swap")) == (UNCHANGED, OLD, 1)
    assert "did not happen" in story


def test_an_app_that_says_the_version_before_was_not_swapped_though_the_slot_is_silent() -> None:
    class Fallen(Slots):
        def _swapped(self) -> int:
            self.slot.fault = "silent"
            return 1

    slots = Fallen()
    assert rolled(slots)[0] == UNCHANGED
    assert slots.said.count("slot swap") == 1


def test_a_bad_release_that_recovers_is_not_taken_for_the_one_before() -> None:
    class Recovering(Slots):
        def pause(self, seconds: float) -> None:
            super().pause(seconds)
            self.coming.fault = "unready" if 200 <= self.time < 230 else ""

    slots = Recovering(app=Program("", says_version=False), swaps=["done", "refused"])
    code, story = rolled(slots)
    assert (code, slots.app.version) == (LOST, NEW) and "the bad release serves" in story


def test_a_swap_that_happened_and_was_reported_as_failed_is_believed_to_the_app() -> None:
    slots = Slots(swaps=["late"])
    code, story = rolled(slots)
    assert (code, slots.app.version, slots.said.count("slot swap")) == (SERVES, NEW, 1)
    assert "::warning::" in story


def test_a_swap_that_comes_after_it_was_given_up_is_still_watched() -> None:
    class Slow(Slots):
        def pause(self, seconds: float) -> None:
            super().pause(seconds)
            if self.said[-1:] == ["slot swap"] and self.time > 60 and self.app.version == OLD:
                self.app, self.slot = self.slot, self.app

    slots = Slow(swaps=["refused"])
    assert rolled(slots)[0] == SERVES
    assert slots.time >= Limits().watch


def test_where_nobody_says_whether_a_swap_happened_a_person_is_called_and_nothing_is_touched() -> None:
    class Dark(Slots):
        def _swapped(self) -> int:
            self.app.fault = self.slot.fault = "silent"
            return 1

    slots = Dark()
    code, story = rolled(slots)
    assert (code, slots.said.count("slot swap")) == (LOST, 1)
    assert "A PERSON HAS TO LOOK NOW" in story


def test_a_swap_back_that_fails_calls_a_person_loudly() -> None:
    slots = Slots(coming=Program(NEW, falls_ill_at=200), swaps=["done", "refused"])
    code, story = rolled(slots)
    assert (code, slots.app.version) == (LOST, NEW)
    assert "the bad release serves" in story.splitlines()[-1]


def test_a_swap_back_to_an_app_that_is_ill_too_calls_a_person() -> None:
    slots = Slots(app=Program(OLD, falls_ill_at=100), coming=Program(NEW, falls_ill_at=200))
    code, story = rolled(slots)
    assert (code, slots.app.version) == (LOST, OLD)
    assert "A PERSON HAS TO LOOK NOW" in story


def test_a_release_from_before_versions_were_said_can_be_returned_to() -> None:
    slots = Slots(app=Program("", says_version=False), coming=Program(NEW, falls_ill_at=200))
    assert rolled(slots)[0] == UNCHANGED
    assert not slots.app.says_version


def test_a_release_that_serves_already_is_left_alone() -> None:
    slots = Slots(app=Program(NEW))
    assert rolled(slots)[0] == SERVES and slots.said == []


# the program


def packed(folder: Path, text: str = f'VERSION = "{NEW}"\n') -> Path:
    path = folder / "parley.zip"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("bot/version.py", text)
    return path


def fake_az(folder: Path) -> None:
    """A program `az` that does as the double says."""
    program = folder / "az"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys, urllib.request as w\n"
        "sent = json.dumps(sys.argv[1:]).encode()\n"
        "sys.exit(json.load(w.urlopen(w.Request(os.environ['AZURE'], sent)))['code'])\n",
        encoding="utf-8",
    )
    program.chmod(0o755)


def commanded(here: Stand, folder: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command as the pipeline gives it."""
    fake_az(folder)
    origins = ("--app-origin", here.app, "--slot-origin", here.slot, "--watch", "0")
    place = ("--group", PLACE.group, "--app", PLACE.app, "--account", PLACE.account)
    environ = {
        "PATH": str(folder) if path is None else path,
        "AZURE": here.azure,
        "AZURE_CLIENT_ID": here.identity.client,
        "AZURE_TENANT_ID": here.identity.tenant,
        "ACTIONS_ID_TOKEN_REQUEST_URL": here.identity.address,
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": here.identity.bearer,
    }
    command = [sys.executable, "-m", "infra.pipelines.rollout", str(packed(folder)), *place, *origins]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=300)


def test_the_command_of_the_pipeline_rolls_out_with_the_az_that_is_there(tmp_path: Path) -> None:
    slots = Slots()
    with stand(slots) as here:
        done = commanded(here, tmp_path)
    assert (done.returncode, slots.app.version, done.stderr) == (SERVES, NEW, "")


def test_no_token_stands_in_what_the_command_says(tmp_path: Path) -> None:
    with stand(Slots(refuses="webapp deploy")) as here:
        done = commanded(here, tmp_path)
    assert done.returncode == UNCHANGED
    assert "of the job" not in done.stdout + done.stderr


def test_a_file_that_is_no_package_is_refused(tmp_path: Path) -> None:
    for text in ("", "VERSION = '1'\n", 'VERSION = "1.0.0\n::error::"\n'):
        with pytest.raises(ValueError, match="no package"):
            rollout.named(packed(tmp_path, text))


def test_what_is_missing_of_the_identity_is_named() -> None:
    with pytest.raises(NoToken, match="AZURE_CLIENT_ID, ACTIONS_ID_TOKEN_REQUEST_TOKEN "):
        federated({"AZURE_TENANT_ID": "t", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://x"})


def test_a_refusal_of_the_token_office_is_a_step_that_was_refused() -> None:
    slots = Slots()
    with stand(slots) as here:
        wrong = federated(
            {
                "AZURE_CLIENT_ID": "c",
                "AZURE_TENANT_ID": "t",
                "ACTIONS_ID_TOKEN_REQUEST_URL": here.identity.address,
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "another",
            }
        )
        told: list[str] = []
        clock = Clock(slots.now, slots.pause)
        run = Rollout(Azure(PLACE, wrong, slots.az), Site(here.app), Site(here.slot), NEW, clock, told.append)
        assert run.run(Path("parley.zip")) == UNCHANGED
    assert slots.signed_in == 0 and "GitHub gives no token" in "\n".join(told)


def test_the_hosts_are_the_apps_and_its_slots_in_the_cloud_that_is_named() -> None:
    asked = rollout.arguments(
        ["p.zip", "--group", "g", "--app", "app-parley-x", "--account", "a", "--suffix", "azurewebsites.us"]
    )
    assert [site.origin for site in rollout.hosts(asked)] == [
        "https://app-parley-x.azurewebsites.us",
        "https://app-parley-x-staging.azurewebsites.us",
    ]


def test_the_slot_and_the_container_are_those_of_the_infrastructure() -> None:
    staging = (ROOT / "infra/modules/app/staging.tf").read_text(encoding="utf-8")
    storage = (ROOT / "infra/modules/storage/main.tf").read_text(encoding="utf-8")
    called: list[list[str]] = []

    def noted(argv: Sequence[str]) -> int:
        called.append(list(argv))
        return 0

    with stand(Slots()) as here:
        cloud = Azure(PLACE, here.identity, noted)
        cloud.keep(Path("p.zip"), "parley-0.2.0.zip")
    (upload,) = [each for each in called if each[0] == "storage"]
    container = upload[upload.index("--container-name") + 1]
    assert f'resource "azurerm_storage_container" "{container}"' in storage
    assert (
        f"scope                = azurerm_storage_container.{container}.id"
        in storage.partition("pipeline_stores_packages")[2]
    )
    default = rollout.arguments(["p", "--group", "g", "--app", "a", "--account", "s"]).slot
    assert f'"azurerm_linux_web_app_slot" "{default}"' in staging and json.dumps(default) in staging


def test_a_runner_without_az_changes_nothing(tmp_path: Path) -> None:
    slots = Slots()
    with stand(slots) as here:
        done = commanded(here, tmp_path, path="")
    assert (done.returncode, slots.said) == (UNCHANGED, [])
    assert "signing in ended with code 127" in done.stdout
