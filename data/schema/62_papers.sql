-- Photos and documents of parcels: what a paper may become, and what of it is public.

-- A paper stays of its parcel, its file and its kind; a photo is a picture; one that was retired doesn't come back. A
-- parcel is live and has at most 20 papers. The park's clock is locked by then (keep_version), so that the count is right.
CREATE OR REPLACE FUNCTION keep_paper() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM paper_version o WHERE (o.park_id, o.paper_id) = (NEW.park_id, NEW.paper_id)
      AND (o.parcel_id, o.hash, o.kind) <> (NEW.parcel_id, NEW.hash, NEW.kind)) THEN
    PERFORM refuse('paper_stays_what_it_is', format('paper %s is of another parcel, file or kind', NEW.paper_id));
  END IF;
  IF NEW.kind = 'photo' AND EXISTS (SELECT FROM file f WHERE (f.park_id, f.hash) = (NEW.park_id, NEW.hash)
      AND f.width IS NULL) THEN
    PERFORM refuse('photo_is_a_picture', format('the file of photo %s is no picture', NEW.paper_id));
  END IF;
  IF NOT EXISTS (SELECT FROM parcel_version v WHERE (v.park_id, v.parcel_id) = (NEW.park_id, NEW.parcel_id)
      AND v.to_seq IS NULL) THEN
    PERFORM refuse('paper_of_live_parcel', format('paper %s is of a parcel that is not live', NEW.paper_id));
  END IF;
  IF (SELECT count(*) FROM paper_version o WHERE (o.park_id, o.parcel_id) = (NEW.park_id, NEW.parcel_id)
      AND o.to_seq IS NULL) >= 20 THEN
    PERFORM refuse('papers_are_few', format('parcel %s has 20 papers', NEW.parcel_id));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_keep_version BEFORE INSERT OR UPDATE ON paper_version FOR EACH ROW EXECUTE FUNCTION keep_version();
CREATE TRIGGER b_keep_paper BEFORE INSERT ON paper_version FOR EACH ROW EXECUTE FUNCTION keep_paper();
CREATE TRIGGER count_inserted AFTER INSERT ON paper_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();
CREATE TRIGGER count_updated AFTER UPDATE ON paper_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_parcels();

-- publish_papers rewrites what the public reads of the papers of parcels. publish_rows calls it too: papers are public
-- where their parcel is, and go with it. A split or merge retires the parcel, and its papers stay with it; when that is
-- reversed, they are there again.
CREATE OR REPLACE FUNCTION publish_papers(p_park uuid, p_parcels uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM file f WHERE f.park_id = p_park) THEN RETURN; END IF; -- as in most imports
  DELETE FROM paper_public WHERE ctid = ANY (ARRAY(
    SELECT x.ctid FROM unnest(p_parcels) u (id)
     CROSS JOIN LATERAL (SELECT p.ctid FROM paper_public p WHERE (p.park_id, p.parcel_id) = (p_park, u.id) OFFSET 0) x));
  INSERT INTO paper_public (park_id, paper_id, parcel_id, since, hash, media_type, size, width, height, kind, title_zh,
      title_en, dated, number, expires_on, illustrative)
  SELECT v.park_id, v.paper_id, v.parcel_id, lower(v.sys), v.hash, f.media_type, f.size, f.width, f.height, v.kind,
      v.title_zh, v.title_en, v.dated, v.number, v.expires_on, v.illustrative
    FROM (SELECT DISTINCT id FROM unnest(p_parcels) u (id)) u
   CROSS JOIN LATERAL (SELECT * FROM paper_version x WHERE (x.park_id, x.parcel_id) = (p_park, u.id)
       AND x.to_seq IS NULL AND x.publication = 'public' OFFSET 0) v
   CROSS JOIN LATERAL (SELECT y.media_type, y.size, y.width, y.height FROM file y
       WHERE (y.park_id, y.hash) = (p_park, v.hash) OFFSET 0) f
   WHERE EXISTS (SELECT FROM parcel_public p WHERE (p.park_id, p.parcel_id) = (p_park, u.id) AND p.to_seq IS NULL);
END $$;
COMMENT ON FUNCTION publish_papers IS 'Rewrites what the public reads of the papers of parcels; called by triggers only.';

CREATE OR REPLACE FUNCTION publish_changed_papers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE park record;
BEGIN
  FOR park IN SELECT c.park_id, array_agg(DISTINCT c.parcel_id) AS parcels FROM changed c GROUP BY c.park_id LOOP
    PERFORM publish_papers(park.park_id, park.parcels);
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER publish_inserted AFTER INSERT ON paper_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_papers();
CREATE TRIGGER publish_updated AFTER UPDATE ON paper_version
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_changed_papers();

-- The public reads bytes through this view alone. As a barrier, no condition of a reader sees a file before the join.
CREATE OR REPLACE VIEW file_public WITH (security_barrier) AS
SELECT p.park_id, p.paper_id, f.bytes
  FROM paper_public p JOIN file f ON (f.park_id, f.hash) = (p.park_id, p.hash);
COMMENT ON VIEW file_public IS 'The bytes of the papers that the public may read.';
