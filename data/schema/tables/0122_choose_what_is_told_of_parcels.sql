-- What of a parcel is public is chosen by field: its price, and what it can draw (docs/decisions/0026). What is told
-- today stays told; new parcels tell a price that is stated, and of capacities a band.

ALTER TABLE parcel_version
  ADD price_told text NOT NULL DEFAULT 'figure' CHECK (price_told IN ('figure', 'none')),
  ADD services_told text NOT NULL DEFAULT 'figure' CHECK (services_told IN ('figure', 'band', 'word', 'none'));
ALTER TABLE parcel_version ALTER services_told SET DEFAULT 'band';
COMMENT ON COLUMN parcel_version.price_told IS
  'Whether the public reads the price, with its kind, document and day: figure, or none.';
COMMENT ON COLUMN parcel_version.services_told IS
  'What the public reads of each service: its capacity as a figure, a band of 1, 2, 5, 10 and so on in its place, '
  'the word whether it is ready, or nothing (none).';
