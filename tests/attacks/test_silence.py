from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.attacks.silence import SINKS, Heard, heard
from tests.attacks.song import CANARY

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def song() -> AsyncIterator[Heard]:
    yield await heard()


@pytest.mark.parametrize("sink", SINKS)
async def test_no_word_of_anybody_and_no_secret_is_said_where_it_must_not(song: Heard, sink: str) -> None:
    assert song.sings(sink) == []


@pytest.mark.parametrize("logger", ["asyncio", "openai", "httpx2", "azure", "msal", "psycopg", "bot.graph"])
async def test_the_libraries_were_at_their_most_talkative(song: Heard, logger: str) -> None:
    assert f'"logger":"{logger}' in song.said["log of the bot"] and '"level":"debug"' in song.said["log of the bot"]


@pytest.mark.parametrize(
    "cause", ["model call failed", "graph call failed", "activity postponed", "activity dead", "request refused"]
)
async def test_what_went_wrong_is_told_all_the_same(song: Heard, cause: str) -> None:
    assert cause in song.said["log of the bot"]


async def test_the_dead_letter_is_shown_to_the_operator(song: Heard) -> None:
    shown = song.said["reports of the operator"].partition("admin dead list\n")[2].partition("admin usage")[0]
    assert "key" in shown and len(shown.split("\n")) > 2


async def test_a_bot_whose_key_vault_fails_says_so(song: Heard) -> None:
    assert "content key" in song.said["a bot whose Key Vault fails"]


async def test_the_person_it_belongs_to_has_read_it(song: Heard) -> None:
    assert CANARY in song.shown


async def test_what_would_sing_is_heard(song: Heard) -> None:
    loud = Heard({"there": f"x {CANARY} y\nz"})
    assert loud.sings("there") == [f"x {CANARY} y"]
