"""Documents as Teams hands them over: the card that asks whether it may, and the one that shows what was handed.

Floor 5. Source: sending files from a bot (personal chats only).
"""

from botbuilder.schema import Attachment

from bot.teams.escape import seen
from dialogs.talk import Handed, Handover

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"


def offered(file: Handover) -> Attachment:
    """Asks the person whether they want the document in their OneDrive. What it holds is known by its key alone."""
    context = {"key": file.key}
    content = {
        "description": seen(file.name),
        "sizeInBytes": file.size,
        "acceptContext": context,
        "declineContext": context,
    }
    return Attachment(content_type=CONSENT, name=seen(file.name), content=content)


def handed(file: Handed) -> Attachment:
    """Shows the document that lies in the person's OneDrive now."""
    content = {"uniqueId": file.id, "fileType": file.type}
    return Attachment(content_type=INFO, content_url=file.link, name=seen(file.name), content=content)
