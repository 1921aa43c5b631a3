-- A reason that shows nothing is none: the words in which a record, a proposal or a decision says why are refused when they are made of spaces and of characters that nobody sees.

CREATE FUNCTION refuse_blank_reason() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM refuse('reason_is_given', format('a %s gives no reason that can be read', TG_TABLE_NAME));
  RETURN NULL;
END $$;
CREATE TRIGGER reason_is_given BEFORE INSERT ON record FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();
CREATE TRIGGER reason_is_given BEFORE INSERT ON proposal FOR EACH ROW WHEN (is_blank(NEW.reason)) EXECUTE FUNCTION refuse_blank_reason();
CREATE TRIGGER decision_reason_is_given BEFORE UPDATE OF decision_reason ON proposal FOR EACH ROW WHEN (is_blank(NEW.decision_reason)) EXECUTE FUNCTION refuse_blank_reason();

-- How long a right may last follows from what the land is for: residential 70 years, commercial 40, industrial and all other 50 (land.LongestTerm). A term is looked at when it is first
-- given; one that goes on from version to version is not, nor what becomes of it when the plan gives its land another use.

ALTER TABLE allotment_version DROP CONSTRAINT allotment_version_term_years_check, ADD CONSTRAINT allotment_version_term_years_check CHECK (term_years > 0 AND term_years <= 70);

CREATE FUNCTION longest_term(p_land_use text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE left(p_land_use, 2) WHEN '07' THEN 70 WHEN '09' THEN 40 ELSE 50 END
$$;
COMMENT ON FUNCTION longest_term IS 'Years for which land of a use may be granted at most.';

CREATE FUNCTION refuse_long_term() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE hit record;
BEGIN
  IF NEW.term_years IS NOT DISTINCT FROM (SELECT o.term_years FROM allotment_version o WHERE (o.park_id, o.allotment_id, o.to_seq) = (NEW.park_id, NEW.allotment_id, NEW.prev_to_seq)) THEN
    RETURN NULL;
  END IF;
  SELECT v.code, v.land_use, longest_term(v.land_use) AS most INTO hit
    FROM (SELECT x.parcel_id FROM allotment_parcel x WHERE (x.park_id, x.allotment_id) = (NEW.park_id, NEW.allotment_id) AND x.to_seq IS NULL OFFSET 0) l
   CROSS JOIN LATERAL (SELECT x.code, x.land_use FROM parcel_version x WHERE (x.park_id, x.parcel_id) = (NEW.park_id, l.parcel_id) AND x.to_seq IS NULL OFFSET 0) v
   ORDER BY most LIMIT 1;
  IF hit.most < NEW.term_years THEN
    PERFORM refuse('term_fits_use', format('%s years on parcel %s of use %s, at most %s', NEW.term_years, hit.code, coalesce(hit.land_use, 'unknown'), hit.most));
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER term_fits_use AFTER INSERT ON allotment_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.term_years IS NOT NULL) EXECUTE FUNCTION refuse_long_term();

REVOKE EXECUTE ON FUNCTION refuse_blank_reason, refuse_long_term FROM PUBLIC;
