"""What a turn leaves behind for one person, as the parameters of `FINISH_MORE`.

Floor 6.
"""

from datetime import timedelta
from typing import Any

from bot.answers import cites_packed, pack, packed
from bot.rings import Ring
from bot.store.changes import Frame, Written
from bot.store.keeping import OPENED
from bot.store.keys import key
from bot.store.parameters import body
from bot.store.rows import Claim, Planned, Record
from dialogs.changes import Opened
from dialogs.talk import Digest

SHARED = timedelta(hours=24)
"""How long an answer that one person saw alone may still be posted."""


def more(claim: Claim, record: Record, ring: Ring) -> dict[str, Any]:
    """All that `FINISH_MORE` takes beyond what `FINISH` does."""
    homes = {errand.home: key(errand.arrival.activity) for errand in record.errands if errand.home is not None}
    return {
        **lines(claim, record, ring),
        "renews": record.renews,
        **visited(record),
        **shared(claim, record, ring),
        **digests({digest.place.home: digest for digest in record.digests}, homes),
        **errands(record.errands, ring),
    }


def lines(claim: Claim, record: Record, ring: Ring) -> dict[str, Any]:
    """What the lines of the history were about, and what they rest on."""
    said = record.history if record.person else ()
    place = ("history", "cites", claim.tenant, claim.conversation, key(record.person))
    return {
        "scopes": [None if line.scope is None else packed(line.scope) for line in said],
        "cites": [ring.seal(cites_packed(line.cites), *place) if line.cites else None for line in said],
    }


def visited(record: Record) -> dict[str, Any]:
    """What the person knows now, or nothing."""
    visit = record.visit
    return {"visit_home": visit and key(visit.home), "visit_at": visit and visit.at}


def shared(claim: Claim, record: Record, ring: Ring) -> dict[str, Any]:
    """What the person may post, and what of it has been, or nothing."""
    found = record.shared
    ids = (claim.tenant, key(record.person), key(record.key))
    return {
        "share_key": found and key(record.key),
        "share_place": packed(found.place) if found else "",
        "share_audience": ring.seal(packed(found.audience).encode(), "shares", "sealed", *ids) if found else b"",
        "share_answer": ring.seal(pack(found.answer), "shares", "answer", *ids) if found else b"",
        "share_expires": record.at + SHARED,
        "posted": key(record.posted),
    }


def digests(wishes: dict[str, Digest], errands: dict[str, str]) -> dict[str, Any]:
    """Digests by their home, of each the last word: one statement may not touch a row twice. No schedule ends one."""
    said = wishes.values()
    return {
        "digest_homes": [key(home) for home in wishes],
        "digest_schedules": [packed(digest.schedule) if digest.schedule else None for digest in said],
        "digest_chats": [key(digest.chat) for digest in said],
        "digest_places": [packed(digest.place) for digest in said],
        "digest_sinces": [digest.since for digest in said],
        "digest_errands": [errands.get(home, "") for home in wishes],
    }


def errands(planned: tuple[Planned, ...], ring: Ring) -> dict[str, Any]:
    """Asks of the same tenant to be put in."""
    arrivals = [errand.arrival for errand in planned]
    return {
        "errand_tenants": [key(arrival.tenant) for arrival in arrivals],
        "errand_conversations": [key(arrival.conversation) for arrival in arrivals],
        "errand_activities": [key(arrival.activity) for arrival in arrivals],
        "errand_times": [arrival.at for arrival in arrivals],
        "errand_people": [key(arrival.person) for arrival in arrivals],
        "errand_bodies": [body(arrival, ring) for arrival in arrivals],
        "errand_dues": [arrival.due for arrival in arrivals],
        "errand_homes": [None if errand.home is None else key(errand.home) for errand in planned],
    }


def opened(change: Opened, frame: Frame) -> Written:
    """The lane goes on with an earlier chat, if it is the person's own."""
    claim = frame.claim
    where = {"tenant": claim.tenant, "conversation": claim.conversation, "person": key(frame.person)}
    return [(OPENED, {**where, "chat": change.chat})]
