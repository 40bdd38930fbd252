"""How fast files are read and how much memory the child takes: `python -m tests.load.papers`.

Each file is read by a child of its own as the bot starts it, three times; the best is told. Seconds of the processor's time
and the peak of resident memory are the kernel's own figures for that child.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import docx
from PIL import Image
from xlsxwriter import Workbook

from bot.papers import replies
from bot.papers.reader import START
from tests.bot.papers.papers import pdf

WORDS = "The harbour crane is late by six weeks and the bridge is inspected in March, says the report of Monday."
LINES, PAGES = 40, 300
TIMES = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """What one child took: seconds in all, seconds of the processor, MB at its peak, passages."""

    wall: float
    processor: float
    peak: float
    passages: int


def report() -> bytes:
    """A PDF of 300 pages of 40 lines."""
    return pdf([") Tj 0 -14 Td (".join(f"{page}.{line} {WORDS}" for line in range(LINES)) for page in range(PAGES)])


def document() -> bytes:
    """A Word document of about 200 pages: 200 headings, 6,000 paragraphs, 200 tables."""
    made, file = docx.Document(), BytesIO()
    for page in range(200):
        made.add_heading(f"Chapter {page}", 1)
        for line in range(30):
            made.add_paragraph(f"{page}.{line} {WORDS}")
        table = made.add_table(2, 3)
        for row in table.rows:
            for cell in row.cells:
                cell.text = WORDS[:20]
    made.save(file)
    return file.getvalue()


def workbook() -> bytes:
    """A workbook of 50,000 rows of 8 columns."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Figures")
        for row in range(50_000):
            sheet.write_row(row, 0, [row, "Crane", row * 1.5, "Bridge", "open", row % 7, "March", WORDS[:20]])
    return file.getvalue()


def picture() -> bytes:
    """A photograph of 12 million points."""
    file = BytesIO()
    Image.effect_mandelbrot((4_000, 3_000), (-2.0, -1.5, 1.0, 1.5), 50).convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "nothing but its start": (lambda: b"words", "document", 1),
    "PDF, 300 pages": (report, "document", PAGES),
    "Word, about 200 pages": (document, "document", 200),
    "Excel, 50,000 rows": (workbook, "document", 50_000),
    "picture, 12 million points": (picture, "picture", 1),
}
"""By name: what makes the file, what is asked, and how many pages or rows it has."""


def read(data: bytes, verb: str) -> Figures:
    """One child from its start to its end."""
    command = [sys.executable, "-I", "-S", "-B", "-c", START, *map(os.path.abspath, sys.path)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, cwd="/") as process:
        if process.stdin is None or process.stdout is None:
            raise TypeError("a child has both")
        process.stdin.write(replies.line({"verb": verb, "ending": ""}) + data)
        process.stdin.close()
        head = replies.heading(process.stdout.readline())
        while process.stdout.read(1 << 16):
            pass
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - began
    return Figures(taken, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, head.get("passages", 1))


def main() -> None:
    """All files, a line each."""
    for name, (made, verb, parts) in FILES.items():
        data = made()
        best = min((read(data, verb) for _ in range(TIMES)), key=lambda figures: figures.processor)
        print(
            f"{name}: {len(data) / 1e6:.1f} MB, {best.passages} passages, {best.wall:.2f} s, processor {best.processor:.2f} s,"
            f" {parts / best.processor:,.0f} a second, peak {best.peak:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
