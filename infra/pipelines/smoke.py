"""Whether a Parley that was just deployed may be shown to people: what it answers at its own door, from outside.

    python -m infra.pipelines.smoke https://app-parley-staging.azurewebsites.net --release 0.1.0 --within 300

A line for each check, `ok` or `FAIL`; exit code 0 or 1. It is asked again until every check passes or the time is over,
because a slot that was just filled restarts. Only the standard library: it runs where nothing is installed.
"""

import argparse
import http.client
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 10.0
"""Seconds for one request."""
BYTES = 65_536
"""No answer that is looked at is longer."""
JUNK = b'{"type": "message", "text": "'
FAULTS = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a status (0: nothing did), the body's JSON object, and who is to prove itself how."""

    status: int
    body: Mapping[str, Any]
    challenge: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `seen` holds nothing that the other side could have made up, except names in letters."""

    says: str
    well: bool
    seen: str

    def __str__(self) -> str:
        """As the pipeline's log shows it."""
        return f"{'ok  ' if self.well else 'FAIL'}  {self.says}: {self.seen}"


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds that only grow, and a way to let some pass."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Site:
    """One Parley, by its origin. Raises `ValueError` for an address that a test should not be sent to."""

    origin: str

    def __post_init__(self) -> None:
        """TLS everywhere but on this machine."""
        parts = urlsplit(self.origin)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")
        if not safe or not parts.hostname or parts.path.strip("/") or parts.username or parts.query:
            raise ValueError("an origin looks like https://app-parley.azurewebsites.net")

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Reply:
        """One request on a connection of its own. No redirect is followed."""
        parts = urlsplit(self.origin)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            told = response.read(BYTES)
            return Reply(response.status, parsed(told), response.getheader("WWW-Authenticate", ""))
        except FAULTS:
            return Reply(0, {})
        finally:
            connection.close()


def parsed(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a body; empty for anything else."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def plain(text: object) -> str:
    """A name without anything that a log or a pipeline would obey."""
    return re.sub(r"[^\w.+-]", "?", str(text), flags=re.ASCII)[:80]


def release(site: Site) -> str:
    """The release that answers there; empty where none does, or none that says it."""
    said = site.ask("GET", "/healthz").body.get("version", "")
    return said if isinstance(said, str) else ""


def look(site: Site, wanted: str) -> Iterator[Finding]:
    """Every check, once. `wanted` is the release that must answer; empty for any."""
    alive = site.ask("GET", "/healthz")
    yield Finding("/healthz says that it lives", alive.status == 200 and alive.body.get("alive") is True, shown(alive))
    if wanted:
        said = alive.body.get("version", "nothing")
        yield Finding(f"the release is {plain(wanted)}", said == wanted, plain(said))
    ready = site.ask("GET", "/readyz")
    reasons = ", ".join(plain(name) for name in list(ready.body)[:9])
    yield Finding("/readyz has no reason against it", ready.status == 200 and not ready.body, reasons or shown(ready))
    json_type = {"Content-Type": "application/json"}
    nobody = site.ask("POST", "/api/messages", json_type, b"{}")
    yield Finding("a message without a token is refused", refused(nobody), shown(nobody))
    forged = site.ask("POST", "/api/messages", json_type | {"Authorization": "Bearer a.b.c"}, JUNK)
    yield Finding("junk with a forged token is refused", refused(forged), shown(forged))
    lost = site.ask("GET", "/.env")
    yield Finding("nothing else is there", lost.status == 404, shown(lost))


def refused(reply: Reply) -> bool:
    """401, and nothing looser."""
    return reply.status == 401 and reply.challenge.startswith("Bearer")


def shown(reply: Reply) -> str:
    """A status in words."""
    return str(reply.status) if reply.status else "no answer"


def examine(site: Site, wanted: str, within: float, clock: Clock, every: float = 5.0) -> tuple[Finding, ...]:
    """The findings of the first look at which all is well, or of the last one before `within` seconds are over."""
    until = clock.now() + within
    while True:
        findings = tuple(look(site, wanted))
        if all(each.well for each in findings) or clock.now() + every > until:
            return findings
        clock.pause(every)


def arguments(argv: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="smoke", description="Ask a deployed Parley whether it may serve.")
    parser.add_argument("origin", help="https://HOST, without a path")
    parser.add_argument("--release", default="", help="the version that must answer")
    parser.add_argument("--within", type=float, default=300.0, help="seconds until it must be well")
    return parser.parse_args(argv)


def main(argv: list[str], clock: Clock | None = None) -> int:
    """0 where all is well, 1 where not, 2 for an address that cannot be one."""
    asked = arguments(argv)
    try:
        site = Site(asked.origin)
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    findings = examine(site, asked.release, asked.within, clock or Clock())
    print(*findings, sep="\n")
    return int(not all(each.well for each in findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
