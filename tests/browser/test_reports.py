"""The pictures of administrators' cards are of what the office itself writes."""

from bot.office import REPORTS
from dialogs.admin import admin
from tests.browser.gallery import SCENES, desk

REPORTED = {scene.said.partition(" ")[0] or "overview" for scene in SCENES.values() if scene.dialog is admin}


def test_every_report_of_the_office_has_its_picture() -> None:
    assert set(REPORTS) - {"find"} | {"erase"} == REPORTED


async def test_a_report_in_the_gallery_is_written_by_the_office_in_the_language_of_the_scene() -> None:
    found = desk("de")
    report = await found.office.report("overview", ())
    assert report.title == "Wie es steht"
    assert ("Tokens heute", "730.000") in [row.cells for row in report.rows]
