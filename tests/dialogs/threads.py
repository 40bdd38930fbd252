"""Threads to read: the recorded ones where they are, and one of our own."""

import html
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from dialogs.talk import Post
from tests.dialogs.desk import thread

RECORDED = sorted(
    path
    for path in (Path(__file__).resolve().parents[2] / "../shared/threads").resolve().glob("*.json")
    if not path.name.endswith(".reference.json")
)
"""Public meeting records in Graph's shape; not part of the project, so there may be none."""

SAMPLE = thread(
    (
        "Anna Weber",
        "Morning all. We need to settle the customer event in Lisbon: the venue, the catering and the budget.",
    ),
    ("Ben Okafor", "I visited both venues last week. The old customs house holds 180 people and costs 14,500 euros."),
    ("Chloe Martin", "The river terrace is cheaper, 9,000 euros, but has no roof and November is wet."),
    ("Ben Okafor", "Exactly, last year half of the customer event was rained off."),
    ("Anna Weber", "Then let's go with the old customs house."),
    ("Chloe Martin", "Sounds good to me."),
    ("Dev Patel", "Agreed."),
    ("Anna Weber", "Ben, could you send them the signed contract by Thursday?"),
    ("Ben Okafor", "Yes, will do."),
    ("Farah Nasser", "Catering: I asked three companies for quotes, two of them can do a vegetarian menu."),
    ("Dev Patel", "We decided to keep the total budget at 32,000 euros, finance approved it yesterday."),
    ("Farah Nasser", "I'll book the catering company once I have their allergy list, probably tomorrow."),
    ("Emil Novak", "👍"),
    ("Emil Novak", "Who will translate the keynote slides into Portuguese?"),
    ("Chloe Martin", "The registration page has 64 sign-ups since Friday, mostly from Spain and Portugal."),
    ("Dev Patel", "Someone needs to update the customer list before the invitations go out."),
    ("Anna Weber", "How many hotel rooms did we reserve?"),
    ("Farah Nasser", "We reserved 40 rooms at the hotel next to the station."),
    ("Anna Weber", "Thanks, that helps."),
    ("Emil Novak", "It is still open whether the minister gives a speech."),
)
"""A thread as colleagues write it, with everything a summary should find."""


def load(path: Path) -> tuple[Post, ...]:
    """A thread in Graph's shape as posts."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return tuple(_post(message) for message in (record["root"], *record["replies"]))


def _post(message: dict[str, Any]) -> Post:
    user = message["from"]["user"]
    time = datetime.fromisoformat(message["createdDateTime"])
    text = html.unescape(re.sub(r"<[^>]+>", "", message["body"]["content"])).strip()
    return Post(message["id"], user["displayName"], user["id"], time, text, message["webUrl"])
