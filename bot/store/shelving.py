"""What a person keeps for themselves: chats, their titles, and prompts; as statements, and how it changes.

Floor 6. Chats are no table: they are the numbers that a person's lines bear. The next lower number is one step in the
index, so that a list of chats costs the same however much was said in them.
"""

from typing import Any

from bot.store.changes import Frame, Written
from bot.store.erasure import FREE
from bot.store.keys import key
from bot.store.statements import KEY, statement
from dialogs.changes import Dropped, Prompted, Titled, Unprompted
from dialogs.shelves import COUNTED, PROMPTS_MOST

OPENING = 10
"""Lines at a chat's beginning among which the first that the person wrote is looked for."""
BATCH = 200
"""Lines of a search that are read in one go."""
TEAM = 200
"""Prompts of a team that are shown to one of its members."""

OWN = f"{KEY} AND person = %(person)s::text"
MINE = "tenant = %(tenant)s::text AND person = %(person)s::text"
LASTING = "(expires IS NULL OR expires > %(now)s::timestamptz)"

EVERY = f"""
    every AS (
        (SELECT chat FROM history WHERE {OWN} ORDER BY chat DESC LIMIT 1)
        UNION ALL
        SELECT (SELECT h.chat FROM history h WHERE {OWN} AND h.chat < e.chat ORDER BY h.chat DESC LIMIT 1)
        FROM every e WHERE e.chat IS NOT NULL
    )
"""  # noqa: S608
THESE = "every AS (SELECT unnest(%(chats)s::bigint[]) AS chat)"


def listing(every: str) -> str:
    """The newest of some chats: number, when something was last said, how much, title, and how it begins."""
    return f"""
        WITH RECURSIVE {every}, page AS (
            SELECT e.chat, newest.at FROM every e, LATERAL (
                SELECT at, expires FROM history WHERE {OWN} AND chat = e.chat ORDER BY seq DESC LIMIT 1
            ) AS newest
            WHERE {LASTING} ORDER BY newest.at DESC, e.chat DESC LIMIT %(limit)s::bigint OFFSET %(skip)s::bigint
        )
        SELECT
            p.chat, p.at,
            (SELECT count(*) FROM (SELECT FROM history WHERE {OWN} AND chat = p.chat LIMIT {COUNTED}) AS counted),
            (SELECT title FROM titles WHERE {OWN} AND chat = p.chat),
            (SELECT text FROM (
                SELECT role, text, seq, expires FROM history WHERE {OWN} AND chat = p.chat ORDER BY seq LIMIT {OPENING}
            ) AS opening WHERE {LASTING} ORDER BY role <> 'user', seq LIMIT 1)
        FROM page p ORDER BY p.at DESC, p.chat DESC
    """  # noqa: S608


CHATS = statement(listing(EVERY))
FOUND = statement(listing(THESE))
TITLES = statement(f"SELECT chat, title FROM titles WHERE {OWN}")  # noqa: S608
LINES = statement(f"""
    SELECT chat, seq, text FROM history
    WHERE {OWN} AND (chat, seq) < (%(chat)s::bigint, %(seq)s::bigint) AND {LASTING}
    ORDER BY chat DESC, seq DESC LIMIT {BATCH}
""")  # noqa: S608
PROMPTS = statement(f"""
    (SELECT id, person, team, name, text FROM prompts WHERE {MINE})
    UNION ALL
    (SELECT id, person, team, name, text FROM prompts
        WHERE tenant = %(tenant)s::text AND team = %(team)s::text AND team <> '' AND person <> %(person)s::text
        ORDER BY at DESC LIMIT {TEAM})
""")  # noqa: S608

TITLE = statement(f"""
    INSERT INTO titles (tenant, conversation, person, chat, at, title)
    SELECT %(tenant)s::text, %(conversation)s::text, %(person)s::text, %(chat)s::bigint, %(at)s, %(title)s
    WHERE EXISTS (SELECT FROM history WHERE {OWN} AND chat = %(chat)s::bigint)
    ON CONFLICT (tenant, conversation, person, chat) DO UPDATE SET at = excluded.at, title = excluded.title
""")  # noqa: S608
UNTITLE = statement(f"DELETE FROM titles WHERE {OWN} AND chat = %(chat)s::bigint AND {FREE}")  # noqa: S608
DROP = statement(f"""
    WITH lane AS (
        SELECT FROM lanes WHERE {KEY} AND fence = %(fence)s AND {FREE} FOR NO KEY UPDATE
    ), begun AS (
        UPDATE lanes SET chat = nextval('numbers')
        WHERE {KEY} AND fence = %(fence)s AND chat = ANY (%(chats)s::bigint[]) AND {FREE}
    ), untitled AS (
        DELETE FROM titles USING lane WHERE {OWN} AND chat = ANY (%(chats)s::bigint[])
    ), unfiled AS (
        DELETE FROM files USING lane WHERE {OWN} AND chat = ANY (%(chats)s::bigint[])
    )
    DELETE FROM history USING lane WHERE {OWN} AND chat = ANY (%(chats)s::bigint[])
""")  # noqa: S608
"""If the open chat goes, a new one is open: what is said next must not bear the number of what was deleted."""
PROMPT = statement(f"""
    INSERT INTO prompts (tenant, person, id, team, at, name, text)
    SELECT %(tenant)s::text, %(person)s::text, %(id)s::text, %(team)s, %(at)s, %(name)s, %(text)s
    WHERE (SELECT count(*) FROM prompts WHERE {MINE} AND id <> %(id)s::text) < {PROMPTS_MOST}
    ON CONFLICT (tenant, person, id) DO UPDATE SET
        team = excluded.team, at = excluded.at, name = excluded.name, text = excluded.text
""")  # noqa: S608
UNPROMPT = statement(f"DELETE FROM prompts WHERE {MINE} AND id = %(id)s::text AND {FREE}")  # noqa: S608


def titled(change: Titled, frame: Frame) -> Written:
    """A chat's new title; without one, it is known by how it begins again."""
    where = _chats(frame) | {"chat": change.chat}
    if not change.title:
        return [(UNTITLE, where)]
    place = ("titles", "title", where["tenant"], where["conversation"], where["person"], str(change.chat))
    return [(TITLE, where | {"at": frame.at, "title": frame.ring.seal(_bytes(change.title), *place)})]


def dropped(change: Dropped, frame: Frame) -> Written:
    """The lines, titles and files of these chats are gone, unless a legal hold keeps them."""
    return [(DROP, _chats(frame) | {"fence": frame.claim.fence, "chats": list(change.chats)})]


def prompted(change: Prompted, frame: Frame) -> Written:
    """A prompt of the person's own; one that would be too many is not kept."""
    where = _person(frame) | {"id": key(change.id)}
    sealed = {
        column: frame.ring.seal(_bytes(text), "prompts", column, where["tenant"], where["person"], where["id"])
        for column, text in (("name", change.name), ("text", change.text))
    }
    return [(PROMPT, where | sealed | {"team": key(change.team), "at": frame.at})]


def unprompted(change: Unprompted, frame: Frame) -> Written:
    """A prompt of the person's own is gone."""
    return [(UNPROMPT, _person(frame) | {"id": key(change.id)})]


def _person(frame: Frame) -> dict[str, Any]:
    return {"tenant": frame.claim.tenant, "person": key(frame.person)}


def _chats(frame: Frame) -> dict[str, Any]:
    return _person(frame) | {"conversation": frame.claim.conversation}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
