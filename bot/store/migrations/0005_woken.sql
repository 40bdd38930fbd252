-- What a parked ask was woken by. Databases of 0004 stay readable for the processes that still run its program: the new
-- column has a default.

-- Whether its person has signed in; otherwise it was its time that was over.
ALTER TABLE inbox ADD COLUMN woken boolean NOT NULL DEFAULT false;
