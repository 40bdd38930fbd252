"""The providers' schemas, read out of the packages that carry them.

Two packages on PyPI, `cdktn-provider-azurerm` and `cdktn-provider-azuread`, hold one class for every resource of the
provider that they are made from, described in an assembly (jsii). This turns those descriptions back into what
Terraform knows: attributes, blocks, and what is required. `python -m tests.package.assembly FOLDER` writes the types that
infra/ uses into schema.json beside this file, and with `--check` only compares; FOLDER holds the two packages as they were
downloaded: nothing of them is installed or run, for the description is one file of theirs.
"""

import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROVIDERS = ("azurerm", "azuread")
PLACE = re.compile(r"/docs/(resources|data-sources)/(\w+)#(\w+)")
PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
MAPS = {"cdktn.StringMap": "string", "cdktn.NumberMap": "number", "cdktn.BooleanMap": "bool", "cdktn.AnyMap": "dynamic"}
KINDS = {"resources": "resource", "data-sources": "data"}
Types = dict[str, dict[str, Any]]
Block = dict[str, Any]


def assembly(folder: Path, provider: str) -> Types:
    """Every class and structure of one provider's package."""
    (wheel,) = folder.glob(f"cdktn_provider_{provider}-*.whl")
    with zipfile.ZipFile(wheel) as package:
        (packed,) = (name for name in package.namelist() if name.endswith(".tgz"))
        described = io.BytesIO(package.read(packed))
    with tarfile.open(fileobj=described) as files:
        found = files.extractfile("package/.jsii")
        assert found is not None
        types: Types = json.load(found)["types"]
    return types


def snake(name: str) -> str:
    """`ipConfiguration` as Terraform writes it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def written(prop: dict[str, Any]) -> str:
    """A property's name as Terraform writes it: its documentation says so, and guessing would not know digits."""
    found = PLACE.search(prop.get("docs", {}).get("remarks", ""))
    return found[3] if found else snake(prop["name"])


def plain(kind: dict[str, Any]) -> dict[str, Any]:
    """A property's type without the alternative that it is not resolved yet."""
    choices = [each for each in kind.get("union", {}).get("types", [kind]) if each.get("fqn") != "cdktn.IResolvable"]
    return dict(choices[0]) if choices else {"primitive": "any"}


def structure(kind: dict[str, Any], types: Types) -> tuple[str, bool] | None:
    """The structure that a block is made of, and whether it may stand more than once; None for a value."""
    inner = plain(kind)
    many = inner.get("collection", {}).get("kind") == "array"
    name = plain(inner["collection"]["elementtype"]).get("fqn") if many else inner.get("fqn")
    return (name, many) if name in types else None


def value(kind: dict[str, Any]) -> object:
    """A value's type as Terraform's own notation has it."""
    inner = plain(kind)
    if "primitive" in inner:
        return PRIMITIVES[inner["primitive"]]
    if "collection" in inner:
        each = inner["collection"]
        return ["list" if each["kind"] == "array" else "map", value(each["elementtype"])]
    return ["map", MAPS[inner["fqn"]]] if inner.get("fqn") in MAPS else "dynamic"


def block(name: str, seen: str, types: Types) -> Block:
    """A structure that people write, `name`, with what its class `seen` adds as results."""
    made: Block = {"attributes": {}, "blocks": {}}
    for prop in types[name].get("properties", []):
        inner = structure(prop["type"], types)
        if inner is None:
            flag = "optional" if prop.get("optional") else "required"
            made["attributes"][written(prop)] = [flag, value(prop["type"])]
        elif written(prop) != "timeouts":
            least, most = int(not prop.get("optional")), 0 if inner[1] else 1
            made["blocks"][written(prop)] = {
                "min": least,
                "max": most,
                **block(inner[0], f"{inner[0]}OutputReference", types),
            }
    for key, kind in results(types.get(seen, {})):
        if key not in made["attributes"] and key not in made["blocks"]:
            made["attributes"][key] = ["computed", value(kind)]
    return made


def results(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a resource answers with: the properties of its class that nobody can set."""
    for prop in described.get("properties", []):
        name, fixed = prop["name"], prop.get("immutable") and not prop.get("static")
        if fixed and not name.endswith(("Input", "timeouts")) and name not in ("internalValue", "fqn"):
            yield snake(name), prop["type"]


def schemas(types: Types, provider: str) -> Iterator[tuple[str, str, str]]:
    """Each resource and data source: how Terraform calls it, the structure people write, and its class."""
    for name, described in types.items():
        if name.endswith("Config") and name.removesuffix("Config") in types:
            remarks = (prop.get("docs", {}).get("remarks", "") for prop in described.get("properties", []))
            place = next(filter(None, map(PLACE.search, remarks)), None)
            if place:
                yield f"{KINDS[place[1]]}.{provider}_{place[2]}", name, name.removesuffix("Config")


def extract(folder: Path, wanted: frozenset[str]) -> dict[str, Block]:
    """The wanted types, `resource.azurerm_subnet` or `data.…`, with everything that the provider knows of them."""
    found: dict[str, Block] = {}
    for provider in PROVIDERS:
        types = assembly(folder, provider)
        found |= {key: block(config, seen, types) for key, config, seen in schemas(types, provider) if key in wanted}
    return dict(sorted(found.items()))


def text(found: dict[str, Block]) -> str:
    """As it is kept: one line a type."""
    lines = (f"{json.dumps(key)}: {json.dumps(each, separators=(',', ':'))}" for key, each in found.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def used() -> frozenset[str]:
    """What infra/ uses, found in its text."""
    infra = HERE.parents[1] / "infra"
    texts = "\n".join(path.read_text(encoding="utf-8") for path in infra.rglob("*.tf"))
    return frozenset(f"{kind}.{name}" for kind, name in re.findall(r'^(resource|data) "(\w+)"', texts, re.MULTILINE))


if __name__ == "__main__":
    *options, folder = sys.argv[1:]
    kept, now = HERE / "schema.json", text(extract(Path(folder), used()))
    if options != ["--check"]:
        kept.write_text(now, encoding="utf-8")
    elif kept.read_text(encoding="utf-8") != now:
        sys.exit("tests/package/schema.json is not what the packages say: python -m tests.package.assembly FOLDER")
