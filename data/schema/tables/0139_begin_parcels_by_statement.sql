-- A foreign key is looked up row by row, which was a tenth of what a large import took. These four say what the rules
-- say by themselves (docs/decisions/0002): a parcel is of a park (keep_parcels), a version of a parcel begins at its
-- record (begin_parcel) and is of a parcel (count_parcels), and the public's rows are written by triggers alone. No role
-- may delete a park, a record or a parcel.
ALTER TABLE parcel DROP CONSTRAINT parcel_park_id_fkey;
ALTER TABLE parcel_version DROP CONSTRAINT parcel_version_park_id_parcel_id_fkey;
ALTER TABLE parcel_version DROP CONSTRAINT parcel_version_park_id_from_seq_fkey;
ALTER TABLE parcel_public DROP CONSTRAINT parcel_public_park_id_fkey;
