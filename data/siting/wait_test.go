package siting_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/siting"
	"luodi/data/store/storetest"
	"luodi/geo/match"
)

// rowOf makes a park with n free parcels and a project.
func rowOf(t *testing.T, n int) (db *storetest.DB, park string, parcels []uuid.UUID) {
	t.Helper()
	db = storetest.New(t)
	id := storetest.Park(t, db, "desk")
	squares := make([]storetest.Square, n)
	for i := range squares {
		squares[i] = storetest.Square{Code: string(rune('A' + i)), X: 0.1 * float64(i), Side: 0.001}
	}
	storetest.Project(t, db, id, "某项目", true)
	return db, "desk", storetest.Parcels(t, db, id, squares...)
}

func TestALongQuestionKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	db, park, _ := rowOf(t, 2)
	m, ctx := siting.NewMatcher(db.Store), context.Background()
	err := m.Read(ctx, park, true, func(*siting.Sites) error {
		other := make(chan error, 1)
		go func() { other <- m.Read(ctx, park, true, func(*siting.Sites) error { return nil }) }()
		select {
		case err := <-other:
			return err
		case <-time.After(10 * time.Second):
			return errors.New("another question waits")
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAQuestionThatIsGivenUpStops(t *testing.T) {
	t.Parallel()
	m := newMatched(t)
	area := []match.Criterion{{Measure: "area_mu", Min: val(40), Max: val(60)}}
	shapes := []match.Criterion{{Measure: "frontage_m", Want: match.Benefit, Weight: 1}}
	for name, ask := range map[string]func(context.Context, *siting.Sites) error{
		"lots": func(ctx context.Context, s *siting.Sites) error {
			_, err := s.Field(ctx, siting.Ask{Criteria: area, Lots: &siting.LotsWish{FrontageM: 100}})
			return err
		},
		"assemblies": func(ctx context.Context, s *siting.Sites) error {
			_, err := s.Field(ctx, siting.Ask{Criteria: area, Assemblies: &siting.AssembliesWish{Reserve: true}})
			return err
		},
		"shapes": func(ctx context.Context, s *siting.Sites) error {
			_, _, err := s.Table(ctx, shapes, siting.Requirement{}, time.Now())
			return err
		},
	} {
		err := m.m.Read(context.Background(), samplePark, false, func(s *siting.Sites) error {
			if err := ask(context.Background(), s); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return ask(ctx, s)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAnAssemblyKeepsItsCode moves a parcel behind its neighbour in the order that the matcher keeps, by a hold that
// ends again.
func TestAnAssemblyKeepsItsCode(t *testing.T) {
	t.Parallel()
	db, park, parcels := rowOf(t, 3)
	m := siting.NewMatcher(db.Store)
	codes := func() (all []string) {
		err := m.Read(context.Background(), park, false, func(s *siting.Sites) error {
			areas, _, err := s.Column("area_mu", time.Now(), nil)
			if err != nil {
				return err
			}
			least := 1.4 * areas[0]
			f, err := s.Field(context.Background(), siting.Ask{Criteria: []match.Criterion{{Measure: "area_mu",
				Min: &least}}, Assemblies: &siting.AssembliesWish{}})
			if err != nil {
				return err
			}
			for _, c := range f.Made {
				all = append(all, c.Key)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(all)
		return all
	}
	before := codes()
	project := storetest.Number[uuid.UUID](t, db, `SELECT project_id FROM project`)
	out := holdParcel(t, db, park, parcels[0], project)
	order(t, db, park, ledger.Command{Kind: "revert", Reverts: out.Seq})
	if after := codes(); len(before) < 2 || !slices.Equal(after, before) {
		t.Errorf("%s, and then %s", strings.Join(before, " "), strings.Join(after, " "))
	}
}
