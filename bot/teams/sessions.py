"""What a person's token says of them.

Floor 5. The tokens come from the token service over our own line, so their signatures are not looked at again; nothing of
a token but these few claims goes further. Source: access tokens of the Microsoft identity platform.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt

from dialogs.rules import Session

NAMES = ("preferred_username", "upn", "unique_name", "name")
"""Claims that may hold what a person is called, the most telling first."""


def session(token: str | None) -> Session | None:
    """The session of a token; None for none, and for what is no person's token."""
    claims = claims_of(token)
    person, tenant, expires = claims.get("oid"), claims.get("tid"), claims.get("exp")
    if not isinstance(person, str) or not isinstance(tenant, str) or not isinstance(expires, int | float):
        return None
    return Session(person, tenant, _name(claims), _roles(claims), datetime.fromtimestamp(expires, UTC))


def claims_of(token: str | None) -> Mapping[str, Any]:
    """The claims of a token, unverified; none of what is no token."""
    try:
        found = jwt.decode(token or "", options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    return found if isinstance(found, dict) else {}


def _name(claims: Mapping[str, Any]) -> str:
    return next((claims[name] for name in NAMES if isinstance(claims.get(name), str)), "")


def _roles(claims: Mapping[str, Any]) -> frozenset[str]:
    roles = claims.get("roles")
    return frozenset(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else frozenset()
