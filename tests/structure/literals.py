"""What an expression in the source may be, followed to its literals without running anything.

By way of constants, tables, loops, unpacking and the parameters of functions; what cannot be followed is `Unknown`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.structure.source import Function, Module, walked

FOLLOWED = 12
"""Steps after which an expression counts as unknown; deep enough for every honest way."""
SEQUENCES = ("sorted", "reversed", "list", "tuple", "set", "fromkeys")
"""What changes the order of a sequence but not what is in it."""


ERROR = "AssistantError"
"""What the words of an error belong to: they are known where the error stands, and "" elsewhere."""
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Unknown(Exception):
    """Nothing in the source says what this is."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: the module, and what has names of its own around it, the innermost first."""

    module: Module
    around: tuple[Function | Comprehension, ...] = ()


@dataclass
class Source:
    """The modules, and the values that expressions in them may have."""

    modules: tuple[Module, ...]
    _calls: dict[str, list[tuple[ast.Call, Scope]]] = field(default_factory=dict)
    _known: dict[str, list[ast.ClassDef]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for module in self.modules:
            self._calls[module.name] = list(calls(module.tree, Scope(module)))

    def calls(self) -> Iterator[tuple[ast.Call, Scope]]:
        """Every call, and where it stands."""
        for found in self._calls.values():
            yield from found

    def texts(self, node: ast.expr, scope: Scope) -> list[str]:
        """Every text that an expression may be. Raises `Unknown`."""
        found = self.values(node, scope)
        texts = [each.value for each in found if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if len(texts) < len(found) or not texts:
            raise Unknown
        return texts

    def tuples(self, node: ast.expr, scope: Scope) -> list[list[ast.expr]]:
        """The elements of every tuple that an expression may be. Raises `Unknown`."""
        return [self._parts(each) for each in self.values(node, scope)]

    def values(self, node: ast.expr, scope: Scope, depth: int = 0) -> list[ast.expr]:
        """Every literal that an expression may be. Raises `Unknown`."""
        if depth > FOLLOWED:
            raise Unknown
        match node:
            case ast.Constant() | ast.Tuple() | ast.List() | ast.Dict() | ast.Set():
                return [node]
            case ast.IfExp(body=one, orelse=other):
                return self.values(one, scope, depth + 1) + self.values(other, scope, depth + 1)
            case ast.Subscript(value=table, slice=index):
                parts = [self._parts(each, index) for each in self.values(table, scope, depth + 1)]
                return [value for part in chained(parts) for value in self.values(part, scope, depth + 1)]
            case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, *default]):
                parts = [self._parts(each) for each in self.values(table, scope, depth + 1)]
                return [value for part in [*chained(parts), *default] for value in self.values(part, scope, depth + 1)]
            case ast.Name(id=name):
                return self._named(name, scope, depth + 1)
            case ast.Await(value=inner):
                return self.values(inner, scope, depth + 1)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)):
                return self._returned(name, scope.module, depth + 1)
            case ast.Call(func=ast.Attribute(attr="say"), args=[text]):
                return self.values(text, scope, depth + 1)
            case ast.Attribute(value=owner, attr="text" | "detail") if ERROR in self.annotations(owner, scope):
                return [ast.Constant("")]
            case ast.Attribute(attr=name):
                return self._field(name, scope.module, depth + 1)
        raise Unknown

    def _parts(self, table: ast.expr, index: ast.expr | None = None) -> list[ast.expr]:
        """What a table holds: the values of a mapping, the elements of a sequence, or the one at the index."""
        match table, index:
            case ((ast.Tuple(elts=elements) | ast.List(elts=elements)), ast.Constant(value=int(at))):
                return [elements[at]]
            case ((ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements)), _):
                return elements
            case ast.Dict(values=elements), _:
                return elements
        raise Unknown

    def _named(self, name: str, scope: Scope, depth: int) -> list[ast.expr]:
        for at, inner in enumerate(scope.around):
            inside = Scope(scope.module, scope.around[at:])
            bound = [self._bound(each, name, inside, depth) for each in bindings(inner, name)]
            if isinstance(inner, Function) and name in parameters(inner):
                bound += [self.values(node, where, depth) for node, where in self._handed(inner, name, scope)]
            if bound:
                return chained(bound)
        return self._constant(name, scope.module, depth)

    def _constant(self, name: str, module: Module, depth: int) -> list[ast.expr]:
        bound = [self._bound(each, name, Scope(module), depth) for each in top(module, name)]
        for origin in imports(module, name):
            bound += [self._constant(name, other, depth) for other in self.modules if other.name == origin]
        if not bound:
            raise Unknown
        return chained(bound)

    def _bound(self, binding: "Binding", name: str, scope: Scope, depth: int) -> list[ast.expr]:
        found = (
            self._elements(binding.value, scope, depth) if binding.loop else self.values(binding.value, scope, depth)
        )
        for at in path(binding.target, name):
            found = [
                value for each in found for part in self._parts(each, at) for value in self.values(part, scope, depth)
            ]
        return found

    def _elements(self, node: ast.expr, scope: Scope, depth: int) -> list[ast.expr]:
        """What a loop over an expression meets."""
        match node:
            case ast.Call(func=ast.Attribute(value=table, attr="items")):
                found = [each for each in self.values(table, scope, depth) if isinstance(each, ast.Dict)]
                return [pair(key, value) for each in found for key, value in zip(each.keys, each.values, strict=True)]
            case ast.Call(func=ast.Attribute(value=table, attr="values")):
                return self._elements(table, scope, depth)
            case ast.Call(func=ast.Name(id="enumerate"), args=[table, *_]):
                return [pair(None, value) for value in self._elements(table, scope, depth)]
            case ast.Call(args=[table]) if called(node) in SEQUENCES:
                return self._elements(table, scope, depth)
            case ast.GeneratorExp(elt=each) | ast.ListComp(elt=each) | ast.SetComp(elt=each):
                return self.values(each, Scope(scope.module, (node, *scope.around)), depth)
        parts = [part for each in self.values(node, scope, depth) for part in self._parts(each)]
        return [value for part in parts for value in self.values(part, scope, depth)]

    def _handed(self, function: Function, name: str, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        """What the callers in the same module hand to a parameter."""
        for call, where in self._calls[scope.module.name]:
            if called(call) == function.name:
                names = [each for each in parameters(function) if each != "self"]
                yield argument(names, call, name), where

    def _returned(self, name: str, module: Module, depth: int) -> list[ast.expr]:
        """What a function of the module gives back."""
        values: list[list[ast.expr]] = []
        for function in (each for each in module.functions if each.name == name):
            returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
            values += [self.values(each, Scope(module, (function,)), depth) for each in returns]
        if not values:
            raise Unknown
        return chained(values)

    def method(self, call: ast.Call, scope: Scope) -> str:
        """The method that is called, also by a name of its own: `say = words.say`."""
        match call.func:
            case ast.Attribute(attr=name):
                return name
            case ast.Name(id=name):
                values = [each.value for function in scope.around for each in bindings(function, name)]
                return next((each.attr for each in values if isinstance(each, ast.Attribute)), "")
        return ""

    def annotations(self, node: ast.expr, scope: Scope) -> str:
        """What the source says about the type of a parameter, of what is caught, or of a field."""
        match node:
            case ast.Name(id=name):
                found = [each for function in scope.around for each in typed(function, name)]
            case ast.Attribute(attr=name):
                found = [each for c in self._classes(scope.module) for each in typed(c, name)]
            case _:
                found = []
        return " ".join(map(ast.unparse, found))

    def _field(self, name: str, module: Module, depth: int) -> list[ast.expr]:
        """What a field of the classes that a module knows is made with, wherever that happens."""
        owners = {each.name: each for each in self._classes(module) if name in fields(each)}
        values = [
            self.values(*self._made(name, owners[called(call)], call, where), depth)
            for call, where in self.calls()
            if called(call) in owners and owners[called(call)] in self._classes(where.module)
        ]
        if not values:
            raise Unknown
        return chained(values)

    def _made(self, name: str, owner: ast.ClassDef, call: ast.Call, scope: Scope) -> tuple[ast.expr, Scope]:
        """What one call makes a field with, and where that stands."""
        known = fields(owner)
        default = known[name]
        try:
            return argument([*known], call, name), scope
        except Unknown:
            if default is None:
                raise
            return default, next(Scope(module) for module in self.modules if owner in module.classes)

    def _classes(self, module: Module) -> list[ast.ClassDef]:
        if module.name not in self._known:
            every = [(other.name, each) for other in self.modules for each in other.classes]
            foreign = [each for name, each in every if name in imports(module, each.name)]
            self._known[module.name] = [*module.classes, *foreign]
        return self._known[module.name]


@dataclass(frozen=True, slots=True)
class Binding:
    """A name, or a tuple of names, gets a value; in a loop each element of it."""

    target: ast.expr
    value: ast.expr
    loop: bool = False


def calls(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.Call, Scope]]:
    """Every call under a node, and where it stands."""
    for child in ast.iter_child_nodes(node):
        inside = Scope(scope.module, (child, *scope.around)) if isinstance(child, Function | Comprehension) else scope
        if isinstance(child, ast.Call):
            yield child, scope
        yield from calls(child, inside)


