-- Chain-led promotion (链式招商): who pursues which missing piece of a chain, what the experts of the task forces say of
-- it, which firms are sought for it, and which projects stand for it. Titles of firms, and a year's targets for them.

CREATE TABLE team_charge (
  district_id uuid NOT NULL,
  team_id     uuid NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  leader_id   uuid REFERENCES account,
  industries  text[] NOT NULL,
  noted_by    uuid NOT NULL REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, team_id, n),
  FOREIGN KEY (district_id, team_id) REFERENCES team
);
COMMENT ON TABLE team_charge IS
  'Who leads a team, and which industries it is in charge of. The last row of a team counts (team_charge_held).';
COMMENT ON COLUMN team_charge.n IS 'Counts the rows of a team; given by trigger.';
COMMENT ON COLUMN team_charge.industries IS 'Codes of chains of the district.';
ALTER TABLE team_charge ALTER district_id SET STATISTICS 0;

CREATE TABLE expert (
  district_id uuid NOT NULL,
  expert_id   uuid NOT NULL,
  team_id     uuid NOT NULL,
  voice       text NOT NULL CHECK (voice IN ('professor', 'entrepreneur', 'official')),
  name        text NOT NULL CHECK (name <> ''),
  account_id  uuid REFERENCES account,
  since       timestamptz NOT NULL DEFAULT clock_timestamp(),
  until       timestamptz CHECK (until > since),
  PRIMARY KEY (district_id, expert_id),
  FOREIGN KEY (district_id, team_id) REFERENCES team
);
COMMENT ON TABLE expert IS 'A member of the expert team of a task force (专班), who judges the pieces of its chains.';
COMMENT ON COLUMN expert.voice IS
  'professor: direction; entrepreneur: the industry''s view; official: which pieces can''t be lacking.';
COMMENT ON COLUMN expert.name IS 'How the expert is called in the team; a title is enough.';
COMMENT ON COLUMN expert.account_id IS 'Who it is when signed in; null: others note the judgements.';
CREATE UNIQUE INDEX expert_by_account ON expert (account_id, team_id, district_id) WHERE until IS NULL;
ALTER TABLE expert ALTER district_id SET STATISTICS 0;

CREATE TABLE judgement (
  district_id uuid NOT NULL,
  expert_id   uuid NOT NULL,
  chain       text NOT NULL,
  node        text NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  verdict     text NOT NULL CHECK (verdict IN ('needed', 'helpful', 'not_needed')),
  why         text NOT NULL CHECK (why <> ''),
  judged_on   date NOT NULL,
  noted_by    uuid NOT NULL REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, chain, node, expert_id, n),
  FOREIGN KEY (district_id, expert_id) REFERENCES expert
);
COMMENT ON TABLE judgement IS
  'What an expert says of a piece of a chain. The last one of an expert counts (judgement_held); those before are kept.';
COMMENT ON COLUMN judgement.n IS 'Counts what one expert said of one piece; given by trigger.';
ALTER TABLE judgement ALTER district_id SET STATISTICS 0;

CREATE TABLE gap_owner (
  district_id    uuid NOT NULL,
  gap_owner_id   uuid NOT NULL,
  chain          text NOT NULL,
  node           text NOT NULL,
  team_id        uuid NOT NULL,
  noted_by       uuid NOT NULL REFERENCES account,
  noted_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  released_at    timestamptz,
  released_by    uuid REFERENCES account,
  release_reason text CHECK (release_reason <> ''),
  PRIMARY KEY (district_id, gap_owner_id),
  FOREIGN KEY (district_id, team_id) REFERENCES team,
  CONSTRAINT gap_owner_release_says_why CHECK ((released_at IS NULL) = (release_reason IS NULL)
    AND (released_at IS NULL) = (released_by IS NULL))
);
COMMENT ON TABLE gap_owner IS 'Which team is to win a piece of a chain; live until it is released with a reason.';
CREATE UNIQUE INDEX gap_owner_is_one ON gap_owner (node, chain, district_id) WHERE released_at IS NULL;
ALTER TABLE gap_owner ALTER district_id SET STATISTICS 0;

