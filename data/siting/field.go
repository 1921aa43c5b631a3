package siting

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"luodi/geo"
	"luodi/geo/land"
	"luodi/geo/match"
)

// GroundKind is the kind of a candidate.
type GroundKind string

// The kinds of ground that are ranked together.
const (
	GroundParcel   GroundKind = "parcel"
	GroundLot      GroundKind = "lot"      // cut out of a larger free parcel
	GroundAssembly GroundKind = "assembly" // free neighbours put together
)

const (
	statusAvailable = "available"
	statusReserve   = "reserve"
)

// Candidate is ground that a question ranks: a parcel, a lot or an assembly. The id and version of a lot's or
// assembly's place are those of its first parcel; its status is reserve if any of its parcels is reserve.
type Candidate struct {
	Place
	Kind    GroundKind
	Key     string // unique within an answer: a parcel's id, else kind and code
	Parcels []int  // rows of the parcels that it is, or is made of
	AreaMu  float64
	// of a lot, the line of a split that makes it, the lot on its left; nil where that is not one line
	Cut    orb.LineString
	access match.Access
}

// Field holds the candidates of one question: the free parcels of a park, then the lots and assemblies made for the
// question.
type Field struct {
	*Sites
	Made       []Candidate
	Beside     int             // of Made, how many at the end were tried and are not offered (see [match.Table])
	Lots       *LotSearch      // nil where none were asked for
	Assemblies *AssemblySearch // likewise
	among      []*Sites        // parks whose tenants are partners too
	tried      []Candidate     // lots by shape alone
}

// Place of a row.
func (f *Field) Place(row int) *Place {
	if row < len(f.Places) {
		return &f.Places[row]
	}
	return &f.Made[row-len(f.Places)].Place
}

// Rows is how many candidates there are.
func (f *Field) Rows() int { return len(f.Places) + len(f.Made) }

// Offered is how many of them are ranked.
func (f *Field) Offered() int { return f.Rows() - f.Beside }

// Candidate of a row.
func (f *Field) Candidate(row int) Candidate {
	if row >= len(f.Places) {
		return f.Made[row-len(f.Places)]
	}
	p := f.Places[row]
	return Candidate{Place: p, Kind: GroundParcel, Key: p.ID.String(), Parcels: []int{row}, AreaMu: f.areaMu(row)}
}

// Front is the longest unbroken frontage of a row on one road, and the road's code; 0 where there is none.
func (f *Field) Front(row int) (metres float64, road string) {
	o, err := newOutline(f.Place(row).Shape)
	if err != nil {
		return 0, ""
	}
	front := f.front(o)
	return front.LengthM, f.ways.kerbs.code(front.Road)
}

// Ask is what lots and assemblies are sought for.
type Ask struct {
	Criteria   []match.Criterion
	Need       Requirement
	How        match.How // how the question ranks: lots are sought by that
	Today      time.Time
	Lots       *LotsWish
	Assemblies *AssembliesWish

	work int64 // for the lots; 0 is all that a question has
}

// Field gathers the candidates of a question, until ctx is done. A [geo.Invalid] names an unanswerable part of the
// question.
func (s *Sites) Field(ctx context.Context, a Ask) (*Field, error) {
	f := &Field{Sites: s}
	if a.Lots != nil {
		if err := f.cutLots(ctx, a); err != nil {
			return nil, err
		}
	}
	if a.Assemblies != nil {
		if err := f.joinNeighbours(ctx, a); err != nil {
			return nil, err
		}
	}
	f.Made, f.Beside = append(f.Made, f.tried...), len(f.tried)
	return f, nil
}

