-- The fence that the last accepting statement met in a lane: whether it saw all that was finished there before. A program of 0009
-- neither reads nor writes it, and may run beside one of this.
ALTER TABLE lanes ADD COLUMN before bigint;
