"""Language and time zone of a person, as far as what their client sends can be believed.

Floor 5.
"""

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

LOCALE = "en-US"
ZONE = "UTC"

_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")


def locale_or(*named: str) -> str:
    """The first that is a BCP 47 tag, or `LOCALE`."""
    return next((one for one in named if _LOCALE.fullmatch(one)), LOCALE)


def zone_or(*named: str) -> str:
    """The first that is a known IANA time zone, or `ZONE`."""
    return next((one for one in named if one and is_zone(one)), ZONE)


def is_zone(name: str) -> bool:
    """Whether a time zone of this name is known."""
    # What is remembered is short: a cache of whatever anybody sends would hold 256 KB for each.
    return _ZONE.fullmatch(name) is not None and _is_known(name)


@lru_cache(1024)
def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a directory, a bad key, an unknown one
        return False
    return True