// Table gathers one column for each criterion, and for each value the tenant or node behind it. To leave reserve land
// out it adds a column with a limit.
//
// An unknown value is NaN, with its band where one is known; it excludes no candidate. Expensive measures are taken
// last, until ctx is done, and only of candidates that keep all other limits.
func (f *Field) Table(ctx context.Context, criteria []match.Criterion, r Requirement, today time.Time) (match.Table,
	[][]int32, error) {
	if r.NoReserve {
		one := 1.0
		criteria = append(criteria[:len(criteria):len(criteria)], match.Criterion{Measure: releasedMeasure, Min: &one})
	}
	t := match.Table{Criteria: criteria, Columns: make([][]float64, len(criteria)), Beside: f.Beside}
	by := make([][]int32, len(criteria))
	for i, c := range criteria {
		m, ok := MeasureOf(c.Measure)
		if !ok || m.hidden && (m.ID != releasedMeasure || !r.NoReserve) || m.outline != nil && !m.ofOutline(r) {
			return t, nil, geo.NewInvalid(fmt.Sprintf("criteria[%d].measure", i), "measure.listed", c.Measure)
		}
		if m.outline != nil {
			if t.Dear == nil {
				t.Dear = make([]bool, len(criteria))
			}
			t.Dear[i], t.Columns[i] = true, slices.Repeat([]float64{math.NaN()}, f.Rows())
			continue
		}
		values, from := f.valuesOf(m, r, today)
		if m.straight {
			values = f.nearer(values, f.among, m.partner)
		}
		t.Columns[i], by[i] = f.extend(m, values, from)
		if band := f.band(m, t.Columns[i], by[i]); band != nil {
			if t.Bands == nil {
				t.Bands = map[int]match.Band{}
			}
			t.Bands[i] = *band
			if m.ID == readyMeasure {
				t.Columns[i] = sure(t.Columns[i], *band)
			}
		}
	}
	if t.Dear == nil {
		return t, by, nil
	}
	return t, by, f.measure(ctx, t, r)
}

// Value is a table's value of a criterion at a row, with its band and its tenant or node; number is the figure.
func (f *Field) Value(t match.Table, by [][]int32, criterion, row int, number float64) Value {
	v := Value{Number: number, Least: math.NaN(), Most: math.NaN()}
	if band, ok := t.Bands[criterion]; ok {
		v.Least, v.Most = band.Least[row], band.Most[row]
	}
	if by[criterion] == nil || by[criterion][row] < 0 {
		return v
	}
	m, _ := MeasureOf(t.Criteria[criterion].Measure)
	if at := by[criterion][row]; m.service != "" {
		n := f.nodes[at]
		v.By = &Giver{n.ID, n.Code, land.Name{ZH: n.NameZH, EN: n.NameEN}, n.LonLat()}
		v.Room = n.Public
	} else {
		who := f.tenants[at]
		v.By = &Giver{who.Parcel, who.Code, land.Name{ZH: who.NameZH, EN: who.NameEN}, who.LonLat()}
	}
	return v
}

// band is the range of the unknown values of a column; nil if there is none.
func (f *Field) band(m Measure, values []float64, by []int32) *match.Band {
	switch {
	case m.service != "" && len(f.Made) > 0:
		return f.roomBand(by)
	case m.service != "":
		return f.derive(m).band
	case m.ID == readyMeasure:
		return f.readyBand(values)
	}
	return nil
}

// readyBand is the range of the number of services ready: at least the services known to be ready, at most these and
// the services that nobody stated.
func (f *Field) readyBand(known []float64) *match.Band {
	band := &match.Band{Least: known, Most: make([]float64, len(known))}
	for row := range known {
		band.Most[row] = known[row] + float64(f.Place(row).unstated)
	}
	return band
}

// sure keeps the values of a column whose band is a single value; the others become NaN.
func sure(values []float64, band match.Band) []float64 {
	out := slices.Clone(values)
	for row := range out {
		if band.Least[row] != band.Most[row] {
			out[row] = math.NaN()
		}
	}
	return out
}

