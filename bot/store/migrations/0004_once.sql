-- What is posted once, and what does not count as tried. Databases of 0003 stay readable for the processes that still run
-- its program: every new column has a default.

-- Whether everybody sees it already.
ALTER TABLE shares ADD COLUMN posted boolean NOT NULL DEFAULT false;

-- Since when tries of an ask have failed for want of a token of our own.
ALTER TABLE inbox ADD COLUMN lacking timestamptz;
