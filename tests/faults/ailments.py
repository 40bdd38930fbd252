"""What may be wrong with a resource of Azure OpenAI, as what is done to its double."""

from collections.abc import Callable
from functools import partial

from aiohttp import web

from tests.world.completion import Asked, End, Reply
from tests.world.door import Answer, Call, Fault
from tests.world.faults import Hang, drop, garbage, moved, refused, status, throttled
from tests.world.openai import Hold, ModelDouble, filtered

Met = Callable[[str], None]
"""Told each question with which a resource is asked, when it is."""
Ailment = Callable[[ModelDouble, Met], None]
ANSWER = "A lease is a promise that ends by itself when nobody renews it."
RESETS = {"x-ratelimit-reset-requests": "6", "x-ratelimit-reset-tokens": "8"}
MANY = 7
"""Seconds for which a resource that has too much to do asks to be left alone."""


def refusing(fault: Fault) -> Ailment:
    """It always refuses so."""

    def ail(double: ModelDouble, met: Met) -> None:
        async def play(call: Call, answer: Answer) -> web.StreamResponse:
            met(Asked("", call.json["messages"], {}).question)
            return await fault(call, answer)

        saying(lambda: Reply(ANSWER))(double, met)
        double.faults.add(play, of="chat", times=None)

    return ail


def saying(make: Callable[[], Reply]) -> Ailment:
    """It always answers so."""

    def ail(double: ModelDouble, met: Met) -> None:
        def said(asked: Asked) -> Reply:
            met(asked.question)
            return make()

        double.answer = said

    return ail


well = saying(lambda: Reply(ANSWER))


def broken(end: End, pieces: int) -> Ailment:
    """Its streams break after so many pieces."""
    return saying(partial(Reply, ANSWER, end=end, pieces=pieces))


def hanging() -> Ailment:
    """It takes the request and never answers."""
    return refusing(Hang())


def mute() -> Ailment:
    """It sends the headers and nothing else."""
    return saying(lambda: Reply(ANSWER, mute=Hold(at=-1)))


def silent(at: int) -> Ailment:
    """It falls silent before that piece."""
    return saying(lambda: Reply(ANSWER, pause=Hold(at=at)))


BEGINS: dict[str, Ailment] = {
    "429 with Retry-After": refusing(throttled(MANY)),
    "429 with retry-after-ms": refusing(throttled(millis=MANY * 1_000)),
    "429 with the limits' reset alone": refusing(status(429, headers=RESETS)),
    "429 without headers (capacity)": refusing(refused(429, "EngineOverloaded")),
    "500": refusing(status(500)),
    "502, a page": refusing(garbage(502)),
    "503": refusing(refused(503, "ServiceUnavailable")),
    "504": refusing(status(504)),
    "408": refusing(status(408)),
    "401": refusing(refused(401, "401")),
    "403": refusing(refused(403, "PermissionDenied")),
    "redirect": refusing(moved("http://127.0.0.1:9/")),
    "200, a page": refusing(garbage()),
    "connection broken": refusing(drop),
    "silence before the first byte": hanging(),
    "silence after the headers": mute(),
    "cut before the first word": broken("cut", 0),
    "malformed before the first word": broken("malformed", 0),
    "an error before the first word": broken("error", 0),
    "an empty answer": saying(lambda: Reply("")),
    "an answer of spaces": saying(lambda: Reply(" \n ")),
    "deployment gone": refusing(refused(404, "DeploymentNotFound")),
}
"""Before anything is said: another resource answers in its place."""
MIDDLE: dict[str, Ailment] = {
    "cut in the middle": broken("cut", 3),
    "malformed in the middle": broken("malformed", 3),
    "an error in the middle": broken("error", 3),
    "silence in the middle": silent(3),
}
"""When something has been said."""
FILTERS: dict[str, Ailment] = {
    "filtered before": refusing(filtered("violence")),
    "filtered in the middle": saying(lambda: Reply(ANSWER, finish="content_filter")),
}
