-- A decision has a reason too. A party's facts have a history like everything else; the planner edits the party, the database keeps what it was.

ALTER TABLE proposal ADD COLUMN decision_reason text CHECK (decision_reason <> '');
COMMENT ON COLUMN proposal.decision_reason IS 'Why it was approved, rejected or withdrawn.';
GRANT UPDATE (decision_reason) ON proposal TO luodi_planner;
CREATE INDEX proposal_open ON proposal (park_id, proposed_at) WHERE decision IS NULL;

-- What was decided stays decided.
CREATE FUNCTION keep_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.decision IS NOT NULL THEN
    PERFORM refuse('proposal_is_open', format('proposal %s was %s already', OLD.proposal_id, OLD.decision));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_decision BEFORE UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION keep_decision();

ALTER TABLE party ADD COLUMN revision integer NOT NULL DEFAULT 1 CHECK (revision > 0);
COMMENT ON COLUMN party.revision IS 'Counts the edits; what If-Match compares.';

CREATE TABLE party_version (
  district_id uuid NOT NULL,
  party_id    uuid NOT NULL,
  revision    integer NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  name_zh     text NOT NULL,
  name_en     text NOT NULL,
  named       boolean NOT NULL,
  source      text,
  PRIMARY KEY (district_id, party_id, revision),
  FOREIGN KEY (district_id, party_id) REFERENCES party
);
COMMENT ON TABLE party_version IS 'What a party was from each of its edits on; written by trigger.';
INSERT INTO party_version (district_id, party_id, revision, name_zh, name_en, named, source)
SELECT district_id, party_id, revision, name_zh, name_en, named, source FROM party;

CREATE FUNCTION keep_party() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.revision := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.revision + 1 END;
  RETURN NEW;
END $$;
CREATE FUNCTION keep_party_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO party_version (district_id, party_id, revision, name_zh, name_en, named, source)
  VALUES (NEW.district_id, NEW.party_id, NEW.revision, NEW.name_zh, NEW.name_en, NEW.named, NEW.source);
  RETURN NULL;
END $$;
CREATE TRIGGER a_keep_party BEFORE INSERT OR UPDATE ON party FOR EACH ROW EXECUTE FUNCTION keep_party();
CREATE TRIGGER b_keep_party_version AFTER INSERT OR UPDATE ON party FOR EACH ROW EXECUTE FUNCTION keep_party_version();
REVOKE EXECUTE ON FUNCTION keep_decision, keep_party, keep_party_version FROM PUBLIC;
GRANT UPDATE (name_zh, name_en, named, source) ON party TO luodi_planner;
GRANT SELECT ON party_version TO luodi_planner;
CREATE INDEX allotment_project ON allotment (district_id, project_id);
CREATE INDEX allotment_version_deadline ON allotment_version (expires_at) WHERE to_seq IS NULL AND state = 'hold';
