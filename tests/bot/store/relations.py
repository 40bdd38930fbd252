"""What is known, within a statement, of the columns of its tables: which of them the statement's parameters fix."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pgparse  # type: ignore[import-not-found]  # a compiled module without types

Node = Mapping[str, Any]
"""A node of PostgreSQL's parse tree, as libpg_query writes it: `{kind: fields}`."""
Fixed = frozenset[int] | None
"""The numbers of the parameters that a value comes from; none where it is a constant. None: it may be any value."""
Columns = dict[str, Fixed]
Tables = Mapping[str, tuple[str, ...]]
"""The columns of every table."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A table that a statement reaches, and the columns in which all rows that it reaches there are fixed."""

    verb: str
    table: str
    fixed: tuple[tuple[str, frozenset[int]], ...]

    @property
    def columns(self) -> frozenset[str]:
        """The names of the fixed columns."""
        return frozenset(name for name, _ in self.fixed)


@dataclass(slots=True)
class Relation:
    """Something in a FROM: a table, or what another query gives."""

    columns: Columns
    table: str | None = None


@dataclass(slots=True)
class Scope:
    """The relations of one query by their names, within those of the query around it."""

    outer: "Scope | None" = None
    relations: dict[str, Relation] = field(default_factory=dict)

    def find(self, names: list[str]) -> tuple[Relation, str] | None:
        """The column that `names` mean: its own name, with that of its relation before it or alone."""
        *alias, name = names
        for relation in self.relations.values() if not alias else filter(None, [self.relations.get(alias[0])]):
            if name in relation.columns:
                return relation, name
        return self.outer.find(names) if self.outer else None


def kind(node: Node) -> tuple[str, Any]:
    """What a node is, and its fields."""
    ((name, fields),) = node.items()
    return name, fields


def word(node: Node) -> str:
    """The text of a `String`."""
    return str(node["String"]["sval"])


def words(fields: Node) -> list[str]:
    """The names of a `ColumnRef`; `*` for a star."""
    return [word(part) if "String" in part else "*" for part in fields["fields"]]


def within(node: Any, *kinds: str) -> Iterator[Node]:
    """The outermost nodes of these kinds within one; what they hold themselves is not looked through."""
    parts = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    if isinstance(node, Mapping) and len(node) == 1 and next(iter(node)) in kinds:
        yield node
        return
    for part in parts:
        yield from within(part, *kinds)


def conjuncts(node: Node | None) -> Iterator[Node]:
    """The conditions that all hold where one holds."""
    if not node:
        return
    name, fields = kind(node)
    if name == "BoolExpr" and fields["boolop"] == "AND_EXPR":
        for each in fields["args"]:
            yield from conjuncts(each)
    else:
        yield node


def parsed(text: str) -> list[Node]:
    """The statements of a text. Raises `pgparse.PGQueryError`."""
    return [each["stmt"] for each in pgparse.parse(text)]


def tables(migrations: list[str]) -> Tables:
    """The tables that migrations have made by their end. Columns are only ever added."""
    found: dict[str, list[str]] = {}
    for text in migrations:
        for node in parsed(text):
            name, fields = kind(node)
            if name in ("CreateStmt", "AlterTableStmt"):
                columns = [each["ColumnDef"]["colname"] for each in within(node, "ColumnDef")]
                found.setdefault(fields["relation"]["relname"], []).extend(columns)
    return {name: tuple(columns) for name, columns in found.items() if columns}
