-- For all tasks together, sums of a minute instead of 5: 16 hours by the minute are read in no more time than a day by 5 minutes.
DELETE FROM counter_sums WHERE minutes = 5;

INSERT INTO counter_sums (minutes, queue_name, type, since, event, label, count, total_ms)
SELECT 1, '', '', minute, event, label, sum(count), sum(total_ms) FROM counters GROUP BY minute, event, label;
