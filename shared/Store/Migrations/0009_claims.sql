-- A claim is one row that names its tasks, instead of a change to each of them: half of what a task cost the database, and nothing that an
-- old snapshot, held open by somebody else, could keep alive in the tasks' indexes.
CREATE TABLE claims (
    ticket_id     bigint      NOT NULL,
    -- Its tasks' places in the ticket; executors begin in this order.
    first_place   integer     NOT NULL,
    last_place    integer     NOT NULL,
    -- Tasks up to this place may be begun from the start; of the others ticket_begins says when they may.
    begun_through integer     NOT NULL DEFAULT 0,
    -- So many of them the ticket still holds. Gone when it is none.
    remaining     integer     NOT NULL,
    queue_name    text        NOT NULL,
    -- Between these all of them are due, so that a task finds its claim.
    due_from      timestamptz NOT NULL,
    due_through   timestamptz NOT NULL,
    -- By place; null for one that the ticket does not hold any more.
    task_ids      uuid[]      NOT NULL,
    PRIMARY KEY (ticket_id, last_place),
    CONSTRAINT claims_hold_tasks CHECK (remaining BETWEEN 1 AND last_place - first_place + 1)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Ids do not compress.
ALTER TABLE claims ALTER COLUMN task_ids SET STORAGE EXTERNAL;

-- Later claims of a queue are due later: who looks for what was claimed since then begins there.
CREATE INDEX claims_due ON claims (queue_name, due_through);

-- Tasks of the ticket up to this place may have been begun. Written before they are, and never changed: executors do not wait for one another here.
CREATE TABLE ticket_begins (
    ticket_id     bigint  NOT NULL,
    through_place integer NOT NULL,
    PRIMARY KEY (ticket_id, through_place)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- The ticket that holds a task, and its place there; no row when none does.
CREATE FUNCTION claim_of(queue text, due timestamptz, task uuid) RETURNS TABLE (ticket_id bigint, place integer, begun_through integer)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT c.ticket_id, c.first_place + array_position(c.task_ids, task) - 1,
           greatest(c.begun_through, (SELECT max(b.through_place) FROM ticket_begins b WHERE b.ticket_id = c.ticket_id))
    FROM claims c
    WHERE c.queue_name = queue AND c.due_through >= due AND c.due_from <= due AND task = ANY (c.task_ids)
$$;

-- What a ticket held goes back to those that wait: an executor that has it now will find its writes refused, and it runs again.
ALTER TABLE tasks DROP CONSTRAINT tasks_cancel_is_for_claimed, DROP COLUMN ticket_id, DROP COLUMN ticket_seq;
UPDATE tasks SET state = 'pending' WHERE state = 'claimed';
DELETE FROM tickets;
ALTER TABLE tickets DROP COLUMN begun_through;

-- The word stays in the type, for a value cannot be taken out of one.
ALTER TABLE tasks ADD CONSTRAINT tasks_claims_are_rows_of_their_own CHECK (state <> 'claimed');

-- A row is only changed when its task is tried again or edited.
ALTER TABLE tasks SET (fillfactor = 95);

-- With the id, for tasks of one submission are due at the same moment: who claims goes on exactly behind what was claimed.
DROP INDEX tasks_claim;
CREATE INDEX tasks_claim ON tasks (queue_name, priority, due_at, id) WHERE state = 'pending' AND crashes = 0;
DROP INDEX tasks_expiry;
CREATE INDEX tasks_expiry ON tasks (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX tasks_cancel ON tasks (id) WHERE cancel_requested;
