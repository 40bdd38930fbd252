"""What a person and their company may still use: tokens are set aside before a model is called, and asks are counted.

Floor 6. The first lock is the ask's lane, so that nobody reserves for an ask that is another's by now; then come the ask,
the person's purse of the day and one of the company's tills (`spending`). Whoever has the purse's lock sees it as it stands,
whatever was there when the statement began, so a person's limit holds however many ask at once. The company's other tills
are read as they were then: what its people reserve in the same moment may pass its limit, each in one till, and no more.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.store.keys import key
from bot.store.parameters import lane
from bot.store.pool import Pool
from bot.store.rows import Claim, LeaseLost, Limits, Reserved
from bot.store.spending import till
from bot.store.statements import KEY, LOCKED, SOON, statement
from dialogs.errors import AssistantError, CompanyOverBudget, OverBudget, SetAside, TooMany
from dialogs.shelves import Spending

OWN = "tenant = %(tenant)s::text AND person = %(person)s::text"

ASK = f"""
    {LOCKED}, ask AS (
        SELECT
            i.person AS who, i.held_on IS NULL AS new,
            CASE WHEN %(anew)s::bool THEN %(day)s::date ELSE coalesce(i.held_on, %(day)s::date) END AS since,
            CASE WHEN %(anew)s::bool AND i.held_on = %(day)s::date THEN i.held ELSE 0 END AS back,
            CASE WHEN %(anew)s::bool THEN 0 ELSE i.held END AS mine
        FROM lane, inbox i WHERE {KEY} AND i.activity = %(activity)s FOR NO KEY UPDATE OF i
    )
"""  # noqa: S608 - our own pieces
"""Whose the ask is, on which day it is counted, and what an earlier life of it left set aside."""

WHO, SINCE = "(SELECT who FROM ask)", "(SELECT since FROM ask)"
"""Single values, so that a plan that was made while the tables were empty goes by the whole key all the same."""

RESERVE = statement(f"""
    {ASK}, purse AS (
        SELECT
            p.used, p.held - ask.back AS held, p.warned,
            CASE WHEN p.minute > %(now)s::timestamptz - interval '1 minute' AND p.minute <= %(now)s::timestamptz
                THEN p.minute END AS minute,
            p.asks
        FROM ask, purses p WHERE p.tenant = %(tenant)s::text AND p.person = {WHO} AND p.day = {SINCE}
        FOR NO KEY UPDATE OF p
    ), till AS (
        SELECT t.till, t.used, t.held - ask.back AS held
        FROM purse, ask, tills t WHERE t.tenant = %(tenant)s::text AND t.day = {SINCE} AND t.till = {till(WHO)}
        FOR NO KEY UPDATE OF t
    ), others AS (
        SELECT coalesce(sum(t.used), 0) AS used, coalesce(sum(t.held), 0) AS held
        FROM tills t WHERE t.tenant = %(tenant)s::text AND t.day = {SINCE} AND t.till <> {till(WHO)}
    ), verdict AS (
        SELECT CASE
            WHEN purse.used + ask.mine >= %(person_limit)s::bigint THEN 'person'
            WHEN till.used + others.used + ask.mine >= %(company_limit)s::bigint THEN 'company'
            WHEN ask.new AND %(requests)s::int > 0 AND %(requests)s::int <= CASE WHEN purse.minute IS NULL THEN 0 ELSE purse.asks END THEN 'many'
            WHEN purse.used + purse.held >= %(person_limit)s::bigint
                OR till.used + others.used + till.held + others.held >= %(company_limit)s::bigint THEN 'others'
        END AS refusal FROM ask, purse, till, others
    ), kept AS (
        UPDATE inbox SET
            held_on = ask.since, held = %(tokens)s::bigint + CASE WHEN %(anew)s::bool THEN 0 ELSE held END
        FROM ask, verdict WHERE refusal IS NULL AND {KEY} AND activity = %(activity)s
    ), reserved AS (
        UPDATE purses p SET
            held = purse.held + %(tokens)s::bigint,
            minute = CASE WHEN ask.new THEN coalesce(purse.minute, %(now)s::timestamptz) ELSE p.minute END,
            asks = CASE WHEN NOT ask.new THEN p.asks WHEN purse.minute IS NULL THEN 1 ELSE p.asks + 1 END
        FROM ask, purse, verdict
        WHERE refusal IS NULL AND p.tenant = %(tenant)s::text AND p.person = {WHO} AND p.day = {SINCE}
    ), tilled AS (
        UPDATE tills t SET held = t.held - ask.back + %(tokens)s::bigint FROM ask, till, verdict
        WHERE refusal IS NULL AND t.tenant = %(tenant)s::text AND t.day = {SINCE} AND t.till = {till(WHO)}
    )
    SELECT ask.since, purse.used, purse.held + %(tokens)s::bigint, purse.warned, till.used IS NULL, verdict.refusal, {SOON}
    FROM ask LEFT JOIN purse ON true LEFT JOIN till ON true LEFT JOIN verdict ON true
