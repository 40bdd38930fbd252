"""An audit row as columns and parameters, for every statement that writes one.

Floor 6.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.audit import Action, Entry, Outcome, compact
from bot.store.keys import key, plain

AUDIT = timedelta(days=365)
"""How long an audit row is kept that does not say."""

AUDIT_COLUMNS = """
    tenant, at, person, place, conversation, action, outcome, model, input_tokens, output_tokens, sources, millis,
    dropped, actor, team, version, region, residency, cached_tokens, cost, findings, links_removed, request, app, expires,
    subject, rule
"""
ALIAS = "coalesce((SELECT alias FROM people WHERE tenant = %(audit_tenant)s::text AND person = {}::text), '')"
AUDIT_VALUES = f"""
    %(audit_tenant)s::text, %(audit_at)s::timestamptz, {ALIAS.format("%(audit_person)s")}, %(audit_place)s::text,
    %(audit_conversation)s::text, %(audit_action)s::text, %(audit_outcome)s::text,
    %(audit_model)s::text, %(audit_input)s::int, %(audit_output)s::int, %(audit_sources)s::int, %(audit_millis)s::int,
    %(audit_dropped)s::int, %(audit_actor)s::text, %(audit_team)s::text, %(audit_version)s::text,
    %(audit_region)s::text, %(audit_residency)s::text, %(audit_cached)s::int, %(audit_cost)s::float8,
    %(audit_findings)s::text, %(audit_links)s::int, %(audit_request)s::text, %(audit_app)s::text,
    %(audit_expires)s::timestamptz, {ALIAS.format("%(audit_subject)s")}, %(audit_rule)s::text
"""
"""A person stands there by the alias they have among `people`: once they are forgotten, it belongs to nobody."""

AUDIT_READ = (
    *("at", "tenant", "person", "place", "conversation", "action", "outcome", "model", "input_tokens", "output_tokens"),
    *("sources", "millis", "dropped", "actor", "team", "version", "region", "residency", "cached_tokens", "cost"),
    *("findings", "links_removed", "request", "app", "subject", "rule"),
)
"""The columns that an `Entry` is read from; until when a row is kept is the store's own matter."""

NOTHING = Entry(datetime(1970, 1, 1, tzinfo=UTC), "", "", "", "", Action.ANSWER, Outcome.OK)
"""Fills the parameters where there is nothing to write."""


def noted(entry: Entry | None) -> dict[str, Any]:
    """An audit row, or none."""
    row = entry or NOTHING
    return {
        "audited": entry is not None,
        "audit_at": row.at,
        "audit_tenant": key(row.tenant),
        "audit_person": key(row.person),
        "audit_place": plain(row.place),
        "audit_conversation": key(row.conversation),
        "audit_action": str(row.action),
        "audit_outcome": str(row.outcome),
        **_called(row),
        "audit_sources": row.sources,
        "audit_millis": row.millis,
        "audit_dropped": row.dropped,
        "audit_actor": str(row.actor),
        "audit_team": key(row.team),
        "audit_findings": compact(row.findings),
        "audit_links": row.links_removed,
        "audit_app": key(row.app),
        "audit_expires": row.expires or row.at + AUDIT,
        "audit_subject": key(row.subject),
        "audit_rule": key(row.rule),
    }


def _called(row: Entry) -> dict[str, Any]:
    """What is noted of the model that was called."""
    return {
        "audit_model": key(row.model),
        "audit_input": row.input_tokens,
        "audit_output": row.output_tokens,
        "audit_cached": row.cached_tokens,
        "audit_cost": row.cost,
        "audit_version": key(row.version),
        "audit_region": key(row.region),
        "audit_residency": key(row.residency),
        "audit_request": key(row.request),
    }
