-- The version of a parcel is the newest change that touched it: its facts, its shape or the right on it. Writers state the version they saw.

ALTER TABLE parcel ADD COLUMN version bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN parcel.version IS 'Number of the newest change that touched the parcel or a right on it; what If-Match compares.';
ALTER TABLE allotment ADD COLUMN version bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN allotment.version IS 'Number of the newest change of the right; what If-Match compares.';
ALTER TABLE allotment_version ADD COLUMN extended integer NOT NULL DEFAULT 0 CHECK (extended BETWEEN 0 AND 1);
COMMENT ON COLUMN allotment_version.extended IS 'How often the hold was extended: once at most.';
ALTER TABLE allotment_version ADD CONSTRAINT hold_has_deadline CHECK (state <> 'hold' OR expires_at IS NOT NULL) NOT VALID;

UPDATE parcel p SET version = greatest(
  (SELECT max(greatest(v.from_seq, v.to_seq)) FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (p.park_id, p.parcel_id)),
  (SELECT max(greatest(v.from_seq, v.to_seq)) FROM allotment_parcel v WHERE (v.park_id, v.parcel_id) = (p.park_id, p.parcel_id)),
  (SELECT max(greatest(v.from_seq, v.to_seq)) FROM allotment_parcel l JOIN allotment_version v ON (v.park_id, v.allotment_id) = (l.park_id, l.allotment_id)
    WHERE (l.park_id, l.parcel_id) = (p.park_id, p.parcel_id)), 0);
UPDATE allotment a SET version = (SELECT max(greatest(v.from_seq, v.to_seq)) FROM allotment_version v WHERE (v.park_id, v.allotment_id) = (a.park_id, a.allotment_id));

CREATE FUNCTION count_parcels() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE parcel p SET version = c.seq FROM park_clock c
   WHERE c.park_id = p.park_id AND p.version <> c.seq AND (p.park_id, p.parcel_id) IN (SELECT park_id, parcel_id FROM changed);
  RETURN NULL;
END $$;
CREATE FUNCTION count_allotments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE allotment a SET version = c.seq FROM park_clock c
   WHERE c.park_id = a.park_id AND a.version <> c.seq AND (a.park_id, a.allotment_id) IN (SELECT park_id, allotment_id FROM changed);
  UPDATE parcel p SET version = n.seq
    FROM (SELECT DISTINCT l.park_id, l.parcel_id, c.seq FROM changed JOIN allotment_parcel l USING (park_id, allotment_id) JOIN park_clock c USING (park_id)
           WHERE l.to_seq IS NULL OR l.to_seq = c.seq) n
   WHERE (p.park_id, p.parcel_id) = (n.park_id, n.parcel_id) AND p.version <> n.seq;
  RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_updated AFTER UPDATE ON parcel_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_inserted AFTER INSERT ON allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_updated AFTER UPDATE ON allotment_parcel REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_inserted AFTER INSERT ON allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_allotments();
CREATE TRIGGER count_updated AFTER UPDATE ON allotment_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_allotments();

-- A new parcel begins at the version of its first change, which spares a bulk load the update.
CREATE FUNCTION begin_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT seq INTO NEW.version FROM park_clock WHERE park_id = NEW.park_id;
  RETURN NEW;
END $$;
CREATE TRIGGER begin_version BEFORE INSERT ON parcel FOR EACH ROW EXECUTE FUNCTION begin_version();
CREATE TRIGGER begin_version BEFORE INSERT ON allotment FOR EACH ROW EXECUTE FUNCTION begin_version();
REVOKE EXECUTE ON FUNCTION count_parcels, count_allotments, begin_version FROM PUBLIC;
