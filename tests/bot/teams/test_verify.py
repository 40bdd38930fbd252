import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bot.teams.keys import Key, parse
from bot.teams.verify import REMEMBERED, Claims, Unverified, Verifier
from tests.bot.teams.clock import Clock
from tests.world.login import ISSUER
from tests.world.people import APP
from tests.world.signing import Key as Signer
from tests.world.signing import key

SERVICE = "https://smba.trafficmanager.net/emea/"


class Shelf:
    """Keys that are simply there, and how often somebody came for one."""

    def __init__(self, *signers: Signer) -> None:
        self.keys = parse([one.public() for one in signers])
        self.visits = 0

    async def find(self, kid: str) -> Key | None:
        self.visits += 1
        return self.keys.get(kid)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(key(0))


@pytest.fixture
def verifier(shelf: Shelf, clock: Clock) -> Verifier:
    return Verifier(shelf, ISSUER, APP, clock.now)


def usual(clock: Clock) -> dict[str, Any]:
    now = int(clock.seconds())
    return {"iss": ISSUER, "aud": APP, "iat": now, "nbf": now - 300, "exp": now + 3600, "serviceurl": SERVICE}


def token(clock: Clock, header: dict[str, Any] | None = None, **claims: Any) -> str:
    return key(0).sign({**usual(clock), **claims}, **(header or {}))


async def test_a_token_of_the_channel_is_good(verifier: Verifier, clock: Clock) -> None:
    claims = await verifier.verify(f"Bearer {token(clock)}")
    assert (claims.serviceurl, "msteams" in claims.endorsements) == (SERVICE, True)


async def test_the_scheme_may_be_written_in_small_letters(verifier: Verifier, clock: Clock) -> None:
    assert await verifier.verify(f"bearer {token(clock)}")


@pytest.mark.parametrize("claims", [{"exp": -299}, {"nbf": 299}, {"iat": 299}])
async def test_five_minutes_of_leeway_are_given(verifier: Verifier, clock: Clock, claims: dict[str, int]) -> None:
    moved: dict[str, Any] = {name: int(clock.seconds()) + span for name, span in claims.items()}
    assert await verifier.verify(f"Bearer {token(clock, **moved)}")


