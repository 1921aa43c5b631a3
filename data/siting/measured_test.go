package siting

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/match"
)

// rectangles is a table of one dear column for n places of one outline each.
func rectangles(n int) (*Field, match.Table) {
	s := &Sites{measured: newMeasurements(), Places: make([]Place, n)}
	s.measured.allow(DefaultSitingMemory / measurementShare)
	column := make([]float64, n)
	for i := range s.Places {
		long := 20 + float64(i)/100
		shape := orb.Polygon{{{0, 0}, {long, 0}, {long, 10}, {0, 10}, {0, 0}}}
		s.Places[i] = Place{ID: uuid.New(), Shape: shape, digest: digestOf(shape)}
		column[i] = math.NaN()
	}
	return &Field{Sites: s}, match.Table{Criteria: []match.Criterion{{Measure: "rectangle_m2", Want: match.Benefit,
		Weight: 1}}, Columns: [][]float64{column}, Dear: []bool{true}}
}

func TestDearMeasuresOfThousandsOfPlaces(t *testing.T) {
	t.Parallel()
	f, table := rectangles(10_000)
	for range 2 {
		if err := f.measure(context.Background(), table, Requirement{}); err != nil {
			t.Fatal(err)
		}
		for i, got := range table.Columns[0] {
			if want := 200 + float64(i)/10; math.Abs(got-want) > 1e-3 {
				t.Fatalf("place %d has a rectangle of %v m², want %v", i, got, want)
			}
			table.Columns[0][i] = math.NaN()
		}
	}
	if n := f.measured.of[len(outlineMeasures)-1].len(); n != 10_000 {
		t.Errorf("%d rectangles are kept", n)
	}
}

func TestTooManyPlacesToMeasureAreRefused(t *testing.T) {
	t.Parallel()
	f, table := rectangles(maxMeasured + 1)
	var refused *geo.Invalid
	if err := f.measure(context.Background(), table, Requirement{}); !errors.As(err, &refused) ||
		refused.Field != "criteria.rectangle_m2" || refused.Got != "50001" {
		t.Errorf("%v", err)
	}
}

func TestAPanicOfOnePlaceIsTheQuestions(t *testing.T) {
	t.Parallel()
	defer func() {
		if r := recover(); r != "odd" {
			t.Errorf("%v came", r)
		}
	}()
	_ = onAllCores(context.Background(), 100, func(i int) {
		if i == 50 {
			panic("odd")
		}
	})
}

// TestKeptMeasurementsAreBounded asks for one again and again, and for more others than may be kept.
func TestKeptMeasurementsAreBounded(t *testing.T) {
	t.Parallel()
	var s measurementStore
	s.allow(100)
	often := measurementKey{long: -1}
	s.get(often).value = 7
	for i := range 10_000 {
		s.get(measurementKey{long: float64(i)})
		if n := s.len(); n > 100 {
			t.Fatalf("%d are kept", n)
		}
		if v := s.get(often).value; v != 7 {
			t.Fatalf("what is asked for again and again is %v after %d others", v, i)
		}
	}
}
