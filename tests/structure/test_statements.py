"""What all SQL of the store has in common: it is made of our own constants before anybody writes, and says whose rows it means."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.schema import MIGRATIONS
from bot.store.statements import Statement
from tests.bot.store.every import statements

STORE = Path("bot/store")
ALL = statements()
HOUSE = {
    *("statements.RIPEN", "statements.CLAIM", "statements.RELEASE"),
    *("seals.TENANTS", "seals.WAITING", "vault.TENANTS", "vault.ANY", "backlog.BACKLOG"),
}
"""Of all tenants at once: what takes, gives back and counts work, and what asks which tenants there are, or have something to
seal."""
ROWLESS = {"line.FENCE", "pool.BEGIN", "pool.COMMIT", "pool.PING", "seals.ALONE", "erasure.LOCK_HOLDS"}
TABLES = frozenset(
    name for path in MIGRATIONS.glob("*.sql") for name in re.findall(r"CREATE TABLE (\w+)", path.read_text())
)
REACHED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+(\w+)")
OF_A_TURN = {"fence", "activity"}
TREES = tuple((path, ast.parse(path.read_text())) for path in sorted(STORE.rglob("*.py")))
RUNNING = {"pickle", "cPickle", "jsonpickle", "dill", "marshal", "shelve", "yaml", "code", "runpy"}
EXECUTING = {"eval", "exec", "compile", "__import__"}


def parsed(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text())


def called(node: ast.AST) -> set[str]:
    """The names of all functions that are called somewhere within."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in calls
        if isinstance(each, ast.Name | ast.Attribute)
    }


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def writers() -> set[str]:
    """The functions of the store that write SQL or make statements, by themselves or by one another."""
    every = [each for _, tree in TREES for each in functions(tree)]
    found = {"statement"} | {each.name for each in every if any(map(_is_sql, ast.walk(each)))}
    while more := {each.name for each in every if called(each) & found} - found:
        found |= more
    return found


def _is_sql(node: ast.AST) -> bool:
    """Whether it is a text with pieces, and SQL."""
    if not isinstance(node, ast.JoinedStr):
        return False
    said = " ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return bool(re.search(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|SET|WHERE)\b", said))


def tables(one: Statement) -> set[str]:
    return set(REACHED.findall(one.text.decode())) & TABLES


def test_sql_is_put_together_while_the_program_is_imported_and_never_later() -> None:
    """Then there is nothing yet that anybody wrote, so its pieces are our own: no coroutine writes any, by whomever it calls."""
    running = [each for _, tree in TREES for each in functions(tree) if isinstance(each, ast.AsyncFunctionDef)]
    known = writers()
    assert not [each.name for each in running if each.name in known]


def test_a_statement_that_is_run_is_named_and_not_written_on_the_spot() -> None:
    runs = [each for _, tree in TREES for each in ast.walk(tree) if isinstance(each, ast.Call) and _runs(each.func)]
    assert not [each.lineno for each in runs if each.args and isinstance(each.args[0], ast.JoinedStr | ast.BinOp)]


def _runs(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"run", "execute", "_within", "_gently", "_step", "_fenced"}


def test_no_statement_holds_a_value_of_anybody() -> None:
    """All values come as parameters: what stands in quotes is one of our own words."""
    words = {word for one in ALL.values() for word in re.findall(r"'([^']*)'", one.text.decode())}
    assert not [word for word in words if not re.fullmatch(r"[\w .,:%{}\[\]^$|*<>=-]{0,40}", word)]


@pytest.mark.parametrize("name", ALL)
def test_a_statement_says_whose_rows_it_means(name: str) -> None:
    one = ALL[name]
    if name in ROWLESS:
        assert one.owner is None and not one.house
    elif name in HOUSE:
        assert one.house and one.owner is None
    else:
        assert one.owner is not None and not one.house


@pytest.mark.parametrize("name", sorted(ROWLESS - {"erasure.LOCK_HOLDS"}))
def test_one_that_means_nobodys_reaches_none(name: str) -> None:
    assert not tables(ALL[name])


@pytest.mark.parametrize("name", [name for name, one in ALL.items() if OF_A_TURN & {*one.names}])
def test_a_statement_of_a_turn_names_tenant_and_conversation(name: str) -> None:
    assert {"tenant", "conversation"} <= {*ALL[name].names}


def test_migrations_put_names_together_and_no_values() -> None:
    texts = [path.read_text() for path in MIGRATIONS.glob("*.sql")]
    assert not [text for text in texts if re.search(r"\bEXECUTE (?!format\(|FUNCTION|ON FUNCTION)", text)]


@pytest.mark.parametrize("folder", ["bot", "dialogs"])
def test_nothing_that_is_read_can_be_run(folder: str) -> None:
    found = []
    for path, tree in parsed(Path(folder)):
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        calls = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        found += [path] if {name.split(".")[0] for name in names} & RUNNING or calls & EXECUTING else []
    assert not found
