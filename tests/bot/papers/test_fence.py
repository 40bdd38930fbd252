"""Whoever takes over a parser finds no file, no socket, no program and no other process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.papers import fence

ROOT = Path(__file__).parents[3]
TRIES = """
import ctypes, json, mmap, os, signal, socket, sys
from bot.papers import fence

def tried(attempt):
    try:
        attempt()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"

libc = ctypes.CDLL(None, use_errno=True)

def called(name, *given):
    if getattr(libc, name)(*given) < 0:
        raise OSError(ctypes.get_errno(), name)

tries = {
    "internet": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "internet 6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "local socket": lambda: socket.socketpair(),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "write a file": lambda: os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT),
    "read a file": lambda: os.open("/proc/self/environ", os.O_RDONLY),
    "list a folder": lambda: os.listdir("/"),
    "look at a file": lambda: os.stat("/etc/passwd"),
    "remove a file": lambda: os.unlink(sys.argv[1]),
    "make a folder": lambda: os.mkdir(sys.argv[1]),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "spawned program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "process": os.fork,
    "kill": lambda: os.kill(os.getppid(), 0),
    "trace": lambda: called("ptrace", 16, os.getppid(), 0, 0),
    "memory of others": lambda: called("process_vm_readv", os.getppid(), 0, 0, 0, 0, 0),
    "file in memory": lambda: os.memfd_create("x"),
    "widen the bounds": lambda: called("setrlimit", 9, (ctypes.c_uint64 * 2)(2**40, 2**40)),
    "much memory": lambda: mmap.mmap(-1, 600 << 20),
    "little memory": lambda: mmap.mmap(-1, 1 << 20),
}
fence.put_up()
print(json.dumps({name: tried(attempt) for name, attempt in tries.items()}), flush=True)
sys.stdin.read()
os._exit(0)
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What came of every attempt, and the bounds that the kernel names meanwhile."""
    target = tmp_path_factory.mktemp("fence") / "made"
    command = [sys.executable, "-c", TRIES, str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        found: dict[str, str] = json.loads(process.stdout.readline())
        found["limits"] = Path(f"/proc/{process.pid}/limits").read_text()
        found["status"] = Path(f"/proc/{process.pid}/status").read_text()
        process.communicate(timeout=10)
    assert not target.exists()
    return found


REFUSED = (
    *(
        "internet",
        "internet 6",
        "local socket",
        "netlink",
        "write a file",
        "read a file",
        "list a folder",
        "look at a file",
    ),
    *("remove a file", "make a folder", "program", "spawned program", "process", "kill", "trace", "memory of others"),
    *("file in memory", "widen the bounds"),
)


@pytest.mark.parametrize("attempt", REFUSED)
def test_the_kernel_refuses(attempt: str, seen: dict[str, str]) -> None:
    assert seen[attempt] == "PermissionError"


def test_memory_is_bounded(seen: dict[str, str]) -> None:
    assert (seen["much memory"], seen["little memory"]) == ("OSError", "done")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Max cpu time", fence.PROCESSOR),
        ("Max file size", 0),
        ("Max address space", fence.MEMORY),
        ("Max core file size", 0),
        ("Max open files", 3),
    ],
)
def test_the_kernel_knows_the_bounds(name: str, value: int, seen: dict[str, str]) -> None:
    (line,) = (line for line in seen["limits"].splitlines() if line.startswith(name))
    assert line.removeprefix(name).split()[0] == str(value)


def test_no_privilege_can_be_gained(seen: dict[str, str]) -> None:
    assert "NoNewPrivs:\t1" in seen["status"]


def test_the_filter_stays(seen: dict[str, str]) -> None:
    assert "Seccomp:\t2" in seen["status"]


def test_the_calls_of_both_machines_are_as_many_as_fit_a_short_jump() -> None:
    assert all(len(set(calls)) == len(calls) < 200 for _, calls in fence.MACHINES.values())
