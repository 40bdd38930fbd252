"""A loopback Key Vault: the two operations on a key of several versions, with a real RSA key each, and faults."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
NAME = "content"
TOKEN = "a token for the vault"


def open_gate() -> asyncio.Event:
    """A gate through which everybody comes."""
    gate = asyncio.Event()
    gate.set()
    return gate


@dataclass
class KeyVaultServer:
    """One vault with one key. `status` is what every request fails with, `body` the answer in place of a real one.

    `token` says which bearer tokens are good.
    """

    token: Callable[[str], bool] = TOKEN.__eq__
    versions: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    asked: list[str] = field(default_factory=list)
    address: str = ""
    gate: asyncio.Event = field(default_factory=open_gate)
    """While it is shut nobody is answered."""
    runner: web.AppRunner | None = None

    async def __aenter__(self) -> "KeyVaultServer":
        self.turn()
        application = web.Application()
        application.router.add_post("/keys/{name}/{operation}", self.answer)
        application.router.add_post("/keys/{name}/{version}/{operation}", self.answer)
        self.runner = web.AppRunner(application, access_log=None)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        host, port = self.runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gate.set()
        if self.runner is not None:
            await self.runner.cleanup()

    @property
    def key(self) -> str:
        """The address of the key, without a version."""
        return f"{self.address}/keys/{NAME}"

    def turn(self) -> None:
        """The key has a new version."""
        self.versions[f"{len(self.versions) + 1:032x}"] = rsa.generate_private_key(65537, 2048)

    async def answer(self, request: web.Request) -> web.Response:
        """One operation, as Key Vault answers it."""
        self.asked.append(request.path)
        await request.read()
        await self.gate.wait()
        if self.status != 200 and self.body is not None:
            return web.Response(status=self.status, body=self.body)
        if self.status != 200:
            return web.json_response({"error": {"code": "Fault"}}, status=self.status)
        if not self.token(request.headers.get("Authorization", "").removeprefix("Bearer ")):
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        if self.body is not None:
            return web.Response(body=self.body)
        version = request.match_info.get("version") or list(self.versions)[-1]
        given = await request.json()
        known = version in self.versions and request.match_info["name"] == NAME and request.query.get("api-version")
        if not known or given["alg"] != "RSA-OAEP-256":
            return web.json_response({"error": {"code": "KeyNotFound"}}, status=404)
        try:
            value = self.operated(request.match_info["operation"], version, unpadded(given["value"]))
        except ValueError:
            return web.json_response({"error": {"code": "BadParameter"}}, status=400)
        return web.json_response({"kid": f"{self.key}/{version}", "value": padless(value)})

    def operated(self, operation: str, version: str, value: bytes) -> bytes:
        """The key in its other form."""
        own = self.versions[version]
        return own.public_key().encrypt(value, OAEP) if operation == "wrapkey" else own.decrypt(value, OAEP)


def unpadded(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def padless(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
