import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.telemetry import Event, Lines, Log, hashed

ROOT = Path(__file__).parents[2]
TENANT = "11111111-2222-4333-8444-555555555555"
CANARY = "canary-7f3e"
SINGING = """
import asyncio, gc, logging, sys, threading, warnings
from bot.telemetry import Event, Log, configure

configure(sys.stdout.write)
CANARY = "canary-7f3e"

def sing():
    raise ValueError(CANARY)

class Bird:
    def __str__(self):
        raise RuntimeError(CANARY)
    def __del__(self):
        raise OSError(CANARY)

foreign = logging.getLogger("openai." + "client")
foreign.setLevel(logging.DEBUG)
for level in (logging.DEBUG, logging.ERROR):
    foreign.log(level, "Request options: %s", CANARY, extra={"body": CANARY})
foreign.error(CANARY + " %d", CANARY)
logging.getLogger(CANARY + " as a name").warning("x")
logging.getLogger("bot.worker").warning(CANARY)
warnings.warn(CANARY)
Log("bot.worker").event(Event.FAILED, tenant=CANARY, person=CANARY, conversation=CANARY, activity=CANARY)
try:
    sing()
except ValueError as error:
    Log("bot.worker").event(Event.FAILED, error=error)
    foreign.exception(CANARY)
thread = threading.Thread(target=sing, name=CANARY)
thread.start()
thread.join()
foreign.error("%s", Bird())
gc.collect()

async def forgotten():
    asyncio.create_task(asyncio.to_thread(sing), name=CANARY)
    await asyncio.sleep(0.05)
    gc.collect()

asyncio.run(forgotten())
sing()
"""


class Kept(logging.Handler):
    """Keeps the lines that a handler would write."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Lines())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def kept() -> Iterator[Kept]:
    logger, keeping = logging.getLogger("bot.test"), Kept()
    logger.addHandler(keeping)
    logger.setLevel(logging.INFO)
    yield keeping
    logger.removeHandler(keeping)
    logger.setLevel(logging.NOTSET)


@pytest.fixture(scope="module")
def sung() -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SINGING], capture_output=True, text=True, cwd=ROOT, timeout=30)


def test_a_line_says_what_happened_and_to_whom_by_id(kept: Kept) -> None:
    Log("bot.test").event(Event.ANSWERED, tenant=TENANT, conversation="19:x@thread.tacv2", millis=12, status=200)
    assert [{**line, "time": ""} for line in kept.lines] == [
        {
            "time": "",
            "level": "info",
            "logger": "bot.test",
            "event": "activity answered",
            "tenant": TENANT,
            "conversation": hashed("19:x@thread.tacv2"),
            "millis": 12,
            "status": 200,
        }
    ]


def test_a_time_is_written_in_utc(kept: Kept) -> None:
    Log("bot.test").event(Event.READY)
    assert kept.lines[0]["time"].endswith("+00:00")


def test_what_is_not_an_entra_id_is_hashed(kept: Kept) -> None:
    Log("bot.test").event(Event.ANSWERED, person="Ada Lovelace")
    assert kept.lines[0]["person"] == hashed("Ada Lovelace")


def test_an_error_is_its_type_and_its_place_in_our_own_code(kept: Kept) -> None:
    from bot.settings import Unfit, read

    try:
        read({}, local=False)
    except Unfit as error:
        Log("bot.test").event(Event.FAILED, error=error)
    assert kept.lines[0]["error"] == "Unfit"
    assert [place.partition(":")[0] for place in kept.lines[0]["at"]] == ["bot/settings.py"]


def test_no_content_reaches_the_log_on_any_path(sung: subprocess.CompletedProcess[str]) -> None:
    assert CANARY not in sung.stdout
    assert sung.stderr == ""


def test_every_line_is_an_object(sung: subprocess.CompletedProcess[str]) -> None:
    lines = [json.loads(line) for line in sung.stdout.splitlines()]
    assert {line["event"] for line in lines} == {"library", "turn failed", "uncaught exception"}


def test_an_exception_that_nobody_caught_ends_the_process_and_leaves_its_type(
    sung: subprocess.CompletedProcess[str],
) -> None:
    last = json.loads(sung.stdout.splitlines()[-1])
    assert (sung.returncode, last["level"], last["error"]) == (1, "critical", "ValueError")


def test_the_exception_of_a_foreign_record_is_named(sung: subprocess.CompletedProcess[str]) -> None:
    lines = [json.loads(line) for line in sung.stdout.splitlines()]
    assert {line.get("error") for line in lines if line["logger"] == "openai.client"} == {None, "ValueError"}