def chained(lists: list[list[ast.expr]]) -> list[ast.expr]:
    """All of them in one."""
    return [each for some in lists for each in some]


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def bindings(node: ast.AST, name: str) -> list[Binding]:
    """Where a name gets its value under a node."""
    return [
        each
        for each in all_bindings(node)
        if any(isinstance(n, ast.Name) and n.id == name for n in walked(each.target))
    ]


@cache
def all_bindings(node: ast.AST) -> tuple[Binding, ...]:
    """All bindings under a node; those of a comprehension only where it is the node itself."""
    inside = [
        each for each in walked(node) if isinstance(node, Comprehension) or not isinstance(each, ast.comprehension)
    ]
    return tuple(binding for each in inside for binding in binds(each))


def top(module: Module, name: str) -> list[Binding]:
    """Where a name of a module gets its value."""
    return [
        each
        for node in module.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for each in bindings(node, name)
    ]


def binds(node: ast.AST) -> Iterator[Binding]:
    """The bindings that a node itself makes."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from (Binding(target, value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield Binding(target, value)
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield Binding(target, value, loop=True)


def path(target: ast.expr, name: str) -> list[ast.expr]:
    """The indices that lead to a name in a tuple of names."""
    if isinstance(target, ast.Tuple):
        for at, each in enumerate(target.elts):
            if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(each)):
                return [ast.Constant(at), *path(each, name)]
    return []


def pair(key: ast.expr | None, value: ast.expr) -> ast.expr:
    """Two values as a tuple."""
    return ast.Tuple([key or ast.Constant(None), value], ast.Load())


def parameters(function: Function) -> list[str]:
    """The names of all parameters, in order."""
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def typed(node: ast.AST, name: str) -> Iterator[ast.expr]:
    """The types that stand beside a name under a node."""
    for each in walked(node):
        match each:
            case (
                ast.arg(arg=found, annotation=ast.expr() as kind)
                | ast.ExceptHandler(name=found, type=ast.expr() as kind)
            ):
                yield from [kind] if found == name else []
            case ast.AnnAssign(target=ast.Name(id=found), annotation=kind):
                yield from [kind] if found == name else []


def fields(node: ast.ClassDef) -> dict[str, ast.expr | None]:
    """The fields of a dataclass, in order, with their defaults."""
    found = [each for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)]
    return {each.target.id: each.value for each in found if isinstance(each.target, ast.Name)}


def argument(names: list[str], call: ast.Call, name: str) -> ast.expr:
    """What a call hands to the parameter `name` of `names`. Raises `Unknown`."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    at = names.index(name)
    starred = any(isinstance(each, ast.Starred) for each in call.args)
    if at >= len(call.args) or starred:
        raise Unknown
    return call.args[at]


def imports(module: Module, name: str) -> list[str]:
    """The modules that a name is imported from."""
    nodes = [node for node in module.tree.body if isinstance(node, ast.ImportFrom)]
    return [node.module or "" for node in nodes if name in {alias.asname or alias.name for alias in node.names}]
