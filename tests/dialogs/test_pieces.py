"""Where a long reading is cut."""

from dataclasses import replace

from dialogs.pieces import Piece, Pile
from dialogs.talk import Post
from tests.dialogs.desk import a_post


def a_pile(limit: int = 10, budget: int = 1_000) -> Pile:
    return Pile(limit, budget, lambda post: 1)


def talk(*minutes: int, thread: str = "", start: int = 0) -> list[Post]:
    return [replace(a_post(start + at, "A", "", minutes=each), thread=thread) for at, each in enumerate(minutes)]


def ids(pieces: list[Piece]) -> list[list[int]]:
    return [[int(post.id[1:]) for post in piece.posts] for piece in pieces]


def test_what_fits_is_one_piece() -> None:
    pile = a_pile()
    assert (pile.add(talk(*range(10))), ids(pile.rest())) == ([], [list(range(10))])


def test_nothing_is_nothing() -> None:
    assert a_pile().rest() == []


def test_a_cut_is_where_people_paused_longest() -> None:
    pile = a_pile(limit=10)
    certain = pile.add(talk(0, 1, 2, 3, 100, 101, 102, 103, 104, 105, 106, 107))
    assert ids(certain) == [[4, 5, 6, 7, 8, 9, 10, 11]]
    assert ids(pile.rest()) == [[0, 1, 2, 3]]


def test_whole_threads_stay_together() -> None:
    posts = [*talk(*range(7), thread="a"), *talk(*range(0, 70, 10), thread="b", start=7)]
    pile = a_pile(limit=10)
    assert ids(pile.add(posts)) + ids(pile.rest()) == [list(range(7)), list(range(7, 14))]


def test_the_same_message_is_taken_once() -> None:
    pile, posts = a_pile(), talk(*range(5))
    pile.add(posts)
    pile.add(posts)
    assert ids(pile.rest()) == [[0, 1, 2, 3, 4]]


def test_a_message_above_the_limit_is_a_piece_by_itself() -> None:
    pile = Pile(10, 1_000, lambda post: 50 if post.id == "m1" else 1)
    found = pile.add(talk(0, 1, 2)) + pile.rest()
    assert sorted(ids(found)) == [[0], [1], [2]]


def test_beyond_the_budget_the_oldest_are_unread() -> None:
    pile = a_pile(limit=10, budget=12)
    found = pile.add(talk(*range(30))) + pile.rest()
    assert sorted(number for piece in ids(found) for number in piece) == list(range(18, 30))
    assert [post.id for post in pile.unread] == [f"m{number}" for number in range(18)]


def test_messages_that_arrive_thread_by_thread_are_sent_as_soon_as_they_are_too_many() -> None:
    pile = a_pile(limit=10)
    assert pile.add(talk(*range(8), thread="a")) == []
    assert ids(pile.add(talk(*range(8), thread="b", start=8))) == [list(range(8))]
