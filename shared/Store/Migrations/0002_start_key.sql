-- Names one attempt to start a ticket, so that it can be repeated when its answer was lost.
ALTER TABLE tickets ADD COLUMN start_key uuid;
