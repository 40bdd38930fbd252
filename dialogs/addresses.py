"""The addresses that stand in a text letter by letter: what an answer may link to, if the place allows the host.

Floor 1. Only what every reader reads alike is taken: https, a host's name in plain ASCII without user, port or punycode, and
nothing in it that one program might understand differently from another. Of a mail address the same: plain ASCII, no quotes.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter

MOST = 200
"""Addresses that are taken from all texts together, and mail addresses as many again."""
LONGEST = 500
"""Characters of an address."""

_FOUND = re.compile(r"(?<![A-Za-z0-9_.+-])https://[!-~]+")
_PLAIN = re.compile(
    r"https://(?P<host>(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}(?!xn--)[a-z]{2,24})"
    r"(?:[/?#][A-Za-z0-9/?#\[\]@!$&'()*+,;=:.%~_-]*)?",
)
_CONTROL = re.compile(r"%(?:[01][0-9a-f]|7f|5c)|%(?![0-9a-f]{2})", re.IGNORECASE)
MAIL = re.compile(
    r"(?:^|(?<=[\s(<\[\"',;|*>\u3001\u3002\uff08\uff0c\uff1a\u300c]))"
    r"([A-Za-z0-9](?>(?:[A-Za-z0-9_+-]|\.(?=[A-Za-z0-9_+-])){0,63})"
    r"@(?:(?!xn--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}(?!xn--)[A-Za-z]{2,24})"
    r"(?=[.,;:!?)>\]\"'*_|]*+(?:\s|$)|[,;\u3001\u3002\uff09\uff0c\u300d])"
)
"""A mail address that is a word by itself; what hangs on to one, as `?subject=…`, makes it none."""
_MARKS = ".,;:!?'"
_AFTER = _MARKS + "*_]"


def addresses(texts: Iterable[str]) -> tuple[str, ...]:
    """The addresses that stand verbatim in the texts, in their order, each once; where one may end, both ends.

    Mail addresses come behind the others.
    """
    found: dict[str, None] = {}
    mails: dict[str, None] = {}
    for text in texts:
        for run in _FOUND.finditer(text):
            found.update(dict.fromkeys(filter(host, _ends(run[0]))))
            if len(found) >= MOST:
                break
        mails.update(dict.fromkeys(islice(map(itemgetter(1), MAIL.finditer(text)), MOST)))
        if len(found) >= MOST and len(mails) >= MOST:
            break
    return (*islice(found, MOST), *islice(mails, MOST))


def host(address: str) -> str:
    """The name of an address's host; "" for an address that nobody should be sent to."""
    plain = _PLAIN.fullmatch(address) if len(address) <= LONGEST else None
    return plain["host"] if plain and not _CONTROL.search(address) else ""


def is_mail(address: str) -> bool:
    """Whether it is a mail address by itself: pressing it sends nothing yet, and it can carry nothing."""
    return "@" in address and MAIL.fullmatch(address) is not None


def _ends(run: str) -> Iterator[str]:
    """The run of characters up to a quotation mark or bracket, without the marks of the sentence around it."""
    address = re.split(r'["<>`{}|^\\]', run, maxsplit=1)[0]
    if "\\" in run[: len(address) + 1] or len(address) > 2 * LONGEST:
        return
    bare = address.rstrip(_MARKS)
    yield bare
    bare = bare.rstrip(_AFTER)
    yield bare
    while bare.endswith(")") and bare.count(")") > bare.count("("):
        bare = bare[:-1].rstrip(_AFTER)
        yield bare
