"""Requests made wrong: heads that lie about their bodies, headers twice, huge or forged, and other ways and methods."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

PATH = b"/api/messages"
Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Knock:
    """A request. `plain`: its head is as it should be, so the connection is good for another."""

    body: bytes
    headers: Headers = ()
    method: bytes = b"POST"
    path: bytes = PATH
    version: bytes = b"HTTP/1.1"
    plain: bool = True
    tail: bytes = b""

    @property
    def wire(self) -> bytes:
        """All of it."""
        head = b"".join(b"%b: %b\r\n" % header for header in self.headers)
        return b"%b %b %b\r\n%b\r\n%b%b" % (self.method, self.path, self.version, head, self.body, self.tail)


def usual(body: bytes, token: bytes) -> Knock:
    """As Teams sends it."""
    headers = (
        (b"Host", b"bot.contoso.example"),
        (b"Authorization", b"Bearer " + token),
        (b"Content-Type", b"application/json; charset=utf-8"),
        (b"Content-Length", str(len(body)).encode()),
    )
    return Knock(body, headers)


def crooked(chance: Random, body: bytes, token: bytes) -> Knock:
    """With something wrong about the request itself."""
    knock = usual(body, token)
    found = chance.choice(WAYS)(chance, knock)
    return Knock(found.body, found.headers, found.method, found.path, found.version, False, found.tail)


def with_header(knock: Knock, name: bytes, *values: bytes) -> Knock:
    """With other values of a header, none or several."""
    kept = tuple(header for header in knock.headers if header[0] != name)
    return Knock(knock.body, (*kept, *((name, value) for value in values)), knock.method, knock.path, knock.version)


TYPES = (
    b"text/plain",
    b"application/x-www-form-urlencoded",
    b"multipart/form-data; boundary=x",
    b"multipart/form-data",
    b"application/json; charset=utf-7",
    b"application/json; charset=nonsense",
    b"application/json; charset=utf-16",
    b"x" * 4_000,
    b"",
    b"\xff\xfe",
)
LENGTHS = (
    b"0",
    b"1",
    b"-1",
    b"+5",
    b"1e3",
    b"0x10",
    b"nonsense",
    b"",
    b"99999999999999999999999",
    b"262145",
    b"5, 5",
    b" 7",
    b"1_000",
)
CODINGS = (b"gzip", b"deflate", b"br", b"zstd", b"identity, gzip", b"identity", b"", b"x" * 500)
METHODS = (b"GET", b"PUT", b"DELETE", b"HEAD", b"OPTIONS", b"TRACE", b"CONNECT", b"PATCH", b"post", b"P\0ST", b"")
PATHS = (
    b"/",
    b"/api/messages/",
    b"/api//messages",
    b"/API/messages",
    b"/api/messages?a=b&a=b",
    b"/api/messages#x",
    b"/api/messages;x=1",
    b"/api/%6dessages",
    b"/api/messages%00",
    b"/api/messages/../../readyz",
    b"http://evil.example/api/messages",
    b"//evil.example/api/messages",
    b"*",
    b"",
    b"/" + b"x" * 9_000,
    b"/\xff\xfe",
    b"/readyz",
    b"/healthz",
    b"/.git/config",
)
EXTRA: tuple[tuple[bytes, bytes], ...] = (
    (b"X-Huge", b"x" * 8_000),
    (b"X-Huger", b"x" * 70_000),
    (b"X-Null", b"a\0b"),
    (b"X Blank", b"x"),
    (b"", b"x"),
    (b"Expect", b"100-continue"),
    (b"Expect", b"nonsense"),
    (b"Upgrade", b"websocket"),
    (b"Connection", b"Upgrade, HTTP2-Settings"),
    (b"Host", b"evil.example"),
    (b"X-Forwarded-For", b"127.0.0.1"),
    (b"X-Original-URL", b"/admin"),
    (b"X-HTTP-Method-Override", b"DELETE"),
    (b"Cookie", b"a=b; " * 500),
    (b"Range", b"bytes=0-18446744073709551615"),
    (b"Content-Encoding\t", b"gzip"),
    (b"Authorization", b"Bearer a.b.c"),
    (b"authorization", b"Basic eDp5"),
)


def _pieces(chance: Random, knock: Knock) -> Knock:
    """The body in pieces, rightly or wrongly counted."""
    size = chance.choice((b"%x" % len(knock.body), b"%x" % (len(knock.body) + 5), b"-1", b"zz", b"f" * 40, b"0"))
    body = size + b"\r\n" + knock.body + b"\r\n0\r\n\r\n"
    told = chance.choice((b"chunked", b"chunked", b"Chunked", b"gzip, chunked", b"chunked, identity", b"x"))
    found = with_header(knock, b"Transfer-Encoding", told)
    kept = tuple(header for header in found.headers if header[0] != b"Content-Length" or chance.random() < 0.3)
    return Knock(body, kept)


def _headers(chance: Random, knock: Knock) -> Knock:
    more = chance.choice(EXTRA)
    return Knock(knock.body, (*knock.headers, *([more] * chance.choice((1, 1, 2, 200)))))


def _packed(chance: Random, knock: Knock) -> Knock:
    """A body that was packed, or says so."""
    body = gzip.compress(knock.body, 1, mtime=0) if chance.random() < 0.5 else knock.body
    found = with_header(knock, b"Content-Length", str(len(body)).encode())
    return Knock(body, (*found.headers, (b"Content-Encoding", chance.choice(CODINGS))))


def _bare(chance: Random, knock: Knock) -> Knock:
    """Without one of its headers."""
    name = chance.choice(knock.headers)[0]
    return with_header(knock, name)


def _broken(chance: Random, knock: Knock) -> Knock:
    """A head that is none: other line ends, folded lines, half a line."""
    body = chance.choice((b"\r\n", b"\n", b"\0", b" folded\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) + knock.body
    return Knock(body, chance.choice((knock.headers[:1], ())), chance.choice((b"POST", b"\x16\x03\x01\x02", b"{")))


WAYS: tuple[Callable[[Random, Knock], Knock], ...] = (
    lambda chance, knock: with_header(knock, b"Content-Type", chance.choice(TYPES)),
    lambda chance, knock: with_header(knock, b"Content-Length", chance.choice(LENGTHS)),
    lambda chance, knock: with_header(knock, b"Content-Length", b"5", b"6"),
    lambda chance, knock: with_header(knock, b"Authorization", *(value for _, value in knock.headers[1:2] * 2)),
    lambda chance, knock: Knock(knock.body, knock.headers, chance.choice(METHODS)),
    lambda chance, knock: Knock(knock.body, knock.headers, path=chance.choice(PATHS)),
    lambda chance, knock: Knock(
        knock.body, knock.headers, version=chance.choice((b"HTTP/1.0", b"HTTP/9.9", b"x", b""))
    ),
    lambda chance, knock: Knock(knock.body, knock.headers, tail=knock.wire),
    lambda chance, knock: Knock(knock.body[: chance.randrange(len(knock.body) + 1)], knock.headers),
    _pieces,
    _headers,
    _packed,
    _bare,
    _broken,
)
