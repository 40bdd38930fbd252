"""What the browser tests need of the machine: Node, the Agents Playground and Chromium."""

import os
import shutil

import pytest

from tests.world.playground.layout import CLI

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """The program's path; CHROMIUM names another."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return found or lacking("Chromium is not installed")


def playground() -> None:
    """Skips where the Playground cannot run."""
    if not shutil.which("node") or not CLI.exists():
        lacking("Node.js or the Agents Playground is not installed (make setup)")


def lacking(what: str) -> str:
    """Skips the test; fails it where nothing may be skipped."""
    if os.environ.get("PARLEY_SKIP_NOTHING"):
        pytest.fail(f"{what}, and nothing may be skipped here", pytrace=False)
    pytest.skip(f"{what}: no test in a browser")
