-- What is kept of catching up, digests, private answers and stopping. Databases of 0001 stay readable for the processes
-- that still run its program while this one is rolled out: every new column has a default.

-- Who asked, so that `stop` ends that person's asks and nobody else's. What was accepted earlier is nobody's.
ALTER TABLE inbox ADD COLUMN person text NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN stopped boolean NOT NULL DEFAULT false;

-- Every digest waits here for its next time, for days. The tree of what is to be done holds only what is in its lane, so
-- that looking for work does not walk past all of them; what waits for a time has a tree of its own.
DROP INDEX inbox_open;
CREATE INDEX inbox_open ON inbox (tenant, conversation, place) WHERE open AND due IS NULL;
CREATE INDEX inbox_due ON inbox (due) WHERE open AND due IS NOT NULL;

ALTER TABLE audit ADD COLUMN dropped integer NOT NULL DEFAULT 0;

-- What an answer was about, for the questions that follow it: ids and times as JSON. Only what people wrote is bytea.
ALTER TABLE history ADD COLUMN scope text;

-- Until when a person knows a channel or chat.
CREATE TABLE visits (
    tenant  text        NOT NULL,
    person  text        NOT NULL,
    home    text        NOT NULL,
    at      timestamptz NOT NULL,
    expires timestamptz,
    PRIMARY KEY (tenant, person, home)
);
CREATE INDEX visits_expires ON visits USING brin (expires) WITH (pages_per_range = 16);

-- What a person wants to be told of. `errand` is the inbox's activity that tells it next: one that is no longer named here
-- neither tells anything nor renews itself. They do not expire: they were asked for until they are called off.
CREATE TABLE digests (
    tenant   text        NOT NULL,
    person   text        NOT NULL,
    home     text        NOT NULL,
    schedule text        NOT NULL,
    chat     text        NOT NULL,
    errand   text        NOT NULL,
    place    text        NOT NULL,
    since    timestamptz,
    at       timestamptz NOT NULL,
    PRIMARY KEY (tenant, person, home)
);

-- Answers that one person saw alone and may still post, by the activity that asked for them.
CREATE TABLE shares (
    tenant   text        NOT NULL,
    person   text        NOT NULL,
    key      text        NOT NULL,
    place    text        NOT NULL,
    audience text        NOT NULL,
    answer   bytea       NOT NULL,
    expires  timestamptz NOT NULL,
    PRIMARY KEY (tenant, person, key)
);
CREATE INDEX shares_expires ON shares USING brin (expires) WITH (pages_per_range = 16);
