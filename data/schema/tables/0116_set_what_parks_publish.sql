-- What a park tells the public of land for which a project has an intention: a hold or a reservation, before a tender
-- is announced. Until now the public read both as they stand, with the deadline and, where the project agreed, its name.
-- docs/decisions/0019-holds-are-intentions.md.

ALTER TABLE park
  ADD hold_shown text NOT NULL DEFAULT 'in_negotiation' CHECK (hold_shown IN ('in_negotiation', 'nothing')),
  ADD map_review_no text CHECK (map_review_no <> '' AND length(map_review_no) <= 60),
  ADD old_after_months integer NOT NULL DEFAULT 12 CHECK (old_after_months BETWEEN 1 AND 120);
COMMENT ON COLUMN park.hold_shown IS
  'What the public reads of land under an intention: the word in_negotiation, or nothing, so that it reads as reserve.';
COMMENT ON COLUMN park.map_review_no IS
  'The number under which the authority reviewed the map (审图号); null: none, or not entered.';
COMMENT ON COLUMN park.old_after_months IS 'After how many months a stated price or service counts as old at the desk.';

ALTER TABLE park_public
  ADD hold_shown text NOT NULL DEFAULT 'in_negotiation', ADD map_review_no text,
  ADD old_after_months integer NOT NULL DEFAULT 12;

INSERT INTO record_kind (kind) VALUES ('settings');