CREATE TABLE target_firm (
  district_id    uuid NOT NULL,
  target_firm_id uuid NOT NULL,
  chain          text NOT NULL,
  node           text NOT NULL,
  name           text NOT NULL CHECK (name <> ''),
  firm           text NOT NULL CHECK (firm <> ''),
  party_id       uuid,
  place          text NOT NULL CHECK (place <> ''),
  source         text NOT NULL CHECK (source <> ''),
  team_id        uuid NOT NULL,
  approached_on  date,
  noted_by       uuid NOT NULL REFERENCES account,
  noted_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  project_id     uuid,
  closed_at      timestamptz,
  closed_by      uuid REFERENCES account,
  close_reason   text CHECK (close_reason <> ''),
  PRIMARY KEY (district_id, target_firm_id),
  FOREIGN KEY (district_id, party_id) REFERENCES party,
  FOREIGN KEY (district_id, team_id) REFERENCES team,
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CONSTRAINT target_firm_closed_says_why CHECK ((closed_at IS NULL) = (close_reason IS NULL)
    AND (closed_at IS NULL) = (closed_by IS NULL))
);
COMMENT ON TABLE target_firm IS
  'A firm that a team wants to win for a piece of a chain: for the team and the leaders alone. Live until it is closed.';
COMMENT ON COLUMN target_firm.firm IS 'Its name as firm_name folds it; kept by trigger.';
COMMENT ON COLUMN target_firm.place IS 'Where the firm is.';
COMMENT ON COLUMN target_firm.source IS 'Where it is known from.';
COMMENT ON COLUMN target_firm.approached_on IS 'When the team first spoke to it; null: not yet.';
COMMENT ON COLUMN target_firm.project_id IS 'The project that came of it.';
CREATE UNIQUE INDEX target_firm_is_one ON target_firm (firm, node, chain, district_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX target_firm_of_project ON target_firm (project_id, district_id) WHERE closed_at IS NULL;
ALTER TABLE target_firm ALTER district_id SET STATISTICS 0;

CREATE TABLE target_note (
  district_id    uuid NOT NULL,
  target_firm_id uuid NOT NULL,
  n              integer NOT NULL CHECK (n > 0),
  said_on        date NOT NULL,
  answer         text NOT NULL CHECK (answer IN ('none', 'interested', 'considering', 'declined')),
  note           text NOT NULL CHECK (note <> ''),
  next_step      text CHECK (next_step <> ''),
  due            date CHECK (due >= said_on),
  noted_by       uuid NOT NULL REFERENCES account,
  noted_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, target_firm_id, n),
  FOREIGN KEY (district_id, target_firm_id) REFERENCES target_firm,
  CONSTRAINT target_note_due_has_a_step CHECK (next_step IS NOT NULL OR due IS NULL)
);
COMMENT ON TABLE target_note IS
  'What a target firm answered, and what is to follow. The last note''s next step is the one that is due.';
COMMENT ON COLUMN target_note.n IS 'Counts the notes of a target firm; given by trigger.';
ALTER TABLE target_note ALTER district_id SET STATISTICS 0;

CREATE TABLE project_chain_role (
  district_id uuid NOT NULL,
  project_id  uuid NOT NULL,
  chain       text NOT NULL,
  node        text NOT NULL,
  n           integer NOT NULL CHECK (n > 0),
  role        text NOT NULL CHECK (role IN ('extends', 'fills', 'strengthens', 'supports')),
  source      text NOT NULL CHECK (source <> ''),
  stood       integer NOT NULL CHECK (stood >= 0),
  corrects    boolean NOT NULL DEFAULT false,
  withdrawn   boolean NOT NULL DEFAULT false,
  reason      text CHECK (reason <> ''),
  noted_by    uuid NOT NULL REFERENCES account,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, project_id, chain, node, n),
  FOREIGN KEY (district_id, project_id) REFERENCES project,
  CONSTRAINT chain_role_says_why CHECK (reason IS NOT NULL OR NOT corrects),
  CONSTRAINT chain_role_withdrawn_was CHECK (corrects OR NOT withdrawn)
);
COMMENT ON TABLE project_chain_role IS
  'What a project is to a piece of a chain: 延链 extends, 补链 fills, 强链 strengthens, 配套 supports. The last row of a '
  'project and piece counts (project_chain_role_held).';
