"""Pictures that people paste or attach, from the front door to the model that sees them."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
import pytest_asyncio
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.bot.papers.papers import sample
from tests.scenarios import parcels
from tests.scenarios.firm import Firm
from tests.scenarios.parcels import POINT, drop, file, given
from tests.scenarios.staff import Employee, newcomer, told
from tests.world.activities import message
from tests.world.completion import Asked
from tests.world.faults import moved
from tests.world.openai import DEPLOYMENTS

pytestmark = pytest.mark.asyncio(loop_scope="session")
BLIND = "Your company has given me no language model that can see pictures."
FETCH = "I could not fetch that file from where Teams keeps it. Please send it again."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str) -> AsyncIterator[Firm]:
    async with parcels.office(postgres) as firm:
        firm.world.model.answer = seen
        yield firm


@pytest.fixture
def ada(firm: Firm) -> Employee:
    return newcomer(firm)


def seen(asked: Asked) -> str:
    """A model that says how many pictures it was shown, and rests on what files it was given."""
    return f"I see {len(asked.pictures)}. {parcels.cited(asked)}"


def pasted(firm: Firm, name: str = "drawing.png") -> parcels.Sent:
    """A picture pasted into a message."""
    return firm.world.teams.pasted(sample(name))


async def test_a_pasted_picture_is_shown_to_the_model(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "What is this?", pasted(firm))
    (picture,) = told(ada).pictures
    assert "I see 1." in answer and "What is this?" in told(ada).question
    assert picture.media_type == "image/png"


async def test_nothing_goes_to_the_model_of_a_picture_but_what_is_to_be_seen(ada: Employee, firm: Firm) -> None:
    hidden, made = PngInfo(), BytesIO()
    hidden.add_text("Comment", parcels.CANARY)
    Image.open(BytesIO(sample("drawing.png"))).save(made, "PNG", pnginfo=hidden)
    await drop(ada, "What is this?", firm.world.teams.pasted(made.getvalue()))
    (picture,) = told(ada).pictures
    assert parcels.CANARY.encode() in made.getvalue() and parcels.CANARY.encode() not in picture.data


async def test_only_the_connector_is_shown_the_token_for_it(ada: Employee, firm: Firm) -> None:
    files, pictures = len(firm.world.drive.requests), len(firm.world.teams.fetched)
    await drop(ada, "What is this?", pasted(firm), file(firm, "drawing.jpg"))
    (there,), (elsewhere,) = firm.world.teams.fetched[pictures:], firm.world.drive.requests[files:]
    assert there["Authorization"].startswith("Bearer ") and "Authorization" not in elsewhere
    assert len(told(ada).pictures) == 2


@pytest.mark.parametrize("name", ["drawing.png", "drawing.jpg", "drawing.gif", "drawing.webp"])
async def test_an_attached_picture_of_every_kind_is_shown_to_the_model(ada: Employee, firm: Firm, name: str) -> None:
    assert "I see 1." in await drop(ada, "What is this?", file(firm, name))


async def test_a_picture_without_words_is_described(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "", pasted(firm))
    assert "I see 1." in answer and "What does this picture show?" in told(ada).question


async def test_a_picture_and_a_document_are_answered_from_together(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "Does this fit?", pasted(firm), file(firm, "report.docx"))
    assert "I see 1." in answer and POINT in answer and given(told(ada)) == {"report.docx"}


async def test_a_picture_is_what_its_content_says_and_not_its_name(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "What is this?", file(firm, "notes.txt", sample("drawing.png")))
    assert "I see 1." in answer


async def test_a_picture_that_none_of_the_kinds_is_is_named_with_why(ada: Employee, firm: Firm) -> None:
    answer = await drop(ada, "What is this?", file(firm, "drawing.bmp"))
    assert "**drawing.bmp**: I can't read that kind of file." in answer and "I see 0." in answer


async def test_a_picture_is_shown_once_and_not_kept(ada: Employee, firm: Firm) -> None:
    await drop(ada, "What is this?", pasted(firm))
    await ada.say("And why?")
    assert told(ada).pictures == []
    assert await firm.rows("SELECT count(*) FROM files WHERE person = %s", ada.person.id) == [(0,)]


async def test_no_picture_is_fetched_from_elsewhere_than_the_connector(ada: Employee, firm: Firm) -> None:
    fetched = len(firm.world.drive.requests)
    sent = {**pasted(firm), "contentUrl": parcels.address(file(firm, "drawing.png"))}
    answer = await drop(ada, "", sent)
    assert FETCH in answer and len(firm.world.drive.requests) == fetched


async def test_a_pictures_redirect_is_not_followed_with_the_token(ada: Employee, firm: Firm) -> None:
    fetched = len(firm.world.drive.requests)
    firm.world.teams.faults.add(moved(parcels.address(file(firm, "drawing.png"))), of="picture")
    answer = await drop(ada, "", pasted(firm))
    assert FETCH in answer and len(firm.world.drive.requests) == fetched


async def test_a_picture_in_a_group_chat_is_shown_to_the_model(ada: Employee, firm: Firm) -> None:
    here = ada.at(firm.group())
    answer = await here.give(message(here.room, here.person, "What is this?", attachments=[pasted(firm)]))
    assert "I see 1." in answer


async def test_where_no_model_sees_it_is_said_and_the_document_answered(ada: Employee, firm: Firm) -> None:
    blind = {
        "AZURE_OPENAI_DEPLOYMENTS": DEPLOYMENTS[0],
        "AZURE_OPENAI_MODELS": f"{DEPLOYMENTS[0]}=o3-mini/DataZoneStandard",
    }
    async with firm.later(**blind) as bot:
        sent = message(ada.room, ada.person, "Does this fit?", attachments=[pasted(firm), file(firm, "report.docx")])
        answer = await firm.ended(sent, ada.room, bot)
    assert BLIND in answer.text and POINT in answer.text and told(ada).pictures == []
