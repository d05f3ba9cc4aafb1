-- As before, but whoever replays a task of the day is not held up, and never chosen as the victim of a deadlock.
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
    -- Shorter than the second after which PostgreSQL looks for a deadlock: a replay locks the table and then the day, the drop the day and
    -- then the table, and it is the drop that lets go, for it can be done tomorrow.
    PERFORM set_config('lock_timeout', '500ms', true);
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
