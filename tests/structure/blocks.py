"""Tables of pages that a program writes: each stands between two comments that bear its name."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

BLOCK = "<!-- {0} -->\n{1}\n<!-- end of {0} -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def replaced(page: str, tables: Mapping[str, str]) -> str:
    """A page with these tables as they are now; one that it has no place for is left out."""
    for name, text in tables.items():
        before, found, rest = page.partition(f"<!-- {name} -->")
        _, ended, after = rest.partition(f"<!-- end of {name} -->")
        page = before + BLOCK.format(name, text) + after if found and ended else page
    return page


def command(page: Path, tables: Mapping[str, str]) -> None:
    """The command of a page's program: print its tables, or write them."""
    parser = argparse.ArgumentParser(description=f"The tables of {page}.")
    parser.add_argument("--write", action="store_true", help="write them into the page")
    if parser.parse_args().write:
        page.write_text(replaced(page.read_text(encoding="utf-8"), tables), encoding="utf-8")
    else:
        print(*tables.values(), sep="\n\n")
