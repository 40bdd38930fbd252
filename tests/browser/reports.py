"""The office of a made-up company: what its ledger and estate know, of which the product's own reports are written."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from bot.audit import Action, Actor, Entry, Outcome
from bot.office import Office, Rooms
from bot.settings import Settings, read
from bot.store.estate import Estate
from bot.store.ledger import Dead, Filtered, Grouping, Hold, Ledger, Liked, Spent, Used
from bot.store.rows import Claim, Phase, Rule
from bot.store.spool import Spool
from dialogs.ports import Words
from dialogs.shelves import Holding
from dialogs.talk import Person

PERSON = "11111111-1111-1111-1111-111111111111"
ADMIN = "22222222-2222-2222-2222-222222222222"
TENANT = "33333333-3333-3333-3333-333333333333"
TODAY = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LARGE, SMALL = "gpt-5.4", "gpt-5.4-mini"
SETTINGS = read(
    {
        "DATABASE_URL": "postgresql://parley@db.postgres.database.azure.com/parley?sslmode=verify-full",
        "MICROSOFT_APP_ID": ADMIN,
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "AZURE_OPENAI_ENDPOINTS": "https://parley-eu.openai.azure.com",
        "AZURE_OPENAI_DEPLOYMENTS": f"{LARGE},{SMALL}",
    },
    local=False,
)


class Books(Ledger):
    """What was used, done, found, said, given up, decided and held."""

    def __init__(self) -> None:
        """Of no database."""

    async def usage_report(self, days: int, tenant: str | None = None) -> tuple[Spent, ...]:
        return (_spent(LARGE, 520_000 * days), _spent(SMALL, 210_000 * days))

    async def used(self, days: int, by: Grouping, tenant: str | None = None) -> tuple[Used, ...]:
        return tuple(_used(*row) for row in USED[by])

    async def filters(self, days: int, tenant: str | None = None) -> tuple[Filtered, ...]:
        return (
            Filtered(TENANT, _ago(1), "prompt.jailbreak=detected", 2),
            Filtered(TENANT, _ago(1), "answer.violence=low", 1),
            Filtered(TENANT, _ago(4), "blocked", 1),
        )

    async def feedback(self, days: int, tenant: str | None = None) -> tuple[Liked, ...]:
        return (
            Liked(TENANT, _ago(0), LARGE, 31, 2, 4),
            Liked(TENANT, _ago(0), SMALL, 12, 3, 1),
            Liked(TENANT, _ago(1), LARGE, 44, 5, 7),
        )

    async def dead(self, limit: int, tenant: str | None = None) -> tuple[Dead, ...]:
        return (
            Dead(TENANT, "a:1", "1", TODAY - timedelta(hours=17), 12),
            Dead(TENANT, "a:2", "2", TODAY - timedelta(hours=1), 12),
        )

    async def audit_rows(self, limit: int, tenant: str | None = None) -> tuple[Entry, ...]:
        return (
            _entry(1, ADMIN, Action.RULE, Actor.ADMIN, rule="guests"),
            _entry(4, PERSON, Action.SUMMARY),
            _entry(9, PERSON, Action.ANSWER, outcome=Outcome.BLOCKED),
            _entry(50, "", Action.HOLD, Actor.OPERATOR, subject=PERSON),
        )

    async def rules(self, tenant: str) -> tuple[Rule, ...]:
        return tuple(Rule(name, value, TODAY - 9 * DAY, ADMIN) for name, value in RULES.items())

    async def holds(self, tenant: str | None = None) -> tuple[Hold, ...]:
        return (Hold(TENANT, PERSON, TODAY - 30 * DAY, ADMIN),)


class People(Estate):
    """Somebody of whom something is kept, and nothing is held."""

    __slots__ = ()

    def __init__(self) -> None:
        """Of no database."""

    async def holdings(self, tenant: str, person: str, usage: timedelta) -> tuple[Holding, ...]:
        return (
            Holding("history", 214, TODAY - 25 * DAY),
            Holding("prompts", 2, TODAY - 5 * DAY),
            Holding("people", 1, TODAY - 25 * DAY),
            Holding("audit", 214, TODAY - 25 * DAY),
        )

    async def known(self, tenant: str, person: str) -> bool:
        return True

    async def held(self, tenant: str, person: str) -> bool:
        return False

    async def halt(self, tenant: str, person: str, conversation: str) -> int:
        return 0


class Shut(Spool):
    """Nothing is written down for anybody here."""

    def __init__(self) -> None:
        """Of no database."""


def office(words: Words, settings: Settings = SETTINGS) -> Office:
    """What an administrator is told in these words."""
    rooms = Rooms(settings, Books(), People(), Shut(), lambda: TODAY)
    claim = Claim(TENANT, "a:admin", "1", 1, 0, b"", Phase.ACCEPTED, 0)
    return Office(rooms, claim, Person(ADMIN, TENANT), words)


def _ago(days: int) -> date:
    return (TODAY - days * DAY).date()


def _spent(model: str, tokens: int) -> Spent:
    return Spent(TENANT, PERSON, TODAY.date(), model, 90, tokens * 4 // 5, tokens // 5, 0, False)


def _used(group: str | None, model: str, people: int, tokens: int) -> Used:
    return Used(TENANT, group, model, people, people * 3, tokens * 4 // 5, tokens // 5, 0, False)


def _entry(minutes: int, person: str, action: Action, actor: Actor = Actor.USER, **more: str | Outcome) -> Entry:
    found = {"outcome": Outcome.OK, **more}
    at = TODAY - timedelta(minutes=minutes)
    return Entry(at, TENANT, person, "personal", "", action, actor=actor, **found)  # type: ignore[arg-type]


USED: Mapping[Grouping, tuple[tuple[str | None, str, int, int], ...]] = {
    "day": (
        (_ago(0).isoformat(), LARGE, 88, 3_120_400),
        (_ago(0).isoformat(), SMALL, 31, 410_900),
        (_ago(1).isoformat(), LARGE, 91, 2_980_100),
    ),
    "model": ((LARGE, LARGE, 212, 71_300_800), (SMALL, SMALL, 97, 9_044_100)),
    "department": (
        ("Engineering", LARGE, 88, 31_200_400),
        ("Rechnungswesen", SMALL, 31, 4_109_000),
        ("", LARGE, 12, 980_300),
        (None, LARGE, 9, 512_700),
    ),
}
RULES = {
    "guests": "allow",
    "feature.export": "off",
    f"price.{LARGE}": "1.60/6.40 EUR",
    f"price.{SMALL}": "0.25/2.00 EUR",
}
