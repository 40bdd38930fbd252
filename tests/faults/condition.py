"""How well a machine is: a file that the play writes, and the bot's process on that machine reads while it runs."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

LOOK = 0.02
"""Seconds between two looks into the file."""


@dataclass(frozen=True, slots=True)
class State:
    """`clock`: seconds it is ahead. `names`: the ports for which no name is found, and whether that takes long."""

    clock: float = 0.0
    names: Mapping[int, Literal["fails", "hangs"]] = field(default_factory=dict)

    def fails(self, port: Any) -> bool:
        """Whether the resolver says at once that it cannot tell."""
        return str(port).isdecimal() and self.names.get(int(port)) == "fails"

    def hangs(self, port: Any) -> bool:
        """Whether the resolver says nothing."""
        return str(port).isdecimal() and self.names.get(int(port)) == "hangs"


def write(path: Path, state: State) -> None:
    """Whoever reads it sees the old state or the new one."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({"clock": state.clock, "names": dict(state.names)}))
    beside.replace(path)


def read(path: Path) -> State:
    """The state that stands in a file."""
    found = json.loads(path.read_text())
    return State(found["clock"], {int(port): how for port, how in found["names"].items()})


class Condition:
    """The state of this process's machine; `now` follows the file."""

    def __init__(self, path: Path) -> None:
        self.book = path.with_suffix(".pulse")
        self.now = read(path)
        threading.Thread(target=self._follow, args=(path,), daemon=True).start()

    def _follow(self, path: Path) -> None:
        while True:
            time.sleep(LOOK)
            try:
                self.now = read(path)
            except FileNotFoundError:  # the play is over
                return