""")  # noqa: S608
"""An ask is admitted while anything is left, so a limit is passed by what one of them takes at most. Where what is left is only
set aside by others, it waits for them: most of them take less. It is counted once, however often it is tried; what an earlier
life set aside is given back by the first reservation of the next."""

OPEN = statement(f"""
    {ASK}, purse AS (
        INSERT INTO purses (tenant, person, day) SELECT %(tenant)s::text, who, since FROM ask
        ON CONFLICT DO NOTHING RETURNING 1
    )
    INSERT INTO tills (tenant, day, till)
    SELECT %(tenant)s::text, since, {till("who")} FROM ask LEFT JOIN purse ON true
    ON CONFLICT DO NOTHING
""")  # noqa: S608
"""The day's first of a person makes the rows that the others lock."""

WARN = statement(f"""
    UPDATE purses SET warned = true WHERE {OWN} AND day = %(day)s AND NOT warned RETURNING {SOON}
""")  # noqa: S608

CROWD = statement(f"""
    WITH lane AS (
        SELECT FROM lanes WHERE {KEY} FOR NO KEY UPDATE
    ), ask AS (
        SELECT i.place FROM lane, inbox i WHERE {KEY} AND i.activity = %(activity)s
    ), before AS (
        SELECT count(*) AS asks FROM ask, inbox i
        WHERE {KEY} AND i.open AND i.due IS NULL AND NOT i.crowded AND i.place < ask.place
            AND i.person = %(person)s::text AND i.person <> ''
    )
    UPDATE inbox SET crowded = true FROM before
    WHERE {KEY} AND activity = %(activity)s AND open AND phase = 'accepted' AND before.asks >= %(queue)s::bigint
""")  # noqa: S608
"""Marks an ask that has just been accepted where its person has as many waiting in the lane as they may. Those that are
marked do not count: they take no model, and are out of the way soon."""

TODAY = statement(f"SELECT used FROM purses WHERE {OWN} AND day = %(day)s")  # noqa: S608

DAYS = statement(f"""
    SELECT day, sum(input + output)::bigint FROM usage WHERE {OWN} AND day BETWEEN %(first)s::date AND %(day)s::date
    GROUP BY day
""")  # noqa: S608

REFUSALS: dict[str, type[AssistantError]] = {
    "person": OverBudget,
    "company": CompanyOverBudget,
    "many": TooMany,
    "others": SetAside,
}


class Purses:
    """The verbs of budgets. Each raises `StoreAway`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def reserve(
        self, claim: Claim, tokens: int, limits: Limits, now: datetime, *, anew: bool = False
    ) -> Reserved:
        """Sets tokens aside for one call of a model, for the person of the ask; all that an ask has is settled as it ends.

        `anew`: it is the first of this life of the ask, so what an earlier one set aside is given back. The ask stays
        on the day (UTC) of the first reservation in its life. Raises `OverBudget`, `CompanyOverBudget`, `TooMany` or `SetAside`, and
        `LeaseLost`; nothing was set aside then.
        """
        values = {
            **_asked(claim, now),
            "anew": anew,
            "now": now,
            "tokens": tokens,
            "person_limit": limits.person,
            "company_limit": limits.company,
            "requests": limits.requests,
        }
        day, used, held, warned, refusal = await self._ruled(values)
        if refusal is not None:
            raise REFUSALS[refusal]
        return Reserved(day, used, held, warned)

    async def warn(self, claim: Claim, person: str, day: date) -> bool:
        """Whether the person is to be told that the day's allowance gets scarce: once a day, in any process."""
        return bool(await self._pool.run(WARN, tenant=claim.tenant, person=key(person), day=day))

    async def spending(self, tenant: str, person: str, limit: int, days: int, now: datetime) -> Spending:
        """What a person used today and on each of the last `days` days (UTC), today included."""
        today = _day(now)
        own: dict[str, Any] = {"tenant": key(tenant), "person": key(person), "day": today}
        first = today - timedelta(days=days - 1)
        used = await self._pool.run(TODAY, **own)
        found: dict[date, int] = dict(await self._pool.run(DAYS, **own, first=first))
        each = tuple(first + timedelta(days=number) for number in range(days))
        return Spending(used[0][0] if used else 0, limit, tuple((day, found.get(day, 0)) for day in each))

    async def _ruled(self, values: dict[str, Any]) -> tuple[date, int, int, bool, str | None]:
        """The row of `RESERVE`; where the day has no rows to lock yet, they are made."""
        for _ in range(2):
            rows = await self._pool.run(RESERVE, **values)
            if not rows:
                raise LeaseLost
            *found, missing, refusal, _soon = rows[0]
            if not missing:
                day, used, held, warned = found
                return day, used, held, warned, refusal
            await self._pool.run(OPEN, **values)
        raise LeaseLost  # somebody clears that day away, so it is long over


def _asked(claim: Claim, now: datetime) -> dict[str, Any]:
    return {**lane(claim), "activity": claim.activity, "day": _day(now)}


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
