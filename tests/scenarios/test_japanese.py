"""A Japanese employee: what Teams tells of them is enough, and what they type has no blanks."""

from dataclasses import replace

import pytest

from tests.scenarios.staff import Employee, newcomer, told
from tests.scenarios.stage import Stage, honest

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("whole")]


@pytest.fixture
def hanako(stage: Stage) -> Employee:
    found = newcomer(stage)
    person = replace(found.person, locale="ja-JP", zone="Asia/Tokyo")
    return replace(found, person=person, hand=stage.world.hand(person, found.room))


async def test_the_locale_of_teams_decides_the_language_of_our_words(hanako: Employee) -> None:
    assert "ここでできることは次のとおりです" in await hanako.say("ヘルプ")


async def test_what_is_chosen_counts_more_than_the_locale(hanako: Employee) -> None:
    assert "あなただけに適用" in await hanako.say("設定")
    assert "Saved." in await hanako.press("保存", language="en")
    assert "This is what I can do here" in await hanako.say("help")
    await hanako.say("settings")
    assert "保存しました" in await hanako.press("Back to the usual")


async def test_a_group_chat_is_summed_up_for_a_japanese_ask_with_its_window(stage: Stage, hanako: Employee) -> None:
    room = stage.group()
    stage.write(room, hanako.person, "リリースは木曜日に決定しました。")
    stage.world.model.next(honest)
    answer = await hanako.at(room).say("過去24時間の議論を、日本語で要約してください。")
    assert "リリースは木曜日に決定しました" in told(hanako).text
    assert "要点" in answer and "件のメッセージ" in answer


async def test_a_time_that_nobody_knows_is_asked_back_in_japanese(stage: Stage, hanako: Employee) -> None:
    answer = await hanako.at(stage.group()).say("大昔から要約して")
    assert "期間を指定できます" in answer


async def test_a_chat_is_found_by_a_part_of_a_japanese_sentence(hanako: Employee) -> None:
    await hanako.say("来期の予算はどうなりますか？")
    assert "来期の予算" in await hanako.say("chats search 予算")
