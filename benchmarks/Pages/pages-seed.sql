-- What `pages` reads: 1,000,000 live tasks, 5,000,000 finished over 30 days, 100,000 dead, and 30 days of counted minutes.
-- 20 queues, 30 types of which a third of all tasks has the first, and one that is rare. Each step is one statement; DO blocks commit as
-- they go.

-- step: settings
SET synchronous_commit = off;

-- step: queues and partitions of the past
DO $$
DECLARE
    parent text;
    day    date;
BEGIN
    INSERT INTO queues (name) SELECT 'queue_' || lpad(n::text, 2, '0') FROM generate_series(0, 19) AS n ON CONFLICT DO NOTHING;
    FOREACH parent IN ARRAY ARRAY['finished_tasks', 'task_logs'] LOOP
        FOR day IN SELECT (now() AT TIME ZONE 'UTC')::date - n FROM generate_series(1, 30) AS n LOOP
            EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', parent || '_' || to_char(day, 'YYYYMMDD'),
                           parent, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
        END LOOP;
    END LOOP;
END
$$;

-- step: words
CREATE FUNCTION bench_type(i bigint) RETURNS text LANGUAGE sql VOLATILE
RETURN CASE WHEN i % 100000 = 7 THEN 'rare_type' ELSE 'type_' || lpad(floor(30 * random() ^ 3)::text, 2, '0') END;

-- step: data of some 200 bytes
CREATE FUNCTION bench_data(i bigint) RETURNS json LANGUAGE sql IMMUTABLE
RETURN format('{"customer":{"id":%s,"name":"Customer %s"},"order":"o-%s","amount":%s.50,"country":"%s","note":"%s"}', i % 50000, i % 50000, i,
              i % 900, (ARRAY['de', 'fr', 'us', 'jp'])[1 + i % 4], repeat('lorem ipsum ', 8))::json;

-- step: history
CREATE FUNCTION bench_history(i bigint, attempts integer, ended_at timestamptz) RETURNS jsonb LANGUAGE sql IMMUTABLE
RETURN (SELECT jsonb_agg(jsonb_build_object(
            'attempt', n, 'replay', 0, 'outcome', 'failed',
            'error_type', (ARRAY['timeout', 'http_503', 'invalid_data', 'io_error', 'conflict'])[1 + i % 5],
            'error_message', 'Could not ' || (ARRAY['read', 'write', 'send', 'lock', 'find', 'parse', 'move', 'close'])[1 + i / 5 % 8]
                             || ' the order ' || i || ' of "customer ' || i % 50000 || '".',
            'trace', repeat('   at Handler.Run(Order order) in Handler.cs:line 42' || E'\n', 6),
            'started_at', ended_at - make_interval(secs => 60 * (attempts - n) + 1), 'ended_at', ended_at - make_interval(secs => 60 * (attempts - n)),
            'run_ms', 1000) ORDER BY n) FROM generate_series(1, attempts) AS n);

-- step: executors
INSERT INTO executors (id, host, process_id, version, status, capacity, current_load, last_heartbeat)
SELECT uuidv7(), 'worker-' || n, 1000 + n, '1.0', 'active', 64, 32, now() + interval '6 hours' FROM generate_series(1, 10) AS n;

-- step: tickets, one that runs and one that waits per queue
INSERT INTO tickets (id, queue_name, state, quarantine, executor_id, started_at, lease_until)
OVERRIDING SYSTEM VALUE
SELECT n + 1, 'queue_' || lpad((n / 2)::text, 2, '0'), CASE n % 2 WHEN 0 THEN 'running' ELSE 'queued' END::ticket_state, false,
       CASE n % 2 WHEN 0 THEN (SELECT id FROM executors ORDER BY id OFFSET n / 2 % 10 LIMIT 1) END,
       CASE n % 2 WHEN 0 THEN now() - make_interval(mins => n * 4) END, now() + interval '6 hours'
FROM generate_series(0, 39) AS n;

