-- Two fences behind the statements. The role that serves may do to each table what the statements do, and nothing else: it owns
-- nothing, makes nothing, and what stands in the audit it can neither change nor delete. And it sees the rows of one tenant at
-- a time, whatever a statement asks for.
-- A program of 0008 does not say whose rows it wants, and where its login is no superuser it finds none: stop it first.

-- Roles belong to the whole server: another database of it, or who prepared this one, may have made this one already.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'parley_app') THEN
        CREATE ROLE parley_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;

-- Who migrates may serve too. Where somebody else made the role, they say who may.
DO $$ BEGIN
    GRANT parley_app TO CURRENT_USER;
EXCEPTION WHEN insufficient_privilege THEN
    NULL;
END $$;

-- What is nobody's business to make: the schema's and the database's owner may take that away, others are only warned.
DO $$ BEGIN
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    NULL;
END $$;

-- Nor large objects, which no fence knows. These functions are the server's: a superuser may take them away, others say so in vain.
DO $$ DECLARE
    each regprocedure;
BEGIN
    FOR each IN
        SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
            AND proname IN ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_import', 'lo_put', 'lowrite')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', each);
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    NULL;
END $$;

-- `parley.tenant` is '*', or '=' and the tenant, or several between marks (character 31, which no tenant's name holds): what was
-- never set is none of these, nor is the tenant ''.
-- FORCE, because the owner of a table is not held by its policies otherwise. The planner takes what IS NOT NULL for nearly every
-- row, as it is here, and keeps its plans: of an IN alone it expects so few that it reads a table from end to end for one of them.
DO $$ DECLARE
    each text;
    holds text := $_$
        nullif(
            current_setting('parley.tenant', true) IN ('=' || tenant, '*')
            OR strpos(current_setting('parley.tenant', true), chr(31) || tenant || chr(31)) > 0, false
        ) IS NOT NULL
    $_$;
BEGIN
    FOR each IN
        SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t
            ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema = current_schema() AND c.column_name = 'tenant' AND t.table_type = 'BASE TABLE'
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', each);
        EXECUTE format('CREATE POLICY fence ON %I USING (%s)', each, holds);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO parley_app', each);
    END LOOP;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO parley_app', current_schema());
END $$;

GRANT SELECT ON migrations TO parley_app;
GRANT USAGE ON SEQUENCE numbers TO parley_app;
REVOKE UPDATE, DELETE ON audit, seals FROM parley_app;
-- The number of a data key is never given again.
REVOKE DELETE ON data_keys FROM parley_app;
-- An alias stays what it was, for as long as its person is known. To forget somebody takes their row, and who comes back begins
-- anew: so the role may delete it.
REVOKE UPDATE ON people FROM parley_app;
GRANT UPDATE (chat, settings, department, looked, gone) ON people TO parley_app;

-- What has expired goes through these two alone, which look themselves. The triggers look once more.
CREATE FUNCTION expire_audit(whose text, places tid[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$
    WITH gone AS (
        DELETE FROM audit WHERE ctid = ANY (places) AND tenant = whose AND expires <= now() AND person NOT IN (
            SELECT p.alias FROM legal_holds h JOIN people p ON p.tenant = h.tenant AND p.person = h.person
            WHERE h.tenant = whose
        ) RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
CREATE FUNCTION expire_seals(whose text, places tid[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$
    WITH gone AS (
        DELETE FROM seals WHERE ctid = ANY (places) AND tenant = whose AND expires <= now() AND NOT EXISTS (
            SELECT FROM audit a WHERE a.tenant = seals.tenant AND a.id = seals.audit
        ) RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
DO $$ DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY ARRAY['expire_audit', 'expire_seals'] LOOP
        -- Nobody may put other tables in their way.
        EXECUTE format('ALTER FUNCTION %I(text, tid[]) SET search_path = %I, pg_temp', each, current_schema());
        EXECUTE format('REVOKE ALL ON FUNCTION %I(text, tid[]) FROM PUBLIC', each);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %I(text, tid[]) TO parley_app', each);
    END LOOP;
END $$;
