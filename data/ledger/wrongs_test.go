package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"luodi/data/store/storetest"
)

// The tests named wrongs*_test.go attack the database as a planner who writes SQL of his own: the six wrongs that it
// must refuse by itself.

// wrong is one attack: records that are taken first, and then a script that must be refused by the rule want, at every
// isolation level.
type wrong struct {
	name  string
	given []string
	sql   string
	want  string
}

// land is the ground of most attacks: two parcels that touch and may be allotted, two of the reserve beside them, and
// one far away.
const land = `SELECT deed('create'); SELECT born('A', box(0,0,100,100), 10000), born('B', box(100,0,200,100), 10000),
	born('R', box(200,0,300,100), 10000, 'reserve'), born('S', box(300,0,400,100), 10000, 'reserve'),
	  born('FAR', box(0,500,100,600), 10000)`

// refuse tries each attack at each level, settled at the commit and before it.
func refuse(t *testing.T, wrongs []wrong) {
	t.Helper()
	ground := storetest.NewGround(t)
	for i, w := range wrongs {
		t.Run(w.name, func(t *testing.T) {
			park := ground.Plot(t, fmt.Sprintf("plot-%d", i), append([]string{land}, w.given...)...)
			before := state(t, ground, park)
			for _, level := range storetest.Levels {
				for _, end := range []string{"", "; SET CONSTRAINTS ALL IMMEDIATE"} {
					if got := ground.Attack(t, park, level, w.sql+end); got != w.want {
						t.Errorf("%s%s: %s, want %s", level, end, got, w.want)
					}
				}
			}
			if after := state(t, ground, park); after != before {
				t.Errorf("it left a trace:\nbefore %s\nafter  %s", before, after)
			}
		})
	}
}

