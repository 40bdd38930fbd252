"""Makes the package that Teams installs: the manifest with your own ids in it, its languages, and the two icons.

    make package                      with the settings of .env, or MICROSOFT_APP_ID=… COMPANY=… WEBSITE=…

The same settings give the same bytes. Nothing is written that Teams' schema or a rule of our own refuses.
"""

import argparse
import io
import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from appPackage import published, rules
from appPackage.asked import Refused, arguments, known
from appPackage.given import Given
from appPackage.manifest import file, localised, manifest
from appPackage.summary import summary
from appPackage.wording import LANGUAGES

HERE = Path(__file__).parent
ICONS = ("color.png", "outline.png")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date every file of the package bears, so that a package says nothing about when it was made."""
NO_SCHEMA = """Teams' schema is not installed, so the package was not made.
It comes with Node.js: install Node.js 20 or newer with npm, and say `make package` again.
To make the package without that check, by our own rules alone: make package UNCHECKED=1"""


def files(given: Given) -> dict[str, bytes]:
    """Everything in the package, by its name."""
    texts = {"manifest.json": manifest(given), **{file(each): localised(given, each) for each in LANGUAGES}}
    return {name: written(text) for name, text in texts.items()} | {name: (HERE / name).read_bytes() for name in ICONS}


def written(content: Mapping[str, Any]) -> bytes:
    """A file of the package, as people would write it."""
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The zip: everything at its root, as Teams wants it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def checked(package: bytes, given: Given, *, unchecked: bool) -> rules.Package:
    """The package as Teams will read it. Raises `Refused` where Teams' schema or our own rules refuse it."""
    opened = rules.opened(package)
    faults = rules.faults(opened, given)
    try:
        faults += [] if unchecked else published.faults(opened.manifest, opened.languages)
    except published.NotInstalled:
        raise Refused(NO_SCHEMA) from None
    if faults:
        raise Refused(
            "\n".join(["The package was not made, because Teams would refuse it:", *map("  {}".format, faults)])
        )
    return opened


def made(asked: argparse.Namespace) -> str:
    """Makes the package and tells what is in it. Raises `Refused`."""
    given = known(asked)
    package = zipped(files(given))
    opened = checked(package, given, unchecked=asked.unchecked)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_bytes(package)
    return summary(asked.out, opened, unchecked=asked.unchecked)


def main(argv: Sequence[str] | None = None) -> int:
    """Reads the command line, writes the package and says what is in it; 2 where it was not made."""
    try:
        print(made(arguments(argv)))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
