package sample_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"luodi/data/sample"
	"luodi/data/store/storetest"
)

func TestLoadFillsAnEmptyDatabaseOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.New(t)
	if there, err := sample.Loaded(ctx, db.Planner); err != nil || there {
		t.Fatalf("before: loaded %v, %v", there, err)
	}
	if err := sample.Load(ctx, db.Planner); err != nil {
		t.Fatal(err)
	}
	if there, err := sample.Loaded(ctx, db.Planner); err != nil || !there {
		t.Fatalf("after: loaded %v, %v", there, err)
	}
	if err := sample.Load(ctx, db.Planner); !errors.Is(err, sample.ErrNotEmpty) {
		t.Fatalf("a second load gave %v", err)
	}
	var parks, records, parcels int
	scan(t, db, `SELECT (SELECT count(*) FROM park), (SELECT count(*) FROM record), (SELECT count(*) FROM parcel)`,
		&parks, &records, &parcels)
	if parks != 6 || records != 6 || parcels < 60 || parcels > 120 {
		t.Fatalf("%d parks, %d records, %d parcels", parks, records, parcels)
	}
}

func TestLoadRefusesWhereAnotherParkIs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.New(t)
	const other = `WITH d AS (INSERT INTO district VALUES (gen_random_uuid(), 'other', '他区', 'Other')
       RETURNING district_id)
INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, geom)
SELECT gen_random_uuid(), district_id, 'other', '他园', 'Other', 4550,
       ST_Multi(ST_MakeEnvelope(122, 37, 122.01, 37.01, 4490)) FROM d`
	if _, err := db.Owner.Exec(ctx, other); err != nil {
		t.Fatal(err)
	}
	if err := sample.Load(ctx, db.Planner); !errors.Is(err, sample.ErrNotEmpty) {
		t.Fatalf("load gave %v", err)
	}
	var rows int
	scan(t, db, `SELECT (SELECT count(*) FROM party) + (SELECT count(*) FROM district
		WHERE code = 'lingang') + (SELECT count(*) FROM parcel)`, &rows)
	if rows != 0 {
		t.Fatalf("a refused load left %d rows", rows)
	}
}

func TestOfTwoLoadsAtOnceOneIsRefused(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		wg.Go(func() { errs[i] = sample.Load(context.Background(), db.Planner) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), sample.ErrNotEmpty) {
		t.Fatalf("got %v and %v", errs[0], errs[1])
	}
}

func TestNamesAreBilingual(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	for _, from := range []string{
		`SELECT 'district' AS t, code, name_zh, name_en FROM district`,
		`SELECT 'park', code, name_zh, name_en FROM park`,
		`SELECT 'zone', zone_id::text, name_zh, name_en FROM zone_version`, `SELECT 'network', network_id::text,
			name_zh, name_en FROM network_version`,
		`SELECT 'party', party_id::text, name_zh, name_en FROM party`, `SELECT 'project', project_id::text, name_zh,
			name_en FROM project_version`,
	} {
		none(t, db, `SELECT t || ' ' || code || ': ' || coalesce(name_zh, 'null') || ', ' || coalesce(name_en,
			'null') FROM (`+from+`) n(t, code, name_zh, name_en)
 WHERE name_zh IS NULL OR name_en IS NULL OR name_zh !~ '[一-龥]' OR name_en !~ '[A-Za-z]' OR name_en ~ '[一-龥]'`)
	}
}

func TestOnlyTheReportsFirmsAreNamed(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `SELECT 'named and a placeholder: ' || name_zh FROM party WHERE named = placeholder`)
	none(t, db, `SELECT 'not marked: ' || name_zh FROM project_version WHERE NOT named
		AND (NOT placeholder OR name_zh !~ '[0-9]{2}（占位）$' OR name_en !~ '[0-9]{2} \(placeholder\)$')`)
	none(t, db, `SELECT 'a placeholder states a source of its own: ' || code FROM project p
       JOIN project_version v USING (district_id, project_id)
 WHERE v.placeholder AND NOT v.named AND p.party_id IS NOT NULL`)
	var tenants int
	scan(t, db, `SELECT count(DISTINCT tenant_zh) FROM parcel_public WHERE tenant_zh IS NOT NULL`, &tenants)
	if tenants != 10 {
		t.Errorf("the public sees %d tenants", tenants)
	}
}

