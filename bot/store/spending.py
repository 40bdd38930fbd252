"""What an ask has taken of the models: written into the books, and settled with what was set aside for it.

Floor 6. These are pieces of the statements that close an ask, put it off or park it, so that the books, the purse and the
ask change together. Their order of locks is that of every statement that touches several: lane, ask, purse, till.
"""

from datetime import UTC
from typing import Any

from bot.store.keys import key
from bot.store.rows import Record
from dialogs.talk import Usage

TILLS = 16
"""Among how many rows a company's people are spread, so that they do not wait for one another."""


def till(person: str) -> str:
    """The till of a person, in SQL."""
    return f"get_byte(sha256(convert_to({person}, 'UTF8')), 0) % {TILLS}"


SPENT = """
    INSERT INTO usage AS u (tenant, conversation, person, day, model, calls, input, output, cached, estimated)
    SELECT %(tenant)s::text, %(conversation)s::text, %(person)s, %(day)s, model.* FROM lane, unnest(
        %(models)s::text[], %(calls)s::bigint[], %(inputs)s::bigint[], %(outputs)s::bigint[], %(cached)s::bigint[],
        %(estimated)s::bool[]
    ) AS model
    ON CONFLICT (tenant, person, day, model, conversation) DO UPDATE SET
        calls = u.calls + excluded.calls, input = u.input + excluded.input, output = u.output + excluded.output,
        cached = u.cached + excluded.cached, estimated = u.estimated OR excluded.estimated
"""
"""What an ask has taken of the models so far, while its lane is ours."""

LENT = """
    lent AS (
        SELECT i.held AS tokens, i.person AS who, coalesce(i.held_on, %(day)s::date) AS since FROM lane, inbox i
        WHERE i.tenant = %(tenant)s::text AND i.conversation = %(conversation)s::text AND i.activity = %(activity)s
        FOR NO KEY UPDATE OF i
    )
"""
"""What is set aside for an ask. It is locked to be read as it stands now: a reservation that was cancelled on our side may
have been written after this statement took its view. Whatever updates the ask must come after this piece."""

SETTLED = f"""
    purse AS (
        INSERT INTO purses AS p (tenant, person, day, used)
        SELECT %(tenant)s::text, who, since, %(took)s::bigint FROM lent WHERE tokens > 0 OR %(took)s::bigint > 0
        ON CONFLICT (tenant, person, day) DO UPDATE SET
            used = p.used + excluded.used, held = greatest(0, p.held - (SELECT tokens FROM lent))
        RETURNING p.person, p.day
    ), till AS (
        INSERT INTO tills AS t (tenant, day, till, used)
        SELECT %(tenant)s::text, day, {till("person")}, %(took)s::bigint FROM purse
        ON CONFLICT (tenant, day, till) DO UPDATE SET
            used = t.used + excluded.used, held = greatest(0, t.held - (SELECT tokens FROM lent))
    )
"""  # noqa: S608 - our own pieces
"""What was set aside is given back on the day it was taken from, and what was used is written there; no row is touched where
there was neither. The ask's own `held` is set to 0 by what updates it."""


def spent(record: Record) -> dict[str, Any]:
    """The tokens, added up by model: one statement may not touch a row twice."""
    groups: dict[str, list[Usage]] = {}
    for usage in record.usage:
        groups.setdefault(key(usage.model), []).append(usage)
    models = list(groups)
    return {
        "person": key(record.person),
        "day": record.at.astimezone(UTC).date(),
        "models": models,
        "calls": [len(groups[model]) for model in models],
        "inputs": [sum(usage.input for usage in groups[model]) for model in models],
        "outputs": [sum(usage.output for usage in groups[model]) for model in models],
        "cached": [sum(usage.cached for usage in groups[model]) for model in models],
        "estimated": [any(usage.estimated for usage in groups[model]) for model in models],
        "took": sum(usage.input + usage.output for usage in record.usage),
    }
