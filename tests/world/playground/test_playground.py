"""The parts of the local world that need neither Node nor a browser."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestServer

from tests.browser.launching import ports
from tests.world.door import Refusal
from tests.world.drive import Drive
from tests.world.graph import GraphDouble
from tests.world.people import BOT, CHANNEL, GROUP, Someone
from tests.world.playground import sample
from tests.world.playground.buttons import pressable, pressed
from tests.world.playground.byhand import meant, mentioning, wakes
from tests.world.playground.cast import NEWCOMER, PERSONAL
from tests.world.playground.citations import LABEL, Citations, loose
from tests.world.playground.layout import Layout, Taken, check_folder, check_ports, read
from tests.world.playground.ledger import Ledger
from tests.world.playground.memory import Memory, drawn
from tests.world.playground.orderly import SCRIPT, orderly
from tests.world.playground.paperclip import PATH, Parcel, packed, page
from tests.world.playground.sample import lines
from tests.world.playground.sent import Sent

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
THREAD = CHANNEL.at("1").conversation


@pytest.mark.parametrize("now", [datetime(2026, 11, 16, 0, 5, tzinfo=UTC) + timedelta(days=days) for days in range(7)])
def test_the_sample_thread_begins_on_a_monday_and_lies_in_the_past(now: datetime) -> None:
    thread = list(lines("launch.txt", now))
    assert thread[0].at.weekday() == 0
    assert thread[-1].at < now
    assert thread == sorted(thread, key=lambda line: line.at)


def test_every_thread_of_the_channel_has_news_of_the_last_hours() -> None:
    for name in sample.CHANNEL:
        thread = list(lines(name, NOW))
        assert NOW - timedelta(hours=8) < thread[-1].at < NOW
        assert thread == sorted(thread, key=lambda line: line.at)


def test_six_people_and_an_app_wrote_the_sample_thread() -> None:
    authors = {line.author for line in lines("launch.txt", NOW)}
    assert len([author for author in authors if isinstance(author, Someone)]) == 6
    assert len(authors) == 7


def test_a_message_that_changes_keeps_its_place_on_the_page() -> None:
    memory = Memory()
    memory.keep(drawn(PERSONAL, "1", BOT, NOW, "one"))
    memory.keep(drawn(PERSONAL, "2", BOT, NOW, "two"))
    memory.keep({**drawn(PERSONAL, "1", BOT, NOW, "once"), "action": "updateMessage"})
    assert [(frame["action"], frame["message"]["text"]) for frame in memory.frames()] == [
        ("createMessage", "once"),
        ("createMessage", "two"),
    ]


def test_a_list_item_in_a_message_with_citations_gets_a_second_block() -> None:
    frame = drawn(PERSONAL, "1", BOT, NOW, "**A**\n\n- b [1]\n\nc", aiEntity={"citation": [{"position": 1}]})
    assert loose(frame)["message"]["text"] == "**A**\n\n- b [1]\n\n  <!-- -->\n\nc"


def test_the_page_is_told_of_more_citations_than_the_playground_takes() -> None:
    citations = Citations()
    label = {"type": LABEL, "citation": [{"position": number} for number in range(1, 15)]}
    cut = citations.cut({"text": "so", "entities": [label]})["entities"][0]
    frame = citations.whole(drawn(PERSONAL, "1", BOT, NOW, "so", aiEntity=cut))
    assert len(cut["citation"]) == 10
    assert len(frame["message"]["aiEntity"]["citation"]) == 14


def test_a_button_that_says_something_says_it_to_the_bot_among_others() -> None:
    action = {"type": "Action.Submit", "data": {"msteams": {"type": "imBack", "value": "decisions"}}}
    frame = pressable(drawn(PERSONAL, "1", BOT, NOW, "", attachments=[{"content": {"actions": [action]}}]))
    value = frame["message"]["attachments"][0]["content"]["actions"][0]["data"]
    said = pressed({"conversation": {"id": GROUP.conversation}, "value": value})
    assert said is not None
    assert said["text"] == "<at>Parley</at> decisions"


async def test_a_message_id_is_found_once_by_where_and_what_was_typed() -> None:
    sent = Sent()
    await sent.note(PERSONAL, "hello", "1")
    assert await sent.take(PERSONAL, "hello") == "1"


async def test_what_the_newcomer_types_in_a_thread_is_in_graph_as_a_reply() -> None:
    graph = GraphDouble()
    Ledger(graph).typed(THREAD, "2", NOW, "<at>Parley</at> 1 < 2")
    record = graph.record("2")
    assert record["replyToId"] == "1"
    assert record["body"]["content"] == '<p><at id="0">Parley</at> 1 &lt; 2</p>'


async def test_who_is_mentioned_in_a_sample_is_mentioned_in_graph() -> None:
    graph = GraphDouble()
    line = next(line for line in lines("hotline.txt", NOW) if NEWCOMER.name in line.text)
    Ledger(graph).sample(THREAD, "2", line)
    record = graph.record("2")
    assert f'<at id="0">{NEWCOMER.name}</at>' in record["body"]["content"]
    assert [one["mentioned"]["user"]["id"] for one in record["mentions"]] == [NEWCOMER.id]


async def test_what_the_bot_says_over_a_placeholder_is_in_graph_once() -> None:
    graph = GraphDouble()
    ledger = Ledger(graph)
    ledger.said(drawn(THREAD, "3", BOT, NOW, "Reading…"))
    ledger.said({**drawn(THREAD, "3", BOT, NOW, "Done"), "action": "updateMessage"})
    assert graph.record("3")["body"]["content"] == "<p>Done</p>"
    assert graph.record("3")["from"]["application"]["displayName"] == "Parley"


async def test_a_personal_chat_is_not_in_graph() -> None:
    graph = GraphDouble()
    ledger = Ledger(graph)
    ledger.typed(PERSONAL, "4", NOW, "between us")
    with pytest.raises(Refusal):
        graph.record("4")


async def test_a_file_chosen_on_the_page_lies_where_its_attachment_says() -> None:
    parcels: list[Parcel] = []

    async def send(request: web.Request) -> web.Response:
        parcels.append(await packed(request, drive))
        return page()

    app = web.Application()
    app.router.add_post(PATH, send)
    form = FormData({"text": " summarise\r\n"}, quote_fields=False)
    form.add_field("files", b"words", filename="a`b.txt", content_type="text/plain")
    async with Drive() as drive, TestServer(app) as server, ClientSession() as session:
        await session.post(server.make_url(PATH), data=form)
        (file,) = parcels[0].files
        async with session.get(file["content"]["downloadUrl"]) as answer:
            assert await answer.read() == b"words"
    assert (parcels[0].text, parcels[0].shown) == ("summarise", "summarise\n\n`a'b.txt`")


def test_a_port_that_is_taken_is_named_with_its_setting(tmp_path_factory: pytest.TempPathFactory) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        layout = Layout(tmp_path_factory.mktemp("data"), bot_port=holder.getsockname()[1])
        with pytest.raises(Taken, match=r"PORT=\d+ make run"):
            check_ports(layout)


def test_a_port_that_is_asked_for_twice_is_said_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    [port] = ports(1)
    layout = Layout(tmp_path_factory.mktemp("data"), bot_port=port, page_port=port)
    with pytest.raises(Taken, match=r"asked for twice\. Choose another: PAGE_PORT=\d+ make run"):
        check_ports(layout)


def test_a_folder_that_cannot_be_made_is_said_with_its_setting(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("data") / "file"
    file.touch()
    with pytest.raises(Taken, match="DATA_DIR=~/parley make run"):
        check_folder(Layout(file / "folder"))


@pytest.mark.parametrize("text", ["@Parley summarise", " @parley, summarise", "@PARLEY: summarise"])
def test_a_mention_that_is_typed_by_hand_is_one(text: str) -> None:
    typed = meant({"text": text})
    assert wakes(typed)
    assert typed["text"] == "<at>Parley</at> summarise"


@pytest.mark.parametrize("text", ["Parley summarise", "@Parleys summarise", "ask @Parley", "<at>Ada</at> @Parley", ""])
def test_what_begins_with_no_name_behind_an_at_is_said_to_nobody(text: str) -> None:
    typed = {"text": text}
    assert meant(typed) is typed


def test_a_mention_chosen_from_the_list_stays_the_one_it_is() -> None:
    typed = mentioning({"text": ""}, "summarise")
    assert meant(typed) is typed


@pytest.mark.parametrize("asked", ["80", "65536", "a", "-1", "٣٩٧٨", "3978.0"])
def test_what_is_no_port_is_said_with_the_setting_that_names_it(asked: str) -> None:
    with pytest.raises(Taken, match="PAGE_PORT=26151 make run"):
        read({"PAGE_PORT": asked})


def test_a_port_that_is_not_named_is_the_usual_one() -> None:
    assert (read({}).bot_port, read({"PORT": ""}).bot_port, read({"PORT": "4000"}).bot_port) == (3978, 3978, 4000)


def test_our_script_runs_before_those_of_the_playgrounds_page() -> None:
    page = b'<!doctype html><html><head><script src="main.js"></script></head></html>'
    assert orderly(page) == b"<!doctype html><html><head>" + SCRIPT + b'<script src="main.js"></script></head></html>'


def test_a_page_that_is_another_than_we_know_is_not_passed_on_as_if_it_were_mended() -> None:
    with pytest.raises(ValueError, match="no head"):
        orderly(b"packed")
