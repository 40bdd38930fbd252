"""Whether a file hangs on a message in a channel or group chat, where Teams does not hand it over.

Floor 5. Pure, on untrusted text. All that a bot gets of such a file is its place in the HTML of the message, an
`<attachment id="…">`. The id of a file is a GUID in its usual form; those of quoted and forwarded messages are numbers, and
those of cards are digits in a row, and neither is a file. Source: attachments of a Microsoft Graph chatMessage.
"""

import re

from selectolax.lexbor import LexborHTMLParser

LONGEST = 50_000
"""Characters of a message that are looked at; Teams takes about 28 KB."""
TAGS = 2_000
"""Tags of a message that are looked at: to parse them costs more than any words do."""
GUID = re.compile(r"\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", re.IGNORECASE)


def has_file(html: str) -> bool:
    """Whether the HTML of a message holds the place of a file."""
    if "<attachment" not in html.lower():
        return False
    looked_at = "<".join(html[:LONGEST].split("<", TAGS)[:TAGS])
    places = LexborHTMLParser(looked_at).css("attachment[id]")
    return any(GUID.fullmatch(place.attributes.get("id") or "") for place in places)
