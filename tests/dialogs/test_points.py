"""What of a model's answer is believed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from dialogs.errors import Unsound
from dialogs.points import MOST, RAW, READ, SCHEMA, Point, Points, Section, parse
from dialogs.talk import Locator, Post
from tests.dialogs.checking import verify
from tests.dialogs.desk import a_document, a_point, a_summary, thread

POSTS = thread(
    ("Anna Weber", "I can send the 25 invitations by Friday. Mark the day."),
    ("Ben Okafor", "Will Chloe Martin check the contract?"),
    ("Chloe Martin", "The launch moves to 3 March."),
    ("Mark Will", "Agreed, mark it down, we will do that."),
)


def believed(*points: dict[str, Any], section: str = "key_points", quoting: bool = False, sources: int = 20) -> Points:
    return verify(parse(a_summary(**{section: list(points)})), POSTS, sources=sources, quoting=quoting)


def texts(found: Points) -> list[str]:
    return [point.text for point in found.points]


def test_a_point_with_its_message_is_believed() -> None:
    found = believed(a_point("The launch moves to 3 March.", "m3"))
    assert found == Points((Point(Section.KEY_POINTS, "The launch moves to 3 March.", ("m3",)),))


@pytest.mark.parametrize(
    "point",
    [
        a_point("Cites a message that does not exist.", "m99"),
        a_point("Cites nothing."),
        {"text": "Cites something else.", "ids": [7, None]},
        a_point("   ", "m1"),
        a_point("\u200b", "m1"),
        a_point("Anna Weber moves the launch.", "m3"),
        a_point("Anna moves the launch.", "m3"),
        a_point("The launch moves to 4 March.", "m3"),
        a_point("250 invitations go out.", "m1"),
        a_point("The launch moves on Friday.", "m3"),
        a_point("The launch moves to April.", "m3"),
        a_point("x" * 10_000, "m1"),
    ],
)
def test_a_point_that_is_not_borne_out_is_dropped(point: dict[str, Any]) -> None:
    assert believed(point) == Points((), dropped=1)


@pytest.mark.parametrize(
    "item", ["text", None, 7, [], {"text": 1, "ids": ["m1"]}, {"text": "No ids"}, {"text": "x", "ids": "m1"}]
)
def test_an_item_of_another_shape_is_dropped(item: Any) -> None:
    assert verify(parse(a_summary(decisions=[item])), POSTS, sources=20) == Points((), dropped=1)


def test_ids_that_do_not_exist_are_taken_off_a_point() -> None:
    assert believed(a_point("The launch moves.", "m99", "m3", "m3")).points[0].ids == ("m3",)


def test_somebody_named_in_the_message_may_be_named() -> None:
    assert texts(believed(a_point("Chloe is asked about the contract.", "m2"))) == [
        "Chloe is asked about the contract."
    ]


@pytest.mark.parametrize(
    "text", ["25 Einladungen bis Freitag.", "25 invitations avant vendredi.", "25 tomorrow, on Fridays."]
)
def test_a_day_of_the_message_may_be_named_in_another_language(text: str) -> None:
    assert texts(believed(a_point(text, "m1"))) == [text]


def test_points_without_end_are_not_looked_at() -> None:
    assert len(parse(a_summary(key_points=[a_point("It moves.", "m3")] * 10_000)).points) == READ


def test_a_name_that_is_an_ordinary_word_of_the_thread_means_nobody() -> None:
    assert texts(believed(a_point("Will be sent soon; Mark the day.", "m1"))) == ["Will be sent soon; Mark the day."]


def test_a_full_name_means_its_bearer_even_when_its_parts_are_ordinary_words() -> None:
    assert believed(a_point("Mark Will moves the launch.", "m3")).dropped == 1


def test_an_author_of_a_cited_message_may_be_named() -> None:
    assert believed(a_point("Anna sends 25 invitations.", "m1")).dropped == 0


@pytest.mark.parametrize(
    ("owner", "ids", "kept"),
    [
        ("Anna Weber", "m1", "Anna Weber"),
        ("Anna", "m1", "Anna"),
        ("Chloe Martin", "m2", "Chloe Martin"),
        ("Chloe Martin", "m1", None),
        ("Zoe", "m1", None),
        ("the", "m2", None),
        ("", "m1", None),
        ("A" * 200, "m1", None),
        (7, "m1", None),
        (None, "m1", None),
    ],
)
def test_an_owner_must_stand_in_the_message(owner: Any, ids: str, kept: str | None) -> None:
    found = believed(a_point("Something is to be done.", ids, owner=owner, due=None), section="actions")
    assert found.points[0].owner == kept


def test_an_owner_called_by_the_first_name_may_be_given_in_full() -> None:
    posts = (*POSTS, *thread(("Ben Okafor", "Chloe, please call them."))[:1])
    found = verify(
        parse(a_summary(actions=[a_point("Call them.", "m1", owner="Chloe Martin", due=None)])), posts[-2:], sources=20
    )
    assert found.points[0].owner is None
    found = verify(
        parse(a_summary(actions=[a_point("Call them.", "m1", owner="Chloe Martin", due=None)])), posts[2:], sources=20
    )
    assert found.points[0].owner == "Chloe Martin"


@pytest.mark.parametrize(("due", "kept"), [("by friday", "by friday"), ("by Monday", None), ("", None), (None, None)])
def test_a_deadline_must_stand_in_the_message(due: str | None, kept: str | None) -> None:
    found = believed(a_point("Send the 25 invitations.", "m1", owner=None, due=due), section="actions")
    assert found.points[0].due == kept


def test_a_repetition_is_shown_once_and_not_as_a_key_point() -> None:
    answer = a_summary(
        key_points=[a_point("It moves.", "m3")], decisions=[a_point("It moves", "m3"), a_point("it moves!", "m3")]
    )
    assert [point.section for point in verify(parse(answer), POSTS, sources=20).points] == [Section.DECISIONS]


@pytest.mark.parametrize("section", list(Section))
def test_a_section_has_a_bound(section: Section) -> None:
    many = [a_point(f"Point {chr(65 + n)}.", "m1", owner=None, due=None) for n in range(20)]
    assert len(believed(*many, section=section.value).points) == MOST[section]


def test_each_point_keeps_a_source_when_there_are_more_than_may_be_cited() -> None:
    found = believed(a_point("One thing.", "m1", "m2", "m3"), a_point("Another thing.", "m4"), sources=3)
    assert [point.ids for point in found.points] == [("m1", "m2"), ("m4",)]


def test_a_quote_must_stand_verbatim_in_its_message() -> None:
    found = believed(a_point("The launch moves", "m3"), a_point("The launch moves", "m2"), quoting=True)
    assert (texts(found), found.dropped) == (["The launch moves"], 1)


@pytest.mark.parametrize(
    "wrapped",
    ["{}", "```json\n{}\n```", "Here you are:\n```\n```json\n{}\n```\n```\nAnything else?", "\ufeff \n{}\n\n"],
)
def test_json_is_found_in_its_wrapping(wrapped: str) -> None:
    answer = wrapped.replace("{}", a_summary(key_points=[a_point("It moves.", "m3")]))
    assert texts(parse(answer)) == ["It moves."]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I'm sorry, I can't.",
        '{"key_points": [',
        "}{",
        "{" * 5_000 + "}" * 5_000,
        "[" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
    ],
)
def test_what_is_not_json_is_one_clear_error(answer: str) -> None:
    with pytest.raises(Unsound):
        parse(answer)


@pytest.mark.parametrize("answer", ["{}", '{"key_points": 5, "decisions": {"a": 1}}', '{"points": []}'])
def test_sections_that_are_missing_are_empty(answer: str) -> None:
    assert parse(answer) == Points(())


def test_the_schema_is_as_strict_as_structured_outputs_want_it() -> None:
    def objects(schema: Any) -> list[dict[str, Any]]:
        if not isinstance(schema, dict):
            return []
        mine = [schema] if schema.get("type") == "object" else []
        return mine + [found for value in schema.values() for found in objects(value)]

    loose = [
        found
        for found in objects(json.loads(json.dumps(SCHEMA)))
        if found["additionalProperties"] or set(found["required"]) != set(found["properties"])
    ]
    assert not loose


def test_posts_of_one_author_under_two_names_are_no_trouble() -> None:
    posts: tuple[Post, ...] = thread(("", "No name here."), ("Anna", "Hello."))
    assert verify(parse(a_summary(key_points=[a_point("No name.", "m1")])), posts, sources=20).dropped == 0


def test_points_that_are_too_many_are_counted() -> None:
    posts = thread(*((f"Person {letter}", f"I will do the {letter} thing.") for letter in "abcdefghi"))
    points = tuple(Point(Section.ACTIONS, post.text, (post.id,)) for post in posts)
    found = verify(Points(points), posts, sources=20, quoting=True)
    assert len(found.points) == MOST[Section.ACTIONS] and found.further == {Section.ACTIONS: 2}


def test_a_section_asked_for_alone_shows_all_its_points() -> None:
    posts = thread(*((f"Person {letter}", f"I will do the {letter} thing.") for letter in "abcdefghi"))
    points = tuple(Point(Section.ACTIONS, post.text, (post.id,)) for post in posts)
    assert len(verify(Points(points), posts, sources=20, quoting=True, sections=(Section.ACTIONS,)).points) == 9


def test_an_author_whose_whole_name_is_a_word_is_somebody() -> None:
    posts = thread(("Marketing", "We plan the marketing."), ("Industrial Designer", "The case is yellow."))
    found = verify(parse(a_summary(key_points=[a_point("Marketing gave it all up.", "m2")])), posts, sources=20)
    assert (found.points, found.dropped) == ((), 1)


MARKETING = thread(("Marketing", "Hello."), ("Ann", "The marketing costs too much."), ("Ben", "I asked Marketing."))


def about_marketing(text: str, *ids: str) -> bool:
    return not verify(parse(a_summary(key_points=[a_point(text, *ids)])), MARKETING, sources=20).dropped


def test_the_word_itself_may_be_said_where_a_source_says_it() -> None:
    assert about_marketing("The marketing costs too much.", "m2")


@pytest.mark.parametrize("text", ["Marketing gave it all up.", "Then Marketing gave it all up."])
def test_a_name_that_is_also_a_word_is_blamed_on_nobody_who_only_says_the_word(text: str) -> None:
    assert not about_marketing(text, "m2")


def test_who_is_called_by_a_name_that_is_also_a_word_may_be_named() -> None:
    assert about_marketing("Marketing was asked.", "m3")


def test_in_german_a_noun_may_be_said_that_is_also_a_name() -> None:
    posts = thread(("Marketing", "Hallo."), ("Ann", "The marketing costs too much."))
    answer = a_summary(key_points=[a_point("Das Marketing ist zu teuer und wird nicht mehr bezahlt.", "m2")])
    assert verify(parse(answer), posts, sources=20).dropped == 0


def test_an_author_is_meant_by_the_name_in_other_capitals() -> None:
    posts = thread(("DUPONT Jean", "Hello."), ("anna", "Hi."), ("Person2", "A person."), ("Ben", "Here."))
    names = ("Dupont", "Anna", "Person2", "Jean Dupont")
    answer = a_summary(key_points=[a_point(f"{name} gave it up.", "m4") for name in names])
    assert verify(parse(answer), posts, sources=20).dropped == len(names)


BUDGET = thread(
    ("Anna", "The old budget was 1.5 million, 2.5% less. We pay 32,000 euros for room 1'200 at 9:30, not 0.125."),
    ("Ben", "Wir zahlen 2,5 Prozent von 1.000 Euro um 14.30 Uhr. Stand 3.4.2026."),
    ("Chloé", "On paie 12 500 euros à 17h30."),
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("15 million were spent.", "m1"),
        ("It is 25% less.", "m1"),
        ("We pay 32.0 euros.", "m1"),
        ("We pay 320.00 euros.", "m1"),
        ("We pay 32 euros.", "m1"),
        ("It is 125.", "m1"),
        ("It is 5% less.", "m1"),
        ("We pay 25 percent.", "m2"),
        ("As of 4.3.2026.", "m2"),
        ("We pay 12.5 euros.", "m3"),
        ("We pay 500 euros.", "m3"),
        ("At 1730 hours.", "m3"),
    ],
)
def test_a_number_with_its_mark_elsewhere_is_another_number(text: str, key: str) -> None:
    found = verify(parse(a_summary(key_points=[a_point(text, key)])), BUDGET, sources=20)
    assert (found.points, found.dropped) == ((), 1)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Es sind 1,5 Millionen, 2,5 % weniger, also 2,50.", "m1"),
        ("32000, 32 000, 32.000, 32'000 and 32\u202f000 euros are one.", "m1"),
        ("Room 1200 at 9.30, not 0,125.", "m1"),
        ("At 09:30.", "m1"),
        ("We pay 2.5 percent of 1,000 euros at 14:30.", "m2"),
        ("As of day 3, month 4, 2026.", "m2"),
        ("12,500.00 euros at 17:30.", "m3"),
    ],
)
def test_a_number_may_be_written_as_another_country_does(text: str, key: str) -> None:
    assert verify(parse(a_summary(key_points=[a_point(text, key)])), BUDGET, sources=20).dropped == 0


@pytest.mark.parametrize(
    "text",
    [
        "Zeus Mallory moves the launch.",
        "The launch moves, says Zeus Mallory.",
        "So Zeus Mallory agreed.",
        "Launch Manager Zeus Mallory agreed.",
    ],
)
def test_a_person_of_whom_no_message_speaks_is_not_named(text: str) -> None:
    assert believed(a_point(text, "m3")) == Points((), dropped=1)


@pytest.mark.parametrize(
    "text",
    [
        "The Launch Date moves.",
        "The Board agreed.",
        "The HTTP API moves.",
        "Die Freigabe und der Start werden verschoben.",
        "Neue Frist, und der Start wird von Chloe verschoben.",
    ],
)
def test_what_has_capitals_for_other_reasons_is_no_stranger(text: str) -> None:
    assert texts(believed(a_point(text, "m3"))) == [text]


def test_a_stranger_is_found_within_a_german_sentence() -> None:
    text = "Der Start wird verschoben, wie Zeus Mallory sagt, und das ist nicht gut."
    assert believed(a_point(text, "m3")).dropped == 1


def test_what_is_known_by_its_initials_may_be_written_out() -> None:
    posts = thread(("Anna", "HR agrees."))
    answer = a_summary(key_points=[a_point("The Human Resources people agree.", "m1")])
    assert verify(parse(answer), posts, sources=20).dropped == 0


OWNERS = thread(
    ("Anna Weber", "Maybe we can move it. Can you ask Zoe, or the design team? @Kim please check. I will see."),
    ("Will", "Fine."),
    ("Ben", "Chloe, please ask Nora Lind from Data Systems."),
    ("Chloe Martin", "Ok, in the market. Ada, please come."),
)


@pytest.mark.parametrize(
    ("owner", "key", "kept"),
    [
        ("Maybe", "m1", False),
        ("Can", "m1", False),
        ("I", "m1", False),
        ("Will", "m1", False),
        ("Fine", "m2", False),
        ("Ok", "m4", False),
        ("Ada", "m4", True),
        ("the design team", "m1", False),
        ("Weber's", "m1", False),
        ("Zoe", "m1", True),
        ("Kim", "m1", True),
        ("Will", "m2", True),
        ("Chloe", "m3", True),
        ("Chloe Martin", "m3", True),
        ("Nora Lind", "m3", True),
        ("Data Systems", "m3", True),
    ],
)
def test_an_owner_is_an_author_or_somebody_named(owner: str, key: str, kept: bool) -> None:
    answer = a_summary(actions=[a_point("Something is to be done.", key, owner=owner, due=None)])
    assert verify(parse(answer), OWNERS, sources=20).points[0].owner == (owner if kept else None)


@pytest.mark.parametrize(
    ("due", "key"),
    [("May", "m1"), ("may", "m1"), ("mar", "m4"), ("See", "m4"), ("Sat", "m5"), (OWNERS[0].text, "m1")],
)
def test_a_deadline_is_whole_words_and_short(due: str, key: str) -> None:
    posts = (*OWNERS, *thread(*[("Ben", "We sat there; it may rain.")] * 5)[4:])
    answer = a_summary(actions=[a_point("Something is to be done.", key, owner=None, due=due)])
    assert verify(parse(answer), posts, sources=20).points[0].due is None


def test_what_is_longer_than_any_point_is_not_looked_at() -> None:
    items = [
        a_point("[a](" * RAW, "m1", owner=None, due=None),
        a_point("It moves.", "m3", owner="A" * RAW * 2, due=None),
    ]
    found = parse(a_summary(actions=items))
    assert ([(point.text, point.owner) for point in found.points], found.dropped) == ([("It moves.", None)], 1)


def test_a_number_behind_a_name_belongs_to_it() -> None:
    posts = thread(("Person Number6", "I am here."), ("Ann", "Person Number6 takes it."))
    found = verify(parse(a_summary(key_points=[a_point("Person Number6 takes it.", "m2")])), posts, sources=20)
    assert found.dropped == 0


# passages of files


PASSAGES = a_document(
    "Weber Falcon Report.pdf", "Costs rose by 7 percent. Chloe Martin signs it.", "Nothing new."
).posts()


def of_files(*points: dict[str, Any], section: str = "key_points", posts: tuple[Post, ...] = PASSAGES) -> Points:
    return verify(parse(a_summary(**{section: list(points)})), posts, sources=20)


def test_a_point_that_a_passage_bears_out_is_believed() -> None:
    assert texts(of_files(a_point("Costs rose by 7 percent.", "f1.1"))) == ["Costs rose by 7 percent."]


@pytest.mark.parametrize(
    "point",
    [
        a_point("Costs rose by 8 percent.", "f1.1"),
        a_point("Costs rose by 7 percent.", "f1.2"),
        a_point("There are 2 new things.", "f1.2"),
        a_point("Weber Falcon raised the costs.", "f1.1"),
    ],
)
def test_neither_a_files_name_nor_the_number_of_a_page_bears_a_point_out(point: dict[str, Any]) -> None:
    assert of_files(point) == Points((), 1)


@pytest.mark.parametrize(("owner", "believed_in"), [("Chloe Martin", True), ("Weber", False), ("Falcon", False)])
def test_a_files_name_makes_no_people(owner: str, believed_in: bool) -> None:
    found = of_files(a_point("Sign it.", "f1.1", owner=owner, due=None), section="actions")
    assert [point.owner for point in found.points] == [owner if believed_in else None]


def test_the_heading_that_a_passage_stands_under_bears_a_point_out() -> None:
    posts = (replace(PASSAGES[1], locator=Locator("heading", "Plans for 2031")),)
    assert texts(of_files(a_point("Nothing new for 2031.", "f1.2"), posts=posts)) == ["Nothing new for 2031."]


JAPANESE = thread(
    ("田中 太郎", "招待状25通は11月6日（金）までに私が送ります。予算は150万円です。"),
    ("佐藤 花子", "契約書は鈴木さんが確認します。会議は１０時半からです。"),
    ("Ada Lovelace", "The launch moves to 3 November. Kenjiさん、資料をお願いします。"),
)


def japanese(text: str, *ids: str) -> bool:
    """Whether a Japanese point is believed."""
    return bool(verify(parse(a_summary(key_points=[a_point(text, *ids)])), JAPANESE, sources=20).points)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("田中さんが招待状25通を送ります。", "m1"),
        ("田中太郎さんが11月6日の金曜日までに招待状を送ります。", "m1"),
        ("招待状は11/6までに送られます。", "m1"),
        ("予算は1,500,000円です。", "m1"),
        ("予算は１５０万円です。", "m1"),
        ("鈴木さんが契約書を確認します。", "m2"),
        ("会議は10:30に始まります。", "m2"),
        ("会議は10時30分に始まります。", "m2"),
        ("開始は11月3日に変更されました。", "m3"),
        ("Adaさんが資料を依頼しました。", "m3"),
        ("皆様に招待状が送られます。", "m1"),
    ],
)
def test_a_japanese_point_is_borne_out_however_its_message_writes_names_and_numbers(text: str, cited: str) -> None:
    assert japanese(text, cited)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("佐藤さんが招待状を送ります。", "m1"),
        ("佐藤花子さんが招待状を送ります。", "m1"),
        ("高橋さんが契約書を確認します。", "m2"),
        ("招待状26通を送ります。", "m1"),
        ("招待状は12月6日までに送ります。", "m1"),
        ("招待状は木曜日までに送ります。", "m1"),
        ("予算は150億円です。", "m1"),
        ("会議は10時45分に始まります。", "m2"),
        ("開始は4日に変更されました。", "m3"),
        ("Adaさんが契約書を確認します。", "m2"),
    ],
)
def test_a_japanese_point_that_is_not_borne_out_is_dropped(text: str, cited: str) -> None:
    assert not japanese(text, cited)


@pytest.mark.parametrize(
    ("owner", "due", "cited", "believed_owner", "believed_due"),
    [
        ("田中 太郎", "11月6日", "m1", "田中 太郎", "11月6日"),
        ("田中", "6日", "m1", "田中", "6日"),
        ("鈴木", "10時半", "m2", "鈴木", None),
        ("鈴木さん", "１０時半", "m2", "鈴木さん", "１０時半"),
        ("Kenji", None, "m3", "Kenji", None),
        ("契約書", "5通", "m2", None, None),
        ("高橋", "6日", "m2", None, None),
        ("佐藤", "1日", "m1", None, None),
    ],
)
def test_a_japanese_owner_and_deadline_stand_in_the_message(
    owner: str, due: str | None, cited: str, believed_owner: str | None, believed_due: str | None
) -> None:
    item = {**a_point("送付", cited), "owner": owner, "due": due}
    [found] = verify(parse(a_summary(actions=[item])), JAPANESE, sources=20).points
    assert (found.owner, found.due) == (believed_owner, believed_due)
