"""What a session is told before the statements: as whom it serves and how; and what brings a database up to date.

Floor 6.
"""

from bot.store.statements import CHANNEL, HOUSE

ROLE = "parley_app"
"""As whom the statements are run, whoever logs in."""

STATEMENT_SECONDS = 5.0
"""When the server ends a statement, or a transaction in which nothing happens any more."""


def session(seconds: float) -> bytes:
    """What a session is told that serves; its statements may take so long.

    Whoever logged in, the tables' owner or not, serves as the role that may do the least. Of what keeps values out of the
    server's log, this is all that a session may set. The statements are few and their plans do not depend on values, so
    planning each one anew is time for nothing. But a plan is made when a table may still be empty, and must not be to read
    all of it.
    """
    millis = round(seconds * 1000)
    return f"""
    SET ROLE {ROLE};
    SET statement_timeout = {millis}; SET TIME ZONE 'UTC'; SET jit = off;
    SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;
    SET idle_in_transaction_session_timeout = {millis}; SET log_parameter_max_length_on_error = 0
    """.encode()


SESSION = session(STATEMENT_SECONDS)

LISTEN = f"LISTEN {CHANNEL}"

MIGRATIONS_LOCK = "SELECT pg_advisory_lock(7275397001)"
MIGRATIONS_TABLE = """
    CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())
"""
MIGRATIONS_EXIST = "SELECT to_regclass('migrations')::text"
MIGRATIONS_APPLIED = "SELECT name FROM migrations"
MIGRATIONS_NOTE = "INSERT INTO migrations (name) VALUES (%s)"
MIGRATIONS_FENCE = f"SET parley.tenant = '{HOUSE}'"
"""What changes all rows must see all of them, also where it is the owner's."""
