"""The operator's commands: what could not be answered, what was used, what was done, what is past its time, what is ruled.

Floor 7. `python -m bot.admin …` becomes `python app.py admin …`, because only `app.py` may read the environment: it
opens the store and calls `run`. Nothing printed here is content; `--json` prints one object a line.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.audit import Action, Entry, Outcome
from bot.store.ledger import Dead, Ledger, Spent
from bot.store.rows import RULES, Rule
from bot.telemetry import hashed
from bot.values import Wrong, guid

EVERY = 10_000
"""Dead letters that are looked through for the ones named."""
BATCH = 1_000
"""Rows of a kind that are deleted at once."""
OPERATOR = "operator"
"""Who changes a rule from here; in the audit it stands in the place of an Entra object id."""
KEY = 12
"""Digits of a dead letter's key."""

Row = Mapping[str, Any]
Say = Callable[[str], object]


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The command line. Ends the process with words and code 2 where it makes no sense, 0 for `--help`."""
    parser = argparse.ArgumentParser(prog="python -m bot.admin", description="The operator's commands of Parley.")
    parser.add_argument("--local", action="store_true", help="on the embedded database of local mode")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    dead = commands.add_parser("dead", help="messages that could not be answered")
    dead.add_argument(
        "verb", choices=("list", "retry", "drop"), help="show them, answer them once more, or forget them"
    )
    dead.add_argument("keys", nargs="*", metavar="KEY", help="which ones, by the key that `list` shows")
    dead.add_argument("--all", action="store_true", help="retry or drop every one")
    usage = commands.add_parser("usage", help="tokens by day, person and model")
    usage.add_argument("--days", type=positive, default=30, help="how far back, 30 unless told")
    audit = commands.add_parser("audit", help="what was done, the newest first")
    audit.add_argument("--limit", type=positive, default=100, help="how many rows, 100 unless told")
    commands.add_parser("sweep", help="delete now what is past its time")
    rules = commands.add_parser("rules", help="what a company decides for itself")
    rules.add_argument("verb", nargs="?", default="list", choices=("list", "set", "unset"), help="list unless told")
    rules.add_argument("name", nargs="?", metavar="NAME", help="which rule")
    rules.add_argument("value", nargs="?", metavar="VALUE", help="what it is set to")
    rules.add_argument("--tenant", required=True, type=entra, help="the company, by its Entra tenant id")
    for command in (dead, usage, audit, rules):
        command.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(given)
    complaint = COMPLAINTS.get(options.command, sensible)(options)
    if complaint:
        parser.error(complaint)
    return options


def sensible(options: argparse.Namespace) -> str:
    """Nothing to complain of."""
    return ""


def unnamed(options: argparse.Namespace) -> str:
    """What is wrong with a command about dead letters, or nothing."""
    if options.verb == "list" or bool(options.keys) != options.all:
        return ""
    return f"say which ones to {options.verb}: their keys, or --all"


def unruly(options: argparse.Namespace) -> str:
    """What is wrong with a command about rules, or nothing."""
    if options.verb == "list":
        return "" if options.name is None else "list takes no name: it shows them all"
    if options.name not in RULES:
        return f"there is no such rule; there are: {', '.join(RULES)}"
    if options.verb == "unset":
        return "" if options.value is None else "unset takes no value"
    possible = RULES[options.name]
    return "" if options.value in possible else f"{options.name} can be: {', '.join(possible)}"


COMPLAINTS = {"dead": unnamed, "rules": unruly}


def entra(value: str) -> str:
    """An Entra id, in the small letters in which it is kept."""
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


async def run(options: argparse.Namespace, ledger: Ledger, now: datetime, say: Say) -> int:
    """Carry out a command; 0, or 1 where something named was not there. Raises `StoreAway`."""
    match options.command:
        case "usage":
            return show(map(spent, await ledger.usage_report(options.days)), say, options.json)
        case "audit":
            return show(map(entry, await ledger.audit_rows(options.limit)), say, options.json)
        case "sweep":
            return await sweep(ledger, now, say)
        case "rules":
            return await decide(options, ledger, now, say)
        case _:
            return await bury(options, ledger, now, say)


async def sweep(ledger: Ledger, now: datetime, say: Say) -> int:
    """Delete what is past its time, all of it."""
    count = 0
    while swept := await ledger.sweep(now, BATCH):
        count += swept
    say(f"{count} rows deleted")
    return 0


async def decide(options: argparse.Namespace, ledger: Ledger, now: datetime, say: Say) -> int:
    """List a company's rules, or change one."""
    if options.verb == "list":
        found = {each.name: each for each in await ledger.rules(options.tenant)}
        return show((rule(name, found.get(name)) for name in RULES), say, options.json)
    entry = Entry(now, options.tenant, OPERATOR, "", "", Action.RULE, Outcome.OK)
    await ledger.set_rule(options.tenant, options.name, options.value, entry)
    say(f"{options.name}: {options.value or RULES[options.name][0]}")
    return 0