def segment(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return jwt.utils.base64url_encode(raw).decode()


def unsigned(clock: Clock, **header: Any) -> str:
    return f"{segment({'alg': 'none', 'kid': 'key-0', **header})}.{segment(usual(clock))}.{segment(b'x')}"


def with_public_key_as_secret(clock: Clock) -> str:
    """The classical confusion: the RSA modulus as an HMAC secret."""
    secret: str = key(0).public()["n"]
    return jwt.encode(usual(clock), secret, algorithm="HS256", headers={"kid": "key-0"})


def elliptic(clock: Clock) -> str:
    private = ec.generate_private_key(ec.SECP256R1())
    return jwt.encode(usual(clock), private, algorithm="ES256", headers={"kid": "key-0"})


def tampered(clock: Clock) -> str:
    head, _, tail = token(clock).split(".")
    return f"{head}.{segment({**usual(clock), 'serviceurl': 'https://evil.example/'})}.{tail}"


def forged(clock: Clock) -> str:
    return key(99).sign(usual(clock), kid="key-0")


def stripped(clock: Clock) -> str:
    head, body, _ = token(clock).split(".")
    return f"{head}.{body}."


def claims_as(clock: Clock, payload: bytes) -> str:
    return jwt.PyJWS().encode(payload, key(0).private, algorithm="RS256", headers={"kid": "key-0"})


def late(clock: Clock, **spans: int) -> dict[str, Any]:
    return {name: int(clock.seconds()) + span for name, span in spans.items()}


NOT_A_NUMBER = b'{"exp": NaN}'
BAD: dict[str, Callable[[Clock], str | None]] = {
    "no header": lambda clock: None,
    "empty": lambda clock: "",
    "scheme alone": lambda clock: "Bearer",
    "scheme and blank": lambda clock: "Bearer ",
    "no scheme": lambda clock: token(clock),
    "basic": lambda clock: "Basic dXNlcjpwYXNz",
    "another scheme": lambda clock: f"Token {token(clock)}",
    "garbage": lambda clock: "Bearer garbage",
    "two parts": lambda clock: "Bearer a.b",
    "four parts": lambda clock: f"Bearer {token(clock)}.x",
    "two tokens": lambda clock: f"Bearer {token(clock)} {token(clock)}",
    "comma": lambda clock: f"Bearer {token(clock)},{token(clock)}",
    "not base64": lambda clock: "Bearer !!!.???.***",
    "header no json": lambda clock: f"Bearer {segment(b'nonsense')}.{segment({})}.{segment(b'x')}",
    "header a list": lambda clock: f"Bearer {segment([])}.{segment({})}.{segment(b'x')}",
    "header deep": lambda clock: f"Bearer {segment(b'[' * 3000)}.{segment({})}.{segment(b'x')}",
    "header not utf-8": lambda clock: f"Bearer {segment(bytes([255, 254]))}.{segment({})}.{segment(b'x')}",
    "too long": lambda clock: f"Bearer {token(clock, filler='x' * 9000)}",
    "alg none": lambda clock: f"Bearer {unsigned(clock)}",
    "alg None": lambda clock: f"Bearer {unsigned(clock, alg='None')}",
    "alg empty": lambda clock: f"Bearer {unsigned(clock, alg='')}",
    "alg a number": lambda clock: f"Bearer {unsigned(clock, alg=5)}",
    "alg rs256": lambda clock: f"Bearer {unsigned(clock, alg='rs256')}",
    "HS256": lambda clock: f"Bearer {with_public_key_as_secret(clock)}",
    "ES256": lambda clock: f"Bearer {elliptic(clock)}",
    "RS512": lambda clock: (
        f"Bearer {jwt.encode(usual(clock), key(0).private, algorithm='RS512', headers={'kid': 'key-0'})}"
    ),
    "no kid": lambda clock: f"Bearer {jwt.encode(usual(clock), key(0).private, algorithm='RS256')}",
    "kid empty": lambda clock: f"Bearer {token(clock, {'kid': ''})}",
    "kid unknown": lambda clock: f"Bearer {token(clock, {'kid': 'key-77'})}",
    "kid a path": lambda clock: f"Bearer {token(clock, {'kid': '../../etc/passwd'})}",
    "crit": lambda clock: f"Bearer {token(clock, {'crit': ['exp'], 'exp': 1})}",
    "tampered": lambda clock: f"Bearer {tampered(clock)}",
    "forged": lambda clock: f"Bearer {forged(clock)}",
    "no signature": lambda clock: f"Bearer {stripped(clock)}",
    "signature cut": lambda clock: f"Bearer {token(clock)[:-8]}",
    "claims no json": lambda clock: f"Bearer {claims_as(clock, b'nonsense')}",
    "claims a list": lambda clock: f"Bearer {claims_as(clock, b'[]')}",
    "claims NaN": lambda clock: f"Bearer {claims_as(clock, NOT_A_NUMBER)}",
    "iss absent": lambda clock: f"Bearer {token(clock, iss=None)}",
    "iss other": lambda clock: f"Bearer {token(clock, iss='https://sts.windows.net/d6d49420/')}",
    "iss with slash": lambda clock: f"Bearer {token(clock, iss=ISSUER + '/')}",
    "iss list": lambda clock: f"Bearer {claims_as(clock, json.dumps({**usual(clock), 'iss': [ISSUER]}).encode())}",
    "aud absent": lambda clock: f"Bearer {token(clock, aud=None)}",
    "aud other": lambda clock: f"Bearer {token(clock, aud='00000000-0000-0000-0000-000000000000')}",
    "aud uri": lambda clock: f"Bearer {token(clock, aud=f'api://{APP}')}",
    "aud list": lambda clock: f"Bearer {token(clock, aud=[APP, 'x'])}",
    "aud api": lambda clock: f"Bearer {token(clock, aud=ISSUER)}",
    "exp absent": lambda clock: f"Bearer {token(clock, exp=None)}",
    "exp past": lambda clock: f"Bearer {token(clock, **late(clock, exp=-301))}",
    "exp text": lambda clock: f"Bearer {token(clock, exp='tomorrow')}",
    "exp true": lambda clock: f"Bearer {token(clock, exp=True)}",
    "exp huge": lambda clock: f"Bearer {token(clock, exp=10**30)}",
    "exp negative": lambda clock: f"Bearer {token(clock, exp=-1)}",
    "exp list": lambda clock: f"Bearer {token(clock, exp=[1])}",
    "nbf future": lambda clock: f"Bearer {token(clock, **late(clock, nbf=400))}",
    "nbf text": lambda clock: f"Bearer {token(clock, nbf='x')}",
    "iat future": lambda clock: f"Bearer {token(clock, **late(clock, iat=400))}",
    "iat object": lambda clock: f"Bearer {token(clock, iat={})}",
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_token_proves_nothing(verifier: Verifier, clock: Clock, name: str) -> None:
    with pytest.raises(Unverified):
        await verifier.verify(BAD[name](clock))


async def test_a_token_with_another_algorithm_is_refused_before_its_key_is_looked_for(
    verifier: Verifier, clock: Clock, shelf: Shelf
) -> None:
    with pytest.raises(Unverified):
        await verifier.verify(f"Bearer {with_public_key_as_secret(clock)}")
    assert shelf.visits == 0


async def test_the_reason_holds_nothing_of_the_token(verifier: Verifier, clock: Clock) -> None:
    with pytest.raises(Unverified) as refused:
        await verifier.verify(f"Bearer {token(clock, iss='SECRET')}")
    assert "SECRET" not in repr(refused.value)


async def test_a_token_that_was_verified_is_not_verified_again_for_five_minutes(
    verifier: Verifier, clock: Clock, shelf: Shelf
) -> None:
    sent = f"Bearer {token(clock)}"
    await verifier.verify(sent)
    clock.turn(seconds=299)
    await verifier.verify(sent)
    assert shelf.visits == 1


async def test_after_five_minutes_it_is_verified_again(verifier: Verifier, clock: Clock, shelf: Shelf) -> None:
    sent = f"Bearer {token(clock)}"
    await verifier.verify(sent)
    clock.turn(seconds=300)
    shelf.keys = {}
    with pytest.raises(Unverified):
        await verifier.verify(sent)


async def test_a_remembered_token_still_expires(verifier: Verifier, clock: Clock) -> None:
    sent = f"Bearer {token(clock, **late(clock, exp=-290))}"
    await verifier.verify(sent)
    clock.turn(seconds=20)
    with pytest.raises(Unverified):
        await verifier.verify(sent)


def test_only_so_many_tokens_are_remembered(verifier: Verifier, clock: Clock) -> None:
    claims = Claims(SERVICE, frozenset(), clock.now() + timedelta(hours=1))
    for number in range(REMEMBERED + 10):
        verifier._remember(str(number).encode(), claims)
    assert len(verifier._known) == REMEMBERED
