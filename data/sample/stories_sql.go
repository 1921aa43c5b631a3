package sample

// The statements of the stories; of each, $1 holds the rows. A trigger counts what is numbered.
const (
	sqlNobody = `INSERT INTO account (account_id, login, name, placeholder)
SELECT r.*, true FROM jsonb_to_recordset($1::jsonb) r (id uuid, login text, name text)`

	sqlCharges = `INSERT INTO team_charge (district_id, team_id, industries, noted_by)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, team_id uuid, industries text[], noted_by uuid)`

	sqlExperts = `INSERT INTO expert (district_id, expert_id, team_id, voice, name)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, team_id uuid, voice text, name text)`

	sqlPieceOwners = `INSERT INTO gap_owner (chain, district_id, gap_owner_id, node, team_id, noted_by)
SELECT '` + chainOfStories + `', r.*
  FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, node text, team_id uuid, noted_by uuid)`

	sqlJudgements = `INSERT INTO judgement (chain, district_id, expert_id, node, verdict, why, judged_on, noted_by)
SELECT '` + chainOfStories + `', r.* FROM jsonb_to_recordset($1::jsonb)
    r (district_id uuid, id uuid, node text, verdict text, why text, "on" date, noted_by uuid)`

	sqlTargets = `INSERT INTO target_firm (chain, firm, district_id, target_firm_id, node, name, place, source, team_id,
       approached_on, noted_by)
SELECT '` + chainOfStories + `', '-', r.* FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid,
       node text, name text, place text, source text, team_id uuid, "on" date, noted_by uuid)`

	sqlTargetNotes = `INSERT INTO target_note (district_id, target_firm_id, said_on, answer, note, next_step, due,
       noted_by)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, "on" date, answer text, note text,
       next_step text, due date, noted_by uuid)`

	sqlRoles = `INSERT INTO project_chain_role (chain, district_id, project_id, node, role, source, noted_by)
SELECT '` + chainOfStories + `', r.* FROM jsonb_to_recordset($1::jsonb)
    r (district_id uuid, id uuid, node text, role text, source text, noted_by uuid)`

	sqlTitles = `INSERT INTO firm_title (level, district_id, firm_title_id, party_id, title, valid, source, noted_by)
SELECT 'municipal', r.district_id, r.id, r.party_id, r.title, daterange(r."on", NULL), r.source, r.noted_by
  FROM jsonb_to_recordset($1::jsonb)
    r (district_id uuid, id uuid, party_id uuid, title text, "on" date, source text, noted_by uuid)`

	sqlMandates = `INSERT INTO agency (district_id, project_id, account_id, from_on, until_on, document, named_by,
       named_at)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, agent uuid, "from" date, until date,
       document text, noted_by uuid, at timestamptz)`

	sqlMeetings = `INSERT INTO meeting (park_id, meeting_id, day, title, made_by, made_at)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (park_id uuid, id uuid, day date, title text, noted_by uuid,
       at timestamptz)`

	sqlMinutes = `INSERT INTO meeting_minute (park_id, meeting_id, words, account_id, at)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (park_id uuid, id uuid, words text, noted_by uuid, at timestamptz)`

	sqlProblems = `INSERT INTO project_problem (district_id, problem_id, project_id, words, step, account_id, at)
SELECT * FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, project_id uuid, words text, step text,
       noted_by uuid, at timestamptz)`

	sqlTurns = `INSERT INTO problem_turn (district_id, problem_id, project_id, kind, meeting_id, owner, due, evidence,
       account_id, at)
SELECT r.district_id, r.id, r.project_id, r.kind, r.meeting_id, nullif(r.owner, ''), r.due, nullif(r.evidence, ''),
       r.noted_by, r.at
  FROM jsonb_to_recordset($1::jsonb) r (district_id uuid, id uuid, project_id uuid, place integer, kind text,
    meeting_id uuid, owner text, due date, evidence text, noted_by uuid, at timestamptz) ORDER BY r.id, r.place`
)
