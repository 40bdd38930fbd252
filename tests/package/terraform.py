"""Terraform files, parsed: their resources, arguments, and the references between them. Nothing is evaluated."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import hcl2
from hcl2 import SerializationOptions

from tests.structure.source import ROOT

META = frozenset({"for_each", "count", "depends_on", "lifecycle", "provider"})
"""Arguments that Terraform itself understands, on every resource."""

REFERENCE = re.compile(r"(?<![\w.\"])(data\.\w+\.\w+|(?:azurerm|azuread)_\w+\.\w+|(?:var|local|module)\.\w+)")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource or data source. `body` is what stands in it; strings hold references as `${…}`."""

    file: str
    kind: str
    type: str
    name: str
    body: dict[str, Any]

    @property
    def where(self) -> str:
        """How a failing test names it."""
        return f"infra/{self.file}: {self.address}"

    @property
    def module(self) -> str:
        """The folder that it stands in, in which its references are looked up."""
        return PurePosixPath(self.file).parent.as_posix()

    @property
    def address(self) -> str:
        """How other resources refer to it."""
        return f"{'data.' if self.kind == 'data' else ''}{self.type}.{self.name}"

    @property
    def text(self) -> str:
        """Everything in it, to look for references."""
        return json.dumps(self.body)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Every file by its path, as the parser gives it."""

    files: Mapping[str, dict[str, Any]]

    def resources(self, *types: str, kind: str = "resource") -> tuple[Resource, ...]:
        """The resources of some types, or all."""
        return tuple(
            Resource(file, kind, each, name, plain(body))
            for file, content in self.files.items()
            for block in content.get(kind, [])
            for each, bodies in plain(block).items()
            for name, body in plain(bodies).items()
            if not types or each in types
        )

    def only(self, kind: str) -> Resource:
        """The one resource of a type."""
        (found,) = self.resources(kind)
        return found

    def blocks(self, kind: str, module: str | None = None) -> dict[str, dict[str, Any]]:
        """The variables, outputs or modules of one folder, or of all, by file and name."""
        return {
            f"{file}: {name}" if module is None else name: plain(body)
            for file, content in self.files.items()
            if module is None or PurePosixPath(file).parent.as_posix() == module
            for block in content.get(kind, [])
            for name, body in plain(block).items()
        }

    def locals(self, module: str) -> dict[str, Any]:
        """The named values of one folder."""
        contents = (content for file, content in self.files.items() if PurePosixPath(file).parent.as_posix() == module)
        return {
            name: value
            for content in contents
            for each in content.get("locals", [])
            for name, value in plain(each).items()
        }

    def modules(self) -> frozenset[str]:
        """The folders that hold files."""
        return frozenset(PurePosixPath(file).parent.as_posix() for file in self.files)


def is_block(value: object) -> bool:
    """Whether a value is one or more nested blocks and not a list or map of values."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "__is_block__" in value[0]


def plain(block: dict[str, Any]) -> dict[str, Any]:
    """A block without the parser's own marks."""
    return {key: value for key, value in block.items() if not key.startswith("__")}


def inner(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The nested blocks with their names; a `dynamic` block counts as what it makes."""
    for key, value in body.items():
        if key == "dynamic":
            for block in value:
                for name, made in plain(block).items():
                    yield name, plain(made["content"][0])
        elif is_block(value):
            for block in value:
                yield key, plain(block)


def values(body: dict[str, Any]) -> dict[str, Any]:
    """The arguments that are no blocks."""
    return {key: value for key, value in body.items() if key != "dynamic" and not is_block(value)}


def loads(text: str) -> dict[str, Any]:
    """One file. Raises where it is not valid HCL."""
    options = SerializationOptions(with_comments=False, strip_string_quotes=True)
    return hcl2.loads(text, serialization_options=options)


@cache
def infra() -> Configuration:
    """What stands in infra/."""
    top = ROOT / "infra"
    paths = sorted(path for path in top.rglob("*.tf") if ".terraform" not in path.parts)
    return Configuration({path.relative_to(top).as_posix(): loads(path.read_text(encoding="utf-8")) for path in paths})


def sample(text: str) -> Configuration:
    """A configuration of one file."""
    return Configuration({"sample.tf": loads(text)})


def references(text: str) -> set[str]:
    """The resources, variables, named values and modules that a text refers to."""
    return set(REFERENCE.findall(text))
