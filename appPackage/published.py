"""Teams' own schema of a manifest and of its languages, as Microsoft publishes it in an npm package.

`make setup` installs that package where there is Node.js. Nothing here asks the network.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

FOLDER = Path(__file__).parent.parent / "node_modules/@microsoft/app-manifest/build/json-schemas/teams"
MANIFEST, LANGUAGE = "MicrosoftTeams.schema.json", "MicrosoftTeams.Localization.schema.json"


class NotInstalled(Exception):
    """The schema is not there."""


def faults(manifest: Mapping[str, Any], languages: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What Teams' schema has against them, a line each; `languages` by the names of their files. Raises `NotInstalled`."""
    version = manifest["manifestVersion"]
    found = [f"manifest.json: {line}" for line in against(schema(version, MANIFEST), manifest)]
    strict = schema(version, LANGUAGE)
    return found + [f"{name}: {line}" for name, texts in languages.items() for line in against(strict, texts)]


def schema(version: str, name: str) -> dict[str, Any]:
    """One schema of a version of the manifest. Raises `NotInstalled`."""
    file = FOLDER / f"v{version}" / name
    if not file.is_file():
        raise NotInstalled
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def against(schema: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[str]:
    """What one schema has against one file."""
    for fault in Draft4Validator(schema).iter_errors(content):
        yield f"{fault.json_path} {fault.message}"
