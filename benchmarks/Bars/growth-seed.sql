-- What `growth` measures beside: 5,000,000 scheduled, 5,000,000 finished over 30 days, 1,000,000 dead.

-- step: settings
SET synchronous_commit = off;

-- step: queues and partitions of the past
DO $$
DECLARE
    day date;
BEGIN
    INSERT INTO queues (name) SELECT 'past_' || n FROM generate_series(0, 19) AS n;
    FOR day IN SELECT (now() AT TIME ZONE 'UTC')::date - n FROM generate_series(1, 30) AS n LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF finished_tasks FOR VALUES FROM (%L) TO (%L)',
                       'finished_tasks_' || to_char(day, 'YYYYMMDD'), day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END LOOP;
END
$$;

-- step: data of some 200 bytes
CREATE FUNCTION bench_data(i bigint) RETURNS json LANGUAGE sql IMMUTABLE
RETURN format('{"id":%s,"text":"%s"}', i, repeat('x', 170))::json;

-- step: 5,000,000 scheduled tasks, half of them in the queues that are measured; the first is due in six hours
DO $$
BEGIN
    FOR chunk IN 0..49 LOOP
        INSERT INTO tasks (id, created_at, due_at, timeout_seconds, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, state, priority,
                           max_retries, attempts, queue_name, type, data)
        SELECT uuidv7(interval '-1 day'), now() - interval '1 day', now() + interval '6 hours' + make_interval(secs => 2592000 * random()), 60, 5, 2, 3600,
               'pending', 5, 3, 0, CASE i % 2 WHEN 0 THEN 'bench-0' ELSE 'past_' || i / 2 % 20 END, 'echo', bench_data(i)
        FROM generate_series(chunk * 100000::bigint, chunk * 100000 + 99999) AS i;
        COMMIT;
    END LOOP;
END
$$;

-- step: 5,000,000 finished tasks over 30 days
DO $$
BEGIN
    FOR chunk IN 0..49 LOOP
        INSERT INTO finished_tasks (id, created_at, due_at, started_at, finished_at, timeout_seconds, retry_delay_seconds, retry_backoff,
                                    max_retry_delay_seconds, outcome, priority, max_retries, attempts, crashes, replays, queue_name, type, data, result)
        SELECT uuidv7(at - now()), at, at, at, at, 60, 5, 2, 3600, 'succeeded', 5, 3, 1, 0, 0, 'past_' || i % 20, 'echo', bench_data(i), '{"ok":true}'
        FROM (SELECT i, now() - make_interval(secs => (5000000 - i) * 0.5184) AS at
              FROM generate_series(chunk * 100000::bigint, chunk * 100000 + 99999) AS i) AS s;
        COMMIT;
    END LOOP;
END
$$;

-- step: 1,000,000 dead letters over 30 days
DO $$
BEGIN
    FOR chunk IN 0..9 LOOP
        INSERT INTO dead_letters (id, created_at, due_at, started_at, died_at, timeout_seconds, retry_delay_seconds, retry_backoff,
                                  max_retry_delay_seconds, reason, priority, max_retries, attempts, crashes, replays, queue_name, type, data, history)
        SELECT uuidv7(at - now()), at, at, at, at, 60, 5, 2, 3600, 'exhausted', 5, 3, 4, 0, 0, 'past_' || i % 20, 'echo', bench_data(i),
               '[{"attempt":1,"replay":0,"outcome":"failed","error_type":"timeout","error_message":"Could not read the order."}]'
        FROM (SELECT i, now() - make_interval(secs => (1000000 - i) * 2.592) AS at
              FROM generate_series(chunk * 100000::bigint, chunk * 100000 + 99999) AS i) AS s;
        COMMIT;
    END LOOP;
END
$$;

-- step: totals, so that the ledger adds up
INSERT INTO counter_totals (queue_name, type, event, label, count, total_ms)
SELECT queue_name, 'echo', 'accepted', '5', count(*), 0
FROM (SELECT queue_name FROM tasks UNION ALL SELECT queue_name FROM finished_tasks WHERE queue_name LIKE 'past%' UNION ALL SELECT queue_name FROM dead_letters) AS t
GROUP BY queue_name
UNION ALL SELECT queue_name, 'echo', 'succeeded', '1', count(*), count(*) FROM finished_tasks WHERE queue_name LIKE 'past%' GROUP BY queue_name
UNION ALL SELECT queue_name, 'echo', 'failed', 'timeout', count(*), count(*) FROM dead_letters GROUP BY queue_name
ON CONFLICT (queue_name, type, event, label) DO UPDATE SET count = counter_totals.count + excluded.count;

-- step: vacuum
VACUUM (ANALYZE);

-- step: checkpoint
CHECKPOINT;
