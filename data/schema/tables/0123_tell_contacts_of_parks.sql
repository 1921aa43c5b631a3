-- Whom an investor calls: the park's public contact, with its hours. Nothing is shown where it is not set.

ALTER TABLE park ADD contact jsonb CHECK (jsonb_typeof(contact) = 'object' AND contact <> '{}');
COMMENT ON COLUMN park.contact IS
  'Whom the public asks: phone, email, hours and address, the last two in both languages. An office, not a person.';

ALTER TABLE park_public ADD contact jsonb;
