"""What is typed in Japanese: commands without blanks between their words, and the signs of Japanese keyboards."""

import re
from datetime import UTC, datetime

import pytest

from dialogs import choice
from dialogs.choice import alone, stops
from dialogs.japanese import edged, narrow, rest
from dialogs.ports import Wish
from dialogs.talk import PlaceKind, Window
from tests.dialogs.desk import FakeCalendar, an_ask

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
CALENDAR = FakeCalendar(dict.fromkeys(("今週の", "昨日から"), Wish(Window())))
GROUP, PERSONAL = PlaceKind.GROUP, PlaceKind.PERSONAL


def meant(text: str, place: PlaceKind = GROUP) -> tuple[str, str, str]:
    """The command's title, what stands beside its words, and the language of these."""
    found = choice.mean(an_ask(text, place), CALENDAR, NOW)
    return found.command.title or found.action, found.rest, found.language


@pytest.mark.parametrize(
    ("text", "command", "beside"),
    [
        ("要約", "summarise", ""),
        ("要約してください。", "summarise", ""),
        ("昨日からの要約をお願いします", "summarise", "昨日からの"),
        ("このスレッドを要約して！", "summarise", "このスレッドを"),
        ("要約：昨日から", "summarise", "昨日から"),
        ("要約　昨日から", "summarise", "昨日から"),
        ("要約して、昨日から", "summarise", "昨日から"),
        ("ドイツ語でまとめていただけますか？", "summarise", "ドイツ語で"),
        ("今週の決定事項を教えてください", "decisions", "今週の"),
        ("決定事項を要約して", "decisions", ""),
        ("アクションアイテム", "action items", ""),
        ("昨日から見逃したことをまとめて", "catch me up", "昨日から"),
        ("予算について何が話されましたか？", "what was said about", "予算"),
        ("予算について月曜から何が話されましたか", "what was said about", "予算 月曜から"),
        ("ダイジェスト停止", "digest", "停止"),
        ("毎日9時にダイジェスト", "digest", "毎日9時に"),
        ("ヘルプ", "help", ""),
        ("何ができますか？", "help", ""),
        ("新しいチャットを始めて", "new chat", ""),
        ("設定を開いてください", "settings", ""),
        ("私について何を知っていますか？", "what do you know about me", ""),
        ("この回答をWordにして", "answer", "この回答をWordにして"),
        ("回答をWordにして", "as a document", "回答を"),
    ],
)
def test_a_command_in_japanese_comes_last_but_for_politeness(text: str, command: str, beside: str) -> None:
    assert meant(text) == (command, beside, "" if command == "answer" else "ja")


@pytest.mark.parametrize(
    "text",
    [
        "要約機能について教えて",
        "会社の有給休暇について教えてください",
        "設定の方法を教えて",
        "モデルの仕組みを要約して",
        "チャットボットとは何ですか？",
        "会議を停止できますか",
    ],
)
def test_a_question_in_japanese_is_no_command(text: str) -> None:
    assert meant(text, PERSONAL) == ("answer", text, "")


@pytest.mark.parametrize("text", ["ｓｕｍｍａｒｉｓｅ", "ＨＥＬＰ", "help！", "　help　。"])
def test_a_command_may_be_typed_with_wide_letters(text: str) -> None:
    assert meant(text)[0] in ("summarise", "help")


@pytest.mark.parametrize(
    "text",
    ["自分だけに要約", "自分だけに、要約して", "要約を自分だけに", "要約して、自分だけに。", "privately：summarise"],
)
def test_privacy_may_be_asked_for_in_japanese(text: str) -> None:
    assert alone(an_ask(text, GROUP)) and meant(text)[0] == "summarise"


@pytest.mark.parametrize("text", ["停止", "止めて", "やめてください。", "ストップ！"])
def test_what_is_under_way_may_be_stopped_in_japanese(text: str) -> None:
    assert stops(text)


def test_a_long_text_is_no_japanese_command() -> None:
    assert meant("要約" * 500)[0] == "answer"


def test_wide_signs_are_narrowed_one_for_one() -> None:
    text = "Ｓ０：　「終」、。"
    assert (narrow(text), len(narrow(text))) == ("S0: 「終」,.", len(text))


@pytest.mark.parametrize("text", ["要約" + "て" * 198, "お願い" * 66, "を" * 200, " " * 200, "すみません" * 40])
def test_no_text_takes_long(text: str) -> None:
    assert rest("要約", text) is None


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [
        ("田中", "田中さんが", True),
        ("Ada", "明日Adaさんが", True),
        ("Ada", "Adamさんが", False),
        ("1日", "11日まで", False),
        ("11日", "は11日まで", True),
        ("5", "Q5です", False),
    ],
)
def test_words_stand_beside_japanese_without_a_blank(name: str, text: str, stands: bool) -> None:
    assert bool(re.search(edged(re.escape(name), name), text)) is stands
