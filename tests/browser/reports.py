"""Reports for an administrator, as the office writes them; the figures are made up."""

from collections.abc import Mapping

from dialogs.cards import Row
from dialogs.shelves import Report

PERSON = "11111111-1111-1111-1111-111111111111"


def table(*rows: tuple[str, ...]) -> tuple[Row, ...]:
    """Rows under their head, which comes first."""
    head, *others = rows
    return (Row(head, head=True), *map(Row, others))


REPORTS: Mapping[str, Report] = {
    "overview": Report(
        "Overview",
        table(
            ("What", "Figure"),
            ("People in the last 30 days", "412"),
            ("Questions and summaries", "18,204"),
            ("Tokens", "96,410,000"),
            ("Cost", "181.20 EUR"),
            ("Waiting too long", "0"),
        ),
    ),
    "usage": Report(
        "Tokens",
        table(
            ("Day", "Model", "Department", "People", "Tokens", "Cost"),
            ("2026-11-20", "gpt-5.4", "Engineering", "88", "3,120,400", "6.24"),
            ("2026-11-20", "gpt-5.4-mini", "Rechnungswesen", "31", "410,900", "0.21"),
            ("2026-11-19", "gpt-5.4", "Engineering", "91", "2,980,100", "5.96"),
        ),
        ("Departments of fewer than five people are added up.",),
    ),
    "dead": Report(
        "Dead letters",
        table(
            ("Key", "When", "Tries", "What"),
            ("9f2c41aa", "Fri 20 Nov 17:02", "12", "Unavailable"),
            ("77be03d1", "Sat 21 Nov 08:40", "12", "TimeoutError"),
        ),
    ),
    "rules": Report(
        "Rules",
        table(
            ("Rule", "Value", "By default", "What it means"),
            ("retention_days", "30", "30", "Days for which messages and answers are kept"),
            ("daily_tokens", "200000", "200000", "Tokens that one person may use on a day"),
            ("off", "export", "", "Features that are switched off"),
        ),
    ),
    "find": Report(
        "What I keep of this person",
        table(("What", "Rows", "Since"), ("history", "214", "2026-10-27"), ("prompts", "2", "2026-11-16")),
        ("This cannot be brought back once it is erased.",),
    ),
}
