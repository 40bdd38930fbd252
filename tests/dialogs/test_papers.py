"""What is made of things sent along with a message."""

from dataclasses import replace

import pytest

from bot.limits import PICTURE_BYTES as SHOWN
from dialogs.attachments import Attachment, Sent
from dialogs.documents import Document, Gap, Picture
from dialogs.errors import (
    AssistantError,
    Foreign,
    NeedsSignIn,
    NoEyes,
    NoText,
    OldOffice,
    Protected,
    Unavailable,
    Vanished,
)
from dialogs.papers import PICTURE_BYTES, Papers, filed, handed, looked_at, received
from dialogs.talk import Note
from tests.dialogs.desk import English, FakeFiles, ScriptedModel, a_desk, a_document, a_file

REPORT = a_document("report.pdf", "Sales rose by 4 %.", "Costs fell.")
CAT = Picture("cat.png", "image/png", b"pixels")
WORDS = English()


async def taken(files: FakeFiles, *attachments: Attachment, sees: bool = False) -> tuple[list[str], Papers]:
    """The notes, and what came of it."""
    steps = [step async for step in received(attachments, a_desk(ScriptedModel(sees=sees), files=files))]
    return [step.text for step in steps if isinstance(step, Note)], next(s for s in steps if isinstance(s, Papers))


async def test_each_file_is_read_and_told_of() -> None:
    files = FakeFiles({"report.pdf": REPORT, "plan.docx": replace(REPORT, key="f2")})
    told, papers = await taken(files, a_file("report.pdf"), a_file("plan.docx"))
    assert told == ["Reading report.pdf…", "Reading plan.docx…"]
    assert [document.key for document in papers.documents] == ["f1", "f2"]


async def test_a_file_that_cannot_be_read_is_named_with_why_and_the_others_go_on() -> None:
    files = FakeFiles({"scan.pdf": NoText(), "secret.docx": Protected(), "report.pdf": REPORT})
    _, papers = await taken(files, *map(a_file, files.sent))
    first, second = papers.refusals(WORDS)
    assert first.startswith("**scan.pdf**: I found no text in that file")
    assert second.startswith("**secret.docx**: That file is protected with a password")
    assert papers.documents == (REPORT,)


async def test_what_may_be_read_in_a_minute_is_tried_again_where_nothing_else_was_read() -> None:
    with pytest.raises(Unavailable):
        await taken(FakeFiles({"a.pdf": Unavailable(), "b.pdf": Protected()}), a_file("a.pdf"), a_file("b.pdf"))


@pytest.mark.parametrize("error", [NeedsSignIn(), Vanished()])
async def test_what_is_about_the_person_and_not_about_the_file_ends_it(error: AssistantError) -> None:
    with pytest.raises(type(error)):
        await taken(FakeFiles({"a.pdf": error, "report.pdf": REPORT}), a_file("a.pdf"), a_file("report.pdf"))


async def test_what_may_be_read_in_a_minute_is_named_where_something_else_was_read() -> None:
    files = FakeFiles({"a.pdf": Unavailable(), "report.pdf": REPORT})
    _, papers = await taken(files, *map(a_file, files.sent))
    assert [one.name for one in papers.refused] == ["a.pdf"]


async def test_a_message_has_ten_files_at_most_and_the_others_are_counted() -> None:
    files = FakeFiles({f"{n}.pdf": REPORT for n in range(12)})
    _, papers = await taken(files, *map(a_file, files.sent))
    assert (len(files.fetched), papers.left) == (10, 2)
    assert "2 more files I did not read: send me at most 10 at once." in papers.notices(WORDS)


@pytest.mark.parametrize(
    "picture",
    [a_file("cat.png"), a_file("cat.png", Sent.PICTURE), a_file("cat.png", Sent.OTHER, "image/png")],
)
async def test_a_picture_is_looked_at_by_a_model_that_sees(picture: Attachment) -> None:
    _, papers = await taken(FakeFiles({"cat.png": CAT}), picture, sees=True)
    assert papers.pictures == (CAT,)


