"""The operator's command line: what may be said, and what makes no sense before anything is opened.

Floor 7. A member of the room of `bot.admin`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from bot.values import Wrong, guid

EXAMPLES = """examples:
  python -m bot.admin usage --days 7 --by department --csv > usage.csv
  python -m bot.admin audit verify
  python -m bot.admin dead list
  python -m bot.admin retention run
  python -m bot.admin rules set budget.person 50000
  python -m bot.admin find --person OBJECT-ID
  python -m bot.admin export --person OBJECT-ID --to DIRECTORY
  python -m bot.admin erase --person OBJECT-ID
  python -m bot.admin keys rotate --tenant TENANT-ID

exit codes: 0 done; 1 something was not there, not done or found wrong; 2 the command or the settings make no sense;
3 nobody could look, for the database was away.
"""
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The command line. Ends the process with words and code 2 where it makes no sense, 0 for `--help`."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.admin",
        description="The operator's commands of Parley. What people wrote is shown by none of them but export.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--local", action="store_true", help="on the embedded database of local mode")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (books, dead, keeping, people, keys):
        add(commands)
    for command in commands.choices.values():
        shared(command)
    options = parser.parse_args(given)
    complaint = COMPLAINTS.get(options.command, sensible)(options)
    if complaint:
        parser.error(complaint)
    return options


def shared(command: argparse.ArgumentParser) -> None:
    """What every command has."""
    command.add_argument("--tenant", type=entra, metavar="TENANT-ID", help="one company, by its Entra tenant id")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json", help="one JSON object a line")
    form.add_argument("--csv", dest="form", action="store_const", const="csv", help="for a spreadsheet")
    command.set_defaults(form="table")


def books(commands: Commands) -> None:
    """Use, audit, content filter, feedback."""
    usage = commands.add_parser("usage", help="tokens and what they cost")
    audit = commands.add_parser("audit", help="what was done, the newest first; verify: whether anybody changed it")
    audit.add_argument("verb", nargs="?", default="list", choices=("list", "verify"), help="list unless told")
    audit.add_argument("--limit", type=positive, default=100, help="how many rows, 100 unless told")
    filters = commands.add_parser("filters", help="what the content filter found, by day")
    feedback = commands.add_parser("feedback", help="how answers were rated, by day and model")
    for command in (usage, filters, feedback):
        command.add_argument("--days", type=positive, default=30, help="how far back, 30 unless told")
    by = ("day", "model", "department", "person")
    usage.add_argument(
        "--by", choices=by, default="day", help="day unless told; groups of fewer than 5 people are put together"
    )


def dead(commands: Commands) -> None:
    """Dead letters."""
    command = commands.add_parser("dead", help="messages that could not be answered")
    verbs = ("list", "retry", "drop")
    command.add_argument("verb", choices=verbs, help="show them, answer them once more, or forget them")
    command.add_argument("keys", nargs="*", metavar="KEY", help="which ones, by the key that `list` shows")
    command.add_argument("--all", action="store_true", help="retry or drop every one")
    command.add_argument("--yes", action="store_true", help="do not ask before every one is dropped")


def keeping(commands: Commands) -> None:
    """Rules and retention."""
    retention = commands.add_parser("retention", help="how long what is kept; run: delete now what is past its time")
    retention.add_argument("verb", nargs="?", default="show", choices=("show", "run"), help="show unless told")
    commands.add_parser("sweep", help="the same as `retention run`")
    rules = commands.add_parser("rules", help="what a company decides for itself")
    rules.add_argument("verb", nargs="?", default="list", choices=("list", "set", "unset"), help="list unless told")
    rules.add_argument("name", nargs="?", metavar="NAME", help="which rule")
    rules.add_argument("value", nargs="*", metavar="VALUE", help="what it is set to")


def people(commands: Commands) -> None:
    """What is kept of a person."""
    find = commands.add_parser("find", help="where a person's object id stands; exit code 1 if anywhere")
    erase = commands.add_parser("erase", help="delete everything that is kept of a person")
    export = commands.add_parser("export", help="write down everything that is kept of a person, as JSON and to read")
    hold = commands.add_parser("hold", help="a legal hold: nothing of a person is deleted")
    lift = commands.add_parser("lift", help="end a legal hold")
    commands.add_parser("holds", help="who is under a legal hold")
    for command in (find, erase, export, hold, lift):
        command.add_argument(
            "--person", type=entra, required=True, metavar="OBJECT-ID", help="by their Entra object id"
        )
    erase.add_argument("--yes", action="store_true", help="do not ask")
    export.add_argument("--to", type=Path, required=True, metavar="DIRECTORY", help="where the two files are written")


def keys(commands: Commands) -> None:
    """Data keys."""
    command = commands.add_parser("keys", help="the keys that content is encrypted with")
    command.add_argument(
        "verb",
        nargs="?",
        default="list",
        choices=("list", "rotate", "rewrap", "reseal", "destroy"),
        help="list them; a new key; wrap them with the newest wrapping key; encrypt all with the newest; make all unreadable",
    )
    command.add_argument("--yes", action="store_true", help="do not ask")


def sensible(options: argparse.Namespace) -> str:
    """Nothing to complain of."""
    return ""


def unnamed(options: argparse.Namespace) -> str:
    """What is wrong with a command about dead letters, or nothing."""
    if options.verb == "list" or bool(options.keys) != options.all:
        return ""
    return f"say which ones to {options.verb}: their keys, or --all"


def unruly(options: argparse.Namespace) -> str:
    """What is wrong with a command about rules, or nothing. Whether the rule makes sense depends on the settings too."""
    if options.verb == "list":
        return "" if options.name is None else "list takes no name: it shows them all"
    if options.name is None or (options.verb == "set" and not options.value):
        return f"{options.verb} takes a name{' and a value' if options.verb == 'set' else ''}"
    return "unset takes no value" if options.verb == "unset" and options.value else ""


def keyless(options: argparse.Namespace) -> str:
    """What is wrong with a command about keys, or nothing."""
    return "say whose keys to destroy: --tenant" if options.verb == "destroy" and options.tenant is None else ""


COMPLAINTS = {"dead": unnamed, "rules": unruly, "keys": keyless}


def entra(value: str) -> str:
    """An Entra id, in the small letters in which it is kept. Raises `ArgumentTypeError` for what is none."""
    try:
        return guid(value)
    except Wrong as wrong:
        raise argparse.ArgumentTypeError(": ".join(wrong.args)) from wrong


def positive(value: str) -> int:
    """A whole number above zero."""
    number = int(value)
    if not 0 < number < 1_000_000:
        raise ValueError
    return number
