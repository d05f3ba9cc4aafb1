-- Claims look a second time for what was claimed since they began. In any other isolation they would not see it, and two executors could hold one task.
CREATE FUNCTION is_read_committed() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Claims need the isolation read committed, not %', current_setting('transaction_isolation') USING ERRCODE = '25004';
    END IF;
    RETURN true;
END $$;

-- Its lease has ended although its executor lives, and it was given a last chance to renew it.
ALTER TABLE tickets ADD COLUMN spared boolean NOT NULL DEFAULT false;