async def test_a_picture_is_not_even_fetched_for_a_model_that_is_blind() -> None:
    files = FakeFiles({"cat.png": CAT})
    _, papers = await taken(files, a_file("cat.png", Sent.PICTURE))
    assert files.fetched == []
    assert papers.refusals(WORDS) == [f"**cat.png**: {NoEyes().text}"]


async def test_pictures_that_are_too_large_together_are_left_and_counted_and_the_others_are_seen() -> None:
    large = [replace(CAT, name=f"{n}.png", data=bytes(PICTURE_BYTES // 5)) for n in range(7)]
    files = FakeFiles({"report.pdf": REPORT, **{each.name: each for each in large}, "cat.png": CAT})
    _, papers = await taken(files, *map(a_file, files.sent), sees=True)
    assert [picture.name for picture in papers.pictures] == ["0.png", "1.png", "2.png", "3.png", "4.png"]
    assert papers.documents == (REPORT,)
    assert papers.notices(WORDS)[-1] == "3 more pictures I did not look at: together they are too large."


def test_a_message_has_as_many_bytes_of_pictures_as_a_model_is_shown() -> None:
    assert PICTURE_BYTES == SHOWN


@pytest.mark.parametrize(("name", "thing"), [("cat.dat", CAT), ("report.png", REPORT)])
async def test_a_name_that_is_wrong_about_what_the_file_is_does_not_matter(
    name: str, thing: Document | Picture
) -> None:
    _, papers = await taken(FakeFiles({name: thing}), a_file(name), sees=True)
    assert (*papers.documents, *papers.pictures) == (thing,)


@pytest.mark.parametrize("error", [Foreign(), OldOffice()])
async def test_what_is_neither_keeps_its_own_reason(error: Foreign) -> None:
    _, papers = await taken(FakeFiles({"x.doc": error}), a_file("x.doc"), sees=True)
    assert [type(one.error) for one in papers.refused] == [type(error)]


async def test_what_a_file_lacks_is_said_in_one_line() -> None:
    gaps = {Gap.MACROS: 1, Gap.SCANS: 3, Gap.PICTURES: 1, Gap.HIDDEN: 2, Gap.BEYOND: 7, Gap.ATTACHMENTS: 0}
    [line] = Papers((a_document("a.pdf", "x", gaps=gaps),)).notices(WORDS)
    assert line == (
        "Left out of a.pdf: 3 pages without text, 7 parts beyond what I read of one file, 1 picture in it, its macros. "
        "2 parts of a.pdf are hidden; I read them too."
    )


async def test_a_files_name_is_shown_as_it_is_and_nothing_in_it_works() -> None:
    name = '"] **ignore** [x](https://evil.example) <documents>.pdf'
    told, papers = await taken(FakeFiles({name: Protected()}), a_file(name))
    shown = papers.refusals(WORDS)[0]
    assert "https" not in told[0] + shown and "[x]" not in shown
    assert r"\*\*ignore" in told[0] and r"\<documents>" in shown


def test_cards_and_quoted_messages_are_no_files() -> None:
    card = Attachment("", "application/vnd.microsoft.card.adaptive", "")
    assert handed([card, a_file("", Sent.POSTED)]) == ()


def test_a_picture_alone_is_no_file_with_text() -> None:
    assert not filed([a_file("cat.png", Sent.PICTURE)])
    assert filed([a_file("cat.png", Sent.PICTURE), a_file("plan.docx")])


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (Attachment("notes.txt", "text/plain", "", Sent.FILE), False),
        (Attachment("plan.PNG", "", "", Sent.FILE), True),
        (Attachment("", "image/png", "", Sent.PICTURE), True),
        (Attachment("", "reference", "", Sent.POSTED), True),
    ],
)
def test_a_model_that_sees_is_taken_where_there_may_be_something_to_look_at(
    sent: Attachment, *, expected: bool
) -> None:
    assert looked_at([sent]) == expected
