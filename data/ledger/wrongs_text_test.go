package ledger_test

import (
	"fmt"
	"testing"

	"luodi/data/feed"
	"luodi/data/store/storetest"
	geoland "luodi/geo/land"
)

func TestNoCodeIsStoredOutsideItsNormalForm(t *testing.T) {
	t.Parallel()
	refuse(t, textWrongs)
}

const (
	unclean   = `U&'TRI\200B'`
	newParcel = `SELECT deed('create'); SELECT born(%s, box(0,300,100,400), 10000)`
	newZone   = `SELECT deed('create'); INSERT INTO zone (park_id, zone_id, code)
		VALUES (attack.park(), gen_random_uuid(), %s)`
	supplied = `SELECT deed('supply'); SELECT finish('h'); INSERT INTO allotment_version (park_id, allotment_id,
       from_seq, prev_to_seq, state, supply_mode, term_years)
		VALUES (attack.park(), id('h'), seq(), seq(), 'supplied', 'listing', %s)`
)

var textWrongs = []wrong{
	{name: "a parcel with a zero-width code", sql: fmt.Sprintf(newParcel, unclean), want: "code_is_settled"},
	{name: "a parcel with a code that ends in a line", sql: fmt.Sprintf(newParcel, `E'TRI\n'`),
		want: "code_is_settled"},
	{name: "a parcel with a code that begins with a space", sql: fmt.Sprintf(newParcel, `' TRI'`),
		want: "code_is_settled"},
	{name: "a parcel with two spaces in its code", sql: fmt.Sprintf(newParcel, `'TRI  1'`), want: "code_is_settled"},
	{name: "a parcel with a code in pieces", sql: fmt.Sprintf(newParcel, `U&'e\0301'`), want: "code_is_settled"},
	{name: "a parcel with a code that turns", sql: fmt.Sprintf(newParcel, `U&'\202ETRI'`), want: "code_is_settled"},
	{name: "a parcel with a code of 101", sql: fmt.Sprintf(newParcel, `repeat('A', 101)`), want: "code_is_settled"},
	{name: "a parcel with a code that shows nothing", sql: fmt.Sprintf(newParcel, `U&'\3164'`),
		want: "code_is_settled"},
	{name: "a parcel that takes an unclean code", sql: `SELECT deed('edit'); SELECT shut('A'); INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, bank_status, legal_m2, geom)
		SELECT park_id, parcel_id, seq(), seq(), ` + unclean + `, bank_status, legal_m2, geom FROM parcel_version WHERE park_id = attack.park() AND parcel_id = id('A') AND to_seq = seq()`, want: "code_is_settled"},
	{name: "a zone with a zero-width code", sql: fmt.Sprintf(newZone, unclean), want: "code_is_settled"},
	{name: "a zone that takes a zero-width code", given: []string{fmt.Sprintf(newZone, `'Z'`)},
		sql:  `SELECT deed('edit'); UPDATE zone SET code = ` + unclean + ` WHERE park_id = attack.park()`,
		want: "42501"},
	{name: "a plan unit with a zero-width code", sql: `SELECT deed('create'); INSERT INTO plan_unit (park_id,
		plan_unit_id, code) VALUES (attack.park(), gen_random_uuid(),` + unclean + `)`, want: "code_is_settled"},
	{name: "a node with a zero-width code", sql: `SELECT deed('create'); INSERT INTO network (park_id, network_id,
		code) VALUES (attack.park(), gen_random_uuid(),` + unclean + `)`, want: "code_is_settled"},
	{name: "a project with a zero-width code", sql: `INSERT INTO project (district_id, project_id, code)
		SELECT district_id, gen_random_uuid(),` + unclean + ` FROM park WHERE park_id = attack.park()`, want: "code_is_settled"},
	{name: "a record without a reason", sql: `SELECT begin_record(attack.park(), gen_random_uuid(), 'edit',
		U&' \3164\200B', 'attack')`, want: "reason_is_given"},
	{name: "a proposal without a reason", sql: `INSERT INTO proposal (park_id, proposal_id, kind, command, reason,
		proposed_by) SELECT attack.park(), gen_random_uuid(), 'retire', '{}', U&'\2800', account_id FROM account LIMIT 1`, want: "reason_is_given"},
	{name: "a decision without a reason", given: []string{`INSERT INTO proposal (park_id, proposal_id, kind,
		command, reason, proposed_by) SELECT attack.park(), id('p'), 'retire', '{}', 'why', account_id
		FROM account WHERE login = 'a'`},
		sql: `UPDATE proposal SET decision = 'rejected', decided_at = now(),
			decided_by = (SELECT account_id FROM account WHERE login = 'b'), decision_reason = ' '
			WHERE proposal_id = id('p')`, want: "reason_is_given"},
	{name: "51 years on land of no stated use", given: []string{heldA}, sql: fmt.Sprintf(supplied, "51"),
		want: "term_fits_use"},
	{name: "71 years on any land", given: []string{heldA}, sql: fmt.Sprintf(supplied, "71"),
		want: "allotment_version_term_years_check"},
}

// What was stored before there was a rule stays and can be worked with; it is listed, and an edit of the code mends it.
func TestOldCodesStayUntilTheyAreMended(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	park := ground.Plot(t, "plot", land)
	const old = `ALTER TABLE parcel_version DISABLE TRIGGER USER; UPDATE parcel_version SET code = U&'A\200B'
		WHERE code = 'A'; ALTER TABLE parcel_version ENABLE TRIGGER USER`
	if _, err := ground.Owner.Exec(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	all, err := feed.Of(ground.Store).UnsettledCodes(t.Context())
	if err != nil || len(all) != 1 || all[0].Code != "A\u200b" || all[0].Collection != "parcels" ||
		all[0].Park != "plot" || all[0].Fault != "U+200B at 2" {
		t.Errorf("%v, %v", all, err)
	}
	for _, level := range storetest.Levels {
		if got := ground.Attack(t, park, level, `SELECT deed('edit'); SELECT shut('A');
			SELECT "on"('A', NULL, NULL, NULL, 'internal')`); got != storetest.Taken {
			t.Errorf("%s: an edit of an old parcel's other facts: %s", level, got)
		}
	}
	const mend = `SELECT deed('edit'); SELECT shut('A'); INSERT INTO parcel_version (park_id, parcel_id, from_seq,
       prev_to_seq, code, bank_status, legal_m2, geom)
		SELECT park_id, parcel_id, seq(), seq(), 'A', bank_status, legal_m2, geom FROM parcel_version
		  WHERE park_id = attack.park() AND parcel_id = id('A') AND to_seq = seq()`
	if got := ground.Attack(t, park, storetest.Levels[0], mend); got != storetest.Taken {
		t.Errorf("mended: %s", got)
	}
	if all, err = feed.Of(ground.Store).UnsettledCodes(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestTheDatabaseKnowsTheLongestTerms(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for _, use := range []geoland.LandUse{"", "07", "0701", "09", "090101", "10", "1001", "100103", "08", "11", "14",
		"16", "24", "01"} {
		var years int
		if err := db.Planner.QueryRow(t.Context(), `SELECT longest_term(nullif($1, ''))`,
			string(use)).Scan(&years); err != nil || years != geoland.LongestTerm(use) {
			t.Errorf("%q: %d, %v; land says %d", use, years, err, geoland.LongestTerm(use))
		}
	}
}
