-- A person's chats, prompts, settings and budget, what is encrypted, and an audit that nobody can change unseen. Databases of
-- 0005 stay readable for the processes that still run its program: every new column has a default.

-- Whom the assistant knows. In the audit a person is their `alias`: when they are forgotten, this row goes, and what stands
-- there belongs to nobody any more. `settings` is JSON with a version; `chat` is their one-to-one conversation;
-- `looked` is when the company's directory was last asked for their department.
CREATE TABLE people (
    tenant     text        NOT NULL,
    person     text        NOT NULL,
    alias      text        NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
    chat       text        NOT NULL DEFAULT '',
    settings   text        NOT NULL DEFAULT '',
    department text        NOT NULL DEFAULT '',
    looked     timestamptz,
    at         timestamptz NOT NULL DEFAULT now(),
    gone       timestamptz,
    PRIMARY KEY (tenant, person)
);
CREATE UNIQUE INDEX people_alias ON people (tenant, alias);
CREATE INDEX people_gone ON people (tenant, gone) WHERE gone IS NOT NULL;

-- Whose a line is, and of which message. What was kept before of a one-to-one conversation is its person's. In a group, whoever
-- asked last need not be the one who asked before: what cannot be given to anybody could not be forgotten either, and goes.
ALTER TABLE history ADD COLUMN person text NOT NULL DEFAULT '';
ALTER TABLE history ADD COLUMN activity text NOT NULL DEFAULT '';
UPDATE history h SET person = known.person FROM (
    SELECT tenant, conversation, min(person) AS person FROM inbox WHERE person <> ''
    GROUP BY tenant, conversation HAVING count(DISTINCT person) = 1
) AS known WHERE known.tenant = h.tenant AND known.conversation = h.conversation AND h.conversation NOT LIKE '19:%';
DELETE FROM history WHERE person = '';
-- What begins with one of these bytes is encrypted from here on.
UPDATE history SET text = ' '::bytea || text WHERE length(text) > 0 AND get_byte(text, 0) BETWEEN 1 AND 8;
ALTER TABLE history DROP CONSTRAINT history_pkey;
-- Here and below the person comes first, and before the key: a plan that is made while a table is empty takes the newest index
-- of those that fit, and what serves a lane must not read all that is a company's, or a person's in every conversation.
CREATE INDEX history_person ON history (person, tenant, seq);
ALTER TABLE history ADD PRIMARY KEY (tenant, conversation, person, chat, seq);

-- Titles that people gave their chats; the others are known by how they begin.
CREATE TABLE titles (
    tenant       text        NOT NULL,
    conversation text        NOT NULL,
    person       text        NOT NULL,
    chat         bigint      NOT NULL,
    at           timestamptz NOT NULL,
    title        bytea       NOT NULL,
    PRIMARY KEY (tenant, conversation, person, chat)
);
CREATE INDEX titles_person ON titles (person, tenant);

-- Saved prompts. `team` is the team whose members may use it too.
CREATE TABLE prompts (
    tenant text        NOT NULL,
    person text        NOT NULL,
    id     text        NOT NULL,
    team   text        NOT NULL DEFAULT '',
    at     timestamptz NOT NULL,
    name   bytea       NOT NULL,
    text   bytea       NOT NULL,
    PRIMARY KEY (tenant, person, id)
);
CREATE INDEX prompts_team ON prompts (tenant, team) WHERE team <> '';

-- Thumbs under answers. `message` is the Teams message that was rated; the text is there only where one was written.
CREATE TABLE feedback (
    tenant       text        NOT NULL,
    person       text        NOT NULL,
    conversation text        NOT NULL,
    message      text        NOT NULL,
    activity     text        NOT NULL,
    model        text        NOT NULL,
    outcome      text        NOT NULL,
    liked        boolean     NOT NULL,
    at           timestamptz NOT NULL,
    expires      timestamptz NOT NULL,
    text         bytea,
    PRIMARY KEY (tenant, person, conversation, message)
);
CREATE INDEX feedback_expires ON feedback USING brin (expires) WITH (pages_per_range = 16);

