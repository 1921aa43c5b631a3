-- Which record reversed another is asked for each that the history shows: without an index of its own each asked all records of the park.
CREATE INDEX record_reverts ON record (reverts, park_id) WHERE reverts IS NOT NULL;