// state is all that an attack could have changed, as one text.
func state(t *testing.T, ground *storetest.Ground, park uuid.UUID) string {
	t.Helper()
	const sql = `SELECT concat_ws(' | ', (SELECT c::text FROM park_clock c WHERE park_id = $1),
       (SELECT count(*) FROM record WHERE park_id = $1), (SELECT count(*) FROM event WHERE park_id = $1),
		(SELECT string_agg(v::text, ' ' ORDER BY parcel_id, from_seq) FROM parcel_version v WHERE park_id = $1),
		  (SELECT string_agg(p::text, ' ' ORDER BY p) FROM parcel p WHERE park_id = $1),
		(SELECT string_agg(a::text, ' ' ORDER BY a) FROM allotment_version a WHERE park_id = $1),
		  (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM allotment_parcel a WHERE park_id = $1),
		(SELECT string_agg(l::text, ' ' ORDER BY l) FROM lineage l WHERE park_id = $1),
		  (SELECT string_agg(p::text, ' ' ORDER BY parcel_id, from_seq) FROM parcel_public p WHERE park_id = $1),
		(SELECT string_agg(p::text, ' ' ORDER BY p::text) FROM project_version p JOIN park USING (district_id)
		  WHERE park_id = $1),
		(SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM allotment_draw x WHERE park_id = $1),
		  (SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM supply_at_risk x WHERE park_id = $1),
		(SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM waiting x WHERE park_id = $1),
		  (SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM service_public x WHERE park_id = $1),
		(SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM network_version x WHERE park_id = $1),
		(SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM paper_version x WHERE park_id = $1))`
	var text string
	if err := ground.Owner.QueryRow(context.Background(), sql, park).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// theFile opens an import of a file that its record names by its checksum.
const theFile = `SELECT deed('import',
	'[{"title": "f", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]'); `

const (
	noSettling = `DROP TRIGGER z_settle_record ON park_clock; DROP TRIGGER z_settle_record ON allotment_version; DROP TRIGGER z_settle_record ON allotment_parcel; DROP TRIGGER z_settle_record ON lineage;
		DROP TRIGGER z_settle_record ON network_version; DROP TRIGGER z_settle_record ON allotment_draw; DROP TRIGGER z_settle_record ON supply_at_risk; DROP TRIGGER z_settle_record ON waiting`
	noVersions = `DROP TRIGGER z_ask_updated ON parcel_version; DROP TRIGGER a_keep_version ON parcel_version; DROP TRIGGER a_keep_version ON allotment_parcel; DROP TRIGGER a_keep_version ON allotment_version`
)

// without gives a rule's function an empty body.
func without(signature string) string {
	return `CREATE OR REPLACE FUNCTION ` + signature + ` RETURNS void LANGUAGE sql AS ''`
}

// beginsAnywhere lets a parcel begin at any number.
const beginsAnywhere = `DO $$ BEGIN EXECUTE replace(pg_get_functiondef('begin_parcel'::regproc),
	'NEW.from_seq IS DISTINCT FROM tick.seq', 'false'); END $$`

// noSweep finds no pair among many.
const noSweep = `CREATE OR REPLACE FUNCTION swept_overlaps(p_park uuid, p_seq bigint, p_widest double precision)
	RETURNS TABLE (code text, parcel_id uuid, other text, other_id uuid, other_from bigint, shared geometry) LANGUAGE sql
	AS $$ SELECT NULL::text, NULL::uuid, NULL::text, NULL::uuid, NULL::bigint, NULL::geometry WHERE false $$`

// unlimited takes every overlap for inherited.
const unlimited = `CREATE OR REPLACE FUNCTION is_inherited(p_park uuid, p_a uuid, p_a_from bigint, p_b uuid,
	p_b_from bigint, p_shared geometry) RETURNS boolean LANGUAGE sql AS 'SELECT true'`

// TestWithoutItsRuleAWrongIsTaken shows that the other tests can fail: with the rule gone, its attack goes through.
func TestWithoutItsRuleAWrongIsTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ wrong, rule string }{
		{"a parcel on another's ground", without(`refuse_overlap(p_park uuid, p_seq bigint)`)},
		{"a parcel on another's ground", noSettling},
		{"the same ground named 360 degrees further on", without(`refuse_overlap(p_park uuid, p_seq bigint)`) + `; ` +
			without(`refuse_stray(p_park uuid, p_seq bigint, p_kind text)`)},
		{"an inherited overlap that creeps", unlimited},
		{"a correction that grows an inherited overlap", unlimited},
		{"a merge that adds overlaps up", unlimited},
		{"another neighbour where an inherited overlap was", unlimited},
		{"a second right",
			`ALTER TABLE allotment_parcel DROP CONSTRAINT one_right_at_a_time; DROP TRIGGER publish_inserted ON allotment_parcel; DROP TRIGGER says_what_is ON record`},
		{"a right on retired land", without(`refuse_bad_right(p_park uuid, p_seq bigint)`)},
		{"a version in another's record", noVersions},
		{"a second record in one transaction",
			`UPDATE park_clock SET writer = NULL; CREATE TRIGGER forget BEFORE UPDATE ON park_clock FOR EACH ROW EXECUTE FUNCTION attack.forget()`},
		{"reserve under a right", without(`refuse_bad_right(p_park uuid, p_seq bigint)`)},
		{"reserve made available by an edit", without(`refuse_unreleased(p_park uuid, p_seq bigint)`)},
		{"reserve retired and brought in anew as available", without(`refuse_unreleased(p_park uuid, p_seq bigint)`)},
		{"a release that one person signed twice", `DROP TRIGGER z_keep_kind ON record`},
		{"a split that loses ground", without(`refuse_lost_ground(p_park uuid, p_seq bigint, p_kind text)`)},
		{"a split that loses legal area", without(`refuse_lost_ground(p_park uuid, p_seq bigint, p_kind text)`)},
		{"an import that ends a parcel", without(`refuse_bare_import(p_park uuid, p_seq bigint)`)},
		{"an import without a checksum that draws a parcel anew",
			without(`refuse_bare_import(p_park uuid, p_seq bigint)`)},
		{"an import by an account that retires a parcel", without(`refuse_bare_import(p_park uuid, p_seq bigint)`)},
		{"an import that withdraws a parcel",
			without(`refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint)`)},
		{"an import that says nothing of a parent",
			without(`refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text)`)},
		{"a split called an edit", without(`refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint)`)},
		{"a split that says nothing of its parent",
			without(`refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text)`)},
		{"a split that ends the right", without(`refuse_bad_right(p_park uuid, p_seq bigint)`)},
		{"more drawn than a node has", without(`refuse_overdraw(p_park uuid, p_seq bigint)`)},
		{"more drawn than a node has", noSettling},
		{"a right that ends and goes on drawing", without(`refuse_overdraw(p_park uuid, p_seq bigint)`)},
		{"a node cut below its promises", without(`refuse_overdraw(p_park uuid, p_seq bigint)`)},
		{"a node of no number", `ALTER TABLE network_version DROP CONSTRAINT capacity_is_finite`},
		{"a right that passes the queue", without(`refuse_jumped_queue(p_park uuid, p_seq bigint, p_kind text)`)},
		{"a right that passes the queue", noSettling},
		{"a place that ends for another's hold",
			without(`refuse_jumped_queue(p_park uuid, p_seq bigint, p_kind text)`)},
		{"a project twice in one line", `DROP INDEX waiting_once`},
		{"a reversed making that ends another parcel",
			without(`refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint)`)},
		{"a reversed retirement that brings back more ground",
			without(`refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint)`)},
		{"a reversed retirement that names another parent too",
			without(`refuse_false_lineage(p_park uuid, p_seq bigint, p_kind text)`)},
		{"a making that moves a neighbour's boundary",
			without(`refuse_unequal(p_park uuid, p_seq bigint, p_kind text, p_reverts bigint)`)},
		{"land put in a retired zone", `DROP TRIGGER zone_is_live ON parcel_version`},
		{"a zone retired under its land", `DROP TRIGGER zone_is_live ON zone_version`},
		{"a parcel with a zero-width code", `DROP TRIGGER a_keep_code ON parcel_version`},
		{"a zone with a zero-width code", `DROP TRIGGER a_keep_code ON zone`},
		{"a record without a reason", `DROP TRIGGER reason_is_given ON record`},
		{"51 years on land of no stated use", `DROP TRIGGER term_fits_use ON allotment_version`},
		{"a file under another's hash", `ALTER TABLE file DROP CONSTRAINT file_is_its_content`},
		{"a page called a PDF", `ALTER TABLE file DROP CONSTRAINT file_is_its_type`},
		{"a file above 8 MiB", `ALTER TABLE file DROP CONSTRAINT file_is_small`},
		{"a picture of no size", `ALTER TABLE file DROP CONSTRAINT file_has_its_sides`},
		{"bytes that change", `ALTER TABLE file DROP CONSTRAINT file_is_its_content, DROP CONSTRAINT file_is_its_type;
			GRANT UPDATE ON file TO luodi_planner`},
		{"a paper without a record", `DROP TRIGGER a_keep_version ON paper_version; ALTER TABLE paper_version ALTER sys
			SET DEFAULT tstzrange(now(), NULL)`},
		{"a photo that is a PDF", `DROP TRIGGER b_keep_paper ON paper_version`},
		{"a twenty-first paper", `DROP TRIGGER b_keep_paper ON paper_version`},
		{"a paper that becomes another parcel's", `DROP TRIGGER b_keep_paper ON paper_version`},
		{"a paper that becomes another file", `DROP TRIGGER b_keep_paper ON paper_version`},
		{"a paper that comes back", `DROP INDEX paper_version_first`},
		{"two of many on each other's ground", noSweep},
		{"a sliver between two of many", noSweep},
		{"a wide parcel over many", without(`refuse_overlap(p_park uuid, p_seq bigint)`)},
		{"many parcels, one of them on older land", without(`refuse_overlap(p_park uuid, p_seq bigint)`)},
		{"a parcel on another's ground after its check was brought forward",
			`DROP TRIGGER z_ask_inserted ON parcel_version`},
		{"a boundary that moves after its check was brought forward", `DROP TRIGGER z_ask_updated ON parcel_version`},
		{"a version of no parcel", `DROP TRIGGER count_inserted ON parcel_version`},
		{"a parcel of no park", `DROP TRIGGER keep_parcels ON parcel`},
		{"a parcel of a change to come", `DROP TRIGGER keep_parcels ON parcel`},
		{"one of many from a change to come", beginsAnywhere + `; DROP TRIGGER count_inserted ON parcel_version; DROP TRIGGER publish_inserted ON parcel_version;
			DROP TRIGGER says_what_is ON record`},
		{"no legal area at all",
			`ALTER TABLE parcel_version DROP CONSTRAINT area_is_finite; DROP TRIGGER sum_begun ON parcel_public`},
	} {
		t.Run(c.wrong, func(t *testing.T) {
			t.Parallel()
			w := find(t, c.wrong)
			ground := storetest.NewGround(t)
			park := ground.Plot(t, "plot", append([]string{land}, w.given...)...)
			if got := ground.Attack(t, park, storetest.Levels[0], w.sql); got != w.want {
				t.Fatalf("with its rule: %s, want %s", got, w.want)
			}
			const forget = `CREATE FUNCTION attack.forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.writer := NULL; RETURN NEW; END $$`
			for _, sql := range []string{forget, c.rule} {
				if _, err := ground.Owner.Exec(context.Background(), sql); err != nil {
					t.Fatal(err)
				}
			}
			if got := ground.Attack(t, park, storetest.Levels[0], w.sql); got != storetest.Taken {
				t.Errorf("without it: %s, want %s", got, storetest.Taken)
			}
		})
	}
}

func find(t *testing.T, name string) wrong {
	t.Helper()
	for _, table := range [][]wrong{overlapWrongs, inheritedWrongs, groundWrongs, rightWrongs, heirWrongs,
		reserveWrongs, historyWrongs, drawWrongs, lineWrongs, undoWrongs, textWrongs, paperWrongs,
		manyWrongs} {
		for _, w := range table {
			if w.name == name {
				return w
			}
		}
	}
	t.Fatalf("no attack is called %q", name)
	return wrong{}
}

// kinds runs the same attack under each of the names a record may have.
func kinds(name, sql, want string, kinds ...string) []wrong {
	var all []wrong
	for _, kind := range kinds {
		documents := `'[]'`
		if kind == "correct" {
			documents = `'[{"title": "survey"}]'`
		}
		all = append(all, wrong{name: name + " called " + kind,
			sql: strings.ReplaceAll(sql, "$record", `deed('`+kind+`', `+documents+`)`), want: want})
	}
	return all
}
