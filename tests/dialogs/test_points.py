"""What of a model's answer is believed."""

import json
from typing import Any

import pytest

from dialogs.errors import Unsound
from dialogs.points import MOST, READ, SCHEMA, Point, Points, Section, parse
from dialogs.talk import Post
from tests.dialogs.checking import verify
from tests.dialogs.desk import a_point, a_summary, thread

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


def test_the_word_itself_may_be_said_where_a_source_says_it() -> None:
    posts = thread(("Marketing", "Hello."), ("Ann", "The marketing costs too much."))
    found = verify(parse(a_summary(key_points=[a_point("Marketing costs too much.", "m2")])), posts, sources=20)
    assert found.dropped == 0


def test_a_number_behind_a_name_belongs_to_it() -> None:
    posts = thread(("Person Number6", "I am here."), ("Ann", "Person Number6 takes it."))
    found = verify(parse(a_summary(key_points=[a_point("Person Number6 takes it.", "m2")])), posts, sources=20)
    assert found.dropped == 0
