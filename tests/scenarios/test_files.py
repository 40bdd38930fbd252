"""Files that people drop into their own chat, from the front door to what stands there, and what is kept of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

import pytest
import pytest_asyncio

from bot.papers.reader import CHILDREN
from tests.bot.papers.papers import docx, paragraph, sample
from tests.bot.papers.test_bombs import LAUGHS, flat
from tests.scenarios import parcels
from tests.scenarios.firm import Firm
from tests.scenarios.parcels import POINT, address, drop, dropped, file, given, pointed, sources
from tests.scenarios.staff import Employee, newcomer, told
from tests.world.faults import Hang, moved

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str) -> AsyncIterator[Firm]:
    async with parcels.office(postgres, DAILY_TOKENS_PER_PERSON="2000000") as firm:
        yield firm


@pytest.fixture
def ada(firm: Firm) -> Employee:
    return newcomer(firm)


# asked


@dataclass(frozen=True, slots=True)
class Hanging:
    """A message whose file does not come, and who waits for it."""

    hang: Hang
    person: Employee


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hanging(firm: Firm) -> AsyncIterator[Hanging]:
    """Begun first, for it takes all the seconds that a download may; it hangs once."""
    person, hang = newcomer(firm), firm.world.drive.faults.add(Hang(), of="download")
    await firm.world.post(dropped(person, "When does it come?", file(firm, "report.docx")))
    await asyncio.wait_for(hang.reached.wait(), 10)
    yield Hanging(hang, person)
    hang.release()


async def test_others_are_answered_while_a_file_does_not_come(hanging: Hanging, ada: Employee, firm: Firm) -> None:
    answers = [await ada.say("Hello?"), await drop(ada, "And this one?", file(firm, "letter.eml"))]
    waiting = firm.answers(hanging.person.room)
    assert answers[0] and POINT in answers[1] and waiting == []


async def test_a_document_is_answered_from_with_the_places_that_it_rests_on(ada: Employee, firm: Firm) -> None:
    await drop(ada, "When does the crane come?", file(firm, "report.docx"))
    assert POINT in ada.last.text and "[1]" in ada.last.text and ada.last.ai
    assert sources(ada.last) == ["report.docx, “Risks”"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("report.pdf", "report.pdf, page 1"),
        ("talk.pptx", "talk.pptx, slide 1"),
        ("budget.xlsx", "budget.xlsx, sheet “Budget”"),
        ("letter.eml", "letter.eml"),
        ("letter.msg", "letter.msg"),
        ("report.html", "report.html"),
    ],
)
async def test_every_kind_is_cited_by_its_own_places(ada: Employee, firm: Firm, name: str, source: str) -> None:
    await drop(ada, "What does it say?", file(firm, name))
    assert [one.startswith(source) for one in sources(ada.last)] == [True]


async def test_several_kinds_in_one_message_are_answered_from_together(ada: Employee, firm: Firm) -> None:
    names = ["report.docx", "talk.pptx", "budget.xlsx", "report.pdf", "letter.eml"]
    await drop(ada, "What of the bridge?", *(file(firm, name) for name in names))
    assert given(told(ada)) == set(names) and len(sources(ada.last)) == 5


async def test_a_bad_file_is_named_with_why_and_the_good_one_answered(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "What does it say?", file(firm, "locked.pdf"), file(firm, "report.docx"))
    assert "**locked.pdf**: That file is protected with a password" in answer and POINT in answer
    assert sources(ada.last) == ["report.docx, “Risks”"]


async def test_a_file_is_what_its_content_says_and_not_its_name(ada: Employee, firm: Firm) -> None:
    await drop(ada, "What does it say?", file(firm, "report.pdf", sample("report.docx")))
    assert sources(ada.last) == ["report.pdf, “Risks”"]


async def test_macros_are_left_out_and_said(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "What does it say?", file(firm, "report.docm", parcels.macros()))
    assert "Left out of report.docm: its macros." in answer and POINT in answer
    assert "AutoOpen" not in told(ada).text


async def test_without_words_it_is_said_what_a_file_is_and_what_can_be_done(ada: Employee, firm: Firm) -> None:
    asked = len(firm.world.model.prompts)
    answer = await drop(ada, "", file(firm, "report.docx"))
    assert "**report.docx**: 3 parts" in answer and "[Summarise]" in answer and len(firm.world.model.prompts) == asked


async def test_a_file_without_words_is_summed_up_by_its_button(ada: Employee, firm: Firm) -> None:
    await drop(ada, "", file(firm, "report.docx"))
    firm.world.model.next(pointed)
    answer = await ada.press("Summarise")
    assert "**report.docx**" in answer and POINT in answer and "Read 3 of 3 parts of report.docx." in answer


async def test_summarise_alone_sums_up_the_file_that_came_with_it(ada: Employee, firm: Firm) -> None:
    firm.world.model.next(pointed)
    answer = await drop(ada, "summarise", file(firm, "report.docx"))
    assert "Key points" in answer and POINT in answer and "Read 3 of 3 parts of report.docx." in answer


async def test_a_long_document_is_summed_up_piece_by_piece_and_covered_in_pages(ada: Employee, firm: Firm) -> None:
    before = len(firm.world.model.prompts)
    usual, firm.world.model.answer = firm.world.model.answer, pointed
    answer = await drop(ada, "summarise", file(firm, "long.pdf", parcels.long()))
    firm.world.model.answer = usual
    steps = firm.world.model.prompts[before:]
    pages = {record["page"] for step in steps for record in step.documents if "page" in record}
    assert len(steps) > 2 and len(pages) == 300 and "Read 300 of 300 pages of long.pdf." in answer


async def test_a_question_to_a_long_document_is_given_a_part_of_it(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "What is on 123.4?", file(firm, "long.pdf", parcels.long()))
    assert len(told(ada).documents) < 300 and "of 300 pages: what is nearest to your question." in answer


# what cannot be read


def gone(firm: Firm) -> parcels.Sent:
    """A file that is not there any more."""
    sent = file(firm, "gone.docx", sample("report.docx"))
    firm.world.drive.expire(address(sent))
    return sent


def elsewhere(firm: Firm, name: str, to: Callable[[str], str]) -> parcels.Sent:
    """A file whose download address, changed by `to`, leads to where we have nothing to look for."""
    sent = file(firm, name, sample("report.docx"))
    return {**sent, "content": {**sent["content"], "downloadUrl": to(address(sent))}}


ALIAS = ("127.0.0.1", "localhost")
"""The host that files lie on, and another name of it, which is not listed."""
FETCH = "I could not fetch that file from where Teams keeps it. Please send it again."
LOCKED = "That file is protected with a password, so I can't open it. Please send a copy without one."
UNKNOWN = (
    "I can't read that kind of file. I read Word, PowerPoint, Excel, PDF, e-mail, web pages, Markdown, CSV, plain text and "
    "code, and pictures as PNG, JPEG, GIF or WebP. Please send it as one of these."
)
BUILT = (
    "That file is built in a way that I don't open: it unpacks to far more than it is, or points outside itself. Please save "
    "it anew and send it again."
)
BROKEN = "That file is damaged or incomplete, so I can't read it. Please send it again, or save it anew first."
REFUSED: Mapping[str, tuple[Callable[[Firm, str], parcels.Sent], str]] = {
    "locked.pdf": (file, LOCKED),
    "locked.docx": (file, LOCKED),
    "locked.xlsx": (file, LOCKED),
    "scan.pdf": (
        file,
        "I found no text in that file: its pages are pictures, as a scanner makes them. Please send one whose text can be "
        "selected.",
    ),
    "report.doc": (
        file,
        "That is a file of an old version of Office, which I can't read. Please save it in today's format (.docx, .pptx) and "
        "send it again.",
    ),
    "cut.docx": (lambda firm, name: file(firm, name, sample("report.docx")[:3000]), BROKEN),
    "empty.txt": (
        lambda firm, name: file(firm, name, b""),
        "That file is empty. Please look at it, and send me another.",
    ),
    "bomb.docx": (lambda firm, name: file(firm, name, flat(30 << 20)), BUILT),
    "laughs.docx": (lambda firm, name: file(firm, name, docx(paragraph("&l9;"), prolog=LAUGHS)), BUILT),
    "program.exe": (lambda firm, name: file(firm, name, b"MZ\x90\0" + bytes(4000)), UNKNOWN),
    "program.docx": (lambda firm, name: file(firm, name, b"\x7fELF\2\1\1" + bytes(4000)), UNKNOWN),
    "large.txt": (
        lambda firm, name: file(firm, name, b"All work. " * (2 << 20) + b"!"),
        "That file is too large: I take in at most 20 MB. Please send a smaller one, or a part of it.",
    ),
    "gone.docx": (lambda firm, name: gone(firm), FETCH),
    "metadata.docx": (
        lambda firm, name: elsewhere(firm, name, lambda _: "http://169.254.169.254/metadata/instance"),
        FETCH,
    ),
    "private.docx": (lambda firm, name: elsewhere(firm, name, lambda _: "https://10.0.0.7/report.docx"), FETCH),
    "neighbour.docx": (lambda firm, name: elsewhere(firm, name, lambda here: here.replace(*ALIAS)), FETCH),
    "disguised.docx": (
        lambda firm, name: elsewhere(
            firm, name, lambda here: here.replace(*ALIAS).replace("://", f"://{firm.world.drive.host}@")
        ),
        FETCH,
    ),
}
"""How each is sent, and what is to be read of it."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def refusals(firm: Firm) -> list[str]:
    """What is said of all of them, so many to a message as one may bring."""
    person, names = newcomer(firm), tuple(REFUSED)
    batches = [names[start : start + 10] for start in range(0, len(names), 10)]
    sent = [[REFUSED[name][0](firm, name) for name in batch] for batch in batches]
    return "\n".join([await drop(person, "", *batch) for batch in sent]).splitlines()