async def bury(options: argparse.Namespace, ledger: Ledger, now: datetime, say: Say) -> int:
    """List dead letters, or retry or drop those named."""
    letters = {key(letter): letter for letter in await ledger.dead(EVERY)}
    if options.verb == "list":
        return show(map(dead, letters.values()), say, options.json)
    missing = 0
    for name in list(letters) if options.all else options.keys:
        done = name in letters and await act(options.verb, letters[name], ledger, now)
        words = "will be answered" if options.verb == "retry" else "dropped"
        say(f"{name} {words if done else 'is no dead letter'}")
        missing += not done
    return 1 if missing else 0


async def act(verb: str, letter: Dead, ledger: Ledger, now: datetime) -> bool:
    """Retry or drop one; False where somebody else was quicker."""
    where = (letter.tenant, letter.conversation, letter.activity)
    return await (ledger.revive(*where) if verb == "retry" else ledger.drop(*where, now))


def key(letter: Dead) -> str:
    """A short name for a dead letter, made of its ids."""
    return hashed(f"{letter.tenant} {letter.conversation} {letter.activity}")[:KEY]


def dead(letter: Dead) -> Row:
    """A dead letter as it is shown: its conversation by the hash that logs and audit use."""
    where = {"tenant": letter.tenant, "conversation": hashed(letter.conversation)}
    return {"key": key(letter), "at": moment(letter.at), **where, "attempts": letter.attempts}


def spent(row: Spent) -> Row:
    """A row of the usage report."""
    tokens = {"calls": row.calls, "input": row.input, "cached": row.cached, "output": row.output}
    who = {"day": row.day.isoformat(), "tenant": row.tenant, "person": row.person, "model": row.model}
    return {**who, **tokens, "estimated": row.estimated}


def entry(row: Entry) -> Row:
    """An audit row."""
    return {
        "at": moment(row.at),
        "tenant": row.tenant,
        "person": row.person,
        "place": row.place,
        "conversation": row.conversation,
        "action": str(row.action),
        "outcome": str(row.outcome),
        "model": row.model,
        "input": row.input_tokens,
        "output": row.output_tokens,
        "sources": row.sources,
        "dropped": row.dropped,
        "millis": row.millis,
    }


def rule(name: str, found: Rule | None) -> Row:
    """A rule as it holds; `by` is empty for one that nobody has set."""
    if found is None:
        return {"name": name, "value": RULES[name][0], "at": "", "by": ""}
    return {"name": name, "value": found.value, "at": moment(found.at), "by": found.by}


def moment(time: datetime) -> str:
    """A time to the second."""
    return time.isoformat(timespec="seconds")


def show(rows: Iterable[Row], say: Say, as_json: bool) -> int:
    """Print rows, as JSON or in columns under their names."""
    found = list(rows)
    for line in map(json.dumps, found) if as_json else columns(found):
        say(line)
    return 0


def columns(rows: Sequence[Row]) -> Iterator[str]:
    """Rows as aligned text; a word where there is none."""
    if not rows:
        yield "none"
        return
    table = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


if __name__ == "__main__":
    arguments(sys.argv[1:])
    app = Path(__file__).resolve().parents[1] / "app.py"
    # Not an import, which would run upwards: this process becomes the other one, with its environment as it is.
    os.execv(sys.executable, [sys.executable, str(app), "admin", *sys.argv[1:]])  # noqa: S606
