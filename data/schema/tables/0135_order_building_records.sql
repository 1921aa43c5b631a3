-- What was recorded of all workshops of a park is read in the order in which it was, and whether anything was since.

CREATE INDEX building_record_of_park ON building_record (park_id, n);
