-- A kind of record is a row here and a row of data/ledger/kinds.go, which a test holds to each other. What follows from
-- the row is refused by keep_kind (30_record). Until now three checks of record and one of proposal listed the kinds,
-- and each new kind made them anew, over every record there was.

CREATE TABLE record_kind (
  kind           text PRIMARY KEY,
  needs_two      boolean NOT NULL DEFAULT false,
  needs_document boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE record_kind IS 'The kinds of records. A new kind is a row, inserted by a table file.';
COMMENT ON COLUMN record_kind.needs_two IS 'One person proposes it and another approves it.';
COMMENT ON COLUMN record_kind.needs_document IS 'It names a document that it rests on.';

INSERT INTO record_kind (kind, needs_two, needs_document)
SELECT kind, kind IN ('release', 'retire', 'supply'), kind IN ('correct', 'border')
  FROM unnest(ARRAY['import', 'sample', 'create', 'edit', 'split', 'merge', 'move', 'correct', 'retire', 'release',
    'withdraw', 'restore', 'hold', 'extend', 'reserve', 'supply', 'build', 'take_back', 'expire', 'publish',
    'unpublish', 'revert', 'draw', 'queue', 'leave', 'pass', 'border']) kind;

ALTER TABLE record DROP CONSTRAINT record_kind_check, DROP CONSTRAINT record_needs_two,
  DROP CONSTRAINT record_needs_document, ADD CONSTRAINT record_kind_check FOREIGN KEY (kind) REFERENCES record_kind;
ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check;
