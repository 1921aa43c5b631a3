-- Of a park that the statistics have not seen, the planner believes that it has no rows, and then every index that begins with the park seems to find a parcel
-- as well as the key's own, and the smallest wins: in an import every parcel was looked up by a walk through its whole park (20,000 rows took
-- minutes). These are asked with both columns, always: begun with the other one they serve as before, and can't be taken for a look-up by key.

DROP INDEX parcel_version_from, parcel_version_to, parcel_version_live_code, allotment_version_from, allotment_version_to, allotment_parcel_from, allotment_parcel_to;
CREATE INDEX parcel_version_from ON parcel_version (from_seq, park_id);
CREATE INDEX parcel_version_to ON parcel_version (to_seq, park_id) WHERE to_seq IS NOT NULL;
CREATE UNIQUE INDEX parcel_version_live_code ON parcel_version (code, park_id) WHERE to_seq IS NULL;
CREATE INDEX allotment_version_from ON allotment_version (from_seq, park_id);
CREATE INDEX allotment_version_to ON allotment_version (to_seq, park_id) WHERE to_seq IS NOT NULL;
CREATE INDEX allotment_parcel_from ON allotment_parcel (from_seq, park_id);
CREATE INDEX allotment_parcel_to ON allotment_parcel (to_seq, park_id) WHERE to_seq IS NOT NULL;
