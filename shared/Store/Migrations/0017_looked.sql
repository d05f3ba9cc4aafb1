-- So often its executor has looked what it holds, for the answer to a claim was lost. A claim that arrives later was sent before, and is refused.
ALTER TABLE tickets ADD COLUMN looked integer NOT NULL DEFAULT 0;
