"""Every table that keeps something of a person, as data: what is counted, handed out and deleted is made from this.

Floor 6. A structure test compares it with the database: no table with a person in it is missing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.store.statements import Statement, statement

WHOSE = "tenant = %(tenant)s::text AND person = %(person)s::text"
ALIAS = f"tenant = %(tenant)s::text AND person = (SELECT alias FROM people WHERE {WHOSE})"  # noqa: S608
"""Whose an audit row is: once the person's row in `people` is gone, nobody's."""
BATCH = 200
"""Rows read in one go. A line of a chat has 80 kB at most."""
FEW = 4
"""The same of files, which have up to some millions of bytes."""


@dataclass(frozen=True, slots=True)
class Owned:
    """One table. `keys` name a row of the person among the others of theirs, with their types: pages are read in their order.

    `told` are the columns a person is handed, those of them that are `sealed` with the columns of their place (`Ring`)
    behind the table's and their own name. `oldest` and `expires` are expressions of a time, or NULL: how long rows with a day
    are kept are the parameters `usage` and `purses`. `batch` rows are read in one go. `packed`: what is sealed is no text.
    """

    name: str
    keys: Mapping[str, str]
    told: tuple[str, ...]
    sealed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    oldest: str = "at"
    expires: str = "expires"
    whose: str = WHOSE
    erased: bool = True
    batch: int = BATCH
    packed: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """What a page has of each row: its keys, the columns that are told, and those of the places of seals."""
        places = (column for place in self.sealed.values() for column in place)
        return tuple(dict.fromkeys((*self.keys, *self.told, *places)))

    @property
    def count(self) -> str:
        """A query for how many rows there are, since when, and when the first and last of them expire."""
        return f"""
            SELECT
                '{self.name}', count(*), min({self.oldest})::timestamptz, min({self.expires})::timestamptz,
                (CASE WHEN count(*) = count({self.expires}) THEN max({self.expires}) END)::timestamptz
            FROM {self.name} WHERE {self.whose}
        """  # noqa: S608

    def page(self, *, onward: bool) -> Statement:
        """The first rows, or those after the row whose keys are the parameters `after_…`."""
        after = ", ".join(f"%(after_{name})s::{kind}" for name, kind in self.keys.items())
        beyond = f"AND ({', '.join(self.keys)}) > ({after})" if onward else ""
        return statement(f"""
            SELECT {", ".join(self.columns)} FROM {self.name} WHERE {self.whose} {beyond}
            ORDER BY {", ".join(self.keys)} LIMIT %(limit)s
        """)  # noqa: S608


OWNED: tuple[Owned, ...] = (
    Owned("people", {}, ("alias", "department", "settings", "at", "gone"), expires="NULL::timestamptz"),
    Owned(
        "history",
        {"seq": "bigint"},
        ("conversation", "chat", "role", "at", "expires", "text", "cites"),
        {"text": ("tenant", "conversation", "person"), "cites": ("tenant", "conversation", "person")},
    ),
    Owned(
        "files",
        {"conversation": "text", "chat": "bigint", "activity": "text", "number": "integer"},
        ("conversation", "chat", "at", "expires", "body"),
        {"body": ("tenant", "conversation", "person", "chat", "activity", "number")},
        batch=FEW,
        packed=True,
    ),
    Owned(
        "titles",
        {"conversation": "text", "chat": "bigint"},
        ("conversation", "chat", "at", "title"),
        {"title": ("tenant", "conversation", "person", "chat")},
        expires="NULL::timestamptz",
    ),
    Owned(
        "prompts",
        {"id": "text"},
        ("team", "at", "name", "text"),
        {"name": ("tenant", "person", "id"), "text": ("tenant", "person", "id")},
        expires="NULL::timestamptz",
    ),
    Owned(
        "feedback",
        {"conversation": "text", "message": "text"},
        ("conversation", "message", "liked", "model", "outcome", "at", "expires", "text"),
        {"text": ("tenant", "person", "conversation", "message")},
    ),
    Owned(
        "inbox",
        {"conversation": "text", "activity": "text"},
        ("conversation", "at", "due", "outcome", "expires", "body"),
        {"body": ("tenant", "conversation", "activity")},
    ),
    Owned(
        "shares",
        {"key": "text"},
        ("place", "posted", "expires", "answer"),
        {"answer": ("tenant", "person", "key")},
        oldest="NULL::timestamptz",
    ),
    Owned(
        "digests", {"home": "text"}, ("home", "schedule", "chat", "place", "since", "at"), expires="NULL::timestamptz"
    ),
    Owned("visits", {"home": "text"}, ("home", "at", "expires")),
    Owned(
        "usage",
        {"day": "date", "model": "text", "conversation": "text"},
        ("day", "model", "conversation", "calls", "input", "output", "cached", "estimated"),
        oldest="day",
        expires="day + %(usage)s::interval",
    ),
    Owned("purses", {"day": "date"}, ("day", "used", "warned"), oldest="day", expires="day + %(purses)s::interval"),
    Owned("signings", {}, ("expires",), oldest="NULL::timestamptz"),
    Owned("offers", {"conversation": "text"}, ("conversation", "until"), oldest="NULL::timestamptz", expires="until"),
    Owned("exchanges", {"key": "text"}, ("at", "expires")),
    Owned("exports", {"key": "text", "number": "integer"}, ("expires",), oldest="NULL::timestamptz"),
    Owned("legal_holds", {}, ("at",), expires="NULL::timestamptz", erased=False),
    Owned(
        "audit",
        {"id": "bigint"},
        ("at", "place", "action", "outcome", "model", "input_tokens", "output_tokens", "sources", "millis", "expires"),
        whose=ALIAS,
        erased=False,
    ),
)
"""In the order in which a person is shown what is kept."""

HOLDINGS = statement(" UNION ALL ".join(owned.count for owned in OWNED))
PAGES: Mapping[str, tuple[Statement, Statement]] = {
    owned.name: (owned.page(onward=False), owned.page(onward=True)) for owned in OWNED if owned.keys
}
"""The first page of each table, and each further one."""
ALONE: Mapping[str, Statement] = {
    owned.name: statement(f"SELECT {', '.join(owned.columns)} FROM {owned.name} WHERE {owned.whose}")  # noqa: S608
    for owned in OWNED
    if not owned.keys
}
"""Of these a person has one row at most."""
