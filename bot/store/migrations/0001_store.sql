-- Every key begins with the tenant and the conversation, or the person where there is none.
-- What people wrote is bytea throughout, so that it can be encrypted one day without a change of type.

-- Orders what was accepted and, being unique, also fences the claims.
CREATE SEQUENCE numbers;

-- Every activity that was accepted, once. Finished ones stay for a while, emptied, to know a redelivery by.
CREATE TABLE inbox (
    tenant       text        NOT NULL,
    conversation text        NOT NULL,
    activity     text        NOT NULL,
    place        bigint      NOT NULL DEFAULT nextval('numbers'),
    open         boolean     NOT NULL DEFAULT true,
    phase        text        NOT NULL DEFAULT 'accepted',
    attempts     integer     NOT NULL DEFAULT 0,
    shown        integer     NOT NULL DEFAULT 0,
    at           timestamptz NOT NULL,
    due          timestamptz,
    expires      timestamptz,
    outcome      text,
    placeholder  text,
    body         bytea       NOT NULL,
    answer       bytea,
    PRIMARY KEY (tenant, conversation, activity)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Only what is still to be done is found through a tree. BRIN does not stop a row from being updated in place.
CREATE INDEX inbox_open ON inbox (tenant, conversation, place) WHERE open;
CREATE INDEX inbox_expires ON inbox USING brin (expires) WITH (pages_per_range = 16);

-- One row per conversation: who works in it, how much waits. It changes twice a message, so nothing but its key is
-- indexed and half of every page stays free: all its updates are made in place.
CREATE TABLE lanes (
    tenant       text        NOT NULL,
    conversation text        NOT NULL,
    pending      integer     NOT NULL,
    fence        bigint      NOT NULL,
    chat         bigint      NOT NULL DEFAULT 0,
    owner        text,
    until        timestamptz,
    due          timestamptz,
    lost         boolean     NOT NULL DEFAULT false,
    at           timestamptz NOT NULL,
    PRIMARY KEY (tenant, conversation)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE history (
    tenant       text        NOT NULL,
    conversation text        NOT NULL,
    chat         bigint      NOT NULL,
    seq          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    role         text        NOT NULL,
    at           timestamptz NOT NULL,
    expires      timestamptz,
    text         bytea       NOT NULL,
    PRIMARY KEY (tenant, conversation, chat, seq)
);
CREATE INDEX history_expires ON history USING brin (expires) WITH (pages_per_range = 16);

-- A row is locked until its change is on the disk. One row per conversation, so that a person's conversations, or those
-- of everybody behind one account, do not wait for one another.
CREATE TABLE usage (
    tenant       text    NOT NULL,
    person       text    NOT NULL,
    day          date    NOT NULL,
    model        text    NOT NULL,
    conversation text    NOT NULL,
    calls        bigint  NOT NULL,
    input        bigint  NOT NULL,
    output       bigint  NOT NULL,
    cached       bigint  NOT NULL,
    estimated    boolean NOT NULL,
    PRIMARY KEY (tenant, person, day, model, conversation)
) WITH (fillfactor = 50);

-- Only ever added to. No column of it can hold what somebody wrote.
CREATE TABLE audit (
    tenant        text        NOT NULL,
    at            timestamptz NOT NULL,
    id            bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    person        text        NOT NULL,
    place         text        NOT NULL,
    conversation  text        NOT NULL,
    action        text        NOT NULL,
    outcome       text        NOT NULL,
    model         text        NOT NULL,
    input_tokens  integer     NOT NULL,
    output_tokens integer     NOT NULL,
    sources       integer     NOT NULL,
    millis        integer     NOT NULL,
    PRIMARY KEY (tenant, at, id)
);
