"""E-mail: who, to whom, when and about what, then its text. Files within it are counted and left alone.

Floor 6.
"""

import email
import re
from datetime import datetime
from email import policy
from email.message import MIMEPart
from email.utils import format_datetime
from typing import Any

from oxmsg import Message

from bot.papers.draft import Draft, Reading
from bot.papers.web import shown
from dialogs.documents import Gap, Kind
from dialogs.errors import Protected

HEADERS = ("From", "To", "Cc", "Date", "Subject")
SIGNS = re.compile(
    rb"^(from|to|subject|date|mime-version|message-id|received|return-path|delivered-to):\s", re.IGNORECASE
)
FIELD = re.compile(rb"^[\x21-\x39\x3b-\x7e]+:|^[ \t]")
FEWEST = 3
"""Of the usual headers, how many make a text an e-mail."""
DISPLAYED = 0x0E04
"""The property in which Outlook keeps whom a letter is shown to be to."""
LOOK = 32_768
BOM = b"\xef\xbb\xbf"
ENVELOPE = b"From "
"""What a line begins with that a mailbox puts before a letter's headers."""
ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")


def is_mail(data: bytes) -> bool:
    """Whether a file begins as an e-mail does: with nothing but headers, several of the usual ones among them."""
    head = re.split(rb"\r?\n\r?\n", data[:LOOK].removeprefix(BOM), maxsplit=1)[0].splitlines()
    if len(data) > LOOK and head:
        head.pop()
    head = head[1:] if head and head[0].startswith(ENVELOPE) else head
    found = {sign[1].lower() for line in head if (sign := SIGNS.match(line))}
    return len(found) >= FEWEST and all(FIELD.match(line) for line in head)


def read(data: bytes) -> Reading:
    """An e-mail as it travels."""
    mail = email.message_from_bytes(data.removeprefix(BOM), policy=policy.default)
    if mail.get_content_type() in ENCRYPTED:
        raise Protected
    body = mail.get_body(("plain", "html"))
    text = content(body) if body is not None else ""
    return written(
        [(name, str(mail.get(name, ""))) for name in HEADERS],
        shown(text) if body is not None and body.get_content_subtype() == "html" else text,
        sum(1 for _ in mail.iter_attachments()) if mail.is_multipart() else int(body is None),
    )


def content(body: MIMEPart) -> str:
    """The text of a part, whatever it says its encoding is."""
    try:
        return str(body.get_content())
    except (LookupError, ValueError):
        payload: Any = body.get_payload(decode=True)
        return payload.decode(errors="replace") if isinstance(payload, bytes) else ""


def read_outlook(data: bytes) -> Reading:
    """An e-mail as Outlook keeps it."""
    mail = Message.load(data)
    named = ", ".join(f"{each.name} <{each.email_address}>" for each in mail.recipients)
    recipients = named or mail.properties.str_prop_value(DISPLAYED) or ""
    sent = mail.sent_date
    headers = {"From": mail.sender or "", "To": recipients, "Date": stamp(sent), "Subject": mail.subject}
    text = mail.body or shown(mail.html_body or "")
    return written(list(headers.items()), text, mail.attachment_count)


def stamp(sent: datetime | None) -> str:
    """When it was sent, as headers write it."""
    return format_datetime(sent) if sent else ""


def written(headers: list[tuple[str, str]], text: str, attachments: int) -> Reading:
    """An e-mail as one part, known by its subject."""
    draft = Draft(Kind.MAIL)
    draft.missed(Gap.ATTACHMENTS, attachments)
    lines = [f"{name}: {' '.join(value.split())}" for name, value in headers if value.strip()]
    subject = next((value for name, value in headers if name == "Subject"), "")
    if lines or text.strip():
        draft.add("heading", subject, "\n".join([*lines, "", text]))
    return draft.done(1)