@pytest.mark.parametrize("name", REFUSED)
async def test_it_is_said_why_a_file_was_not_read(refusals: list[str], name: str) -> None:
    assert [line for line in refusals if line.startswith(f"**{name}**")] == [f"**{name}**: {REFUSED[name][1]}"]


async def test_a_redirect_is_not_followed(ada: Employee, firm: Firm) -> None:
    there = file(firm, "report.docx")
    firm.world.drive.faults.add(moved(address(there)), of="download")
    before = len(firm.world.drive.requests)
    answer = await drop(ada, "", file(firm, "moved.docx", sample("report.docx")))
    assert f"**moved.docx**: {FETCH}" in answer and len(firm.world.drive.requests) == before


async def test_more_files_than_ten_are_counted(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "", *(file(firm, f"{number}.txt", b"words") for number in range(12)))
    assert "**9.txt**" in answer and "**10.txt**" not in answer
    assert "2 more files I did not read: send me at most 10 at once." in answer


async def test_no_token_goes_to_where_files_lie(firm: Firm) -> None:
    assert firm.world.drive.requests and not any("Authorization" in headers for headers in firm.world.drive.requests)


# known from then on


async def test_a_follow_up_two_messages_later_knows_the_file(ada: Employee, firm: Firm) -> None:
    await drop(ada, "When does the crane come?", file(firm, "report.docx"))
    await ada.say("Thank you.")
    await ada.say("And what does the crane cost?")
    assert given(told(ada)) == {"report.docx"} and sources(ada.last) == ["report.docx, “Risks”"]


