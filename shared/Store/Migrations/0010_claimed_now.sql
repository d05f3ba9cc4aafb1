-- What is claimed of a queue and due since then, at this very moment. VOLATILE: each call sees what was committed before it, where the statement
-- that calls it sees what was committed before that began. So a claim that has locked its tasks learns which of them were claimed meanwhile.
CREATE FUNCTION claimed_now(queue text, since timestamptz) RETURNS SETOF uuid
LANGUAGE sql VOLATILE STRICT ROWS 500 AS $$
    SELECT u.id FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) AS u (id)
    WHERE c.queue_name = queue AND c.due_through >= since AND u.id IS NOT NULL
$$;
