import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.store.canon import COLUMNS, VERSION, Seal, canonical, digest
from bot.store.seals import Chain, judged, links

AT = datetime(2026, 11, 21, 9, 30, 0, 5, tzinfo=UTC)
ROW = dict.fromkeys(COLUMNS[VERSION], "") | {"id": 7, "at": AT, "expires": AT + timedelta(days=365), "cost": None}


def chain(count: int) -> list[Seal]:
    return links("tenant", AT, 0, b"", [ROW | {"id": number} for number in range(count)])


def test_the_canonical_form_is_that_of_the_documentation() -> None:
    said = canonical({"b": AT, "a": 0.1 + 0.2, "ä": "ß\n"})
    assert said == '{"a":0.30000000000000004,"b":"2026-11-21T09:30:00.000005+00:00","ä":"ß\\n"}'.encode()


def test_a_time_is_the_same_in_every_zone() -> None:
    assert canonical(AT) == canonical(AT.astimezone(timezone(timedelta(hours=5))))


def test_the_hash_can_be_worked_out_without_the_program() -> None:
    (seal,) = links("tenant", AT, 0, b"", [ROW])
    row = hashlib.sha256(canonical(ROW)).hexdigest()
    said = f'[1,"tenant",1,"2026-11-21T09:30:00.000005+00:00",7,"2027-11-21T09:30:00.000005+00:00","{row}"]'
    assert seal.hash == hashlib.sha256(said.encode()).digest()


def test_columns_that_a_version_does_not_know_do_not_change_its_digest() -> None:
    assert digest(ROW | {"later": "x"}) == digest(ROW)


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"a": b"bytes"})


def test_every_link_hangs_on_the_one_before_it() -> None:
    one, two, three = chain(3)
    assert (one.previous, two.previous, three.previous) == (b"", one.hash, two.hash)


def test_a_seal_of_an_unknown_version_is_no_proof() -> None:
    (seal,) = chain(1)
    later = replace(seal, version=99)
    assert judged(Chain("tenant"), None, replace(later, hash=later.true_hash), False, ROW, AT).broken == (1,)


def test_no_more_faults_are_told_one_by_one_than_can_be_read() -> None:
    found, previous = Chain("tenant"), None
    for seal in chain(200):
        found = judged(found, previous, seal, False, None, AT)
        previous = seal
    assert found.missing == tuple(range(100))
