-- Who courts which investor: the promotion teams and task forces of a district, and their first contacts. A firm has one
-- live first contact in the district, whichever park entered it, so that two teams don't court one investor.

CREATE TABLE team (
  district_id uuid NOT NULL REFERENCES district,
  team_id     uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('task_force', 'promotion')),
  number      integer NOT NULL CHECK (number > 0),
  name_zh     text NOT NULL CHECK (name_zh <> ''),
  name_en     text NOT NULL CHECK (name_en <> ''),
  placeholder boolean NOT NULL DEFAULT false,
  source      text,
  PRIMARY KEY (district_id, team_id),
  CONSTRAINT team_has_a_number UNIQUE (district_id, kind, number)
);
COMMENT ON TABLE team IS 'A task force (专班) or promotion team (招商队伍) of a district.';
COMMENT ON COLUMN team.placeholder IS 'Stands for one that the source does not name.';
ALTER TABLE team ALTER district_id SET STATISTICS 0;

CREATE TABLE team_member (
  district_id uuid NOT NULL,
  team_id     uuid NOT NULL,
  account_id  uuid NOT NULL REFERENCES account,
  since       timestamptz NOT NULL DEFAULT clock_timestamp(),
  until       timestamptz CHECK (until > since),
  PRIMARY KEY (district_id, team_id, account_id, since),
  FOREIGN KEY (district_id, team_id) REFERENCES team
);
COMMENT ON TABLE team_member IS 'Who is of a team, from when until when; nothing is deleted.';
CREATE UNIQUE INDEX team_member_live ON team_member (account_id, team_id, district_id) WHERE until IS NULL;
ALTER TABLE team_member ALTER district_id SET STATISTICS 0;

CREATE TABLE first_contact (
  district_id      uuid NOT NULL,
  first_contact_id uuid NOT NULL,
  project_id       uuid NOT NULL,
  party_id         uuid NOT NULL,
  team_id          uuid NOT NULL,
  made_on          date NOT NULL,
  noted_by         uuid NOT NULL REFERENCES account,
  noted_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  credit_code      text,
  firm             text NOT NULL CHECK (firm <> ''),
  released_at      timestamptz,
  released_by      uuid REFERENCES account,
  release_reason   text CHECK (release_reason <> ''),
  PRIMARY KEY (district_id, first_contact_id),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  FOREIGN KEY (district_id, party_id) REFERENCES party,
  FOREIGN KEY (district_id, team_id) REFERENCES team,
  CONSTRAINT first_contact_release_says_why CHECK ((released_at IS NULL) = (release_reason IS NULL)
    AND (released_at IS NULL) = (released_by IS NULL))
);
COMMENT ON TABLE first_contact IS
  'Which team spoke to a firm first (首谈), for which project; live until it is released with a reason.';
COMMENT ON COLUMN first_contact.credit_code IS 'Of the firm, as its row has it now; kept by trigger.';
COMMENT ON COLUMN first_contact.firm IS 'The name of the firm as firm_name folds it; kept by trigger.';
CREATE UNIQUE INDEX first_contact_by_code ON first_contact (district_id, credit_code)
  WHERE released_at IS NULL AND credit_code IS NOT NULL;
CREATE UNIQUE INDEX first_contact_by_name ON first_contact (district_id, firm) WHERE released_at IS NULL;
CREATE UNIQUE INDEX first_contact_of_project ON first_contact (project_id, district_id) WHERE released_at IS NULL;
CREATE INDEX first_contact_party ON first_contact (party_id, district_id) WHERE released_at IS NULL;
ALTER TABLE first_contact ALTER district_id SET STATISTICS 0;

ALTER TABLE membership DROP CONSTRAINT membership_role_check,
  ADD CONSTRAINT membership_role_check CHECK (role IN ('viewer', 'planner', 'approver', 'leader', 'admin'));

-- A project that ever stood in a queue is told by the park's records for good (unsigned_lead).
CREATE INDEX waiting_ever ON waiting (project_id, district_id);
