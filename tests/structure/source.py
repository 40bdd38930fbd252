"""The project's own source, read once: modules, what they import, and the files of the repository."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "dialogs")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the line it stands on and the dotted name it asks for, as deep as it is written."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the product, parsed."""

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def imports(self) -> tuple[Import, ...]:
        """Everything it imports, wherever in the file."""
        return tuple(found for node in walked(self.tree) for found in imported(node))

    @property
    def functions(self) -> tuple[Function, ...]:
        """Every function and method, also inner ones."""
        return tuple(n for n in walked(self.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))

    @property
    def classes(self) -> tuple[ast.ClassDef, ...]:
        """Every class, also inner ones."""
        return _classes(self.tree)


@cache
def walked(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a tree that nobody changes: it is asked for a thousand times."""
    return tuple(ast.walk(tree))


@cache
def _classes(tree: ast.Module) -> tuple[ast.ClassDef, ...]:
    return tuple(n for n in walked(tree) if isinstance(n, ast.ClassDef))


def imported(node: ast.AST) -> Iterator[Import]:
    """What one statement imports; `from a import b` asks for a and for a.b, whichever of them is the module."""
    if isinstance(node, ast.Import):
        yield from (Import(node.lineno, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        stem = "." * node.level + (node.module or "")
        yield from (Import(node.lineno, f"{stem}.{alias.name}") for alias in node.names)


@cache
def modules() -> tuple[Module, ...]:
    """app.py and everything under bot/ and dialogs/; a package's `__init__` has the package's name."""
    paths = [ROOT / "app.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    return tuple(read(path) for path in sorted(paths) if path.exists())


def read(path: Path) -> Module:
    """One file, parsed."""
    place = path.relative_to(ROOT)
    name = ".".join(place.with_suffix("").parts).removesuffix(".__init__")
    return parsed(name, path.read_text(encoding="utf-8"), place.as_posix())


def parsed(name: str, text: str, path: str = "sample.py") -> Module:
    """A module from its text."""
    return Module(name, path, text, ast.parse(text))


def inner(module: Module) -> dict[str, int]:
    """The modules of the product that this one imports, with the line."""
    names = {other.name for other in modules()}
    found: dict[str, int] = {}
    for each in module.imports:
        target = each.name if each.name in names else each.name.rpartition(".")[0]
        if target in names and target != module.name:
            found.setdefault(target, each.line)
    return found


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or would be, in the repository: tracked, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return tuple(path for name in listed if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """A file's text, or None where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def page(name: str) -> str:
    """A page of the documentation or another file of the repository, by its path."""
    return (ROOT / name).read_text(encoding="utf-8")


def listing(title: str, lines: list[str]) -> str:
    """What a failing test says: a title, and one violation a line."""
    return "\n".join([f"{title} ({len(lines)}):", *(f"  {line}" for line in sorted(lines))])
