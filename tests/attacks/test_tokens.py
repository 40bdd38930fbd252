import pytest

from tests.attacks.connection import Server
from tests.attacks.forgeries import BARE, WEBCHAT, Try, bearer, tries
from tests.attacks.indoors import House, token
from tests.attacks.report import Report
from tests.attacks.tokens import Post, cost, fetched, run
from tests.world.signing import key

TRIES = tries()


@pytest.mark.parametrize("one", TRIES, ids=lambda one: one.what)
async def test_a_bad_token_is_refused_before_the_body_has_come(one: Try) -> None:
    house = House()
    house.keys.publish(key(0), WEBCHAT, BARE)
    async with Server(house.application()) as server:
        post = Post(server, house)
        if one.status == 401:
            assert await post.head(one) == 401
        assert await post.whole(one) == one.status
        assert post.entered == 0


async def test_a_good_token_comes_in() -> None:
    house = House()
    async with Server(house.application()) as server:
        post = Post(server, house)
        assert await post.head(Try("good", bearer(token()))) == 0
        assert await post.whole(Try("good", bearer(token()))) == 202
        assert post.entered == 1


async def test_the_scheme_in_small_letters_comes_in() -> None:
    house = House()
    async with Server(house.application()) as server:
        assert await Post(server, house).whole(Try("good", (f"bearer {token()}",))) == 202


async def test_two_hundred_unknown_keys_within_one_period_fetch_the_keys_once() -> None:
    assert await fetched(200) == 1


async def test_a_refusal_of_two_hundred_kilobytes_costs_next_to_nothing() -> None:
    assert await cost(50, 2) < 20


async def test_the_report_says_that_nothing_was_let_through() -> None:
    report = Report()
    await run(report)
    assert report.let_through == 0
