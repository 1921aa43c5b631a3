package siting_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/registry"
	"luodi/data/sample"
	"luodi/data/siting"
	"luodi/data/store/storetest"
	"luodi/geo"
	"luodi/geo/match"
)

// matched is the sample park with what a search in it needs.
type matched struct {
	*storetest.DB
	t *testing.T
	m *siting.Matcher
}

const samplePark = "carbon-fibre"

func newMatched(t *testing.T) *matched {
	t.Helper()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	return &matched{db, t, siting.NewMatcher(db.Store)}
}

// rank ranks for a requirement and hands the sites with the answer to look.
func (m *matched) rank(public bool, r siting.Requirement, look func(*siting.Sites, *match.Answer)) {
	m.t.Helper()
	ctx := context.Background()
	c, err := registry.Of(m.Store).Chain(ctx, samplePark, "")
	if err != nil {
		m.t.Fatal(err)
	}
	spacings, err := siting.Of(m.Store).Spacings(ctx)
	if err != nil {
		m.t.Fatal(err)
	}
	criteria, err := r.Expand(c, spacings)
	if err != nil {
		m.t.Fatal(err)
	}
	err = m.m.Read(ctx, samplePark, public, func(s *siting.Sites) error {
		table, _, err := s.Table(ctx, criteria, r, time.Now())
		if err != nil {
			return err
		}
		answer, err := match.Rank(table, match.How{Top: match.MaxTop})
		if err != nil {
			return err
		}
		look(s, answer)
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// compositeParts is a maker of thermoplastic carbon-fibre parts: it buys prepreg, and wants it next door.
var compositeParts = siting.Requirement{
	LandUse: []string{"1001"}, ChainNode: "parts", ChainShare: 3,
	Criteria: []match.Criterion{{Measure: "area_mu", Min: val(10), Want: match.Target, Target: val(25), Weight: 1}},
}

func val(v float64) *float64 { return &v }

func TestTheGroundBesideThePrepregMakerIsTheBestForParts(t *testing.T) {
	t.Parallel()
	m := newMatched(t)
	planner := m.account("planner")
	beside := func(public bool) (code string, m2prepreg float64, maker string) {
		m.rank(public, compositeParts, func(s *siting.Sites, a *match.Answer) {
			values, by, err := s.Column("partner_prepreg_m", time.Now(), nil)
			if err != nil {
				t.Fatal(err)
			}
			row := a.Sites[0].Row
			code, m2prepreg, maker = s.Places[row].Code, values[row], "nobody"
			if by[row] >= 0 {
				maker = s.Tenants()[by[row]].NameZH
			}
		})
		t.Logf("public %v: the best is %s, %.1f m from %s", public, code, m2prepreg, maker)
		return code, m2prepreg, maker
	}
	first := map[bool]string{}
	for _, public := range []bool{true, false} {
		code, far, maker := beside(public)
		if far > 40 || maker != "预浸料厂（报道未具名）" {
			t.Errorf("public %v: the best, %s, is %v m from %s", public, code, far, maker)
		}
		first[public] = code
	}
	var right uuid.UUID
	if err := m.Owner.QueryRow(context.Background(), `SELECT allotment_id FROM allotment WHERE project_id = $1`,
		m.project("F-PREPREG")).Scan(&right); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Of(m.Store).Do(context.Background(),
		ledger.Order{Park: samplePark, Reason: "test", By: planner, Via: "test", Unlocked: true,
			Command: ledger.Command{Kind: "take_back", Allotment: &ledger.Ref{ID: right}}}); err != nil {
		t.Fatal(err)
	}
	for _, public := range []bool{true, false} {
		if code, far, maker := beside(public); code == first[public] || maker != "nobody" {
			t.Errorf("public %v: without the prepreg maker the best is still %s, %v m from %s", public, code, far,
				maker)
		}
	}
}

func TestACommittedChangeIsInTheNextAnswer(t *testing.T) {
	t.Parallel()
	m := newMatched(t)
	ctx := context.Background()
	for _, public := range []bool{true, false} {
		var first siting.Place
		var ranked int
		m.rank(public, compositeParts, func(s *siting.Sites, a *match.Answer) {
			first, ranked = s.Places[a.Sites[0].Row], a.Ranked
		})
		planner := m.account("planner-" + map[bool]string{true: "public", false: "desk"}[public])
		until := time.Now().AddDate(0, 0, 30)
		project := m.project("F-BANGDE")
		var version int64
		if err := m.Owner.QueryRow(ctx, `SELECT version FROM parcel WHERE parcel_id = $1`,
			first.ID).Scan(&version); err != nil {
			t.Fatal(err)
		}
		held, err := ledger.Of(m.Store).Do(ctx, ledger.Order{Park: samplePark, Reason: "test", By: planner, Via: "test",
			Command: ledger.Command{Kind: "hold", Project: &project, Until: &until,
				Parcels: []ledger.Ref{{ID: first.ID, Version: version}}}})
		if err != nil {
			t.Fatal(err)
		}
		m.rank(public, compositeParts, func(s *siting.Sites, a *match.Answer) {
			if seq, _ := s.Seq(); seq != held.Seq {
				t.Errorf("answered at %d, the hold was %d", seq, held.Seq)
			}
			if a.Ranked != ranked-1 || slices.ContainsFunc(s.Places,
				func(p siting.Place) bool { return p.ID == first.ID }) {
				t.Errorf("%s is held and still offered: %d ranked, %d before", first.Code, a.Ranked, ranked)
			}
		})
		if _, err := ledger.Of(m.Store).Do(ctx, ledger.Order{Park: samplePark, Reason: "test", By: planner, Via: "test",
			Unlocked: true,
			Command:  ledger.Command{Kind: "take_back", Allotment: &ledger.Ref{ID: held.Allotment.ID}}}); err != nil {
			t.Fatal(err)
		}
		m.rank(public, compositeParts, func(s *siting.Sites, a *match.Answer) {
			if a.Ranked != ranked || s.Places[a.Sites[0].Row].ID != first.ID {
				t.Errorf("%s is free again, the best is %s of %d", first.Code, s.Places[a.Sites[0].Row].Code, a.Ranked)
			}
		})
	}
}

func (m *matched) account(login string) uuid.UUID {
	m.t.Helper()
	id := uuid.New()
	if _, err := m.Owner.Exec(context.Background(),
		`INSERT INTO account (account_id, login, name) VALUES ($1, $2, $2)`, id, login); err != nil {
		m.t.Fatal(err)
	}
	return id
}

func (m *matched) project(code string) (id uuid.UUID) {
	m.t.Helper()
	if err := m.Owner.QueryRow(context.Background(), `SELECT project_id FROM project WHERE code = $1`,
		code).Scan(&id); err != nil {
		m.t.Fatal(err)
	}
	return id
}

// TestUpdatedSitesAreThoseReadAnew compares sites that were brought up to date row by row with sites read from nothing.
func TestUpdatedSitesAreThoseReadAnew(t *testing.T) {
	t.Parallel()
	m := newMatched(t)
	ctx := context.Background()
	planner, project := m.account("planner"), m.project("F-BANGDE")
	all := func(matcher *siting.Matcher, public bool) map[string][]float64 {
		out := map[string][]float64{}
		err := matcher.Read(ctx, samplePark, public, func(s *siting.Sites) error {
			for _, name := range append(siting.ColumnMeasures(), "headroom_power", "partner_fibre_m",
				"partner_fibre_road_m") {
				values, _, err := s.Column(name, time.Now(), nil)
				if err != nil {
					return err
				}
				for row, v := range values {
					out[s.Places[row].Code] = append(out[s.Places[row].Code], v)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	until := time.Now().AddDate(0, 0, 30)
	for range 3 {
		all(m.m, true)
		all(m.m, false)
		var code string
		m.rank(true, compositeParts, func(s *siting.Sites,
			a *match.Answer) {
			code = s.Places[a.Sites[len(a.Sites)/2].Row].Code
		})
		var ref ledger.Ref
		if err := m.Owner.QueryRow(ctx, `SELECT parcel_id, p.version FROM parcel p
			JOIN parcel_version v USING (park_id, parcel_id) WHERE v.code = $1 AND v.to_seq IS NULL`, code).Scan(&ref.ID, &ref.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Of(m.Store).Do(ctx, ledger.Order{Park: samplePark, Reason: "test", By: planner, Via: "test",
			Command: ledger.Command{Kind: "hold", Project: &project, Until: &until,
				Parcels: []ledger.Ref{ref}}}); err != nil {
			t.Fatal(err)
		}
		for _, public := range []bool{true, false} {
			kept, fresh := all(m.m, public), all(siting.NewMatcher(m.Store), public)
			if len(kept) != len(fresh) || len(kept) == 0 {
				t.Fatalf("%d places kept, %d read anew", len(kept), len(fresh))
			}
			for code, values := range fresh {
				if !slices.EqualFunc(values, kept[code],
					func(a, b float64) bool { return a == b || (math.IsNaN(a) && math.IsNaN(b)) }) {
					t.Errorf("%s: kept %v, read anew %v", code, kept[code], values)
				}
			}
		}
	}
}

func TestNonsenseInARequirementIsNamed(t *testing.T) {
	t.Parallel()
	for field, r := range map[string]siting.Requirement{
		"criteria":       {},
		"land_use[0]":    {LandUse: []string{"industrial"}},
		"services":       {Services: map[string]float64{"coffee": 1}},
		"services.power": {Services: map[string]float64{"power": math.NaN()}},
		"hazard":         {Hazard: "Z"},
		"chain_node":     {ChainNode: "parts"},
	} {
		var invalid *geo.Invalid
		if _, err := r.Expand(nil, nil); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
