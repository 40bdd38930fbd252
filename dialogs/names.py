"""What capitals tell of names: where one is only that of a sentence's beginning, and which stand for a person or thing.

Floor 1. No dictionary: a German noun has a capital as well, and a title gives one to every word.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import pairwise

from dialogs.days import named
from dialogs.japanese import KANJI, SCRIPT, edged, is_japanese

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LETTERS = re.compile(rf"[^\W\d_{SCRIPT}]+|[{SCRIPT}]+")
_TITLED = re.compile(rf"(?<![{KANJI}])([{KANJI}]{{2,8}})(?=さん|氏|様)")
_TITLE = re.compile("(?:さん|さま|様|氏|くん|君|ちゃん|先生|部長|課長|社長|室長|主任|チーム|部(?!分)|課(?!題)|側)")
"""What stands behind a name in Japanese, and behind little else."""
_ACRONYM = 4
"""Most letters of what is an acronym when all of them are capitals."""
_LOOK = 20
"""Characters before a word that are looked at for the beginning of its sentence."""
_BEFORE_A_SENTENCE = " \t\"'“”„«»‘’([{*_#>•–—-¿¡"
_GERMAN_WORDS = """
    aber auch auf bei beim bleibt braucht damit das dass dem der diese durch ein eine einem einen einer für
    gegen haben hatte ist jetzt kann kein keine keinen mehr mit muss müssen nach nicht noch nur oder ohne
    schon sich sie sind soll sollen sollte statt und über vom von vor vorerst weil werden wie wird wurde
    wurden zu zum zur zwischen
"""
_GERMAN = frozenset(_GERMAN_WORDS.split())
"""Words that German is full of and that English, French and Spanish do not have."""
_LITTLE_WORDS = """
    a all an and as at both but by each every for from if in no of on our some that the their these this to
    when with au aux ce cette de des dans du en et la le les leur pour par sur un une al con el los las para
    por su una y
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())
"""Words that a sentence may begin with and that are no part of a name."""
_OPENING_WORDS = """
    actually again also anyway anyways besides certainly finally fine first firstly further furthermore good great hello
    here hey hi hm hmm however indeed instead last lastly maybe meanwhile moreover next no now oh ok okay otherwise perhaps
    please probably right second secondly so sorry still sure thanks then there third today tomorrow true unfortunately
    well yeah yes yesterday
    abends allerdings ausserdem außerdem bitte danke dann doch eigentlich erstens genau gestern gut hallo heute hier ja
    jetzt klar leider morgen moin na nein schön sonst tja trotzdem übrigens vielleicht zweitens
    alors attention aujourd'hui bien bon bonjour bref demain désolé donc enfin ensuite hier merci non oui parfait pardon
    peut-être puis salut sinon super
    ahora así ayer bien bueno claro cierto gracias hola hoy luego mañana no perdón perfecto pues quizás sí también vale
"""
_OPENINGS = frozenset(_OPENING_WORDS.split())
"""Words before a comma at a sentence's beginning that call nobody."""
_SHARE = 0.04
"""Share of them in a text above which it is German."""


def tokens(text: str) -> list[str]:
    """The words of a text."""
    return _LETTERS.findall(text)


def nouns_have_capitals(text: str) -> bool:
    """Whether a text is in German, where a capital tells nothing of a name."""
    words = tokens(text)
    return sum(word in _GERMAN for word in words) > _SHARE * len(words)


def occurrences(name: str, text: str) -> Iterator[re.Match[str]]:
    """Where a name stands, in capitals or not; a number behind it, as in `Anna2`, does not make it another word."""
    pattern = (r"\s*" if is_japanese(name) else r"\s+").join(map(re.escape, name.split()))
    return re.finditer(edged(pattern, name, letters=name.isalpha()), text, re.IGNORECASE) if pattern else iter(())


def titled(name: str, text: str) -> bool:
    """Whether a Japanese text means a bearer by a name: behind an @, or with what only stands behind names."""
    return any(
        text[: found.start()].endswith("@") or _TITLE.match(text, found.end()) or _TITLE.search(found[0], 1)
        for found in occurrences(name, text)
    )


def unknown(text: str, said: str) -> bool:
    """Whether a Japanese text speaks of somebody by a name in kanji that does not end any in what was `said`."""
    known = "".join(said.split())
    return any(not _ends_known(found[1], known) for found in _TITLED.finditer(text))


def _ends_known(run: str, known: str) -> bool:
    """Kanji before a name, as of an office, are no part of it."""
    return run[-1] in "皆客" or any(run[at:] in known for at in range(len(run) - 1))


def begins(text: str, at: int) -> bool:
    """Whether the word at `at` begins a sentence, a line or an item, where every word has a capital."""
    before = text[max(0, at - _LOOK) : at].rstrip(_BEFORE_A_SENTENCE)
    return not before or before[-1] in ".!?;…\r\n"


def calls(name: str, text: str) -> bool:
    """Whether a text writes a name with a capital where no sentence begins, or behind an @, or before a comma ("Ada, …")."""
    return any(found[0][0].isupper() and _is_no_opening(found, text) for found in occurrences(name, text))


def _is_no_opening(found: re.Match[str], text: str) -> bool:
    if not begins(text, found.start()) or text[: found.start()].endswith("@"):
        return True
    return text[found.end() : found.end() + 1] == "," and found[0].casefold() not in _OPENINGS


def strangers(text: str, known: AbstractSet[str], *, german: bool) -> bool:
    """Whether two words with capitals stand in a row that are both not `known` (in small letters), as of a person.

    Not what is known by its initials, nor days and months, nor acronyms. In German the first word of a sentence does
    not count, for the second is often a noun.
    """
    pairs = pairwise(_WORD.finditer(text))
    return any(
        text[one.end() : other.start()] == " "
        and not (german and begins(text, one.start()))
        and _is_strange(one[0], known)
        and _is_strange(other[0], known)
        and (one[0][0] + other[0][0]).casefold() not in known
        for one, other in pairs
    )


def _is_strange(word: str, known: AbstractSet[str]) -> bool:
    if not word[0].isupper() or (word.isupper() and len(word) <= _ACRONYM) or named(word):
        return False
    return word.casefold() not in _LITTLE and known.isdisjoint(tokens(word.casefold()))
