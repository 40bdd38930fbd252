-- What is kept of signing in: asks that wait for it, cards that stand, and what happens once. No token is in any of it.
-- Databases of 0002 stay readable for the processes that still run its program: every new column has a default.

-- A parked ask is out of its lane, due when the patience for a sign-in ends, or at once when there was one.
ALTER TABLE inbox ADD COLUMN parked boolean NOT NULL DEFAULT false;
CREATE INDEX inbox_parked ON inbox (tenant, person) WHERE open AND parked;

-- When a person last signed in, as a number of the sequence that fences the claims: an ask that was claimed before it,
-- and finds nobody signed in, need not wait.
CREATE TABLE signings (
    tenant  text        NOT NULL,
    person  text        NOT NULL,
    number  bigint      NOT NULL,
    expires timestamptz NOT NULL,
    PRIMARY KEY (tenant, person)
);
CREATE INDEX signings_expires ON signings USING brin (expires) WITH (pages_per_range = 16);

-- A card to sign in with stands in the conversation, shown by that activity's ask.
CREATE TABLE offers (
    tenant       text        NOT NULL,
    person       text        NOT NULL,
    conversation text        NOT NULL,
    activity     text        NOT NULL,
    until        timestamptz NOT NULL,
    PRIMARY KEY (tenant, person, conversation)
);
CREATE INDEX offers_until ON offers USING brin (until) WITH (pages_per_range = 16);

-- Sign-ins whose effect has happened.
CREATE TABLE exchanges (
    tenant  text        NOT NULL,
    person  text        NOT NULL,
    key     text        NOT NULL,
    at      timestamptz NOT NULL,
    expires timestamptz NOT NULL,
    PRIMARY KEY (tenant, person, key)
);
CREATE INDEX exchanges_expires ON exchanges USING brin (expires) WITH (pages_per_range = 16);

-- What the company has decided otherwise than it holds by itself. `by` is an Entra object id or says that it was an operator.
CREATE TABLE rules (
    tenant text        NOT NULL,
    name   text        NOT NULL,
    value  text        NOT NULL,
    at     timestamptz NOT NULL,
    by     text        NOT NULL,
    PRIMARY KEY (tenant, name)
);
