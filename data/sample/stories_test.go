package sample_test

import (
	"context"
	"errors"
	"testing"

	"luodi/data/people"
	"luodi/data/store"
)

// Everything that is said in the stories is marked, in both languages, and told by a placeholder alone.
func TestTheStoriesAreMarkedAsMadeUp(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `WITH told (what) AS (
  SELECT why FROM judgement UNION ALL SELECT name FROM expert UNION ALL SELECT name FROM account
  UNION ALL SELECT unnest(ARRAY[name, place, source]) FROM target_firm
  UNION ALL SELECT unnest(ARRAY[note, next_step]) FROM target_note
  UNION ALL SELECT source FROM project_chain_role UNION ALL SELECT source FROM firm_title
  UNION ALL SELECT document FROM agency UNION ALL SELECT title FROM meeting UNION ALL SELECT words FROM meeting_minute
  UNION ALL SELECT words FROM project_problem
  UNION ALL SELECT unnest(array_remove(ARRAY[owner, evidence], NULL)) FROM problem_turn)
SELECT 'not marked: ' || what FROM told WHERE what !~ '(示意|占位).* / .*(illustrative|placeholder)'`)
	none(t, db, `SELECT 'signs in: ' || login FROM account WHERE NOT placeholder`)
	// the report calls three firms backbone firms, and two specialised
	none(t, db, `SELECT 'a title that the report does not state: ' || p.name_zh FROM firm_title
  JOIN party p USING (district_id, party_id) WHERE (p.name_zh, title) NOT IN (('威达', 'backbone'), ('中玻', 'backbone'),
    ('豪雅', 'backbone'), ('金威', 'specialised'), ('浩然特塑', 'specialised'))`)
	none(t, db, `SELECT 'a target firm that is named: ' || name FROM target_firm WHERE party_id IS NOT NULL`)
}

// Of a missing piece with an owner the three voices say what they say, and don't agree.
func TestTheVoicesOfTheSampleStandApart(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	var voices, verdicts, owned, agreed int
	scan(t, db, `SELECT count(DISTINCT voice), count(DISTINCT verdict),
       (SELECT count(*) FROM gap_owner g WHERE g.node = 'fabric'),
       (SELECT count(DISTINCT verdict) FROM judgement_held WHERE node = 'resin')
  FROM judgement_held JOIN expert USING (district_id, expert_id) WHERE node = 'fabric'`,
		&voices, &verdicts, &owned, &agreed)
	if voices != 3 || verdicts != 2 || owned != 1 || agreed != 1 {
		t.Errorf("fabric: %d voices, %d verdicts, %d owners; resin: %d verdicts", voices, verdicts, owned, agreed)
	}
	none(t, db, `SELECT 'not missing: ' || node FROM gap_owner g WHERE EXISTS (SELECT FROM project_version v
  WHERE v.chain_stage = g.node AND upper_inf(v.sys))`)
	var forces, teams int
	scan(t, db, `SELECT count(*) FILTER (WHERE kind = 'task_force'), count(*) FILTER (WHERE kind = 'promotion') FROM team
  WHERE placeholder`, &forces, &teams)
	if forces != 6 || teams != 11 {
		t.Errorf("%d task forces and %d promotion teams", forces, teams)
	}
}

// A problem of the health park went to a meeting, got an owner and a day, and was closed by evidence on that day, while
// the flow stood still; one of the flow that runs is in hand.
func TestAProblemOfTheSampleWentToAMeeting(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	var way, held, state string
	scan(t, db, `SELECT string_agg(t.kind, ' ' ORDER BY t.n), min(m.day)::text || ' ' || min(t.due)::text || ' '
       || max(t.at AT TIME ZONE 'Asia/Shanghai')::date
  FROM project_problem b JOIN problem_turn t USING (district_id, problem_id)
  LEFT JOIN meeting m ON m.meeting_id = t.meeting_id WHERE b.step = 'fire_design'`, &way, &held)
	if way != "tabled assigned closed" || held != "2022-07-20 2022-07-25 2022-07-25" {
		t.Errorf("it was %s: meeting, due, closed %s", way, held)
	}
	scan(t, db, `SELECT b.state FROM project_problem b JOIN problem_turn t USING (district_id, problem_id)
  WHERE b.step = 'energy' AND t.due > current_date`, &state)
	if state != "assigned" {
		t.Errorf("the problem in hand is %s", state)
	}
	none(t, db, `SELECT 'no mandate: ' || code FROM project p JOIN project_flow USING (district_id, project_id)
  WHERE NOT EXISTS (SELECT FROM agency a WHERE (a.district_id, a.project_id) = (p.district_id, p.project_id))`)
}

// A placeholder never signs in, whatever is asked: the database refuses each way.
func TestAPlaceholderIsNobody(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	const nobody = `(SELECT account_id FROM account WHERE login = 'placeholder.agent-01')`
	for rule, sqls := range map[string][]string{
		"placeholder_is_nobody": {
			`INSERT INTO invitation (hash, account_id, expires_at)
			 VALUES (sha256('a'), ` + nobody + `, now() + interval '1 day')`,
			`INSERT INTO membership (account_id, role) VALUES (` + nobody + `, 'viewer')`,
			`INSERT INTO session (hash, account_id) VALUES (sha256('a'), ` + nobody + `)`,
			`INSERT INTO token (token_id, account_id, name, hash, scope, expires_at)
			 VALUES (gen_random_uuid(), ` + nobody + `, 'a', sha256('a'), 'read', now() + interval '1 day')`},
		"agent_is_a_member": { // a mandate that somebody real notes
			`WITH real AS (INSERT INTO account (account_id, login, name) VALUES (gen_random_uuid(), 'real', 'Real')
			 RETURNING account_id) INSERT INTO agency (district_id, project_id, account_id, from_on, document, named_by)
			 SELECT district_id, project_id, ` + nobody + `, '2026-01-01', 'd', account_id FROM real, project
			  WHERE code = 'JA-02'`},
		"account_placeholder_is_nobody": {
			`UPDATE account SET password = '$argon2id$' WHERE account_id = ` + nobody},
	} {
		for _, sql := range sqls {
			_, err := db.Planner.Exec(context.Background(), sql)
			if store.Constraint(store.Translate("try", err)) != rule {
				t.Errorf("%s: got %v, want %s", sql, err, rule)
			}
		}
	}
}

// A database with the sample has no account yet: the link of the first start makes the first one, and the placeholders
// are nobody's accounts to see or change.
func TestPlaceholdersAreNoAccounts(t *testing.T) {
	t.Parallel()
	s := people.Of(loaded(t).Store)
	if all, err := s.Accounts(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("got %v, %v", all, err)
	}
	if _, err := s.AccountByLogin(t.Context(), "placeholder.agent-01"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("by its login: %v", err)
	}
	link, ok, err := s.FirstInvitation(t.Context())
	if err != nil || !ok {
		t.Fatalf("no first link: %v", err)
	}
	const phc = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5"
	if _, err := s.AcceptInvitation(t.Context(), link.Secret, "wang.li", "王丽", phc); err != nil {
		t.Errorf("the first account: %v", err)
	}
}
