-- An audit that is only ever added to, and a chain of seals over it that shows where somebody did otherwise. Databases of
-- 0006 stay readable for the processes that still run its program: every new column has a default.

-- Whom something was done to by another, by their alias; and which rule was decided.
ALTER TABLE audit ADD COLUMN subject text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN rule text NOT NULL DEFAULT '';
UPDATE audit SET person = '', actor = 'operator' WHERE person = 'operator';
-- An id that stays the same would join what a person did before they were forgotten to what they do under a new alias.
UPDATE audit SET conversation = '' WHERE place = 'personal';
UPDATE audit SET expires = at + interval '365 days' WHERE expires IS NULL;
ALTER TABLE audit ALTER COLUMN expires SET DEFAULT now() + interval '365 days';
ALTER TABLE audit ALTER COLUMN expires SET NOT NULL;
-- How a seal finds its row, and how what has none is found.
CREATE UNIQUE INDEX audit_id ON audit (tenant, id);
CREATE INDEX audit_expires ON audit USING brin (expires) WITH (pages_per_range = 16);

-- A seal outlives its row until all before it may go too, and shows by itself that the row's time was over: `digest` is the
-- row's, `previous` the hash of the seal before it. `version` says which columns the digest is of.
ALTER TABLE seals ADD COLUMN version smallint NOT NULL;
ALTER TABLE seals ADD COLUMN expires timestamptz NOT NULL;
ALTER TABLE seals ADD COLUMN digest bytea NOT NULL;
ALTER TABLE seals ADD COLUMN previous bytea NOT NULL;

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege', HINT = TG_ARGV[0];
END $$;

CREATE TRIGGER audit_kept BEFORE UPDATE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('What was written stays as it was written.');
CREATE TRIGGER audit_expired BEFORE DELETE ON audit
    FOR EACH ROW WHEN (OLD.expires > now()) EXECUTE FUNCTION refuse('A row may be deleted when it has expired.');
CREATE TRIGGER seals_kept BEFORE UPDATE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('What was written stays as it was written.');
CREATE TRIGGER seals_expired BEFORE DELETE ON seals
    FOR EACH ROW WHEN (OLD.expires > now()) EXECUTE FUNCTION refuse('A seal may be deleted when it has expired.');
-- Who changes an alias gives what one person did to another, and no seal would show it.
CREATE TRIGGER people_alias_kept BEFORE UPDATE OF alias ON people
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('An alias stays what it was when it was given.');

REVOKE UPDATE, DELETE, TRUNCATE ON audit, seals FROM PUBLIC;

-- What a rule ends earlier than was meant when it was written is found by its age.
CREATE INDEX history_at ON history USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX inbox_at ON inbox USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX usage_day ON usage USING brin (day) WITH (pages_per_range = 16);
CREATE INDEX inbox_dead ON inbox (tenant, at) WHERE NOT open AND outcome = 'dead';
