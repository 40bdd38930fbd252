"""Names that resolve to what a test says, and sockets that lead nowhere."""

import socket
from typing import Any

PUBLIC = "13.107.136.10"
"""An address of SharePoint's, to which nothing is ever sent here."""


class Names:
    """A resolver whose answers follow a script; the last one goes on."""

    def __init__(self, *answers: set[str]) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    async def __call__(self, host: str) -> frozenset[str]:
        self.asked.append(host)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not answer:
            raise OSError
        return frozenset(answer)


class Sockets:
    """Makes no sockets, and remembers where they would have led."""

    def __init__(self) -> None:
        self.wanted: list[str] = []

    def __call__(self, info: Any) -> socket.socket:
        self.wanted.append(info[4][0])
        raise OSError("no way out of here")