-- step: 1,000,000 live tasks: 70 % due, 22 % scheduled, 6 % retrying, 1 % blocked, 1 % in tickets
DO $$
BEGIN
    FOR chunk IN 0..19 LOOP
        INSERT INTO tasks (id, created_at, due_at, timeout_seconds, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, state, priority,
                           max_retries, attempts, queue_name, type, data, tags, history, external_id)
        SELECT uuidv7(at - now()), at,
               CASE WHEN kind < 70 OR kind >= 98 THEN at WHEN kind < 92 THEN now() + make_interval(secs => 7200 + 172800 * random())
                    ELSE now() + make_interval(secs => 7200 + 3600 * random()) END,
               60, 5, 2, 3600, CASE kind WHEN 98 THEN 'blocked' ELSE 'pending' END::task_state,
               CASE WHEN i % 10 < 8 THEN 5 ELSE 1 + i % 9 END, 3, CASE WHEN kind BETWEEN 92 AND 97 THEN 1 + i % 2 ELSE 0 END,
               'queue_' || lpad((i / 100 % 20)::text, 2, '0'), bench_type(i), bench_data(i),
               CASE WHEN i % 3 = 0 THEN ARRAY['tenant-' || i % 100, 'eu'] END,
               CASE WHEN kind BETWEEN 92 AND 97 THEN bench_history(i, (1 + i % 2)::integer, at + interval '5 minutes') END,
               CASE WHEN i % 10 = 3 THEN 'live-' || i END
        FROM (SELECT i, i % 100 AS kind, now() - make_interval(secs => (1000000 - i) * 0.0864) AS at
              FROM generate_series(chunk * 50000::bigint, chunk * 50000 + 49999) AS i) AS s;
        COMMIT;
    END LOOP;
END
$$;

-- step: claims: the 500 of each queue that have been due longest, in its two tickets
INSERT INTO claims (ticket_id, first_place, last_place, begun_through, remaining, queue_name, due_from, due_through, task_ids)
SELECT k.id, 1, count(*), CASE k.state WHEN 'running' THEN 20 ELSE 0 END, count(*), k.queue_name, min(t.due_at), max(t.due_at), array_agg(t.id ORDER BY t.due_at)
FROM tickets k JOIN (SELECT id, queue_name, due_at, row_number() OVER (PARTITION BY queue_name ORDER BY due_at) - 1 AS n
                     FROM tasks WHERE state = 'pending' AND crashes = 0 AND due_at <= now()) AS t
     ON t.queue_name = k.queue_name AND t.n / 250 = (k.id - 1) % 2 AND t.n < 500
GROUP BY k.id;

-- step: 5,000,000 finished tasks over 30 days
DO $$
BEGIN
    FOR chunk IN 0..49 LOOP
        INSERT INTO finished_tasks (id, created_at, due_at, started_at, finished_at, timeout_seconds, retry_delay_seconds, retry_backoff,
                                    max_retry_delay_seconds, outcome, priority, max_retries, attempts, crashes, replays, queue_name, type, data, tags,
                                    history, external_id, result)
        SELECT uuidv7(at - wait - now()), at - wait, at - wait, at - interval '1 second', at, 60, 5, 2, 3600,
               CASE WHEN i % 1000 < 15 THEN 'cancelled' WHEN i % 1000 < 20 THEN 'expired' ELSE 'succeeded' END::finished_as,
               CASE WHEN i % 10 < 8 THEN 5 ELSE 1 + i % 9 END, 3, CASE WHEN i % 50 = 1 THEN 2 ELSE 1 END, 0, 0,
               'queue_' || lpad((i / 100 % 20)::text, 2, '0'), bench_type(i), bench_data(i),
               CASE WHEN i % 3 = 0 THEN ARRAY['tenant-' || i % 100, 'eu'] END,
               CASE WHEN i % 50 = 1 THEN bench_history(i, 1, at - interval '1 minute') END,
               CASE WHEN i % 10 = 3 THEN 'finished-' || i END, '{"status":"done","amount":17}'
        FROM (SELECT i, now() - make_interval(secs => (5000000 - i) * 0.5184) AS at,
                     make_interval(secs => CASE WHEN i % 100 = 0 THEN 86400 ELSE 120 END * random()) AS wait
              FROM generate_series(chunk * 100000::bigint, chunk * 100000 + 99999) AS i) AS s;
        COMMIT;
    END LOOP;
END
$$;

-- step: 100,000 dead letters over 30 days
INSERT INTO dead_letters (id, created_at, due_at, started_at, died_at, timeout_seconds, retry_delay_seconds, retry_backoff,
                          max_retry_delay_seconds, reason, priority, max_retries, attempts, crashes, replays, queue_name, type, data, tags, history,
                          external_id)
SELECT uuidv7(at - interval '10 minutes' - now()), at - interval '10 minutes', at - interval '10 minutes', at - interval '1 second', at, 60, 5, 2, 3600,
       CASE WHEN i % 10 = 0 THEN 'rejected' ELSE 'exhausted' END::death_reason, 5, 3, 4, 0, 0, 'queue_' || lpad((i / 100 % 20)::text, 2, '0'),
       bench_type(i), bench_data(i), CASE WHEN i % 3 = 0 THEN ARRAY['tenant-' || i % 100, 'eu'] END, bench_history(i, 4, at),
       CASE WHEN i % 10 = 3 THEN 'dead-' || i END