func TestKeyProjectsYieldTheReportsRates(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	const rates = `SELECT count(*), count(*) FILTER (WHERE m.reached_on <= '2022-03-31'),
       round(100.0 * count(*) FILTER (WHERE m.reached_on <= '2022-03-31') / count(*), 2)::text, sum(i.paid_cny)::bigint
  FROM project_tag t
  LEFT JOIN project_reached m ON (m.district_id, m.project_id, m.stage) = (t.district_id, t.project_id, 'started')
  LEFT JOIN project_investment i ON (i.district_id, i.project_id, i.until) = (t.district_id, t.project_id, '2022-03-31')
 WHERE t.valid @> date '2022-03-31' AND t.tag = `
	for tag, want := range map[string]struct {
		all, started int
		rate         string
		paid         int64
	}{"provincial_key": {12, 10, "83.33", 615_000_000}, "municipal_key": {42, 39, "92.86", 1_259_000_000}} {
		got := want
		scan(t, db, rates+"'"+tag+"'", &got.all, &got.started, &got.rate, &got.paid)
		if got != want {
			t.Errorf("%s: got %v, want %v", tag, got, want)
		}
	}
	none(t, db, `SELECT 'evidence not marked as a placeholder: ' || project_id FROM project_tag
       JOIN project_reached USING (district_id, project_id)
 WHERE (evidence !~ '占位' OR evidence !~ 'placeholder')
   AND project_id IN (SELECT project_id FROM project_version WHERE placeholder)`)
	none(t, db, `SELECT 'an amount that the report does not state: ' || name_zh FROM project_version
 WHERE named AND investment_cny IS NOT NULL AND name_zh <> '优康利莱健康产业园'`)
}

// The report tells that one firm broke ground a month before its plan. The flow that shows it is made up, and says so.
func TestTheFlowOfTheSampleBeginsToBuildAMonthEarly(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `SELECT 'not marked as illustrative: ' || flow_id FROM project_flow WHERE NOT illustrative`)
	none(t, db, `SELECT 'no English, or not marked: ' || note FROM flow_event WHERE note !~ '^示意：.* / illustrative: '`)
	none(t, db, `SELECT 'not marked: ' || document FROM flow_event WHERE document !~ '（示意）$'`)
	var project, agreed, begun string
	scan(t, db, `SELECT v.name_zh, a->>'start', e.day::text FROM project_flow f
  JOIN project_version v ON (v.district_id, v.project_id) = (f.district_id, f.project_id) AND upper_inf(v.sys)
  CROSS JOIN jsonb_array_elements(f.agreed) a
  JOIN flow_event_held e ON (e.district_id, e.flow_id, e.step) = (f.district_id, f.flow_id, a->>'step')
 WHERE e.step = 'building' AND e.kind = 'accepted'`, &project, &agreed, &begun)
	if project != "优康利莱健康产业园" || agreed != "2022-09-13" || begun != "2022-08-12" {
		t.Errorf("%s: agreed %s, begun %s", project, agreed, begun)
	}
}

func TestHeldLandHasADeadlineAhead(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `SELECT 'expires: ' || allotment_id || coalesce(' ' || expires_at, '') FROM allotment_version
 WHERE (state = 'hold') IS DISTINCT FROM coalesce(expires_at > now() + interval '20 days', false)`)
	none(t, db, `SELECT 'tells the deadline of an intention: ' || code FROM parcel_public WHERE expires_at IS NOT NULL`)
}

// Some nodes are nearly full, none is over its capacity, and no right draws what its project does not need.
func TestTheLedgerOfTheSampleAddsUp(t *testing.T) {
	t.Parallel()
	db := loaded(t)
	none(t, db, `SELECT n.code || ' ' || sum(d.amount) FROM allotment_draw d
		JOIN network n USING (park_id, network_id) JOIN network_version v USING (park_id, network_id)
		GROUP BY n.code, v.capacity HAVING sum(d.amount) > v.capacity`)
	none(t, db, `SELECT 'no need of ' || d.service FROM allotment_draw d
       JOIN allotment a USING (park_id, allotment_id) JOIN project_version v USING (district_id, project_id)
 WHERE d.amount IS DISTINCT FROM (v.requirement->'services'->>d.service)::numeric`)
	var nodes, full int
	scan(t, db, `SELECT count(*), count(*) FILTER (WHERE share >= 0.8)
		FROM (SELECT sum(d.amount) / v.capacity AS share FROM allotment_draw d
		JOIN network_version v USING (park_id, network_id) GROUP BY v.network_id, v.capacity) s`, &nodes, &full)
	if nodes != 7 || full < 2 {
		t.Errorf("%d nodes are drawn from, %d of them by four fifths or more", nodes, full)
	}
}
