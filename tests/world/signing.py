"""RSA keys and the tokens signed with them. Keys are made once a process, because making one takes a tenth of a second."""

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key. `endorsements` are the channels it may speak for."""

    kid: str
    private: rsa.RSAPrivateKey
    endorsements: tuple[str, ...] = ("msteams", "webchat", "directline", "skype")

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        """A token; a claim that is None is left out. `header` overwrites the token's header, such as kid=…"""
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.private, algorithm="RS256", headers={"kid": self.kid, **header})

    def public(self, **fields: Any) -> dict[str, Any]:
        """The entry of a key set; `fields` overwrite, such as endorsements=[]."""
        numbers = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        named = {"kty": "RSA", "use": "sig", "kid": self.kid, "x5t": self.kid, "n": numbers["n"], "e": numbers["e"]}
        return {**named, "endorsements": list(self.endorsements), **fields}


@functools.cache
def key(number: int) -> Key:
    """The process's key of this number."""
    return Key(f"key-{number}", rsa.generate_private_key(public_exponent=65537, key_size=2048))


def key_set(keys: Iterable[Key]) -> dict[str, Any]:
    return {"keys": [one.public() for one in keys]}
