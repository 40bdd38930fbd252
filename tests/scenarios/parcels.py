"""Files that people drop into a chat, and models that work with what they are given of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bot.papers.papers import added, docx, paragraph, pdf, sample
from tests.scenarios.firm import Firm, opened
from tests.scenarios.staff import Employee, newcomer
from tests.scenarios.stage import Stage, summary
from tests.world.activities import Activity, message
from tests.world.chat import Shown
from tests.world.completion import Asked
from tests.world.faults import refused
from tests.world.teams import streams

Sent = Mapping[str, Any]
CANARY = "CANARY-7e1b"
POINT = "The crane is late"
LINE = "The harbour crane is late by six weeks and the bridge is inspected in March."


def cited(asked: Asked) -> str:
    """A model that rests on the first passage of every file it is given; without any it says so."""
    firsts = {passage["file"]: passage["id"] for passage in reversed(asked.documents) if "file" in passage}
    return " ".join(f"{POINT} [{id}]." for id in firsts.values()) or "I was given no file."


def pointed(asked: Asked) -> str:
    """A model that sums up: a point for the first of what it is given, a passage or a point of an earlier step."""
    first = asked.documents[0]
    return summary(key_points=[{"text": f"{POINT}.", "ids": list(first.get("ids") or [first["id"]])[:1]}])


def given(asked: Asked) -> set[str]:
    """The files whose passages a model was given."""
    return {passage["file"] for passage in asked.documents if "file" in passage}


@asynccontextmanager
async def office(postgres: str, **changes: str) -> AsyncIterator[Firm]:
    """A company whose model rests on the files it is given, where nobody must sign in and answers come whole."""
    async with opened(postgres, 1, cited, None, REQUIRE_SIGN_IN="false", **changes) as firm:
        whole = refused(403, "ContentStreamNotAllowed", "Content stream is not allowed")
        firm.world.teams.faults.add(whole, when=streams, times=None)
        yield firm


def file(stage: Stage, name: str, data: bytes | None = None) -> Sent:
    """A file dropped into a personal chat; without its bytes the sample of that name."""
    return stage.world.drive.sent(name, sample(name) if data is None else data)


def address(sent: Sent) -> str:
    """Where it is downloaded."""
    return str(sent["content"]["downloadUrl"])


def dropped(person: Employee, text: str, *sent: Sent) -> Activity:
    """The message that brings files."""
    return message(person.room, person.person, text, attachments=sent)


async def drop(person: Employee, text: str, *sent: Sent) -> str:
    """Write something and drop files with it; what is to be read of the answer."""
    return await person.give(dropped(person, text, *sent))


async def settled(stage: Stage) -> Employee:
    """Somebody who has asked about a file with a marker in its name and its text."""
    person = newcomer(stage)
    await drop(person, "When does the crane come?", file(stage, f"{CANARY}.docx", marked()))
    return person


def marked() -> bytes:
    """A Word document that says the marker."""
    return docx(paragraph(f"{LINE} It is called {CANARY}."))


def macros() -> bytes:
    """A Word document with macros."""
    return added(sample("report.docx"), "word/vbaProject.bin", b"Sub AutoOpen()")


def long(pages: int = 300) -> bytes:
    """A PDF of so many pages of ten lines."""
    return pdf([") Tj 0 -14 Td (".join(f"{page}.{line} {LINE}" for line in range(10)) for page in range(pages)])


def sources(shown: Shown) -> list[str]:
    """What the citations of an answer are called."""
    return [claim["appearance"]["name"] for claim in shown.citations]


def lying_in(folders: Sequence[Path]) -> list[str]:
    """The files that lie in these folders, however deep."""
    return [str(path) for folder in folders for path in folder.rglob("*") if path.is_file()]