async def test_a_new_chat_does_not_know_the_file_and_the_old_one_opened_again_does(ada: Employee, firm: Firm) -> None:
    await drop(ada, "When does the crane come?", file(firm, "report.docx"))
    await ada.say("new chat")
    await ada.say("What does this document say of the crane?")
    new = given(told(ada))
    await ada.say("chats")
    await ada.press("Open")
    await ada.say("What does this document say of the crane?")
    assert new == set() and given(told(ada)) == {"report.docx"}


async def test_summarise_later_on_sums_up_the_file_that_the_chat_knows(ada: Employee, firm: Firm) -> None:
    await drop(ada, "When does the crane come?", file(firm, "report.docx"))
    firm.world.model.next(pointed)
    answer = await ada.say("summarise")
    assert "Read 3 of 3 parts of report.docx." in answer


async def test_one_persons_file_is_not_in_anothers_prompt(ada: Employee, firm: Firm) -> None:
    await drop(newcomer(firm), "When does the crane come?", file(firm, "report.docx"))
    await ada.say("What does this document say of the crane?")
    assert given(told(ada)) == set()


# handed back


async def test_an_answer_is_handed_over_as_a_document_with_its_sources(ada: Employee, firm: Firm) -> None:
    await drop(ada, "When does the crane come?", file(firm, "report.docx"))
    await ada.say("give me this as a document")
    (offer,) = ada.last.offers
    status = await ada.hand.accept()
    await ada.done()
    made = ada.hand.document(offer["name"]) or b""
    words = ZipFile(BytesIO(made)).read("word/document.xml").decode()
    assert status == 200 and len(made) == offer["content"]["sizeInBytes"]
    assert POINT in words and "report.docx, “Risks”" in words
    assert [card["name"] for one in ada.shown for card in one.files] == [offer["name"]]
    assert not any(one.offers for one in ada.shown)


async def test_an_answer_is_handed_over_as_markdown(ada: Employee, firm: Firm) -> None:
    await drop(ada, "When does the crane come?", file(firm, "report.docx"))
    await ada.say("give me this as markdown")
    (offer,) = ada.last.offers
    await ada.hand.accept()
    await ada.done()
    made = (ada.hand.document(offer["name"]) or b"").decode()
    assert offer["name"].endswith(".md") and POINT in made and "report.docx, “Risks”" in made


async def test_a_document_that_was_declined_is_dropped(ada: Employee, firm: Firm) -> None:
    await ada.say("Hello?")
    await ada.say("give me this as a document")
    status = await ada.hand.decline()
    assert status == 200
    assert await firm.rows("SELECT count(*) FROM exports WHERE person = %s", ada.person.id) == [(0,)]


async def test_where_nothing_was_answered_yet_it_is_said(ada: Employee) -> None:
    answer = await ada.say("give me this as a document")
    assert "There is no answer of mine here yet that I could put into a document." in answer
    assert not any(one.offers for one in ada.shown)


async def test_a_download_that_hangs_is_given_up_and_tried_again(hanging: Hanging, firm: Firm) -> None:
    await firm.world.teams.until(lambda: bool(firm.answers(hanging.person.room)), 45)
    await hanging.person.done()
    assert [POINT in one.text for one in firm.answers(hanging.person.room)] == [True]


async def test_files_that_do_not_come_hold_up_nobody_elses(ada: Employee, firm: Firm) -> None:
    hangs = [firm.world.drive.faults.add(Hang(), of="download") for _ in range(CHILDREN)]
    try:
        for hang in hangs:
            await firm.world.post(dropped(newcomer(firm), "When does it come?", file(firm, "report.docx")))
            await asyncio.wait_for(hang.reached.wait(), 10)
        assert POINT in await drop(ada, "When does it come?", file(firm, "report.docx"))
    finally:
        firm.world.drive.faults.clear()
        for hang in hangs:
            hang.release()
