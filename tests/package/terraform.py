"""The Terraform files of infra/, parsed: their resources, arguments, and the references between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import hcl2
from hcl2 import SerializationOptions

from tests.structure.source import ROOT

META = frozenset({"for_each", "count", "depends_on", "lifecycle", "provider"})
"""Arguments that Terraform itself understands, on every resource."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource block. `body` is what stands in it; strings hold references as `${…}`."""

    file: str
    type: str
    name: str
    body: dict[str, Any]

    @property
    def where(self) -> str:
        """How a failing test names it."""
        return f"infra/{self.file}: {self.type}.{self.name}"

    @property
    def address(self) -> str:
        """How other resources refer to it."""
        return f"{self.type}.{self.name}"

    @property
    def arguments(self) -> frozenset[str]:
        """Every argument, blocks included, with dots leading into blocks."""
        return frozenset(named(self.body))


def named(body: dict[str, Any], above: str = "") -> Iterator[str]:
    """The arguments of a block and of the blocks within it; a `dynamic` block counts as what it makes."""
    for key, value in body.items():
        if (key in META and not above) or key.startswith("__"):
            continue
        if key == "dynamic":
            for name, inner in (pair for block in value for pair in plain(block).items()):
                yield f"{above}{name}"
                yield from named(inner["content"][0], f"{above}{name}.")
        elif is_block(value):
            yield f"{above}{key}"
            for block in value:
                yield from named(block, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def is_block(value: object) -> bool:
    """Whether a value is one or more nested blocks and not a list or map of values."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "__is_block__" in value[0]


def plain(block: dict[str, Any]) -> dict[str, Any]:
    """A block without the parser's own marks."""
    return {key: value for key, value in block.items() if not key.startswith("__")}


@cache
def parsed() -> dict[str, dict[str, Any]]:
    """Every file by its name, as the parser gives it. Raises where a file is not valid HCL."""
    options = SerializationOptions(with_comments=False, strip_string_quotes=True)
    return {
        path.name: hcl2.loads(path.read_text(encoding="utf-8"), serialization_options=options)
        for path in sorted((ROOT / "infra").glob("*.tf"))
    }


@cache
def resources() -> tuple[Resource, ...]:
    """Every resource of every file."""
    return tuple(
        Resource(file, kind, name, plain(body))
        for file, content in parsed().items()
        for block in content.get("resource", [])
        for kind, named_bodies in plain(block).items()
        for name, body in plain(named_bodies).items()
    )


def only(kind: str) -> Resource:
    """The one resource of a type."""
    (found,) = (each for each in resources() if each.type == kind)
    return found


def blocks(kind: str) -> dict[str, dict[str, Any]]:
    """The variables or outputs of all files, by name."""
    return {
        name: body
        for content in parsed().values()
        for block in content.get(kind, [])
        for name, body in plain(block).items()
    }


def references(text: str) -> set[str]:
    """The resources and variables that a text refers to, each as type.name."""
    return set(re.findall(r"\b((?:azurerm_\w+|var|local)\.\w+)", text))
