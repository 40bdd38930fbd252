"""A file that ends too early is read as far as it goes, or said to be damaged; nothing crashes on it."""

import json
import subprocess
import sys

import pytest

from bot.papers.replies import FAULTS
from dialogs.errors import AssistantError, Damaged, Hollow
from tests.bot.papers.papers import read, sample

KINDS = (
    "report.docx",
    "talk.pptx",
    "budget.xlsx",
    "report.pdf",
    "letter.msg",
    "letter.eml",
    "report.odt",
    "budget.ods",
)


@pytest.mark.parametrize("name", [*KINDS, "budget.xls", "talk.odp", "locked.docx"])
def test_every_truncation_ends_in_a_document_or_in_words(name: str) -> None:
    command = (sys.executable, "-m", "tests.bot.papers.many")
    ended = subprocess.run(command, input=sample(name), capture_output=True, timeout=60)
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(answers) == 100
    assert {answer["fault"] for answer in answers if "kind" not in answer} <= set(FAULTS)
    assert AssistantError.__name__ not in {answer.get("fault") for answer in answers}


@pytest.mark.parametrize("name", ["report.docx", "talk.pptx", "budget.xlsx"])
async def test_half_a_file_of_office_is_damaged(name: str) -> None:
    data = sample(name)
    with pytest.raises(Damaged):
        await read(data[: len(data) // 2], name)


@pytest.mark.parametrize("data", [b"", b"\0" * 500, b"\xef\xbb\xbf \r\n"])
async def test_a_file_of_nothing_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(Hollow):
        await read(data, "empty.docx")
