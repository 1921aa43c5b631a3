package registry_test

import (
	"sync"
	"testing"

	"luodi/data/people"
	"luodi/data/store"
	"luodi/data/store/storetest"
)

// TestWhatRunsAProjectIsHeld: whatever the program writes, the database keeps mandates, links, papers and turns.
func TestWhatRunsAProjectIsHeld(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	ctx := t.Context()
	storetest.Alter(t, b.DB, `INSERT INTO membership (account_id, role) VALUES ($1, 'planner')`, b.by)
	_, hash := people.NewLink()
	if _, err := b.MakeFirmLink(ctx, b.of, b.project, b.by, hash, 5); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`INSERT INTO agency (district_id, project_id, account_id, from_on, document, named_by) SELECT district_id, project_id,
			$1, '2026-01-01', 'd', $1 FROM project`,
		`INSERT INTO meeting (park_id, meeting_id, day, title, made_by) SELECT park_id, gen_random_uuid(), '2026-01-01', 't', $1
			FROM park`,
		`INSERT INTO project_problem (district_id, problem_id, project_id, words, account_id) SELECT district_id, project_id,
			project_id, 'w', $1 FROM project`,
	} {
		if _, err := b.Planner.Exec(ctx, sql, b.by); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	const turn = `INSERT INTO problem_turn (district_id, problem_id, project_id, kind, meeting_id, owner, due, evidence, reason,
		account_id) SELECT district_id, problem_id, project_id, `
	meeting := `(SELECT meeting_id FROM meeting)`
	for _, try := range []struct{ sql, rule string }{
		{`UPDATE agency SET ended_on = '2026-01-02', ended_by = account_id, ended_at = now(), end_reason = ' '`,
			"reason_is_given"},
		{`INSERT INTO agency (district_id, project_id, account_id, from_on, document, named_by) SELECT district_id, project_id,
			account_id, '2026-06-01', 'd', account_id FROM agency`, "agency_one_agent"},
		{turn + `'assigned', NULL, 'o', '2026-02-01', NULL, NULL, account_id FROM project_problem`,
			"problem_turn_follows"},
		{turn + `'closed', NULL, NULL, NULL, 'e', NULL, account_id FROM project_problem`, "problem_turn_follows"},
		{turn + `'tabled', ` + meeting + `, NULL, NULL, NULL, NULL, account_id FROM project_problem`, ""},
		{turn + `'tabled', ` + meeting + `, NULL, NULL, NULL, NULL, account_id FROM project_problem`,
			"problem_tabled_once"},
		{turn + `'assigned', NULL, 'o', NULL, NULL, NULL, account_id FROM project_problem`,
			"problem_assigned_with_owner_and_due"},
		{turn + `'assigned', NULL, 'o', '2026-02-01', NULL, NULL, account_id FROM project_problem`, ""},
		{turn + `'closed', NULL, NULL, NULL, NULL, NULL, account_id FROM project_problem`,
			"problem_closed_by_evidence"},
		{turn + `'closed', NULL, NULL, NULL, 'e', NULL, account_id FROM project_problem`, ""},
		{`UPDATE firm_link SET revoked_at = now(), revoked_by = made_by`, ""},
		{`UPDATE firm_link SET used_at = now()`, "firm_link_is_kept"},
		{`INSERT INTO project_problem (district_id, problem_id, project_id, words, link_id) SELECT district_id, link_id,
			project_id, 'w', link_id FROM firm_link`, "firm_link_works"},
	} {
		_, err := b.Planner.Exec(ctx, try.sql)
		if got := store.Constraint(err); got != try.rule || (err == nil) != (try.rule == "") {
			t.Errorf("%s: %q, %v; want %q", try.sql, got, err, try.rule)
		}
	}
	for _, sql := range []string{`UPDATE project_problem SET state = 'closed'`,
		`UPDATE firm_link SET expires_at = now()`,
		`DELETE FROM agency`, `UPDATE problem_turn SET owner = 'x'`, `UPDATE project_paper SET name = 'x'`,
		`UPDATE meeting_minute SET words = 'x'`} {
		if _, err := b.Planner.Exec(ctx, sql); err == nil {
			t.Errorf("%s passes", sql)
		}
	}
}

// TestOfLinksMadeAtOnceOneWorks: 32 that make a link at once leave one that works.
func TestOfLinksMadeAtOnceOneWorks(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			_, hash := people.NewLink()
			if _, err := b.MakeFirmLink(t.Context(), b.of, b.project, b.by, hash, 5); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	live := storetest.Number[int](t, b.DB, `SELECT count(*) FROM firm_link WHERE revoked_at IS NULL`)
	made := storetest.Number[int](t, b.DB, `SELECT count(*) FROM firm_link`)
	if live != 1 || made != 32 {
		t.Errorf("%d of %d work", live, made)
	}
}
