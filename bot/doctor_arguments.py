"""The command line of `app.py check`.

Floor 7, of the family of `bot.doctor`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.findings import Asked
from bot.names import origin, split, stays_here

WORDS = """Looks at everything the bot needs, changes nothing, and says a line for each thing: ok, warn or FAIL, what was seen,
how it is cured, and how long the look took. It works when the database, the names or the identity do not. docs/doctor.md tells
what each line means."""
CODES = """exit codes: 0 nothing failed (there may be warnings); 1 something failed; 2 the command or the settings make no sense"""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The command line. Ends the process with words and code 2 where it makes no sense, 0 for `--help`."""
    parser = argparse.ArgumentParser(prog="app.py check", description=WORDS, epilog=CODES)
    add = parser.add_argument
    add("--local", action="store_true", help="look at local mode")
    add("--json", action="store_true", help="an object a line: name, state, seen, cure, millis")
    words = "the origin at which Teams calls, such as https://bot.contoso.com: its certificates and its door"
    add("--public", type=public, metavar="ORIGIN", help=words)
    words = "ask no deployment for a word (by default each is asked for one, which takes some tokens)"
    add("--no-model-calls", dest="calls", action="store_false", help=words)
    words = "look at what this team has granted, by its group id; may stand more than once"
    add("--team", dest="teams", action="append", default=[], metavar="TEAM-ID", help=words)
    words = "look at what this chat has granted; may stand more than once"
    add("--chat", dest="chats", action="append", default=[], metavar="CHAT-ID", help=words)
    words = "compare this app package with the settings and the program"
    add("--package", type=Path, metavar="FILE", help=words)
    return parser.parse_args(given)


def public(text: str) -> str:
    """An origin; what follows it, such as the path of the messaging endpoint, is left out. Raises `ArgumentTypeError` for what is none."""
    parts, found = split(text), origin(text)
    if parts is None or found is None or (parts.scheme != "https" and not stays_here(text)):
        raise argparse.ArgumentTypeError("write it as https://bot.contoso.com")
    return found


def asked(options: argparse.Namespace) -> Asked:
    """What is to be looked at."""
    teams, chats = tuple(options.teams), tuple(options.chats)
    return Asked(options.public or "", teams, chats, options.package, options.calls)
