-- Names one attempt to start a ticket, so that it can be repeated when its answer was lost.
ALTER TABLE tickets ADD COLUMN start_key uuid;

-- Attempts that failed since the executor began, by type: {"type": count}. With the row, for a process has no memory that lasts.
ALTER TABLE executors ADD COLUMN errors jsonb NOT NULL DEFAULT '{}';
