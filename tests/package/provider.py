"""The providers' schemas, served to Terraform as the providers themselves would: so that it can validate, and test with
mock providers, where no provider can be fetched.

Terraform talks to a provider by gRPC (protocol 6) and can be told of one that runs already (TF_REATTACH_PROVIDERS). This
one knows what every resource looks like (schema.json) and nothing else: it never plans, reads or makes anything. Values
that only the real provider would refuse pass here. `python -m tests.package.provider COMMAND…` runs a command with both
providers attached; it needs grpcio.
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

grpc: Any = importlib.import_module("grpc")  # of the checks' own environment
HERE = Path(__file__).parent
HOST = ".".join(("registry", "terraform", "io"))
LIST = 2
CONFIGURED: dict[str, dict[str, Any]] = {
    "azurerm": {
        "attributes": {
            "subscription_id": ["optional", "string"],
            "environment": ["optional", "string"],
            "storage_use_azuread": ["optional", "bool"],
            "resource_providers_to_register": ["optional", ["list", "string"]],
        },
        "blocks": {"features": {"min": 1, "max": 1, "attributes": {}, "blocks": {}}},
    },
    "azuread": {
        "attributes": {"tenant_id": ["optional", "string"], "environment": ["optional", "string"]},
        "blocks": {},
    },
}


def varint(number: int) -> bytes:
    """A number as protocol buffers write it."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def field(number: int, content: bytes | str | int | bool) -> bytes:
    """One field of a message; what is empty, zero or false is left out, as the format wants it."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content) if content else b""
    raw = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def attribute(name: str, flag: str, kind: object) -> bytes:
    """Schema.Attribute: name 1, type 2, required 4, optional 5, computed 6. What nobody set, the provider may fill in."""
    flags = field(4, flag == "required") + field(5, flag == "optional") + field(6, flag != "required")
    return field(1, name) + field(2, json.dumps(kind)) + flags


def block(described: dict[str, Any]) -> bytes:
    """Schema.Block: attributes 2, blocks 3."""
    attributes = (field(2, attribute(name, *each)) for name, each in described["attributes"].items())
    blocks = (field(3, nested(name, each)) for name, each in described["blocks"].items())
    return b"".join((*attributes, *blocks))


def nested(name: str, described: dict[str, Any]) -> bytes:
    """Schema.NestedBlock: name 1, block 2, nesting 3, least 4, most 5."""
    limits = field(4, described["min"]) + field(5, described["max"])
    return field(1, name) + field(2, block(described)) + field(3, LIST) + limits


def schema(described: dict[str, Any]) -> bytes:
    """Schema: block 2."""
    return field(2, block(described))


def answer(provider: str, types: dict[str, dict[str, Any]]) -> bytes:
    """GetProviderSchema.Response: provider 1, resources 2, data sources 3; the latter two are maps."""
    made = field(1, schema(CONFIGURED[provider]))
    for key, described in types.items():
        kind, _, name = key.partition(".")
        if name.startswith(f"{provider}_"):
            made += field(2 if kind == "resource" else 3, field(1, name) + field(2, schema(described)))
    return made


METHODS = (
    *("GetProviderSchema", "ValidateProviderConfig", "ValidateResourceConfig", "ValidateDataResourceConfig"),
    *("ConfigureProvider", "StopProvider"),
)


def plugin(described: bytes) -> Any:
    """Answers with the schema, and to every check that there is nothing to say: an empty message."""

    def method(name: str) -> Any:
        said = described if name == "GetProviderSchema" else b""
        return grpc.unary_unary_rpc_method_handler(lambda request, context: said)

    return grpc.method_handlers_generic_handler("tfplugin6.Provider", {name: method(name) for name in METHODS})


@contextlib.contextmanager
def attached() -> Iterator[dict[str, str]]:
    """Both providers at work; gives what Terraform's environment must say to find them."""
    types = json.loads((HERE / "schema.json").read_text(encoding="utf-8"))
    servers, found = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for name in CONFIGURED:
            server = grpc.server(futures.ThreadPoolExecutor(8))
            server.add_generic_rpc_handlers((plugin(answer(name, types)),))
            server.add_insecure_port(f"unix://{folder}/{name}")
            server.start()
            servers.append(server)
            found[f"{HOST}/hashicorp/{name}"] = {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": os.getpid(),
                "Test": True,
                "Addr": {"Network": "unix", "String": f"{folder}/{name}"},
            }
        yield {"TF_REATTACH_PROVIDERS": json.dumps(found), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        for server in servers:
            server.stop(None).wait()


if __name__ == "__main__":
    with attached() as environ:
        sys.exit(subprocess.run(sys.argv[1:], env=os.environ | environ, check=False).returncode)
