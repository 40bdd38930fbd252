"""Documents as Teams hands them over: the card that asks whether it may, and the one that shows what was handed.

Floor 5. Source: sending files from a bot (personal chats only).
"""

from botbuilder.schema import Attachment

from bot.teams.escape import code
from dialogs.attachments import Handed, Handover
from dialogs.plain import line, plain

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"


def offered(file: Handover) -> Attachment:
    """Asks the person whether they want the document in their OneDrive. What it holds is known by its key alone."""
    context, name = {"key": file.key}, _name(file.name)
    content = {
        "description": name,
        "sizeInBytes": file.size,
        "acceptContext": context,
        "declineContext": context,
    }
    return Attachment(content_type=CONSENT, name=name, content=content)


def handed(file: Handed) -> Attachment:
    """Shows the document that lies in the person's OneDrive now. Who shows it has looked where its address leads."""
    content = {"uniqueId": file.id, "fileType": file.type}
    return Attachment(content_type=INFO, content_url=file.link, name=_name(file.name), content=content)


def named(file: Handed) -> str:
    """Its name as markdown that shows it."""
    return plain(_name(file.name))


def _name(name: str) -> str:
    """A file's name on one line. It is no text with markup, and an address in it is none that a client would look for."""
    return line(code(name))
