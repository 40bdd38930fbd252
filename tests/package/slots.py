"""A web app with a slot, an `az` that fills and swaps them, and GitHub's token office: loopback doubles that keep what they saw."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.pipelines.identity import Federated

Answer = tuple[int, dict[str, Any]]
OLD, NEW = "0.1.0", "0.2.0"


@dataclass(slots=True)
class Program:
    """What answers behind one of the two names. A `fault` is one of: silent, unready, open, banner."""

    version: str = OLD
    fault: str = ""
    falls_ill_at: float = float("inf")
    says_version: bool = True


@contextmanager
def listening(answer: Callable[[str, str, Any, str], Answer | None]) -> Iterator[str]:
    """A server on the loopback: `answer` is given method, path, body and Authorization; None closes without a word."""

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told = answer(self.command, self.path, body, self.headers.get("Authorization", ""))
            if told is None:
                self.close_connection = True
                return
            sent = json.dumps(told[1]).encode()
            self.send_response(told[0])
            if told[0] == 401:
                self.send_header("WWW-Authenticate", "Bearer")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PATCH = do

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Slots:
    """App and slot. `swaps` says what comes of each swap in turn: done, refused, or late (done, and reported as failed)."""

    app: Program = field(default_factory=Program)
    slot: Program = field(default_factory=lambda: Program("0.0.9"))
    coming: Program = field(default_factory=lambda: Program(NEW))
    swaps: list[str] = field(default_factory=list)
    refuses: str = ""
    time: float = 0.0
    said: list[str] = field(default_factory=list)
    signed_in: int = 0

    def now(self) -> float:
        return self.time

    def pause(self, seconds: float) -> None:
        self.time += seconds

    def az(self, argv: Sequence[str]) -> int:
        """What the program `az` does here; its exit code."""
        words = " ".join(argv)
        if argv[0] == "login":
            self.signed_in += 1
            return int("token of the job" not in words)
        step = next(step for step in ("upload", "slot swap", "webapp deploy") if step in words)
        self.said.append(step)
        if step == self.refuses:
            return 1
        if step == "webapp deploy":
            self.slot = self.coming
        return self._swapped() if step == "slot swap" else 0

    def _swapped(self) -> int:
        outcome = self.swaps.pop(0) if self.swaps else "done"
        if outcome != "refused":
            self.app, self.slot = self.slot, self.app
        return int(outcome != "done")

    def answer(self, program: Program, method: str, path: str) -> Answer | None:
        """What a Parley says, or one that is ill."""
        fault = program.fault or ("unready" if self.time >= program.falls_ill_at else "")
        alive: dict[str, Any] = {"alive": True} | ({"version": program.version} if program.says_version else {})
        told: dict[tuple[str, str], Answer] = {
            ("GET", "/healthz"): (200, alive),
            ("GET", "/readyz"): (503, {"database": "away"}) if fault == "unready" else (200, {}),
            ("POST", "/api/messages"): (202, {}) if fault == "open" else (401, {}),
        }
        return None if fault == "silent" else told.get((method, path), (404, {}))


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the doubles listen, and who may sign in."""

    slots: Slots
    app: str
    slot: str
    azure: str
    identity: Federated


@contextmanager
def stand(slots: Slots) -> Iterator[Stand]:
    """Serves both names, `az` by HTTP for the program that stands for it, and the tokens."""

    def azure(method: str, path: str, body: bytes, authorization: str) -> Answer:
        return 200, {"code": slots.az(json.loads(body))}

    def tokens(method: str, path: str, body: bytes, authorization: str) -> Answer:
        granted = authorization == "Bearer of the job" and path.endswith("audience=api%3A%2F%2FAzureADTokenExchange")
        return (200, {"value": "token of the job"}) if granted else (403, {})

    with ExitStack() as stack:
        app = stack.enter_context(listening(lambda m, p, b, a: slots.answer(slots.app, m, p)))
        slot = stack.enter_context(listening(lambda m, p, b, a: slots.answer(slots.slot, m, p)))
        office = stack.enter_context(listening(tokens))
        identity = Federated("client", "tenant", f"{office}/token?x=1", "of the job")
        yield Stand(slots, app, slot, stack.enter_context(listening(azure)), identity)
