-- A price says of what kind it is, which document states it and since when it holds. Prices of before have none of
-- these: nobody said, and they are shown so.

ALTER TABLE parcel_version
  ADD price_kind text CHECK (price_kind IN ('reference', 'minimum', 'announced', 'rent')),
  ADD price_document text CHECK (price_document <> '' AND length(price_document) <= 200),
  ADD price_on date,
  ADD CONSTRAINT price_is_stated CHECK (price_cny_per_m2 IS NOT NULL
    OR price_kind IS NULL AND price_document IS NULL AND price_on IS NULL),
  ADD CONSTRAINT price_kind_is_backed CHECK (price_kind IS NULL OR price_kind = 'rent'
    OR price_document IS NOT NULL AND price_on IS NOT NULL);
COMMENT ON COLUMN parcel_version.price_cny_per_m2 IS
  'Of land, CNY per m2; of the kind rent, CNY per m2 of a workshop''s floor and month.';
COMMENT ON COLUMN parcel_version.price_kind IS
  'reference: by recent deals; minimum: the least price allowed (最低价标准); announced: the starting price of an '
  'announced tender; rent: of a workshop. Null: nobody said.';
COMMENT ON COLUMN parcel_version.price_document IS 'The document that states the price: title and number.';
COMMENT ON COLUMN parcel_version.price_on IS 'Since when the price holds, or of when its document is.';

ALTER TABLE parcel_public ADD price_kind text, ADD price_document text, ADD price_on date;
