"""What a person's token says of them.

Floor 5. The tokens come from the token service over our own line, so their signatures are not looked at again; nothing of
a token but these few claims goes further. Source: access tokens of the Microsoft identity platform.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt

from dialogs.rules import Session

AUDIENCES = ("{}", "api://{}", "api://botid-{}")
"""How a token for an application names it."""
NAMES = ("preferred_username", "upn", "unique_name", "name")
"""Claims that may hold what a person is called, the most telling first."""


def session(token: str | None, app: str = "") -> Session | None:
    """The session of a token; None for none, and for what is no person's token.

    Roles are those of the application `app`, so they count only in a token for it: another application may give its own
    the same names.
    """
    claims = claims_of(token)
    person, tenant, expires = claims.get("oid"), claims.get("tid"), _moment(claims.get("exp"))
    if not isinstance(person, str) or not isinstance(tenant, str) or expires is None:
        return None
    roles = (
        _roles(claims) if app and claims.get("aud") in {form.format(app) for form in AUDIENCES} else frozenset[str]()
    )
    # A token that does not say since when it is good counts as old as can be: whoever asks for a fresh one gets one.
    issued = _moment(claims.get("iat")) or datetime.min.replace(tzinfo=UTC)
    return Session(person, tenant, _name(claims), roles, issued, expires)


def claims_of(token: str | None) -> Mapping[str, Any]:
    """The claims of a token, unverified; none of what is no token."""
    try:
        found = jwt.decode(token or "", options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    return found if isinstance(found, dict) else {}


def _moment(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
    except (OverflowError, ValueError, OSError):
        return None


def _name(claims: Mapping[str, Any]) -> str:
    return next((claims[name] for name in NAMES if isinstance(claims.get(name), str)), "")


def _roles(claims: Mapping[str, Any]) -> frozenset[str]:
    roles = claims.get("roles")
    return frozenset(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else frozenset()
