-- What was read of the files that people sent, and what an answer rested on. Databases of 0007 stay readable for the processes
-- that still run its program: the new column has a default.

-- A file as text, with the places where it stands: compressed JSON, sealed. Neither the file nor a picture is kept. `number` is
-- which of its message's attachments it was. The key comes after the person's index for the same reason as that of `history`.
CREATE TABLE files (
    tenant       text        NOT NULL,
    conversation text        NOT NULL,
    person       text        NOT NULL,
    chat         bigint      NOT NULL,
    activity     text        NOT NULL,
    number       integer     NOT NULL,
    at           timestamptz NOT NULL,
    expires      timestamptz NOT NULL,
    body         bytea       NOT NULL
);
-- What is encrypted cannot be made smaller, and to try takes longer than to write it.
ALTER TABLE files ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX files_person ON files (person, tenant);
CREATE INDEX files_expires ON files USING brin (expires) WITH (pages_per_range = 16);
CREATE INDEX files_at ON files USING brin (at) WITH (pages_per_range = 16);
ALTER TABLE files ADD PRIMARY KEY (tenant, conversation, person, chat, activity, number);

-- The sources behind the marks of an answer, for who wants it as a document later: JSON, sealed.
ALTER TABLE history ADD COLUMN cites bytea;
