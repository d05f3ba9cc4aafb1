-- What the whole HTTP API needs.

ALTER TABLE tasks ADD COLUMN external_id text, ADD COLUMN result_ttl_seconds integer;
ALTER TABLE finished_tasks ADD COLUMN external_id text, ADD COLUMN result_ttl_seconds integer,
    -- From then on the result is not shown; Housekeep removes it.
    ADD COLUMN result_expires_at timestamptz;
ALTER TABLE dead_letters ADD COLUMN external_id text, ADD COLUMN result_ttl_seconds integer;
CREATE INDEX tasks_external_id ON tasks (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX finished_tasks_external_id ON finished_tasks (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX dead_letters_external_id ON dead_letters (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX finished_tasks_result_expiry ON finished_tasks (result_expires_at) WHERE result_expires_at IS NOT NULL AND result IS NOT NULL;

-- The same failure has the same fingerprint, whichever task, number, id or quoted name it is about.
CREATE FUNCTION error_fingerprint(task_type text, error_type text, message text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(md5(concat_ws(E'\n'::text, task_type, error_type,
    regexp_replace(
        regexp_replace(
            regexp_replace(left(message, 1000), '''[^'']*''|"[^"]*"', '''''', 'g'),
            '\m[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\M|\m0[xX][0-9a-fA-F]+\M', '#', 'g'),
        '[0-9]+', '#', 'g'))), 16);

ALTER TABLE dead_letters ADD COLUMN fingerprint text NOT NULL GENERATED ALWAYS AS
    (error_fingerprint(type, history -> -1 ->> 'error_type', history -> -1 ->> 'error_message')) STORED;
CREATE INDEX dead_letters_fingerprint ON dead_letters (fingerprint, id);
CREATE INDEX dead_letters_died ON dead_letters (died_at);

-- The text at a path of some data; null where there is none. What PostgreSQL cannot hold (\u0000, half a surrogate pair) reads as \ufffd.
CREATE FUNCTION text_at(data json, path text[]) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN data #>> path;
EXCEPTION WHEN data_exception THEN
    RETURN regexp_replace(data::text, '\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\ufffd', 'g')::json #>> path;
END
$$;

-- Keys of accepted tasks: the second submission with one gets the first one's task. A key outlives its task for a window.
CREATE TABLE idempotency_keys (
    -- 'request' (Idempotency-Key), 'part' (of one, and a place in its request), 'external' (external_id), 'event' (source and id of a CloudEvent).
    scope        text        NOT NULL,
    key          text        NOT NULL,
    task_id      uuid        NOT NULL,
    -- Of the submission in canonical form: the same key with another body is a mistake.
    request_hash bytea       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_task ON idempotency_keys (task_id);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- A submission beyond this many waiting tasks is refused.
ALTER TABLE queues ADD COLUMN max_depth integer;
ALTER TABLE queues ADD CONSTRAINT queues_max_depth CHECK (max_depth > 0);

-- How far a bulk action has come: written in the transaction that does a chunk, so that a crash repeats none.
CREATE TABLE bulk_actions (
    -- The task that carries it out; its data say what.
    id         uuid        PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Goes on below this id; null before the first chunk.
    below      uuid,
    matched    bigint      NOT NULL DEFAULT 0,
    changed    bigint      NOT NULL DEFAULT 0,
    -- Tasks that are tried first; the rest follows when all have succeeded.
    canaries   uuid[]
);

-- Log lines in the order they were written in; pages go on behind one.
CREATE SEQUENCE task_logs_seq;
ALTER TABLE task_logs ADD COLUMN seq bigint NOT NULL DEFAULT nextval('task_logs_seq');
DROP INDEX task_logs_task;
CREATE INDEX task_logs_task ON task_logs (task_id, seq);

-- As before, but nobody may take a task out of the day (a replay does) between the counting and the dropping.
CREATE OR REPLACE FUNCTION drop_oldest_partition(keep_days integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    child   text;
    dropped bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('millrace.housekeep'));
    SELECT c.relname INTO child FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('finished_tasks'::regclass, 'task_logs'::regclass) AND c.relname ~ '_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - keep_days
    ORDER BY right(c.relname, 8), c.relname LIMIT 1;
    IF child IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('lock_timeout', '2s', true);
    IF starts_with(child, 'finished_tasks_') THEN
        EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', child);
        EXECUTE format('WITH counted AS (
                            INSERT INTO counter_deltas (queue_name, type, event, label, count)
                            SELECT queue_name, type, ''dropped'', outcome::text, count(*) FROM %I GROUP BY 1, 2, 4
                            RETURNING count)
                        SELECT coalesce(sum(count), 0)::bigint FROM counted', child) INTO dropped;
    END IF;
    EXECUTE format('DROP TABLE %I', child);
    RETURN dropped;
END
$$;