FROM (SELECT i, now() - make_interval(secs => (100000 - i) * 25.92) AS at FROM generate_series(0, 99999::bigint) AS i) AS s;

-- step: log lines of every hundredth task of the last days
INSERT INTO task_logs (task_id, logged_at, attempt, level, message)
SELECT id, finished_at, 1, CASE WHEN n = 1 THEN 'warning' ELSE 'information' END, 'Line ' || n || ' of the order: ' || repeat('lorem ', 10)
FROM finished_tasks, generate_series(1, 20) AS n WHERE finished_at > now() - interval '5 days' AND hashtext(id::text) % 100 = 0;

-- step: 30 days of counted minutes, up to 200 rows each
DO $$
BEGIN
    FOR day IN REVERSE 29..0 LOOP
        INSERT INTO counters (minute, queue_name, type, event, label, count, total_ms)
        SELECT date_trunc('minute', now()) - make_interval(mins => day * 1440 + m), 'queue_' || lpad((j % 20)::text, 2, '0'), bench_type(j),
               CASE WHEN j <= 80 THEN 'accepted' WHEN j <= 188 THEN 'succeeded' WHEN j <= 196 THEN 'retried' WHEN j <= 199 THEN 'failed' ELSE 'cancelled' END,
               CASE WHEN j <= 80 THEN (ARRAY['5', '5', '5', '1', '9'])[1 + j % 5]
                    WHEN j <= 188 THEN (ARRAY['5', '10', '25', '50', '100', '250', '500', '1000'])[1 + floor(8 * random())::integer]
                    WHEN j <= 199 THEN (ARRAY['timeout', 'http_503', 'invalid_data', 'io_error', 'conflict'])[1 + j % 5] ELSE '' END,
               1 + j % 3, CASE WHEN j > 80 THEN 40 ELSE 0 END
        FROM generate_series(0, 1439) AS m, generate_series(1, 200) AS j
        ON CONFLICT DO NOTHING;
        COMMIT;
    END LOOP;
END
$$;

-- step: sums of a minute
INSERT INTO counter_sums (minutes, queue_name, type, since, event, label, count, total_ms)
SELECT 1, '', '', minute, event, label, sum(count), sum(total_ms) FROM counters GROUP BY minute, event, label;

-- step: sums of an hour
INSERT INTO counter_sums (minutes, queue_name, type, since, event, label, count, total_ms)
SELECT 60, coalesce(queue_name, ''), coalesce(type, ''), date_bin(interval '1 hour', minute, timestamptz 'epoch') AS since, event, label, sum(count),
       sum(total_ms)
FROM counters
GROUP BY GROUPING SETS ((since, event, label), (queue_name, since, event, label), (type, since, event, label), (queue_name, type, since, event, label));

-- step: totals, so that the ledger adds up
INSERT INTO counter_totals (queue_name, type, event, label, count, total_ms)
SELECT queue_name, type, 'accepted', priority::text, count(*), 0
FROM (SELECT queue_name, type, priority FROM tasks UNION ALL SELECT queue_name, type, priority FROM finished_tasks
      UNION ALL SELECT queue_name, type, priority FROM dead_letters) AS t GROUP BY 1, 2, 4
UNION ALL
SELECT queue_name, type, outcome::text, CASE outcome WHEN 'succeeded' THEN '1000' ELSE '' END, count(*), CASE outcome WHEN 'succeeded' THEN 1000 * count(*) ELSE 0 END
FROM finished_tasks GROUP BY 1, 2, outcome
UNION ALL
SELECT queue_name, type, 'failed', history -> -1 ->> 'error_type', count(*), 1000 * count(*) FROM dead_letters GROUP BY 1, 2, 4;

-- step: 3,000 counts that are not folded yet; of nothing, for the ledger's sake
INSERT INTO counter_deltas (minute, queue_name, type, event, label, count)
SELECT date_trunc('minute', now()), 'queue_' || lpad((i % 20)::text, 2, '0'), bench_type(i), 'succeeded', '50', 0 FROM generate_series(1, 3000) AS i;

-- step: passes
INSERT INTO passes (stage, last_run) VALUES ('dispatch', now()), ('heal', now()) ON CONFLICT (stage) DO UPDATE SET last_run = excluded.last_run;

-- step: vacuum
VACUUM (ANALYZE);