// extend returns a column of the parcels with the values of lots and assemblies appended. The given column is not
// changed. A column that has these values already is returned as it is.
func (f *Field) extend(m Measure, values []float64, from []int32) ([]float64, []int32) {
	if len(values) == f.Rows() {
		return values, from
	}
	out, by := slices.Clone(values), slices.Clone(from)
	for i := range f.Made {
		value, source := f.valueOf(m, &f.Made[i], values)
		out = append(out, value)
		if by != nil {
			by = append(by, source)
		}
	}
	return out, by
}

// valueOf gives a measure of ground that is no parcel yet: of its own shape and place or, of what hangs on parcels,
// what its own have together.
func (f *Field) valueOf(m Measure, c *Candidate, column []float64) (value float64, by int32) {
	switch {
	case m.joined != nil:
		return m.joined(f, c, column), -1
	case m.column != nil:
		return m.column(f.Sites, &c.Place, nil, c.access), -1
	}
	return f.derive(m).of(&c.Place, c.access)
}

// meanPrice is what the parcels of a candidate ask by area together.
func (f *Field) meanPrice(c *Candidate, prices []float64) float64 {
	total, area := 0.0, 0.0
	for _, row := range c.Parcels {
		total += prices[row] * f.areaMu(row)
		area += f.areaMu(row)
	}
	return total / area
}

// made is a candidate that consists of parcels, or comes out of one.
func (f *Field) made(kind GroundKind, code string, rows []int, shape orb.Polygon, areaMu float64,
	cut orb.LineString) Candidate {
	p := f.Places[rows[0]]
	for _, row := range rows[1:] {
		other := &f.Places[row]
		if other.Status == statusReserve {
			p.Status = statusReserve
		}
		p.unstated = max(p.unstated, other.unstated)
		if other.LandUse != p.LandUse {
			p.LandUse = ""
		}
		if other.Zone != p.Zone {
			p.Zone = ""
		}
	}
	p.Code, p.Shape, p.Point = code, shape, geo.PointInside(shape)
	p.plan, p.digest = f.plans.at(p.Point), digestOf(shape)
	return Candidate{Place: p, Kind: kind, Key: string(kind) + "/" + code, Parcels: rows, AreaMu: areaMu, Cut: cut,
		access: f.ways.roads.Access(p.Point)}
}

// usable reports whether ground of a parcel can be ranked at all, by the conditions that neither a cut nor an added
// neighbour changes.
func (f *Field) usable(row int, r Requirement, landUse []float64) bool {
	return (!r.NoReserve || f.Places[row].Status == statusAvailable) && (len(r.LandUse) == 0 || landUse[row] != 0)
}

// promising sorts rows by the score of their parcels in the criteria that a cut or an added neighbour hardly changes.
// Rows that keep all these limits come first. It returns the first most rows.
func (f *Field) promising(ctx context.Context, rows []int, a Ask, most int) ([]int, error) {
	rest := slices.DeleteFunc(slices.Clone(a.Criteria), func(c match.Criterion) bool {
		m, ok := MeasureOf(c.Measure)
		return ok && m.cut && (m.outline == nil || m.ofOutline(a.Need))
	})
	scores := make([]float64, len(f.Places))
	if len(rest) > 0 {
		need := a.Need
		need.NoReserve = false // rows are known to be usable
		table, _, err := f.Sites.Table(ctx, rest, need, a.Today)
		if err != nil {
			return nil, err
		}
		ranking, err := match.Rank(table, match.How{Top: 1})
		if err != nil {
			return nil, err
		}
		scores = ranking.Standings()
	}
	slices.SortFunc(rows, func(x, y int) int { // NaN, which misses a limit, sorts before all numbers
		return cmp.Or(cmp.Compare(scores[y], scores[x]), land.CompareCodes(f.Places[x].Code, f.Places[y].Code))
	})
	return rows[:min(len(rows), most)], nil
}

// areaWish finds the criterion on the area; nil where there is none.
func areaWish(criteria []match.Criterion) *match.Criterion {
	if i := slices.IndexFunc(criteria, func(c match.Criterion) bool { return c.Measure == areaMeasure }); i >= 0 {
		return &criteria[i]
	}
	return nil
}
