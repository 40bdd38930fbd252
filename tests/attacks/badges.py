"""The tokens of people and of the application, as Graph and the token service know them."""

from functools import cache

import jwt

from tests.attacks.markers import Who
from tests.world.people import Someone

GRAPH = "https://graph.microsoft.com"
APP_TOKEN = "the application's"


@cache
def token_of(one: Someone) -> str:
    """What the token service has of somebody: a token for Graph."""
    claims = {
        "oid": one.id,
        "tid": one.tenant,
        "aud": GRAPH,
        "iat": 1_700_000_000,
        "exp": 4_000_000_000,
        "name": one.name,
    }
    return jwt.encode(claims, "a secret of nobody, thirty-two bytes", algorithm="HS256")


@cache
def owner(token: str) -> Who | None:
    """Whose token it is."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None
    return claims["tid"], claims["oid"]
