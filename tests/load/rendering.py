"""`python -m tests.load.rendering`: what it costs to read a text, be it a report or made to be slow.

CPU milliseconds on one core for the whole text and for the same text while it still grows; and what a stream costs that
shows a long answer step by step.
"""

import argparse
import sys
import time
from collections.abc import Mapping

from bot.teams.growth import prefix
from bot.teams.render import safe
from bot.teams.stream import LOOKED_AT

SIZES = (8, 16, 32, 80)
"""Kibibytes."""
STEPS = 200
NONE: frozenset[str] = frozenset()

REPORT = """\
## Where the launch stands

Anna and Bruno agreed on **Monday** that the release ships on 12 March [1], although the tests of `config.toml` are not
through yet [2]. Nobody objected; the budget of 12.400 EUR stays as it is.

- **Anna** writes the notes for the customers [3]
- Bruno checks the numbers of *Q3* and asks controlling [4]
  - by Friday, see https://contoso.example/plans/q3
- open: who tells the partners?

| Who | What | Until |
|-----|------|-------|
| Anna | notes | Friday |
| Bruno | numbers | Monday |

"""
PIECES: Mapping[str, str] = {
    "a report": REPORT,
    "words": "word and another one, ",
    "![": "![",
    "[": "[",
    "[*": "[*",
    "](x)[": "](x)[",
    "[a](": "[a](",
    "[a](x) ": "[a](x) ",
    "[[a]": "[[a]",
    "*": "*",
    "*a ": "*a ",
    "a* ": "a* ",
    "**_": "**_",
    "*_": "*_",
    "**a": "**a",
    "~~a": "~~a",
    "_a_ ": "_a_ ",
    "> ": "> ",
    "> a, each line": "> a\n",
    ">> deeper": "",
    "- ": "- ",
    "- a, each line": "- a\n",
    "lists in lists": "",
    "1. a, each line": "1. a\n",
    "# a, each line": "# a\n",
    "backticks": "`",
    "backticks of rising lengths": "",
    "`a": "`a",
    "`a` ": "`a` ",
    "```, each line": "```\n",
    "&#x": "&#x",
    "&amp;": "&amp;",
    "&a": "&a",
    "<a": "<a",
    "<a:b> ": "<a:b> ",
    "\\": "\\",
    "\\*": "\\*",
    "a.b/": "a.b/",
    "a@b.com ": "a@b.com ",
    "https://a.example ": "https://a.example ",
    "https://": "https://",
    "1.2.3.4": "1.2.3.4",
    "one long word": "a",
    "wide script": "\u6628\u65e5",
    "a, each line": "a\n",
    "blank lines": "\n",
    "a, each paragraph": "a\n\n",
    "rules": "---\n",
    "| a ": "| a ",
    "tables": "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
    "one long table": "| 1 | 2 |\n",
    "a wide table": "",
    "short rows of a wide table": "",
    "[a]: x, each line": "[a]: x\n",
    "indented code": "    a\n\n",
    "zero widths": "a\u200b",
    "spaces": " ",
    "tabs": "\ta\n",
}


def made(name: str, size: int) -> str:
    """A text of `size` characters of a kind."""
    match name:
        case "backticks of rising lengths":
            text = " ".join("`" * count for count in range(1, 500))
        case ">> deeper":
            text = "".join("> " * (count % 60) + "a\n" for count in range(2_000))
        case "lists in lists":
            text = "".join("  " * (count % 60) + "- a\n" for count in range(2_000))
        case "one long table":
            text = "| a | b |\n|---|---|\n" + PIECES[name] * (size // 8)
        case "a wide table":
            text = "".join("| a " * 500 + "|\n" + ("|-" * 500 + "|\n" if not row else "") for row in range(60))
        case "short rows of a wide table":
            text = "| a " * 20 + "\n" + "|-" * 20 + "\n" + "|x\n" * size
        case _:
            text = PIECES[name] * (size // len(PIECES[name]) + 1)
    return text[:size]


def cost(text: str) -> tuple[float, float]:
    """CPU milliseconds of `safe` and of `prefix`."""
    began = time.process_time()
    safe(text, NONE)
    half = time.process_time()
    prefix(text, NONE)
    return (half - began) * 1e3, (time.process_time() - half) * 1e3


def stream(text: str, steps: int = STEPS) -> float:
    """CPU milliseconds of showing the text in so many steps, as `bot.teams.stream` does: what it looks at no more costs nothing."""
    began = time.process_time()
    for seen in dict.fromkeys(text[: len(text) * step // steps][:LOOKED_AT] for step in range(1, steps + 1)):
        prefix(seen, NONE)
    return (time.process_time() - began) * 1e3


def main(given: list[str]) -> int:
    """Print the table; exit code 1 where a text took longer than `--most`."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.rendering", description=__doc__)
    parser.add_argument("--most", type=float, default=float("inf"), help="milliseconds a text may take")
    parser.add_argument("--stop", type=float, default=3_000, help="milliseconds after which no longer text is tried")
    parser.add_argument("name", nargs="*", help="some of the texts; all where none is named")
    options = parser.parse_args(given)
    slowest = 0.0
    print(f"{'safe/prefix, CPU ms':30}" + "".join(f"{size:>9} KiB" for size in SIZES), flush=True)
    for name in options.name or PIECES:
        print(f"{name:30}", end="")
        for size in SIZES:
            whole, growing = cost(made(name, size * 1024))
            slowest = max(slowest, whole, growing)
            print(f"{f'{whole:.0f}/{growing:.0f}':>13}", end="", flush=True)
            if whole + growing > options.stop:
                break
        print(flush=True)
    for name in ("a report", "words", "[", "*a "):
        for size in (10, 80):
            print(f"{name}, {size} KiB in {STEPS} steps: {stream(made(name, size * 1024)):.0f} ms", flush=True)
    return 1 if slowest > options.most else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
