-- Who was near a crash once goes on like everybody; who was near two is a suspect, and travels alone.
ALTER TYPE death_reason ADD VALUE 'interrupted';

-- A suspect is not charged each time, so there may be more crashes than attempts.
ALTER TABLE tasks DROP CONSTRAINT tasks_crashes_are_attempts, ADD CONSTRAINT tasks_crashes_are_counted CHECK (crashes >= 0);

DROP INDEX tasks_claim;
CREATE INDEX tasks_claim ON tasks (queue_name, priority, due_at, id) WHERE state = 'pending' AND crashes < 2;
DROP INDEX tasks_quarantine;
CREATE INDEX tasks_quarantine ON tasks (queue_name, due_at) WHERE state = 'pending' AND crashes > 1;

-- Who was running in a process that died, so that an attempt can be given back when another is shown to be guilty, or when the process had not died.
CREATE TABLE crash_parts (
    executor_id uuid        NOT NULL,
    task_id     uuid        NOT NULL,
    charged     boolean     NOT NULL,
    crashed_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (executor_id, task_id)
);
CREATE INDEX crash_parts_task ON crash_parts (task_id);

-- The suspect that a process has just begun and watches. Written before it begins.
CREATE TABLE trials (
    executor_id uuid        PRIMARY KEY,
    task_id     uuid        NOT NULL,
    began_at    timestamptz NOT NULL DEFAULT now()
);