-- What an answer is known by after it is finished, for who rates it; and tokens that are set aside for an ask under way.
ALTER TABLE inbox ADD COLUMN model text NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN held bigint NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN held_on date;
ALTER TABLE inbox ADD COLUMN crowded boolean NOT NULL DEFAULT false;
CREATE INDEX inbox_person ON inbox (person, tenant);

-- What a person has used of today's allowance and what is set aside; `asks` in the minute that began at `minute`.
CREATE TABLE purses (
    tenant text        NOT NULL,
    person text        NOT NULL,
    day    date        NOT NULL,
    used   bigint      NOT NULL DEFAULT 0,
    held   bigint      NOT NULL DEFAULT 0,
    minute timestamptz,
    asks   integer     NOT NULL DEFAULT 0,
    warned boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (tenant, person, day)
) WITH (fillfactor = 50);

-- The same of the whole company, in several tills, so that its people do not wait for one another.
CREATE TABLE tills (
    tenant text     NOT NULL,
    day    date     NOT NULL,
    till   smallint NOT NULL,
    used   bigint   NOT NULL DEFAULT 0,
    held   bigint   NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, day, till)
) WITH (fillfactor = 50);

-- Documents on their way to a person, in pieces, until they are handed over or too old. `person` is who gets them, `about`
-- whose data is in them.
CREATE TABLE exports (
    tenant  text        NOT NULL,
    person  text        NOT NULL,
    key     text        NOT NULL,
    number  integer     NOT NULL,
    about   text        NOT NULL,
    expires timestamptz NOT NULL,
    piece   bytea       NOT NULL,
    PRIMARY KEY (tenant, person, key, number)
);
CREATE INDEX exports_about ON exports (tenant, about);
CREATE INDEX exports_expires ON exports USING brin (expires) WITH (pages_per_range = 16);

-- Whose data may not be deleted, by the decision of whom.
CREATE TABLE legal_holds (
    tenant text        NOT NULL,
    person text        NOT NULL,
    at     timestamptz NOT NULL,
    by     text        NOT NULL,
    PRIMARY KEY (tenant, person)
);

-- The keys that contents are encrypted with, themselves encrypted with a key that is not in the database. `kid` names that.
CREATE TABLE data_keys (
    tenant  text        NOT NULL,
    number  integer     NOT NULL,
    kid     text        NOT NULL,
    wrapped bytea       NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, number)
);

-- The ids of a share's audience are people's too, and go into a column that is encrypted.
ALTER TABLE shares ADD COLUMN sealed bytea;
ALTER TABLE shares ALTER COLUMN audience SET DEFAULT '';

ALTER TABLE audit ADD COLUMN actor text NOT NULL DEFAULT 'user';
ALTER TABLE audit ADD COLUMN team text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN version text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN region text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN residency text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN cached_tokens integer NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN cost double precision;
ALTER TABLE audit ADD COLUMN findings text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN links_removed integer NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN request text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN app text NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN expires timestamptz;
CREATE INDEX audit_person ON audit (tenant, person, id);

INSERT INTO people (tenant, person) SELECT DISTINCT tenant, person FROM audit WHERE person NOT IN ('', 'operator');
UPDATE audit a SET person = p.alias FROM people p WHERE a.tenant = p.tenant AND a.person = p.person;

-- One seal for each audit row, in the order in which they were sealed: its hash is that of the row and the seal before it.
CREATE TABLE seals (
    tenant  text        NOT NULL,
    number  bigint      NOT NULL,
    at      timestamptz NOT NULL,
    audit   bigint      NOT NULL,
    hash    bytea       NOT NULL,
    PRIMARY KEY (tenant, number)
);
CREATE UNIQUE INDEX seals_audit ON seals (tenant, audit);
