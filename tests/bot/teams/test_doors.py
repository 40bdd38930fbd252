import pytest

from bot.teams.doors import is_local


@pytest.mark.parametrize(
    ("peer", "host", "origin"),
    [
        ("127.0.0.1", "127.0.0.1:3978", None),
        ("127.0.0.1", "localhost:3978", None),
        ("127.0.0.1", "LOCALHOST", None),
        ("::1", "[::1]:3978", None),
        ("::1", "localhost:3978", "http://localhost:26150"),
        ("127.0.0.1", "localhost:3978", "http://127.0.0.1:26150"),
    ],
)
def test_this_machine_is_let_in(peer: str, host: str, origin: str | None) -> None:
    assert is_local(peer, host, origin)


@pytest.mark.parametrize(
    ("peer", "host", "origin"),
    [
        ("192.168.1.5", "localhost:3978", None),
        ("10.0.0.1", "127.0.0.1:3978", None),
        ("203.0.113.9", "127.0.0.1", None),
        (None, "localhost", None),
        ("", "localhost", None),
        ("unix", "localhost", None),
        ("127.0.0.1", None, None),
        ("127.0.0.1", "", None),
        ("127.0.0.1", "evil.example:3978", None),
        ("127.0.0.1", "localhost.evil.example", None),
        ("127.0.0.1", "127.0.0.1.evil.example:3978", None),
        ("127.0.0.1", "evil.example@localhost", None),
        ("127.0.0.1", "localhost:3978", "https://evil.example"),
        ("127.0.0.1", "localhost:3978", "http://localhost.evil.example"),
        ("127.0.0.1", "localhost:3978", "http://localhost@evil.example"),
        ("127.0.0.1", "localhost:3978", "null"),
        ("127.0.0.1", "localhost:3978", ""),
    ],
)
def test_nobody_else_is(peer: str | None, host: str | None, origin: str | None) -> None:
    assert not is_local(peer, host, origin)
