-- What the pipeline costs, minute by minute; each process adds to it twice a minute at most.
CREATE TABLE costs (
    minute timestamptz NOT NULL,
    kind   text        NOT NULL,
    amount bigint      NOT NULL,
    PRIMARY KEY (minute, kind)
) WITH (fillfactor = 50);

-- One row: up to where the write-ahead log has been counted.
CREATE TABLE wal_mark (
    position pg_lsn NOT NULL
);
INSERT INTO wal_mark VALUES (pg_current_wal_lsn());
