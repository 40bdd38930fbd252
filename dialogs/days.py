"""Weekdays and months as English, German, French, Spanish and Japanese write them.

Floor 1. A day that nobody named is the easiest thing to invent, and the hardest for a reader to notice.
"""

import re
import unicodedata

from dialogs.japanese import narrow

WEEKDAYS = (
    ("monday montag lundi lunes", "mon lun"),
    ("tuesday dienstag mardi martes", "tue tues mar"),
    ("wednesday mittwoch mercredi miercoles", "wed mer mie"),
    ("thursday donnerstag jeudi jueves", "thu thur thurs jeu jue"),
    ("friday freitag vendredi viernes", "fri ven vie"),
    ("saturday samstag sonnabend samedi sabado", "sat sam sab"),
    ("sunday sonntag dimanche domingo", "sun dim dom"),
)
MONTHS = (
    ("january januar janner janvier enero", "jan janv ene"),
    ("february februar fevrier febrero", "feb fevr"),
    ("march marz mars marzo", "mar mrz"),
    ("april avril abril", "apr avr abr"),
    ("may mai mayo", ""),
    ("june juni juin junio", "jun"),
    ("july juli juillet julio", "jul juil"),
    ("august aout agosto", "aug ago"),
    ("september septembre septiembre setiembre", "sep sept"),
    ("october oktober octobre octubre", "oct okt"),
    ("november novembre noviembre", "nov"),
    ("december dezember decembre diciembre", "dec dez dic"),
)
"""Each with its names and their short forms, without accents."""

_NAMES = {name: number for number, (names, _) in enumerate(WEEKDAYS + MONTHS) for name in names.split()}
_SHORT = [(name, number) for number, (_, short) in enumerate(WEEKDAYS + MONTHS) for name in short.split()]
_GERMAN = {name: number for number, name in enumerate(("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"))}
_PARTS = "fruh|morgen|vormittag|mittag|nachmittag|abend|nacht"
_BEGINNINGS = "".join(sorted({name[0] for name in _NAMES}))
_NAMED = re.compile(
    rf"(?<!\w)(?=[{_BEGINNINGS}][a-z]{{2}})"  # most words are no day's name, and are to be passed over fast
    rf"({'|'.join(sorted(_NAMES, key=len, reverse=True))})(?:{_PARTS})?s?(?!\w)",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(rf"(?<!\w)({'|'.join(_GERMAN)})(?=[.,]|\s\d)")
_KANJI = {name: number for number, name in enumerate("月火水木金土日")}
_JAPANESE = re.compile(r"([月火水木金土日])曜|(?<!\d)(1[0-2]|0?[1-9])月(?!間)")
_NUMERIC = re.compile(r"(?<![\d/])(?:[12]\d{3}[/-])?(\d{1,2})[/-](\d{1,2})(?![\d/])")
_BRACKETED = re.compile(r"\(([月火水木金土日])\)")
_WORDS_TOO = frozenset({"may", "march", "mars"})
"""Names that are ordinary words as well: meant only with a capital, and not where every word has one."""
_DOUBTFUL = _WORDS_TOO | {name for name, _ in _SHORT}


def named(text: str) -> set[int]:
    """The weekdays (0 is Monday) and months (7 is January) that a text names for certain."""
    return {_NAMES[hit[1].casefold()] for hit in _NAMED.finditer(_folded(text)) if _certain(hit)} | _japanese(text)


def hinted(text: str) -> set[int]:
    """The weekdays and months that a text names, or may name: short forms and ordinary words count."""
    folded = _folded(text)
    words = set(re.findall(r"[a-z]+", folded.casefold()))
    found = {_NAMES[hit[1].casefold()] for hit in _NAMED.finditer(folded)}
    found |= {number for name, number in _SHORT if name in words}
    found |= {_GERMAN[hit[1]] for hit in _ABBREVIATED.finditer(folded)}
    return found | _japanese(text) | _in_numbers(text)


def _japanese(text: str) -> set[int]:
    """`金曜日` and `11月`."""
    hits = _JAPANESE.finditer(narrow(text))
    return {_KANJI[hit[1]] if hit[1] else len(WEEKDAYS) + int(hit[2]) - 1 for hit in hits}


def _in_numbers(text: str) -> set[int]:
    """The months that dates in numbers may mean, whichever of the two comes first, and `(金)` behind them."""
    written = narrow(text).replace("（", "(").replace("）", ")")
    months = {int(part) for hit in _NUMERIC.finditer(written) for part in hit.groups()}
    days = {_KANJI[hit[1]] for hit in _BRACKETED.finditer(written)}
    return days | {len(WEEKDAYS) + month - 1 for month in months if 1 <= month <= len(MONTHS)}


def doubtful(text: str) -> bool:
    """Whether a text is a single word that names a day or month only if it is written so ("May", "Sat", "mar")."""
    return _folded(text).casefold().rstrip(".") in _DOUBTFUL


def _folded(text: str) -> str:
    """Without accents, capitals kept."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _certain(hit: re.Match[str]) -> bool:
    if hit[1].casefold() not in _WORDS_TOO:
        return True
    before = hit.string[: hit.start()].rstrip()
    return hit[1][0].isupper() and before != "" and before[-1] not in ".!?:"
