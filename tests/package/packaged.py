"""A package to look at, and packages that something is wrong with."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from appPackage import build, published, rules
from appPackage.given import Given, read
from appPackage.rules import Package

APP = "11111111-2222-3333-4444-555555555555"
SETTINGS: Mapping[str, str] = {
    "MICROSOFT_APP_ID": APP,
    "COMPANY": 'Contoso "Widgets" & Co',
    "WEBSITE": "https://contoso.example/parley",
}


def given(**other: str) -> Given:
    """What a company says, with some of it said otherwise."""
    return read({**SETTINGS, **other})


@cache
def zipped() -> bytes:
    """The package of that company."""
    return build.zipped(build.files(given()))


def package() -> Package:
    """The same, read; nobody else has it."""
    return rules.opened(zipped())


def broken(break_it: Callable[[dict[str, Any]], object]) -> list[str]:
    """What the rules say of a package whose manifest was changed so."""
    found = package()
    manifest = json.loads(json.dumps(found.manifest))
    break_it(manifest)
    return rules.faults(replace(found, manifest=manifest), given())


def mistranslated(break_it: Callable[[dict[str, str]], object]) -> list[str]:
    """What the rules say of a package whose German was changed so."""
    found = package()
    german = dict(found.languages["de.json"])
    break_it(german)
    return rules.faults(replace(found, languages={**found.languages, "de.json": german}), given())


def with_files(**changed: bytes | None) -> list[str]:
    """What the rules say where files are others: `outline_png=b""`; None takes one away."""
    found = package()
    files = dict(found.files)
    for name, content in changed.items():
        files.pop(name.replace("_", "."), None)
        files |= {} if content is None else {name.replace("_", "."): content}
    return rules.faults(replace(found, files=files), given())


def needs_schema() -> None:
    """Skips where Teams' schema is not installed; fails where nothing may be skipped."""
    if published.FOLDER.is_dir():
        return
    reason = "Teams' schema is not installed (npm package @microsoft/app-manifest, by `make setup`)"
    if os.environ.get("PARLEY_SKIP_NOTHING"):
        pytest.fail(f"{reason}, and nothing may be skipped here", pytrace=False)
    pytest.skip(reason)
