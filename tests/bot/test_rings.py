"""What is sealed opens in its place with its key, and in no other way."""

import itertools

import pytest

from bot.rings import Ring, Unopened, number_of

OLD = Ring({1: b"1" * 32})
RING = Ring({1: b"1" * 32, 2: b"2" * 32})
PLACE = ("history", "text", "tenant", "chat")


@pytest.mark.parametrize("text", [b"", b"hello", b"\x01\x02", "Grüße 👋".encode(), bytes(100_000)])
def test_what_is_sealed_opens_again(text: bytes) -> None:
    assert RING.open(RING.seal(text, *PLACE), *PLACE) == text


def test_nothing_of_the_text_is_to_be_seen() -> None:
    assert b"secret" not in RING.seal(b"a secret text", *PLACE)


def test_the_newest_key_seals() -> None:
    assert number_of(RING.seal(b"text", *PLACE)) == 2


def test_an_older_key_still_opens() -> None:
    assert RING.open(OLD.seal(b"text", *PLACE), *PLACE) == b"text"


def test_the_same_text_is_never_sealed_alike() -> None:
    assert RING.seal(b"text", *PLACE) != RING.seal(b"text", *PLACE)


def test_the_randomness_is_handed_in() -> None:
    ring = Ring({1: b"1" * 32}, random=lambda count: b"n" * count)
    assert ring.seal(b"text", *PLACE)[5:17] == b"n" * 12


@pytest.mark.parametrize(
    "place",
    [
        (),
        PLACE[:-1],
        (*PLACE, ""),
        PLACE[::-1],
        ("history", "text", "tenantc", "hat"),
        ("history", "text", "tenant", "b"),
    ],
)
def test_it_opens_in_no_other_place(place: tuple[str, ...]) -> None:
    with pytest.raises(Unopened):
        RING.open(RING.seal(b"text", *PLACE), *place)


def test_a_changed_byte_is_noticed_wherever_it_is() -> None:
    sealed = RING.seal(b"text", *PLACE)
    for at in range(1, len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Unopened):
            RING.open(changed, *PLACE)


def test_what_is_cut_short_is_noticed() -> None:
    sealed = RING.seal(b"text", *PLACE)
    for length in range(1, len(sealed)):
        with pytest.raises(Unopened):
            RING.open(sealed[:length], *PLACE)


def test_without_its_key_it_stays_closed() -> None:
    with pytest.raises(Unopened):
        OLD.open(RING.seal(b"text", *PLACE), *PLACE)


def test_another_tenants_key_of_the_same_number_does_not_open_it() -> None:
    with pytest.raises(Unopened):
        Ring({2: b"x" * 32}).open(RING.seal(b"text", *PLACE), *PLACE)


@pytest.mark.parametrize("first", range(2, 9))
def test_a_version_that_is_not_known_is_refused(first: int) -> None:
    with pytest.raises(Unopened):
        RING.open(bytes([first]) + b"whatever", *PLACE)


@pytest.mark.parametrize("text", [b"", b"{}", b"\tindented", b"\nline", "Ä".encode()])
def test_what_an_older_program_wrote_is_read_as_it_is(text: bytes) -> None:
    assert RING.open(text, *PLACE) == text


def test_an_error_says_nothing() -> None:
    with pytest.raises(Unopened) as caught:
        OLD.open(RING.seal(b"secret", *PLACE), *PLACE)
    assert (str(caught.value), caught.value.__cause__) == ("", None)


def test_a_ring_does_not_show_its_keys() -> None:
    assert "1" * 8 not in repr(RING) and "2" * 8 not in repr(RING)


def test_places_are_joined_without_doubt() -> None:
    parts = ["", "a", "aa", "a\0", "\0\0\0\1", "ä"]
    places = [place for count in range(3) for place in itertools.product(parts, repeat=count)]
    sealed = {place: RING.seal(b"x", *place) for place in places}
    for one, other in itertools.combinations(places, 2):
        with pytest.raises(Unopened):
            RING.open(sealed[one], *other)
