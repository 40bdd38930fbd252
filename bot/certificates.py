"""The certificates that a server shows: which it sends, whether they lead to an authority that is trusted, and how long they last.

Floor 7, of the family of `bot.doctor`. A browser looks for a certificate in the middle that a server leaves out; what delivers for Teams
does not, and says nothing. OpenSSL does not either, so what it misses here is missed there. Sources: RFC 8446, 4.4.2; RFC 6125, 6.4.3.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509

from bot.findings import Check, State, Topic

PATIENCE = 8.0
"""Seconds until a server must have shown them."""
SOON = timedelta(days=21)
"""How long before its end a certificate is worth a word."""
UNTIMED = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME: whether the chain is whole is another question than how old it is."""
UNLINKED = (2, 20, 21)
"""OpenSSL's codes for an issuer that was neither sent nor is known."""
OWN = (18, 19)
"""And for one who vouches for themselves and is not known."""
WHOLE = "install the whole chain at the gateway: the certificate, then those in the middle (often called fullchain.pem)"
AUTHORITY = "get a certificate from a public authority: Microsoft's servers trust no company's own"
RENEW = "renew it and see that the gateway takes the new one"
NAMED = "get a certificate for the name under which Teams calls"
SEALED = "let the gateway speak TLS 1.2 or 1.3"
MODERN = ("TLSv1.2", "TLSv1.3")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server showed: the certificates that it sent, its own first, and the version of TLS. `broken` is OpenSSL's code for
    why they do not lead to an authority that is trusted, 0 where they do."""

    sent: tuple[x509.Certificate, ...]
    version: str
    broken: int


async def shown(host: str, port: int, trust: Callable[[], ssl.SSLContext]) -> Shown:
    """What a server shows who asks for `host`. Raises `OSError`, which `ssl.SSLError` and `TimeoutError` are too."""
    blind = trust()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    async with asyncio.timeout(PATIENCE):
        (sent, version), broken = await asyncio.gather(handshake(host, port, blind), fault(host, port, trust()))
    return Shown(tuple(map(x509.load_der_x509_certificate, sent)), version, broken)


async def fault(host: str, port: int, context: ssl.SSLContext) -> int:
    """Why the certificates lead to no trusted authority, whatever their name and age; 0 where they do."""
    context.check_hostname = False
    context.verify_flags = ssl.VerifyFlags(context.verify_flags | UNTIMED)
    try:
        await handshake(host, port, context)
    except ssl.SSLCertVerificationError as error:
        return error.verify_code
    return 0


async def handshake(host: str, port: int, context: ssl.SSLContext) -> tuple[tuple[bytes, ...], str]:
    """The certificates that a server sends, and the version of TLS."""
    _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    try:
        return chain(writer.get_extra_info("ssl_object")), str(writer.get_extra_info("ssl_object").version())
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def chain(sealed: Any) -> tuple[bytes, ...]:
    """The certificates as they were sent. Public from Python 3.13 on; before, the same stood behind the object."""
    if hasattr(sealed, "get_unverified_chain"):
        return tuple(sealed.get_unverified_chain())
    found = sealed._sslobj.get_unverified_chain() or ()
    return tuple(each.public_bytes(2) for each in found)  # 2: DER


def judged(found: Shown, host: str, now: datetime) -> Iterable[Check]:
    """What is to be said of it."""
    yield linked(found)
    yield named(found.sent[0], host)
    yield aged(found.sent, now)
    if found.version in MODERN:
        yield Check(Topic.TLS, State.OK, found.version)
    else:
        yield Check(Topic.TLS, State.FAIL, found.version, SEALED)


def linked(found: Shown) -> Check:
    """Whether the certificates lead from the server's own to an authority that is trusted."""
    sent = f"{len(found.sent)} sent"
    if not found.broken:
        return Check(Topic.CHAIN, State.OK, f"whole ({sent})")
    if found.broken in UNLINKED:
        words = f"one in the middle is missing, or its authority is unknown ({sent}); Teams then never arrives, and says nothing"
        return Check(Topic.CHAIN, State.FAIL, words, f"{WHOLE}; {AUTHORITY}")
    if found.broken in OWN:
        return Check(Topic.CHAIN, State.FAIL, f"nobody known vouches for it ({sent})", AUTHORITY)
    return Check(Topic.CHAIN, State.FAIL, f"is not believed (OpenSSL's code {found.broken}, {sent})", WHOLE)


def named(own: x509.Certificate, host: str) -> Check:
    """Whether a certificate is for a host."""
    if any(fits(host.lower(), name.lower()) for name in names(own)):
        return Check(Topic.CERTIFICATE, State.OK, "is for this name", about="name")
    return Check(Topic.CERTIFICATE, State.FAIL, "is for another name", NAMED, "name")


def names(own: x509.Certificate) -> list[str]:
    """The names that a certificate is for."""
    try:
        found = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return found.get_values_for_type(x509.DNSName)


def fits(host: str, name: str) -> bool:
    """Whether a name is the host's; a star stands for its first part alone."""
    return name in (host, f"*.{host.partition('.')[2]}")


def aged(sent: tuple[x509.Certificate, ...], now: datetime) -> Check:
    """Whether all that was sent holds, and for how long."""
    until = min(each.not_valid_after_utc for each in sent)
    if until <= now:
        words = f"ended {(now - until).days} days ago"
        return Check(Topic.CERTIFICATE, State.FAIL, words, RENEW, "age")
    if max(each.not_valid_before_utc for each in sent) > now:
        words = "does not hold yet"
        return Check(Topic.CERTIFICATE, State.FAIL, words, "look at this machine's clock, or wait", "age")
    words = f"ends in {(until - now).days} days"
    if until - now < SOON:
        return Check(Topic.CERTIFICATE, State.WARN, words, RENEW, "age")
    return Check(Topic.CERTIFICATE, State.OK, words, about="age")
