"""What is a table in Markdown, and what only looks like one."""

import pytest

from dialogs.tables import Table, table

GOOD = "| Name | Age |\n|---|:-:|\n| Ada | 36 |\n| Ben |  |"


@pytest.mark.parametrize("text", [GOOD, f"\n{GOOD}\n\n", f"```markdown\n{GOOD}\n```"])
def test_a_table_is_read(text: str) -> None:
    assert table(text) == Table(("Name", "Age"), (("Ada", "36"), ("Ben", "")))


def test_a_bar_in_a_cell_is_no_border() -> None:
    assert table("| A |\n|---|\n| x \\| y |") == Table(("A",), (("x | y",),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No table at all.",
        "| Name | Age |\n|---|---|",
        "| Name | Age |\n| Ada | 36 |",
        "| Name | Age |\n|---|---|\n| Ada |",
        "| Name | Age |\n|---|---|\n| Ada | 36 | 1 |",
        f"Here it is:\n{GOOD}",
        f"{GOOD}\nDone.",
        "|\n|\n|",
    ],
)
def test_what_is_uneven_or_not_a_table_alone_is_none(text: str) -> None:
    assert table(text) is None
