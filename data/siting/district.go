package siting

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/match"
)

// DistrictPark is a park of a district.
type DistrictPark struct {
	District string `db:"district"`
	Code     string `db:"code"`
	NameZH   string `db:"name_zh"`
	NameEN   string `db:"name_en"`
}

const sqlDistrictParks = `
SELECT d.code AS district, k.code, k.name_zh, k.name_en FROM park k JOIN district d USING (district_id)
 WHERE ($1 = '' OR d.code = $1) AND ($2 = '' OR k.code = $2) ORDER BY d.code, k.code`

// DistrictParks lists the parks of a district by code. With district "" it takes the only district; if there are
// several, a [geo.Invalid] asks for district. With a park that isn't "" it lists that park alone, in any district. A
// [Missing] names an unknown park or district.
func (s Siting) DistrictParks(ctx context.Context, district, park string) ([]DistrictPark, error) {
	rows, err := s.Planner.Query(ctx, sqlDistrictParks, district, park)
	if err != nil {
		return nil, store.Translate("read the parks of a district", err)
	}
	parks, err := pgx.CollectRows(rows, pgx.RowToStructByName[DistrictPark])
	switch {
	case err != nil:
		return nil, store.Translate("read the parks of a district", err)
	case len(parks) == 0 && park != "":
		return nil, &store.Missing{Kind: "park", Name: park}
	case len(parks) == 0:
		return nil, &store.Missing{Kind: "district", Name: district}
	case parks[0].District != parks[len(parks)-1].District:
		return nil, geo.NewInvalid("district", "district.which", geo.None())
	}
	return parks, nil
}

// ParkScope is a park as the public or a planner sees it.
type ParkScope struct {
	Park   string
	Public bool
}

// ReadAll refreshes the sites of several parks as [Matcher.Read] does, and hands them to read together, in the order
// of the scopes. Scopes are sorted by park, without duplicates: locks are taken in that order, so that readers can't
// deadlock. at is an instant, or nil for now.
func (m *Matcher) ReadAll(ctx context.Context, scopes []ParkScope, at *time.Time, read func([]*Sites) error) error {
	all := make([]*Sites, 0, len(scopes))
	var next func() error
	next = func() error {
		if len(all) == len(scopes) {
			return read(all)
		}
		scope, take := scopes[len(all)], func(s *Sites) error {
			all = append(all, s)
			return next()
		}
		if at != nil {
			return m.ReadAt(ctx, scope.Park, scope.Public, *at, take)
		}
		return m.Read(ctx, scope.Park, scope.Public, take)
	}
	return next()
}

// nearer takes straight distances from places to the nearest tenant of a node in the places' own park, and gives those
// to the nearest in any of several parks that lie in the same survey plane.
func (s *Sites) nearer(own []float64, all []*Sites, node string) []float64 {
	if len(all) < 2 {
		return own
	}
	values := slices.Clone(own)
	for _, o := range all {
		if o == s || o.survey != s.survey {
			continue
		}
		for _, t := range o.tenants {
			if t.Node != node {
				continue
			}
			for row := range s.Places {
				far := values[row]
				if math.IsNaN(far) {
					far = math.Inf(1)
				}
				if d := outlineDistance(s.Places[row].Shape, t.shape, far); d < far {
					values[row] = d
				}
			}
		}
	}
	return values
}

// FieldsAmong gathers the candidates of a question in several parks, as [Sites.Field] does in each; partners may be
// tenants of any of them. By road the way stays in the place's own park, whose roads alone are known to meet.
func FieldsAmong(ctx context.Context, all []*Sites, a Ask) ([]*Field, error) {
	fields := make([]*Field, len(all))
	for i, s := range all {
		var err error
		if fields[i], err = s.Field(ctx, a); err != nil {
			return nil, err
		}
		fields[i].among = all
	}
	return fields, nil
}

// Together is one table of the candidates of several fields: what each offers, field by field, then what each tried.
func Together(ctx context.Context, fields []*Field, a Ask) (match.Table, error) {
	var offered, tried match.Table
	for i, f := range fields {
		t, _, err := f.Table(ctx, a.Criteria, a.Need, a.Today)
		if err != nil {
			return t, err
		}
		own, beside := t.Split()
		if i == 0 {
			offered, tried = own, beside
			continue
		}
		offered, tried = offered.Join(own), tried.Join(beside)
	}
	beside := tried.Rows()
	offered = offered.Join(tried)
	offered.Beside = beside
	return offered, nil
}

// Comb is a honeycomb over the ground of parks that lie in one survey plane.
type Comb struct {
	Park   string // one of the parks: Degrees of package ledger brings its plane to degrees
	Grid   match.Grid
	Pieces []match.Piece // their places number what all fields offer, in the order of the fields and of their rows
	survey int32
}

// Combs lays honeycombs with sides of edgeM metres over the candidates of fields, one for each survey plane. A
// [geo.Invalid] names edge_m where the cells would be too many.
func Combs(fields []*Field, edgeM float64) ([]Comb, error) {
	var combs []Comb
	first, cells := 0, 0
	for _, f := range fields {
		grid, pieces, err := f.Honeycomb(edgeM)
		if err != nil {
			return nil, err
		}
		if len(f.Places) == 0 { // its honeycomb lies nowhere
			continue
		}
		made := make([]orb.Polygon, f.Offered()-len(f.Places))
		for i := range made {
			made[i] = f.Made[i].Shape
		}
		pieces = append(pieces[:len(pieces):len(pieces)], grid.Move(grid.Cover(made), grid, len(f.Places))...)
		i := slices.IndexFunc(combs, func(c Comb) bool { return c.survey == f.survey })
		if i < 0 {
			combs, i = append(combs, Comb{Park: f.Code, Grid: grid, survey: f.survey}), len(combs)
		}
		if err := combs[i].add(grid, pieces, first); err != nil {
			return nil, err
		}
		first += f.Offered()
	}
	for _, c := range combs {
		cells += c.Grid.Columns * c.Grid.Rows
	}
	if cells > match.MaxCells {
		return nil, match.TooManyCells(edgeM)
	}
	return combs, nil
}

// add takes the pieces of a grid in, whose places begin at first.
func (c *Comb) add(grid match.Grid, pieces []match.Piece, first int) error {
	union, err := c.Grid.Union(grid)
	if err != nil {
		return err
	}
	if union != c.Grid {
		c.Pieces = c.Grid.Move(c.Pieces, union, 0)
	}
	if first > 0 || union != grid {
		pieces = grid.Move(pieces, union, first)
	}
	c.Grid, c.Pieces = union, append(c.Pieces[:len(c.Pieces):len(c.Pieces)], pieces...)
	return nil
}
