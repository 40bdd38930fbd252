"""Whom the assistant knows: their alias in the audit, their settings, and whether they removed the assistant.

Floor 6.
"""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from bot.answers import preferences_of, preferred_as
from bot.store.changes import Frame, Written
from bot.store.keys import key
from bot.store.pool import Pool
from bot.store.sealing import UNREADABLE
from bot.store.statements import statement
from dialogs.changes import Left, Preferred, Returned
from dialogs.preferences import USUAL, Preferences

WEEK = timedelta(days=7)
"""How old what is known of a department may get."""

OWN = "tenant = %(tenant)s::text AND person = %(person)s::text"

KNOWN = statement(f"""
    WITH moved AS (
        UPDATE people SET chat = %(chat)s::text WHERE {OWN} AND %(chat)s::text NOT IN ('', chat)
    )
    SELECT alias, settings, department, gone, looked FROM people WHERE {OWN}
""")  # noqa: S608
MET = statement("""
    INSERT INTO people AS p (tenant, person, chat) VALUES (%(tenant)s, %(person)s, %(chat)s)
    ON CONFLICT (tenant, person) DO UPDATE SET chat = coalesce(nullif(excluded.chat, ''), p.chat)
    RETURNING alias, settings, department, gone, looked
""")
NUMBER = """
    CASE WHEN pg_input_is_valid(settings, 'jsonb')
        THEN coalesce(substring(settings::jsonb #>> '{preferences,number}' FROM '^[0-9]{1,9}$')::int, 0) ELSE 0 END
"""
"""Settings that are none have none: otherwise nobody could ever mend them."""
PREFERRED = statement(f"""
    UPDATE people SET settings = CASE
        WHEN settings = '' OR {NUMBER} < %(number)s::int THEN %(settings)s::text
        ELSE jsonb_set(%(settings)s::jsonb, '{{preferences,number}}', to_jsonb({NUMBER} + 1))::text
    END
    WHERE {OWN}
""")  # noqa: S608
"""Of two changes at the same time the later one holds, under a number of its own: no card that was made before it fits."""
LEFT = statement(f"UPDATE people SET gone = %(at)s::timestamptz WHERE {OWN}")  # noqa: S608
RETURNED = statement(f"UPDATE people SET gone = NULL WHERE {OWN} AND gone IS NOT NULL")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Known:
    """A person as they are known. `alias` stands for them in the audit; `gone` is when they removed the assistant, `looked` when
    the company's directory was asked for their department."""

    alias: str
    settings: Preferences = USUAL
    department: str = ""
    gone: datetime | None = None
    looked: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Whether the directory may be due to be asked for their department again."""
        return self.looked is None or not timedelta() <= now - self.looked < WEEK


NOBODY = Known("")


class People:
    """Everybody who ever turned to the assistant. Raises `StoreAway`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def known(self, tenant: str, person: str, chat: str = "") -> Known:
        """The person, who is known from now on; `chat` is their one-to-one conversation where they write there."""
        if not person:
            return NOBODY
        values = {"tenant": key(tenant), "person": key(person), "chat": key(chat)}
        rows = await self._pool.run(KNOWN, **values) or await self._pool.run(MET, **values)
        return found(*rows[0])


def found(alias: str, settings: str, department: str, gone: datetime | None, looked: datetime | None) -> Known:
    """The person of a row."""
    return Known(alias, read(settings), department, gone, looked)


def read(settings: str) -> Preferences:
    """The settings that are kept; the usual ones where another program wrote them, or nobody who knew what they are."""
    if not settings:
        return USUAL
    try:
        found = preferences_of(settings)
    except UNREADABLE:
        return USUAL
    kinds = [type(value) for value in astuple(USUAL)]
    return found if [type(value) for value in astuple(found)] == kinds else USUAL


def preferred(change: Preferred, frame: Frame) -> Written:
    """How the person wants to be answered from now on."""
    settings = preferred_as(change.preferences)
    return [(PREFERRED, {**_own(frame), "settings": settings, "number": change.preferences.number})]


def left(change: Left, frame: Frame) -> Written:
    """Since when the person does not have the assistant any more."""
    return [(LEFT, {**_own(frame), "at": frame.at})]


def returned(change: Returned, frame: Frame) -> Written:
    """The person has it again."""
    return [(RETURNED, _own(frame))]


def _own(frame: Frame) -> dict[str, str]:
    return {"tenant": frame.claim.tenant, "person": key(frame.person)}
