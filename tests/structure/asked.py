"""The variables of infra/ that somebody must fill in, for docs/install.md: `python -m tests.structure.asked` writes the table."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.structure.blocks import replaced, table

PAGE = Path("docs/install.md")
FOLDER = Path("infra")
VARIABLE = re.compile(r'^variable "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
DESCRIPTION = re.compile(r'^  description = "(.*)"$', re.MULTILINE)


def variables() -> Mapping[str, str]:
    """What stands in each variable of the root."""
    files = sorted(FOLDER.glob("variables*.tf"))
    return {name: body for file in files for name, body in VARIABLE.findall(file.read_text(encoding="utf-8"))}


def required() -> str:
    """Those without a default, with what they mean."""
    rows = [
        (f"`{name}`", found[1])
        for name, body in variables().items()
        if not re.search(r"^  default\s*=", body, re.MULTILINE) and (found := DESCRIPTION.search(body))
    ]
    return table(("variable", "what it is"), rows)


def main() -> None:
    """Write it."""
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), {"required": required()}), encoding="utf-8")


if __name__ == "__main__":
    main()