COMMENT ON COLUMN project_chain_role.n IS 'Counts the rows of a project and piece; given by trigger.';
COMMENT ON COLUMN project_chain_role.stood IS
  'How many other active projects of the piece were signed when it was noted; 0: it was missing. Given by trigger.';
COMMENT ON COLUMN project_chain_role.corrects IS 'It takes the place of the row before, for the reason given.';
CREATE INDEX project_chain_role_node ON project_chain_role (node, chain, district_id);
ALTER TABLE project_chain_role ALTER district_id SET STATISTICS 0;

CREATE TABLE firm_title (
  district_id     uuid NOT NULL,
  firm_title_id   uuid NOT NULL,
  party_id        uuid NOT NULL,
  title           text NOT NULL CHECK (title IN ('backbone', 'specialised', 'little_giant', 'single_champion', 'gazelle',
    'high_tech')),
  level           text NOT NULL CHECK (level IN ('national', 'provincial', 'municipal')),
  valid           daterange NOT NULL,
  source          text NOT NULL CHECK (source <> ''),
  noted_by        uuid NOT NULL REFERENCES account,
  noted_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  withdrawn_at    timestamptz,
  withdrawn_by    uuid REFERENCES account,
  withdraw_reason text CHECK (withdraw_reason <> ''),
  PRIMARY KEY (district_id, firm_title_id),
  FOREIGN KEY (district_id, party_id) REFERENCES party,
  CONSTRAINT firm_title_holds_a_day CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
  CONSTRAINT firm_title_withdrawn_says_why CHECK ((withdrawn_at IS NULL) = (withdraw_reason IS NULL)
    AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CONSTRAINT firm_title_held_once EXCLUDE USING gist (district_id WITH =, party_id WITH =, title WITH =, level WITH =,
    valid WITH &&) WHERE (withdrawn_at IS NULL)
);
COMMENT ON TABLE firm_title IS
  'A title of a firm over a time: 骨干企业 backbone, 专精特新 specialised, 小巨人 little_giant, 单项冠军 single_champion, '
  '瞪羚 gazelle, 高新技术企业 high_tech.';
COMMENT ON COLUMN firm_title.valid IS 'From the day of recognition to the day on which it holds no more; open: none is set.';
ALTER TABLE firm_title ALTER district_id SET STATISTICS 0;

CREATE TABLE title_figure (
  district_id     uuid NOT NULL REFERENCES district,
  title_figure_id uuid NOT NULL,
  year            integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
  title           text NOT NULL CHECK (title IN ('backbone', 'specialised', 'little_giant', 'single_champion', 'gazelle',
    'high_tech')),
  level           text NOT NULL CHECK (level IN ('national', 'provincial', 'municipal')),
  kind            text NOT NULL CHECK (kind IN ('target', 'reported')),
  number          integer NOT NULL CHECK (number BETWEEN 0 AND 100000),
  as_of           date NOT NULL,
  source          text NOT NULL CHECK (source <> ''),
  noted_by        uuid NOT NULL REFERENCES account,
  noted_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (district_id, title_figure_id)
);
COMMENT ON TABLE title_figure IS
  'How many firms are to win a title in a year, and how many were reported to have. The last note of each counts.';
COMMENT ON COLUMN title_figure.as_of IS 'When the target was set, or the day of the report.';
ALTER TABLE title_figure ALTER district_id SET STATISTICS 0;
