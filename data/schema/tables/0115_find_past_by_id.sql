-- A feature of a past moment is asked for by its id alone. Live features have an index for that; those that ended had
-- none, and a search went through every park.
CREATE INDEX parcel_public_past_id ON parcel_public (parcel_id) WHERE to_seq IS NOT NULL;
CREATE INDEX zone_public_past_id ON zone_public (zone_id) WHERE to_seq IS NOT NULL;
CREATE INDEX plan_unit_public_past_id ON plan_unit_public (plan_unit_id) WHERE to_seq IS NOT NULL;
CREATE INDEX network_public_past_id ON network_public (network_id) WHERE to_seq IS NOT NULL;
