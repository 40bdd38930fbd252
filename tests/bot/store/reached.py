"""Which rows of which tables a statement reaches, read from PostgreSQL's own parse of it.

A column counts as fixed where every row that is reached has the value of a parameter in it: by an equation that always holds,
by one with something that is fixed itself, or because that value is what is inserted. Whatever is not understood fixes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bot.store.relations import (
    Columns,
    Fixed,
    Node,
    Relation,
    Scope,
    Tables,
    Touch,
    conjuncts,
    kind,
    parsed,
    within,
    word,
    words,
)

QUERIES = ("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt")
Equation = tuple[Any, Any, tuple[Relation, ...]]
"""Two values that are the same, and the relations of which it fixes nothing."""


def reached(text: str, tables: Tables) -> frozenset[Touch]:
    """All tables that a statement reaches."""
    reader = Reader(tables)
    for node in parsed(text):
        if kind(node)[0] in QUERIES:
            reader.query(node, None, {})
        else:
            reader.touches.update(Touch("lock", each["RangeVar"]["relname"], ()) for each in within(node, "RangeVar"))
    return frozenset(reader.touches)


@dataclass(slots=True)
class Reader:
    """Goes through one statement from its first query to its last."""

    tables: Tables
    touches: set[Touch] = field(default_factory=set)

    def query(self, node: Node, outer: Scope | None, known: Mapping[str, Columns]) -> Columns:
        """Notes what a query reaches; the columns that it gives. `known` are those of the queries WITH it."""
        name, fields = kind(node)
        known = dict(known)
        for each in fields.get("withClause", {}).get("ctes", ()):
            cte = each["CommonTableExpr"]
            if fields["withClause"].get("recursive") and "larg" in cte["ctequery"].get("SelectStmt", {}):
                first = {"SelectStmt": cte["ctequery"]["SelectStmt"]["larg"]}
                known[cte["ctename"]] = dict.fromkeys(Reader(self.tables).query(first, outer, known))
            known[cte["ctename"]] = self._named(self.query(cte["ctequery"], outer, known), cte.get("aliascolnames"))
        read = {"SelectStmt": self._select, "InsertStmt": self._insert}.get(name, self._change)
        return read(fields, Scope(outer), known, name)

    def _select(self, fields: Node, scope: Scope, known: Mapping[str, Columns], _: str) -> Columns:
        if "larg" in fields:
            left, right = (self.query({"SelectStmt": fields[side]}, scope.outer, known) for side in ("larg", "rarg"))
            return dict(zip(left, map(_both, left.values(), right.values()), strict=True))
        if "valuesLists" in fields:
            rows = [[self._value(each, scope, known) for each in row["List"]["items"]] for row in fields["valuesLists"]]
            return {f"column{number}": _all(values) for number, values in enumerate(zip(*rows, strict=True), 1)}
        self._narrow(fields, fields.get("fromClause", []), scope, known)
        self._note(scope, "select")
        self._inner(fields, scope, known)
        return self._given(fields.get("targetList", []), scope, known)

    def _insert(self, fields: Node, scope: Scope, known: Mapping[str, Columns], _: str) -> Columns:
        relation = self._relation(fields["relation"], known)
        given = self.query(fields["selectStmt"], scope.outer, known)
        names = [each["ResTarget"]["name"] for each in fields["cols"]]
        relation.columns.update(zip(names, given.values(), strict=True))
        scope.relations[_alias(fields["relation"])] = relation
        self._note(scope, "insert")
        self._inner({"conflict": fields.get("onConflictClause")}, scope, known)
        return self._given(fields.get("returningList", []), scope, known)

    def _change(self, fields: Node, scope: Scope, known: Mapping[str, Columns], name: str) -> Columns:
        target = self._relation(fields["relation"], known)
        scope.relations[_alias(fields["relation"])] = target
        self._narrow(fields, fields.get("fromClause", fields.get("usingClause", [])), scope, known)
        self._note(scope, "update" if name == "UpdateStmt" else "delete", target)
        self._inner(fields, scope, known)
        return self._given(fields.get("returningList", []), scope, known)

    def _narrow(self, fields: Node, sources: list[Node], scope: Scope, known: Mapping[str, Columns]) -> None:
        """Takes up what stands in FROM, and then what the conditions fix of it, until they fix nothing more."""
        equations = [pair for source in sources for pair in self._source(source, scope, known)]
        equations += [pair for each in conjuncts(fields.get("whereClause")) for pair in _equations(each)]
        self._fix(equations, scope, known)
        for each in [each for source in sources for each in within(source, "RangeSubselect")]:
            # Beside relations that are narrow by now, because it may name them (LATERAL).
            inner = each["RangeSubselect"]
            columns = self._named(self.query(inner["subquery"], scope, known), inner["alias"].get("colnames"))
            scope.relations[_alias(inner)].columns.update(columns)
        self._fix(equations, scope, known)

    def _fix(self, equations: list[Equation], scope: Scope, known: Mapping[str, Columns]) -> None:
        before = -1
        while before != (before := sum(v is not None for r in scope.relations.values() for v in r.columns.values())):
            for one, other, free in [turned for each in equations for turned in (each, _turned(each))]:
                found = scope.find(words(one["ColumnRef"])) if "ColumnRef" in one else None
                own = found and any(found[0] is each for each in scope.relations.values())
                if not found or not own or any(found[0] is each for each in free):
                    continue
                relation, name = found
                if relation.columns[name] is None:
                    relation.columns[name] = self._value(other, scope, known)

    def _source(self, node: Node, scope: Scope, known: Mapping[str, Columns]) -> list[Equation]:
        """Takes up one item of FROM; the equations that its joins add."""
        name, fields = kind(node)
        if name == "JoinExpr":
            return self._join(fields, scope, known)
        if name == "RangeVar":
            scope.relations[_alias(fields)] = self._relation(fields, known)
        elif name == "RangeSubselect":
            columns = Reader(self.tables).query(fields["subquery"], scope, known)
            scope.relations[_alias(fields)] = Relation(self._named(columns, fields["alias"].get("colnames")))
        elif name == "RangeFunction":
            scope.relations[_alias(fields)] = Relation(self._called(fields, scope, known))
        return []

    def _join(self, fields: Node, scope: Scope, known: Mapping[str, Columns]) -> list[Equation]:
        left = self._source(fields["larg"], scope, known)
        had = tuple(scope.relations.values())
        right = self._source(fields["rarg"], scope, known)
        own = [pair for each in conjuncts(fields.get("quals")) for pair in _equations(each)]
        own += [_used(word(each), scope) for each in fields.get("usingClause", ())]
        if fields.get("jointype", "JOIN_INNER") == "JOIN_INNER":
            return left + right + own
        if fields["jointype"] == "JOIN_LEFT":  # whatever is on the left comes, equal or not
            return left + [(one, other, (*free, *had)) for one, other, free in right + own]
        return []

    def _called(self, fields: Node, scope: Scope, known: Mapping[str, Columns]) -> Columns:
        """The columns of a function in FROM: those of `unnest` are its arguments; of others nothing is known."""
        call = fields["functions"][0]["List"]["items"][0].get("FuncCall", {})
        unnests = [word(each) for each in call.get("funcname", ())] == ["unnest"]
        values = [self._value(each, scope, known) if unnests else None for each in call.get("args", ())]
        names = [word(each) for each in fields.get("alias", {}).get("colnames", ())]
        names = names or [f"{_alias(fields)} {number}" for number in range(max(1, len(values)))]
        values += [None] * (len(names) - len(values))
        return dict(zip(names, values, strict=False))

    def _relation(self, fields: Node, known: Mapping[str, Columns]) -> Relation:
        name = fields["relname"]
        if name in known:
            return Relation(dict(known[name]))
        return Relation(dict.fromkeys(self.tables[name]), name)

    def _note(self, scope: Scope, verb: str, target: Relation | None = None) -> None:
        """Every table of a query; one that is not its target is read."""
        for relation in scope.relations.values():
            if relation.table is not None:
                fixed = tuple(sorted((name, value) for name, value in relation.columns.items() if value is not None))
                own = target is None or relation is target
                self.touches.add(Touch(verb if own else "select", relation.table, fixed))

    def _inner(self, fields: Node, scope: Scope, known: Mapping[str, Columns]) -> None:
        """The queries within expressions, each on its own."""
        apart = ("withClause", "fromClause", "usingClause", "selectStmt")
        rest = [part for name, part in fields.items() if name not in apart]
        joins = [each["JoinExpr"].get("quals") for each in within(fields.get("fromClause"), "JoinExpr")]
        for each in within([*rest, *joins], *QUERIES, "SubLink"):
            self._sublinks(each, scope, known)

    def _sublinks(self, node: Node, scope: Scope, known: Mapping[str, Columns]) -> None:
        self.query(node.get("SubLink", {}).get("subselect", node), scope, known)
        for each in within(node.get("SubLink", {}).get("testexpr"), "SubLink"):
            self._sublinks(each, scope, known)

    def _given(self, targets: list[Node], scope: Scope, known: Mapping[str, Columns]) -> Columns:
        """The columns of a select list or of RETURNING."""
        found: Columns = {}
        for number, each in enumerate(targets):
            target = each["ResTarget"]
            names = words(target["val"]["ColumnRef"]) if "ColumnRef" in target["val"] else [f"column {number}"]
            if names[-1] == "*":
                meant = scope.relations.values() if len(names) == 1 else [scope.relations[names[0]]]
                found |= {name: value for relation in meant for name, value in relation.columns.items()}
            else:
                name = target.get("name", names[-1])
                found[f"{name} {number}" if name in found else name] = self._value(target["val"], scope, known)
        return found

    def _value(self, node: Any, scope: Scope, known: Mapping[str, Columns]) -> Fixed:
        """Where a value comes from."""
        name, fields = kind(node)
        if name == "ParamRef":
            return frozenset({fields["number"]})
        if name == "A_Const":
            return None if "isnull" in fields else frozenset()
        if name == "TypeCast":
            return self._value(fields["arg"], scope, known)
        if name == "ColumnRef":
            found = scope.find(words(fields))
            return found[0].columns[found[1]] if found else None
        if name == "SubLink" and fields["subLinkType"] in ("EXPR_SUBLINK", "ARRAY_SUBLINK", "ANY_SUBLINK"):
            return next(iter(Reader(self.tables).query(fields["subselect"], scope, known).values()))
        return None

    @staticmethod
    def _named(columns: Columns, names: list[Node] | None) -> Columns:
        return dict(zip(map(word, names), columns.values(), strict=False)) if names else columns


def _alias(fields: Node) -> str:
    return str(fields["alias"]["aliasname"] if "alias" in fields else fields.get("relname", "?"))


def _equations(node: Node) -> Iterator[Equation]:
    """What a condition says is the same; a column that is one of several values is the same as their source."""
    name, fields = kind(node)
    if name == "A_Expr" and fields["kind"] in ("AEXPR_OP", "AEXPR_OP_ANY") and word(fields["name"][0]) == "=":
        yield fields["lexpr"], fields["rexpr"], ()
    elif name == "SubLink" and fields["subLinkType"] == "ANY_SUBLINK" and "operName" not in fields:
        tested = fields["testexpr"]
        columns = tested["RowExpr"]["args"] if "RowExpr" in tested else [tested]
        for number, column in enumerate(columns):
            yield column, _nth(fields, number), ()


def _turned(equation: Equation) -> Equation:
    one, other, free = equation
    return other, one, free


def _nth(sublink: Node, number: int) -> Node:
    """A query within an expression, with one of its columns alone."""
    select = sublink["subselect"]["SelectStmt"]
    if "larg" in select:
        sides = {side: _nth({"subselect": {"SelectStmt": select[side]}}, number) for side in ("larg", "rarg")}
        halves = {side: half["SubLink"]["subselect"]["SelectStmt"] for side, half in sides.items()}
        chosen = {**select, **halves}
    else:
        chosen = {**select, "targetList": select["targetList"][number : number + 1]}
    return {"SubLink": {"subLinkType": "ANY_SUBLINK", "subselect": {"SelectStmt": chosen}}}


def _used(name: str, scope: Scope) -> Equation:
    """JOIN … USING: the column of the two relations that have it last."""
    having = [alias for alias, relation in scope.relations.items() if name in relation.columns][-2:]
    one, other = ({"ColumnRef": {"fields": [{"String": {"sval": each}} for each in (alias, name)]}} for alias in having)
    return one, other, ()


def _both(one: Fixed, other: Fixed) -> Fixed:
    return None if one is None or other is None else one | other


def _all(values: tuple[Fixed, ...]) -> Fixed:
    found: Fixed = frozenset()
    for each in values:
        found = _both(found, each)
    return found
