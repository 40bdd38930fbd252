"""What was asked for on the command line, and what it lacks.

It needs nothing but Python, so `make package` asks it before it sets anything up: nobody waits minutes to read what is missing.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from appPackage.given import ASKED, Given, lines, read
from bot.settings import Unfit

DIST = Path(__file__).parent / "dist" / "parley.zip"
HOW = """
Write them into .env as NAME=value, one a line, or say
  make package MICROSOFT_APP_ID=… COMPANY=Contoso WEBSITE=https://contoso.com/parley"""


class Refused(Exception):
    """The package was not made, for the reasons that its text tells the administrator."""


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="make package", description="Make the Teams app package of Parley.")
    parser.add_argument("--env-file", type=Path, help="the settings, NAME=value a line")
    for each in ASKED:
        parser.add_argument(f"--{each.name.lower().replace('_', '-')}", help=f"instead of {each.name} in the settings")
    parser.add_argument("--unchecked", action="store_true", help="do without Teams' schema, which needs Node.js")
    parser.add_argument("--out", type=Path, default=DIST, help="where to write the package")
    return parser.parse_args(argv)


def settings(asked: argparse.Namespace) -> dict[str, str]:
    """The settings of a file; what stands on the command line counts more. Raises `OSError` for a file that is not there."""
    # Notepad begins a file with a mark of its own, which would be a part of the first name.
    found = lines(asked.env_file.read_text(encoding="utf-8-sig")) if asked.env_file else {}
    said = {each.name: getattr(asked, each.name.lower()) for each in ASKED}
    return found | {name: value for name, value in said.items() if value}


def known(asked: argparse.Namespace) -> Given:
    """What the settings say. Raises `Refused` with all that they lack."""
    try:
        return read(settings(asked))
    except (OSError, UnicodeDecodeError):
        raise Refused(f"The settings cannot be read: {asked.env_file} is no text file that is there.") from None
    except Unfit as unfit:
        raise Refused("\n".join(["The package needs to know:", *(f"  {each}" for each in unfit.faults), HOW])) from None


def main(argv: Sequence[str] | None = None) -> int:
    """Says what is missing; 2 where something is."""
    try:
        known(arguments(argv))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
