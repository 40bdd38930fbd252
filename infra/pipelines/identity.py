"""Who the pipeline is, towards Azure: a token of GitHub's that names repository and environment, and no secret at all.

GitHub's token holds for some minutes and `az` cannot renew it, while a rollout lasts for an hour and must be able to swap
back at its end: so it is signed in anew before every step.
"""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

AUDIENCE = "api%3A%2F%2FAzureADTokenExchange"
TIMEOUT = 30.0
BYTES = 65_536


class NoToken(Exception):
    """GitHub gave no token; the text says what is missing and holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Federated:
    """An identity that trusts this repository's environment, and where GitHub hands out the tokens for it."""

    client: str
    tenant: str
    address: str
    bearer: str

    def token(self) -> str:
        """A new token of GitHub's. Raises `NoToken`."""
        parts = urlsplit(self.address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            way = f"{parts.path}?{parts.query}&audience={AUDIENCE}"
            connection.request("GET", way, headers={"Authorization": f"Bearer {self.bearer}"})
            response = connection.getresponse()
            return str(json.loads(response.read(BYTES))["value"])
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as fault:
            raise NoToken(f"GitHub gives no token: {type(fault).__name__}") from None
        finally:
            connection.close()


def federated(environ: Mapping[str, str]) -> Federated:
    """The identity that the job's environment names. Raises `NoToken` and says what is missing."""
    names = ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if missing := [name for name in names if not environ.get(name)]:
        raise NoToken(f"not set: {', '.join(missing)} (docs/pipelines.md)")
    return Federated(*(environ[name] for name in names))
