-- One step, one transaction: a day that is counted for long must not hold up who finishes tasks. Whoever cannot have a lock within two
-- seconds gives up, and tries again ten minutes later.
DROP FUNCTION housekeep(integer, integer);

-- Makes the days ahead. A day whose rows already lie in the default partition stays there.
CREATE FUNCTION make_partitions(days_ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    day    date;
    child  text;
BEGIN
    -- Two at once would make the same partition.
    PERFORM pg_advisory_xact_lock(hashtext('millrace.housekeep'));
    PERFORM set_config('lock_timeout', '2s', true);
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
    END LOOP;
END
$$;

-- Drops the oldest day beyond the retention, and counts its tasks, so that the ledger still adds up. Returns how many tasks there were;
-- null when no such day is left. The counting takes no lock that anybody waits for; the dropping takes a moment.
CREATE FUNCTION drop_oldest_partition(keep_days integer) RETURNS bigint LANGUAGE plpgsql AS $$
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
    IF starts_with(child, 'finished_tasks_') THEN
        EXECUTE format('WITH counted AS (
                            INSERT INTO counter_deltas (queue_name, type, event, label, count)
                            SELECT queue_name, type, ''dropped'', outcome::text, count(*) FROM %I GROUP BY 1, 2, 4
                            RETURNING count)
                        SELECT coalesce(sum(count), 0)::bigint FROM counted', child) INTO dropped;
    END IF;
    PERFORM set_config('lock_timeout', '2s', true);
    EXECUTE format('DROP TABLE %I', child);
    RETURN dropped;
END
$$;
