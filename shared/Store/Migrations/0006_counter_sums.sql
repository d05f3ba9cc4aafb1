-- Counted minutes, summed up for trends over days: of 5 minutes for all tasks; of an hour also per queue, per type, and per both. '' stands for all.
-- Written by the fold only: nobody who submits or finishes tasks waits for it.
CREATE TABLE counter_sums (
    minutes    smallint    NOT NULL,
    queue_name text        NOT NULL,
    type       text        NOT NULL,
    since      timestamptz NOT NULL,
    event      text        NOT NULL,
    label      text        NOT NULL,
    count      bigint      NOT NULL,
    total_ms   bigint      NOT NULL,
    PRIMARY KEY (minutes, queue_name, type, since, event, label)
);

INSERT INTO counter_sums (minutes, queue_name, type, since, event, label, count, total_ms)
SELECT 5, '', '', date_bin(interval '5 minutes', minute, timestamptz 'epoch') AS since, event, label, sum(count), sum(total_ms)
FROM counters GROUP BY since, event, label;

INSERT INTO counter_sums (minutes, queue_name, type, since, event, label, count, total_ms)
SELECT 60, coalesce(queue_name, ''), coalesce(type, ''), date_bin(interval '1 hour', minute, timestamptz 'epoch') AS since, event, label, sum(count),
       sum(total_ms)
FROM counters
GROUP BY GROUPING SETS ((since, event, label), (queue_name, since, event, label), (type, since, event, label), (queue_name, type, since, event, label));
