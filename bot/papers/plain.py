"""Files that are text as they are: plain, Markdown, code and tables.

Floor 6. Here alone a file's name is heard: text does not say what it is.
"""

import csv
import re
from io import StringIO

import charset_normalizer

from bot.papers.draft import PORTION, Draft, Reading, Sections, clean, portions, rows
from dialogs.documents import Kind
from dialogs.errors import Foreign

SAMPLE = 200_000
"""Bytes by which an encoding is guessed."""
MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
"""What a text in Unicode may begin with."""
WIDE = ("utf-16", "utf-32")
REPLACED = "\ufffd"
"""What stands for bytes that are no character."""
ENCODINGS = (
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "iso8859_2",
        "iso8859_5",
        "koi8_r",
    ),
    *("cp437", "cp850", "cp852", "cp866", "mac_roman", "cp932", "euc_jp", "gb18030", "big5", "cp949", "euc_kr"),
)
"""What a text that is not Unicode may be in."""
JUNK = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
BINARY = re.compile(JUNK.pattern.encode())
MOST_JUNK = 0.001
"""Of all characters, how many may be such that no text holds."""
MARKDOWN = ("md", "markdown", "mdown")
TABLES = ("csv", "tsv", "tab")
CODE = frozenset(
    [
        "py",
        "js",
        "mjs",
        "ts",
        "tsx",
        "jsx",
        "java",
        "kt",
        "cs",
        "vb",
        "c",
        "h",
        "cc",
        "cpp",
        "hpp",
        "m",
        "mm",
        "go",
        "rs",
        "rb",
        "php",
        "pl",
        "r",
        "jl",
        "swift",
        "scala",
        "sql",
        "sh",
        "bash",
        "zsh",
        "ps1",
        "psm1",
        "bat",
        "cmd",
        "lua",
        "dart",
        "ex",
        "exs",
        "erl",
        "hs",
        "clj",
        "fs",
        "fsx",
        "groovy",
        "gradle",
        "tf",
        "bicep",
        "json",
        "jsonl",
        "yaml",
        "yml",
        "toml",
        "ini",
        "cfg",
        "conf",
        "env",
        "xml",
        "xsd",
        "xslt",
        "css",
        "scss",
        "less",
        "vue",
        "proto",
        "graphql",
        "dockerfile",
        "makefile",
        "cmake",
        "ipynb",
        "diff",
        "patch",
    ]
)
DELIMITERS = ";\t,|"
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$")
FENCE = re.compile(r"^ {0,3}(```|~~~)")
LONGEST_HEADER = PORTION // 4


def is_binary(data: bytes) -> bool:
    """Whether a file holds a byte that no text of one-byte units does."""
    return BINARY.search(data) is not None


def decoded(data: bytes) -> str:
    """The text of a file. Raises `Foreign` where it is none."""
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
    text = data.decode(encoding, "replace").rstrip(REPLACED) if encoding else guessed(data)
    # Any pair of bytes is a character in UTF-16 but for these, so a file that begins with its mark by chance shows by them.
    broken = text.count(REPLACED) if encoding in WIDE else 0
    if len(JUNK.findall(text)) + broken > MOST_JUNK * len(text):
        raise Foreign
    return text


def guessed(data: bytes) -> str:
    """The text of a file that does not say how it is encoded."""
    if b"\0" in data:
        raise Foreign
    try:
        return data.decode()
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(data[:SAMPLE], cp_isolation=list(ENCODINGS)).best()
        if best is None:
            raise Foreign from None
        return data.decode(best.encoding, "replace")


def read(text: str, ending: str) -> Reading:
    """A text by what its name makes of it."""
    if ending in MARKDOWN:
        return markdown(text)
    if ending in TABLES:
        return table(text)
    return lines(text, Kind.CODE if ending in CODE else Kind.TEXT)


def lines(text: str, kind: Kind) -> Reading:
    """Parts of a text, known by the number of the line they begin with."""
    draft = Draft(kind)
    text = clean(text)
    parts = portions(text)
    number, place = 1, 0
    for done, part in enumerate(parts):
        found = text.index(part, place)
        number += text[place:found].count("\n")
        draft.add("line", str(number), part)
        if draft.full:
            return draft.done(len(parts), len(parts) - done)
        number += part.count("\n")
        place = found + len(part)
    return draft.done(len(parts))


def markdown(text: str) -> Reading:
    """Sections by their headings; `#` within a block of code makes none."""
    sections = Sections(Draft(Kind.MARKDOWN))
    code = False
    for line in text.splitlines():
        code ^= FENCE.match(line) is not None
        found = None if code else HEADING.match(line)
        if found:
            sections.head(found[1])
        else:
            sections.line(line)
    return sections.done()


def table(text: str) -> Reading:
    """The rows of a table in parts, each with the first row repeated and known by the line it begins with."""
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        found = [(reader.line_num, " | ".join(" ".join(cell.split()) for cell in row)) for row in reader]
    except csv.Error:
        return lines(text, Kind.TABLE)
    return tabled([(number, line) for number, line in found if line.strip(" |")])


def tabled(numbered: list[tuple[int, str]]) -> Reading:
    """A table of numbered lines."""
    draft = Draft(Kind.TABLE)
    header, body = (numbered[0][1], numbered[1:]) if numbered else ("", [])
    if len(header) > LONGEST_HEADER:
        header, body = "", numbered
    parts = rows(header, [line for _, line in body])
    for done, (place, part) in enumerate(parts):
        draft.add("line", str(body[place][0] if place else 1), part)
        if draft.full:
            return draft.done(len(parts), len(parts) - done)
    return draft.done(len(parts))
