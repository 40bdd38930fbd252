"""Files where Teams hands a bot none, in channels and group chats, and where no model is that writes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.bot.papers.papers import docx, paragraph, sample
from tests.scenarios import parcels
from tests.scenarios.firm import Firm
from tests.scenarios.parcels import POINT, dropped, file, given
from tests.scenarios.staff import Employee, newcomer
from tests.scenarios.stage import honest
from tests.world.activities import Activity, message
from tests.world.bots import BotProcess
from tests.world.chat import Shown
from tests.world.people import ADA, BRUNO, CHIDI, Room, Someone

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOW = (
    "In channels and group chats Teams does not hand me files. Please send yours to me one to one; or sign in here with "
    "**sign in**, and I read it with your own rights."
)
ALONE = (
    "I can read the file on your message only with your own rights, so only you may see what I say about it. Send it to me "
    "one to one, or post it again and begin with **privately:** and then your question."
)
ASKED = "privately: when does the crane come?"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str) -> AsyncIterator[Firm]:
    """Ada has signed in, Bruno and Chidi have not."""
    async with parcels.office(postgres) as firm:
        firm.world.sign_in(ADA)
        yield firm


def rooms(firm: Firm) -> dict[str, Room]:
    """A thread of a channel and a group chat."""
    return {"thread": a_thread(firm), "group": firm.group()}


def a_thread(firm: Firm) -> Room:
    """A thread that somebody began."""
    channel = firm.channel()
    return channel.at(firm.write(channel, BRUNO, "Shall we?"))


def posted(firm: Firm, room: Room, text: str, person: Someone = ADA, readers: set[str] | None = None) -> Activity:
    """Somebody posts a file and mentions the bot: what Graph has of it, and what the bot gets."""
    shown = firm.world.drive.put(f"plan {room.conversation[-8:]}.docx", sample("report.docx"))
    if readers is not None:
        firm.world.drive.readers[shown] = readers
    entry = dict(firm.world.drive.reference(shown))
    mark = f'<attachment id="{entry["id"]}"></attachment>'
    id = firm.write(room, person, "", html=f"<p>{text}</p>{mark}", attachments=[entry])
    sent = message(room, person, text, id=id)
    sent["attachments"][-1]["content"] = f"<div>{text}</div>{mark}"
    return sent


async def answered(firm: Firm, room: Room, activity: Activity) -> list[Shown]:
    """All that an activity is answered with in its room."""
    return list((await firm.ended(activity, room)).messages)


@pytest.mark.parametrize("where", ["thread", "group"])
async def test_who_has_not_signed_in_is_told_how_to_go_on(firm: Firm, where: str) -> None:
    room, downloads = rooms(firm)[where], len(firm.world.drive.requests)
    shown = await answered(firm, room, posted(firm, room, "When does the crane come?", CHIDI))
    assert HOW in "\n".join(one.text for one in shown) and len(firm.world.drive.requests) == downloads


@pytest.mark.parametrize("where", ["thread", "group"])
async def test_among_others_the_file_is_not_read_and_it_is_said_how(firm: Firm, where: str) -> None:
    room, downloads = rooms(firm)[where], len(firm.world.drive.requests)
    shown = await answered(firm, room, posted(firm, room, "When does the crane come?"))
    assert ALONE in "\n".join(one.text for one in shown) and len(firm.world.drive.requests) == downloads
    assert given(firm.world.model.prompts[-1]) == set()


@pytest.mark.parametrize("where", ["thread", "group"])
async def test_privately_the_file_is_answered_from_to_that_person_alone(firm: Firm, where: str) -> None:
    room = rooms(firm)[where]
    shown = await answered(firm, room, posted(firm, room, ASKED))
    answers = [one for one in shown if POINT in one.text]
    assert [one.only for one in answers] == [ADA.teams] and given(firm.world.model.prompts[-1])
    assert firm.world.teams.chat(room.conversation).public == []


async def test_a_new_posts_file_is_answered_from_too(firm: Firm) -> None:
    channel = firm.channel()
    sent = posted(firm, channel, ASKED)
    thread = channel.at(sent["id"])
    sent["conversation"]["id"] = thread.conversation
    shown = await answered(firm, thread, sent)
    assert [one.only for one in shown if POINT in one.text] == [ADA.teams]


async def test_a_file_that_the_person_may_not_read_is_not_read(firm: Firm) -> None:
    room, downloads = firm.group(), len(firm.world.drive.requests)
    shown = await answered(firm, room, posted(firm, room, ASKED, readers={BRUNO.id}))
    assert len(firm.world.drive.requests) == downloads and not any(POINT in one.text for one in shown)
    assert HOW in "\n".join(one.text for one in shown)


async def test_what_was_read_with_somebodys_own_rights_is_not_kept(firm: Firm) -> None:
    room = firm.group()
    await answered(firm, room, posted(firm, room, ASKED))
    assert await firm.rows("SELECT count(*) FROM files") == [(0,)]


async def test_a_summary_among_others_is_of_the_messages_and_says_so(firm: Firm) -> None:
    room = a_thread(firm)
    firm.world.model.next(honest)
    shown = await answered(firm, room, posted(firm, room, "summarise"))
    text = "\n".join(one.text for one in shown)
    assert "I sum up what was written here, and not the file on your message" in text and "Key points" in text


async def test_a_card_or_a_quoted_message_is_no_file(firm: Firm) -> None:
    room = firm.group()
    sent = message(room, CHIDI, "When does it come?")
    sent["attachments"][-1]["content"] = '<div>When?</div><attachment id="1793610101000"></attachment>'
    shown = await answered(firm, room, sent)
    assert HOW not in "\n".join(one.text for one in shown)


# without a model that writes


@dataclass(frozen=True, slots=True)
class Quoting:
    """A firm, and the process in it that only quotes."""

    firm: Firm
    bot: BotProcess

    async def drop(self, person: Employee, text: str, *sent: parcels.Sent) -> Shown:
        """What a person is answered who writes something and drops files with it."""
        answer = await self.firm.ended(dropped(person, text, *sent), person.room, self.bot)
        return answer.messages[-1]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def quoting(firm: Firm) -> AsyncIterator[Quoting]:
    async with BotProcess(firm.environ, command=("-m", "tests.scenarios.quoting")) as bot:
        yield Quoting(firm, bot)


@pytest.fixture
def eve(firm: Firm) -> Employee:
    return newcomer(firm)


async def test_the_offline_engine_quotes_the_file_that_came_with_the_question(eve: Employee, quoting: Quoting) -> None:
    asked = len(quoting.firm.world.model.prompts)
    answer = await quoting.drop(eve, "What does the crane cost?", file(quoting.firm, "report.docx"))
    (claim,) = answer.citations[:1]
    assert "Crane" in answer.text and claim["appearance"]["name"] == "report.docx, “Risks”"
    assert len(quoting.firm.world.model.prompts) == asked


async def test_the_offline_engine_sums_a_file_up(eve: Employee, quoting: Quoting) -> None:
    plan = file(quoting.firm, "plan.docx", docx(paragraph(parcels.LINE) * 3))
    answer = await quoting.drop(eve, "summarise", plan)
    assert "harbour crane is late" in answer.text and "Read 1 of 1 part of plan.docx." in answer.text


async def test_the_offline_engine_says_that_it_sees_no_pictures(eve: Employee, quoting: Quoting) -> None:
    answer = await quoting.drop(eve, "What is this?", quoting.firm.world.teams.pasted(sample("drawing.png")))
    assert "no language model that can see pictures" in answer.text


async def test_the_offline_engine_knows_the_file_later_on(eve: Employee, quoting: Quoting) -> None:
    await quoting.drop(eve, "", file(quoting.firm, "plan.docx", parcels.marked()))
    assert "six weeks" in (await quoting.drop(eve, "How late is the crane?")).text
