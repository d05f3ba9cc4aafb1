-- A task that is retried and replayed again and again: its history is bounded, in entries and in bytes. The first entry stays and the last ones;
-- the place of those between them says how many are left out: {"attempt": 0, "outcome": "omitted", "omitted": 47}.
CREATE FUNCTION history_with(history jsonb, entry jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    most_entries CONSTANT integer := 50;
    most_bytes   CONSTANT integer := 131072;
    whole        jsonb := coalesce(history, '[]') || entry;
    omitted      bigint := 0;
BEGIN
    IF jsonb_array_length(whole) <= most_entries AND pg_column_size(whole) <= most_bytes THEN
        RETURN whole;
    END IF;
    IF whole -> 1 ? 'omitted' THEN
        omitted := (whole -> 1 ->> 'omitted')::bigint;
        whole := whole - 1;
    END IF;
    WHILE jsonb_array_length(whole) > 2 AND (jsonb_array_length(whole) >= most_entries OR pg_column_size(whole) > most_bytes - 200) LOOP
        whole := whole - 1;
        omitted := omitted + 1;
    END LOOP;
    IF omitted = 0 THEN
        RETURN whole;
    END IF;
    RETURN jsonb_insert(whole, '{1}', jsonb_build_object('attempt', 0, 'outcome', 'omitted', 'omitted', omitted));
END
$$;

-- The errors of each type that are counted by their names, in the order in which they came; the others are counted as 'other'. So handlers that make up
-- an error for each task make no row of the books for each.
CREATE TABLE error_labels (
    type  text NOT NULL,
    label text NOT NULL,
    PRIMARY KEY (type, label)
);

INSERT INTO error_labels (type, label)
SELECT type, label
FROM (SELECT type, label, row_number() OVER (PARTITION BY type ORDER BY sum(count) DESC, label) AS n
      FROM counter_totals WHERE event IN ('retried', 'failed') AND label <> 'other' GROUP BY type, label) AS c
WHERE n <= 50;

-- What was counted by its name until now, and has no place: sums stay what they are.
WITH gone AS (
    DELETE FROM counter_totals c
    WHERE event IN ('retried', 'failed') AND label <> 'other' AND NOT EXISTS (SELECT FROM error_labels e WHERE e.type = c.type AND e.label = c.label)
    RETURNING *
)
INSERT INTO counter_totals AS c (queue_name, type, event, label, count, total_ms)
SELECT queue_name, type, event, 'other', sum(count), sum(total_ms) FROM gone GROUP BY 1, 2, 3
ON CONFLICT (queue_name, type, event, label) DO UPDATE SET count = c.count + excluded.count, total_ms = c.total_ms + excluded.total_ms;

WITH gone AS (
    DELETE FROM counters c
    WHERE event IN ('retried', 'failed') AND label <> 'other' AND NOT EXISTS (SELECT FROM error_labels e WHERE e.type = c.type AND e.label = c.label)
    RETURNING *
)
INSERT INTO counters AS c (minute, queue_name, type, event, label, count, total_ms)
SELECT minute, queue_name, type, event, 'other', sum(count), sum(total_ms) FROM gone GROUP BY 1, 2, 3, 4
ON CONFLICT (minute, queue_name, type, event, label) DO UPDATE SET count = c.count + excluded.count, total_ms = c.total_ms + excluded.total_ms;

WITH gone AS (
    DELETE FROM counter_sums c
    WHERE event IN ('retried', 'failed') AND label <> 'other'
      AND NOT EXISTS (SELECT FROM error_labels e WHERE (e.type = c.type OR c.type = '') AND e.label = c.label)
    RETURNING *
)
INSERT INTO counter_sums AS c (minutes, queue_name, type, since, event, label, count, total_ms)
SELECT minutes, queue_name, type, since, event, 'other', sum(count), sum(total_ms) FROM gone GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (minutes, queue_name, type, since, event, label) DO UPDATE SET count = c.count + excluded.count, total_ms = c.total_ms + excluded.total_ms;
