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
