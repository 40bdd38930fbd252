"""Where everything of the local world runs: ports, folders, commands."""

import os
import shutil
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CLI = ROOT / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
LOOPBACK = "127.0.0.1"
LOWEST, HIGHEST = 1024, 65_535


class Taken(Exception):
    """A port or a folder cannot be had; the message says how to choose another."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Ports lie below 32768: above, the system gives them to outgoing connections."""

    data: Path
    bot_port: int = 3978
    playground_port: int = 26150
    page_port: int = 26151
    node: str | None = None
    bot_command: tuple[str, ...] = (sys.executable, "app.py", "--local")

    def log(self, name: str) -> Path:
        """Where the output of a process goes."""
        return self.data / f"{name}.log"

    @property
    def bot(self) -> str:
        return f"http://{LOOPBACK}:{self.bot_port}"

    @property
    def playground(self) -> str:
        return f"http://{LOOPBACK}:{self.playground_port}"

    @property
    def page(self) -> str:
        return f"http://{LOOPBACK}:{self.page_port}"


def read(environ: Mapping[str, str]) -> Layout:
    """`node` is None where the Playground cannot run. Raises `Taken` for a port that is none."""
    return Layout(
        data=(ROOT / environ.get("DATA_DIR", ".local")).resolve(),
        bot_port=port(environ, "PORT", 3978),
        playground_port=port(environ, "PLAYGROUND_PORT", 26150),
        page_port=port(environ, "PAGE_PORT", 26151),
        node=installed(),
    )


def port(environ: Mapping[str, str], name: str, usual: int) -> int:
    """The port that is asked for, or the usual one. Raises `Taken` where it is no port that everybody may open."""
    asked = environ.get(name) or str(usual)
    if not (asked.isascii() and asked.isdecimal() and LOWEST <= int(asked) <= HIGHEST):
        raise Taken(f"{name} is to be a port: a number from {LOWEST} to {HIGHEST}. Choose one: {name}={usual} make run")
    return int(asked)


def installed() -> str | None:
    """The program that runs the Playground; None where it or the Playground is missing."""
    return shutil.which("node") if CLI.exists() else None


def check_ports(layout: Layout) -> None:
    """Raises `Taken` for the first port that is in use, or asked for twice."""
    wanted = {"PORT": layout.bot_port, "PAGE_PORT": layout.page_port, "PLAYGROUND_PORT": layout.playground_port}
    for place, (name, number) in enumerate(wanted.items()):
        other = f"Choose another: {name}={number + 10} make run"
        if number in list(wanted.values())[:place]:
            raise Taken(f"Port {number} is asked for twice. {other}")
        if not free(number):
            raise Taken(f"Port {number} is in use, perhaps by another `make run`. {other}")


def check_folder(layout: Layout) -> None:
    """Makes the folder of the data. Raises `Taken` where nothing can be written there."""
    with suppress(OSError):
        layout.data.mkdir(parents=True, exist_ok=True)
        if os.access(layout.data, os.W_OK | os.X_OK):
            return
    raise Taken(f"Nothing can be written into {layout.data}. Choose another folder: DATA_DIR=~/parley make run")


def free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
