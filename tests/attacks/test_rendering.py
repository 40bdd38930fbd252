"""What the one renderer lets through of all that `rendering` knows: nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.teams.escape import tame
from bot.teams.growth import prefix
from bot.teams.render import safe
from dialogs.addresses import addresses
from tests.attacks.constructs import CONSTRUCTS
from tests.attacks.oracle import HIDDEN, page
from tests.attacks.rendering import ALLOWED, LINKS, LONG, MAIL, OPENED, USUAL, framed, grown, parted, texts

ALWAYS = settings(derandomize=True, database=None, deadline=None)
ALL = [construct for family in CONSTRUCTS.values() for construct in family]
MARKS = [
    "[",
    "]",
    "(",
    ")",
    "!",
    "<",
    ">",
    "`",
    "*",
    "_",
    "~",
    "\\",
    "&",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "|",
    " ",
    ":",
    '"',
    "\u200b",
]
PIECES = st.sampled_from(
    [one.replace("{u}", "https://evil.example/x").replace("{a}", ALLOWED).replace("{m}", MAIL) for one in ALL]
)
MIXED = st.lists(PIECES | st.sampled_from(MARKS) | st.text(max_size=2), max_size=6).map("".join)


@pytest.mark.parametrize("family", CONSTRUCTS)
def test_no_state_of_a_growing_text_shows_more_than_the_allowed_link(family: str) -> None:
    assert {text: tried.harm for text in texts(family, USUAL) if (tried := grown(text)).harm} == {}


@pytest.mark.parametrize("family", CONSTRUCTS)
def test_nor_does_any_part_of_a_text_that_is_cut(family: str) -> None:
    assert {
        text: tried.harm for text in texts(family, LONG) if (tried := parted(text, range(280, 420, 100))).harm
    } == {}


@settings(ALWAYS, max_examples=400)
@given(MIXED)
def test_nor_does_any_mixture(text: str) -> None:
    assert page(safe(text, LINKS)).harm(OPENED) == []


@settings(ALWAYS, max_examples=400)
@given(MIXED, st.integers(0, 400))
def test_a_text_that_comes_in_two_pieces_shows_the_beginning_of_the_whole(text: str, at: int) -> None:
    shown = prefix(text[:at], LINKS)
    assert safe(text, LINKS).startswith(shown) and page(shown).harm(OPENED) == []


@settings(ALWAYS, max_examples=400)
@given(MIXED)
def test_nor_does_it_as_runs_of_a_card(text: str) -> None:
    assert list(framed(text)) == []


@settings(ALWAYS, max_examples=400)
@given(MIXED)
def test_without_an_allowed_link_nothing_can_be_pressed(text: str) -> None:
    assert page(safe(text, frozenset())).pressed == frozenset()


@settings(ALWAYS, max_examples=300)
@given(st.lists(PIECES | st.text(max_size=5), max_size=5).map(" ".join))
def test_an_address_that_a_model_makes_up_is_in_no_source(text: str) -> None:
    assert all(found in text for found in addresses([text]))


@settings(ALWAYS, max_examples=300)
@given(st.text(max_size=40))
def test_nothing_unseen_is_left_in_names_and_titles(text: str) -> None:
    assert HIDDEN.findall(tame(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("[a](https://evil.example)", "![a](x)", "<at>x</at>", "see evil.com/x", "<b>x</b>", "[r]\n\n[r]: /x"),
        *("tel:+49301", "\\\\\\\\evil\\\\share", "1.2.3.4/x", "msteams:/l/x", "x@evil.com", "foo://x"),
    ],
)
def test_the_oracle_sees_harm_where_there_is_some(text: str) -> None:
    assert page(text).harm(frozenset()) != []
