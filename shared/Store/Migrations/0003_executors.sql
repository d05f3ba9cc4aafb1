-- Attempts that failed since the executor began, by type: {"type": count}. With the row, for a process has no memory that lasts.
ALTER TABLE executors ADD COLUMN errors jsonb NOT NULL DEFAULT '{}';

-- One that has said goodbye is neither idle nor lost.
ALTER TABLE executors DROP CONSTRAINT executors_status;
ALTER TABLE executors ADD CONSTRAINT executors_status CHECK (status IN ('active', 'idle', 'draining', 'stopped'));
