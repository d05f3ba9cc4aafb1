-- With what lists filter by, so that they read the index alone. Tasks that succeed are not in it, and cost what they did.
DROP INDEX finished_tasks_unsuccessful;
CREATE INDEX finished_tasks_unsuccessful ON finished_tasks (id, finished_at) INCLUDE (outcome, type, queue_name) WHERE outcome <> 'succeeded';
