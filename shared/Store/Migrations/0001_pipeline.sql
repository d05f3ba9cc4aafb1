-- The pipeline's tables. A task is in exactly one of tasks, finished_tasks and dead_letters.

CREATE TYPE task_state AS ENUM ('blocked', 'pending', 'claimed');
CREATE TYPE ticket_state AS ENUM ('queued', 'running', 'healing');
CREATE TYPE finished_as AS ENUM ('succeeded', 'cancelled', 'expired');
CREATE TYPE death_reason AS ENUM ('exhausted', 'rejected', 'unreadable', 'poison');

CREATE TABLE queues (
    name         text        PRIMARY KEY,
    paused       boolean     NOT NULL DEFAULT false,
    -- Mean run time of the queue's recent tasks; decides how many travel in one ticket.
    mean_run_ms  double precision,
    created_at   timestamptz NOT NULL DEFAULT now()
);

-- Live work, and only that: what is finished or dead leaves, so the claim never depends on history.
CREATE TABLE tasks (
    id                      uuid        PRIMARY KEY,
    created_at              timestamptz NOT NULL DEFAULT now(),
    due_at                  timestamptz NOT NULL,
    expires_at              timestamptz,
    ticket_id               bigint,
    timeout_seconds         integer     NOT NULL,
    retry_delay_seconds     real        NOT NULL,
    retry_backoff           real        NOT NULL,
    max_retry_delay_seconds real        NOT NULL,
    state                   task_state  NOT NULL DEFAULT 'pending',
    priority                smallint    NOT NULL,
    max_retries             smallint    NOT NULL,
    -- Attempts that ended and counted; the one that runs is not among them.
    attempts                smallint    NOT NULL DEFAULT 0,
    -- Attempts that ended with their executor. A task with any travels alone in its ticket.
    crashes                 smallint    NOT NULL DEFAULT 0,
    replays                 smallint    NOT NULL DEFAULT 0,
    -- Its place in its ticket; executors begin in this order.
    ticket_seq              integer,
    cancel_requested        boolean     NOT NULL DEFAULT false,
    queue_name              text        NOT NULL,
    type                    text        NOT NULL,
    -- json, not jsonb: what went in comes back to the letter.
    data                    json        NOT NULL,
    context                 json,
    tags                    text[],
    traceparent             text,
    progress                json,
    -- Attempts that did not succeed, oldest first: [{attempt, replay, outcome, error_type, …}].
    history                 jsonb,
    CONSTRAINT tasks_claimed_have_a_ticket CHECK ((state = 'claimed') = (ticket_id IS NOT NULL) AND (ticket_id IS NULL) = (ticket_seq IS NULL)),
    CONSTRAINT tasks_attempts_within_limit CHECK (attempts BETWEEN 0 AND max_retries),
    CONSTRAINT tasks_crashes_are_attempts CHECK (crashes BETWEEN 0 AND attempts),
    CONSTRAINT tasks_cancel_is_for_claimed CHECK (NOT cancel_requested OR state = 'claimed'),
    CONSTRAINT tasks_priority_in_range CHECK (priority BETWEEN 1 AND 10)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.2);

