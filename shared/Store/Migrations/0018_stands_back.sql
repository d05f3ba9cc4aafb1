-- Its queue is one of many that were filled together: tickets of others are taken first.
ALTER TABLE tickets ADD COLUMN stands_back boolean NOT NULL DEFAULT false;