-- One probe per priority reads exactly the due rows, in the order of the claim.
CREATE INDEX tasks_claim ON tasks (queue_name, priority, due_at) WHERE state = 'pending' AND crashes = 0;
CREATE INDEX tasks_quarantine ON tasks (queue_name, due_at) WHERE state = 'pending' AND crashes > 0;
CREATE INDEX tasks_ticket ON tasks (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX tasks_expiry ON tasks (expires_at) WHERE expires_at IS NOT NULL AND state <> 'claimed';

-- A batch of tasks claimed together: the unit of dispatch, of the lease and of fencing. Gone when its work is.
CREATE TABLE tickets (
    id           bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue_name   text         NOT NULL,
    state        ticket_state NOT NULL,
    quarantine   boolean      NOT NULL,
    executor_id  uuid,
    created_at   timestamptz  NOT NULL DEFAULT now(),
    started_at   timestamptz,
    lease_until  timestamptz  NOT NULL,
    -- Tasks up to this place may have been begun; those behind it have not. Written before they are.
    begun_through integer     NOT NULL DEFAULT 0,
    -- Until then its executor is waiting for more work of this queue, so no message is needed.
    hungry_until timestamptz,
    CONSTRAINT tickets_started_have_an_executor CHECK (state <> 'running' OR executor_id IS NOT NULL)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE INDEX tickets_queue ON tickets (queue_name, state);

CREATE TABLE finished_tasks (
    id                      uuid        NOT NULL,
    created_at              timestamptz NOT NULL,
    due_at                  timestamptz NOT NULL,
    started_at              timestamptz,
    finished_at             timestamptz NOT NULL,
    expires_at              timestamptz,
    executor_id             uuid,
    timeout_seconds         integer     NOT NULL,
    retry_delay_seconds     real        NOT NULL,
    retry_backoff           real        NOT NULL,
    max_retry_delay_seconds real        NOT NULL,
    outcome                 finished_as NOT NULL,
    priority                smallint    NOT NULL,
    max_retries             smallint    NOT NULL,
    attempts                smallint    NOT NULL,
    crashes                 smallint    NOT NULL,
    replays                 smallint    NOT NULL,
    queue_name              text        NOT NULL,
    type                    text        NOT NULL,
    data                    json        NOT NULL,
    context                 json,
    tags                    text[],
    traceparent             text,
    progress                json,
    history                 jsonb,
    result                  json,
    PRIMARY KEY (id, finished_at)
) PARTITION BY RANGE (finished_at);

-- Nothing is refused for want of a partition; Housekeep makes the days ahead.
CREATE TABLE finished_tasks_default PARTITION OF finished_tasks DEFAULT;

CREATE TABLE dead_letters (
    id                      uuid         PRIMARY KEY,
    created_at              timestamptz  NOT NULL,
    due_at                  timestamptz  NOT NULL,
    started_at              timestamptz,
    died_at                 timestamptz  NOT NULL DEFAULT now(),
    expires_at              timestamptz,
    executor_id             uuid,
    timeout_seconds         integer      NOT NULL,
    retry_delay_seconds     real         NOT NULL,
    retry_backoff           real         NOT NULL,
    max_retry_delay_seconds real         NOT NULL,
    reason                  death_reason NOT NULL,
    priority                smallint     NOT NULL,
    max_retries             smallint     NOT NULL,
    attempts                smallint     NOT NULL,
    crashes                 smallint     NOT NULL,
    replays                 smallint     NOT NULL,
    queue_name              text         NOT NULL,
    type                    text         NOT NULL,
    data                    json         NOT NULL,
    context                 json,
    tags                    text[],
    traceparent             text,
    progress                json,
    history                 jsonb        NOT NULL
);

-- What handlers wrote with TaskContext.Log.
CREATE TABLE task_logs (
    task_id   uuid        NOT NULL,
    logged_at timestamptz NOT NULL,
    attempt   smallint    NOT NULL,
    level     text        NOT NULL,
    message   text        NOT NULL
) PARTITION BY RANGE (logged_at);
CREATE INDEX task_logs_task ON task_logs (task_id, logged_at);
CREATE TABLE task_logs_default PARTITION OF task_logs DEFAULT;

-- Counted by the statement that does the thing, so the books are never behind. Rows only; the healer folds them.
CREATE TABLE counter_deltas (
    minute     timestamptz NOT NULL DEFAULT date_trunc('minute', now()),
    queue_name text        NOT NULL,
    type       text        NOT NULL,
    event      text        NOT NULL,
    -- Priority for accepted, error type for failed attempts, upper bound in ms for durations.
    label      text        NOT NULL DEFAULT '',
    count      bigint      NOT NULL,
    total_ms   bigint      NOT NULL DEFAULT 0
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE TABLE counters (
    minute     timestamptz NOT NULL,
    queue_name text        NOT NULL,
    type       text        NOT NULL,
    event      text        NOT NULL,
    label      text        NOT NULL,
    count      bigint      NOT NULL,
    total_ms   bigint      NOT NULL,
    PRIMARY KEY (minute, queue_name, type, event, label)
);

-- Since the beginning; the ledger and /metrics read these plus what is not folded yet.
CREATE TABLE counter_totals (
    queue_name text   NOT NULL,
    type       text   NOT NULL,
    event      text   NOT NULL,
    label      text   NOT NULL,
    count      bigint NOT NULL,
    total_ms   bigint NOT NULL,
    PRIMARY KEY (queue_name, type, event, label)
);

CREATE TABLE executors (
    id             uuid        PRIMARY KEY,
    host           text        NOT NULL,
    process_id     integer     NOT NULL,
    version        text        NOT NULL,
    status         text        NOT NULL,
    capacity       integer     NOT NULL,
    current_load   integer     NOT NULL,
    started_at     timestamptz NOT NULL DEFAULT now(),
    last_heartbeat timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT executors_status CHECK (status IN ('active', 'idle', 'draining'))
);

-- At most one outstanding wake per queue and purpose; a row whose time is long past was lost with its message.
CREATE TABLE wakes (
    queue_name text        NOT NULL,
    purpose    text        NOT NULL,
    due_at     timestamptz NOT NULL,
    PRIMARY KEY (queue_name, purpose)
);

-- When each timer stage last ran, so that health can say that one does not.
CREATE TABLE passes (
    stage    text        PRIMARY KEY,
    last_run timestamptz NOT NULL
);

-- The row that lets one healer at a time fold the counters.
INSERT INTO passes (stage, last_run) VALUES ('fold', now());

-- Makes the days ahead, drops the days beyond the retention, and counts what it dropped, so that the ledger still adds up.
-- Returns how many finished tasks were dropped. A day whose rows already lie in the default partition stays there.
CREATE FUNCTION housekeep(days_ahead integer, keep_days integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    parent  text;
    day     date;
    child   text;
    dropped bigint := 0;
BEGIN
    -- Two housekeepers at once would make the same partition.
    PERFORM pg_advisory_xact_lock(hashtext('millrace.housekeep'));
    FOREACH parent IN ARRAY ARRAY['finished_tasks', 'task_logs'] LOOP
        FOR day IN SELECT (now() AT TIME ZONE 'UTC')::date + n FROM generate_series(0, days_ahead) AS n LOOP
            child := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
            IF to_regclass(child) IS NULL THEN
                BEGIN
                    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                                   child, parent, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
                EXCEPTION WHEN check_violation THEN
                    RAISE NOTICE 'rows of % stay in the default partition', day;
                END;
            END IF;
        END LOOP;
        FOR child IN
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = parent::regclass AND c.relname ~ '_[0-9]{8}$'
              AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - keep_days
        LOOP
            IF parent = 'finished_tasks' THEN
                EXECUTE format('INSERT INTO counter_deltas (queue_name, type, event, label, count)
                                SELECT queue_name, type, ''dropped'', outcome::text, count(*) FROM %I GROUP BY 1, 2, 4', child);
                EXECUTE format('SELECT $1 + count(*) FROM %I', child) INTO dropped USING dropped;
            END IF;
            EXECUTE format('DROP TABLE %I', child);
        END LOOP;
    END LOOP;
    DELETE FROM counters WHERE minute < now() - make_interval(days => keep_days);
    DELETE FROM executors WHERE last_heartbeat < now() - interval '1 day';
    RETURN dropped;
END
$$;

SELECT housekeep(7, 30);

-- Indexes that only reading needs. None is touched by a task that is submitted, claimed and succeeds.
CREATE INDEX tasks_retrying ON tasks (queue_name, due_at) WHERE state = 'pending' AND attempts > 0;
CREATE INDEX tasks_blocked ON tasks (queue_name) WHERE state = 'blocked';
CREATE INDEX finished_tasks_unsuccessful ON finished_tasks (id, finished_at) WHERE outcome <> 'succeeded';
CREATE INDEX dead_letters_queue ON dead_letters (queue_name, id);
CREATE INDEX dead_letters_type ON dead_letters (type, id);

-- Finds the tasks of a rare type or queue among millions; costs a finish next to nothing, unlike a B-tree would.
CREATE INDEX finished_tasks_kind ON finished_tasks
    USING brin (type text_bloom_ops (n_distinct_per_range = 64), queue_name text_bloom_ops (n_distinct_per_range = 64))
    WITH (pages_per_range = 32, autosummarize = on);
