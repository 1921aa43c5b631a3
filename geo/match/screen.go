package match

import (
	"math"
	"slices"
)

// Table is places by column: Columns[i][row] is the value of criterion i, NaN where nobody knows. All columns have the
// same length.
type Table struct {
	Criteria []Criterion
	Columns  [][]float64
	// Bands bound unknown values, for instance where only a word is published. A criterion without bands has no
	// entry; a row without one has NaN at both ends.
	Bands map[int]Band
	// Dear marks criteria that are measured only where every cheaper limit is kept; nil marks none. What wasn't
	// measured is NaN.
	Dear []bool
	// Beside is how many rows at the end are not ranked: they are there for the scales alone, as lots that were tried
	// and are not offered. So the scale of a wish reaches over all that could be had, however few are offered of it.
	Beside int
}

// Band has the ends between which the values of a column lie, by row.
type Band struct{ Least, Most []float64 }

// JoinBands appends the bands of a table whose columns were appended to this one's. Rows without a band in either
// table get NaN ends.
func (t *Table) JoinBands(o Table) {
	for i := range t.Criteria {
		own, has := t.Bands[i]
		other, more := o.Bands[i]
		if !has && !more {
			continue
		}
		if t.Bands == nil {
			t.Bands = map[int]Band{}
		}
		ends := func(of []float64, n int) []float64 {
			for len(of) < n {
				of = append(of, math.NaN())
			}
			return of[:len(of):len(of)]
		}
		before := len(t.Columns[i]) - o.Rows()
		t.Bands[i] = Band{Least: append(ends(own.Least, before), ends(other.Least, o.Rows())...),
			Most: append(ends(own.Most, before), ends(other.Most, o.Rows())...)}
	}
}

// Split parts the rows that are ranked from those that are there for the scales alone.
func (t Table) Split() (ranked, beside Table) {
	n := t.ranked()
	ranked, beside = t, t
	ranked.Columns, beside.Columns = make([][]float64, len(t.Columns)), make([][]float64, len(t.Columns))
	for i, column := range t.Columns {
		ranked.Columns[i], beside.Columns[i] = column[:n:n], column[n:]
	}
	ranked.Bands, beside.Bands = map[int]Band{}, map[int]Band{}
	for i, b := range t.Bands {
		ranked.Bands[i], beside.Bands[i] = Band{b.Least[:n:n], b.Most[:n:n]}, Band{b.Least[n:], b.Most[n:]}
	}
	ranked.Beside, beside.Beside = 0, 0
	return ranked, beside
}

// Join is a table of the rows of both, which have the same criteria.
func (t Table) Join(o Table) Table {
	columns, bands := t.Columns, t.Bands
	t.Columns, t.Bands = make([][]float64, len(columns)), make(map[int]Band, len(bands))
	for i := range columns {
		t.Columns[i] = slices.Concat(columns[i], o.Columns[i])
	}
	for i, b := range bands {
		t.Bands[i] = b
	}
	t.JoinBands(o)
	return t
}

// surely is a column in which each unknown value that has a band is replaced by the band's worse end: what the place
// has in any case. Places are ranked by it.
func (t Table) surely(i int) []float64 {
	band, ok := t.Bands[i]
	if !ok {
		return t.Columns[i]
	}
	out := slices.Clone(t.Columns[i])
	for row, v := range out {
		if v != v {
			out[row], _ = t.Criteria[i].ends(band.Least[row], band.Most[row])
		}
	}
	return out
}

// atBest is the best that a value can be: itself, the better end of its band, or NaN.
func (t Table) atBest(i, row int) float64 {
	v := t.Columns[i][row]
	if band, ok := t.Bands[i]; ok && v != v {
		_, v = t.Criteria[i].ends(band.Least[row], band.Most[row])
	}
	return v
}

// open reports whether a place may or may not keep a limit: its value is unknown, and its band doesn't lie within the
// limits. A band excludes no place.
func (t Table) open(i, row int) bool {
	c := t.Criteria[i]
	if c.Min == nil && c.Max == nil || !math.IsNaN(t.Columns[i][row]) {
		return false
	}
	band, ok := t.Bands[i]
	if !ok {
		return true
	}
	lo, hi := bounds(c)
	return !(band.Least[row] >= lo && band.Most[row] <= hi)
}

// Open lists the criteria whose limits a place may or may not keep: the open questions to the park.
func (t Table) Open(row int) []int {
	var out []int
	for i := range t.Criteria {
		if t.open(i, row) {
			out = append(out, i)
		}
	}
	return out
}

func (t Table) dear(i int) bool { return i < len(t.Dear) && t.Dear[i] }

// Keeping lists the rows that no known value excludes. Unknown values exclude none.
func (t Table) Keeping() []int32 {
	return keeping(t.missing())
}

func keeping(misses []uint8) []int32 {
	kept := make([]int32, 0, len(misses))
	for row, n := range misses {
		if n == 0 {
			kept = append(kept, int32(row))
		}
	}
	return kept
}

// ranked is how many rows are ranked: all but those that are there for the scales alone.
func (t Table) ranked() int { return t.Rows() - t.Beside }

// Rows is how many places the table holds.
func (t Table) Rows() int {
	if len(t.Columns) == 0 {
		return 0
	}
	return len(t.Columns[0])
}

// Cause counts the places that a limit leaves out.
type Cause struct {
	Criterion int
	Limit     string // min or max
	Count     int    // places that miss this limit
	Alone     int    // of those, places that miss no other
}

// Lack says by how much one place misses one limit.
type Lack struct {
	Criterion int
	Limit     string
	Value     float64
	By        float64 // in the criterion's unit
}

// missing counts how many limits each row is known to miss, up to 255. It walks column by column: a mask of a byte a
// row costs less than a row at a time through dozens of columns.
func (t Table) missing() []uint8 {
	misses := make([]uint8, t.Rows())
	for i, c := range t.Criteria {
		lo, hi := bounds(c)
		if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			continue
		}
		for row, v := range t.Columns[i] {
			if (v < lo || v > hi) && misses[row] < math.MaxUint8 {
				misses[row]++
			}
		}
	}
	return misses
}

// screen returns the rows that no known value excludes, in order, with those that surely fit and those with open
// questions. It counts the excluded rows by cause.
func (t Table) screen() (kept []int32, sure []bool, misses []uint8, causes []Cause) {
	misses = t.missing()[:t.ranked()]
	kept = keeping(misses)
	sure = slices.Repeat([]bool{true}, len(kept))
	for i, c := range t.Criteria {
		if c.Min == nil && c.Max == nil {
			continue
		}
		column := t.Columns[i]
		for j, row := range kept {
			if v := column[row]; v != v && sure[j] {
				sure[j] = !t.open(i, int(row))
			}
		}
	}
	if len(kept) == len(misses) {
		return kept, sure, misses, nil
	}
	for i, c := range t.Criteria {
		causes = append(causes, t.count(i, c, misses)...)
	}
	return kept, sure, misses, causes
}

func bounds(c Criterion) (lo, hi float64) {
	lo, hi = math.Inf(-1), math.Inf(1)
	if c.Min != nil {
		lo = *c.Min
	}
	if c.Max != nil {
		hi = *c.Max
	}
	return lo, hi
}

func (t Table) count(i int, c Criterion, misses []uint8) []Cause {
	lo, hi := bounds(c)
	if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
		return nil
	}
	below, above := Cause{Criterion: i, Limit: "min"}, Cause{Criterion: i, Limit: "max"}
	for row, v := range t.Columns[i][:t.ranked()] {
		cause := &below
		switch {
		case v > hi:
			cause = &above
		case !(v < lo):
			continue
		}
		cause.Count++
		if misses[row] == 1 {
			cause.Alone++
		}
	}
	return slices.DeleteFunc([]Cause{below, above}, func(c Cause) bool { return c.Count == 0 })
}

// Lacks lists what a place is known to miss, limit by limit; a place that is ranked misses none.
func (t Table) Lacks(row int) []Lack {
	var out []Lack
	for i, c := range t.Criteria {
		v := t.Columns[i][row]
		if by, limit := c.shortfall(v); limit != "" {
			out = append(out, Lack{Criterion: i, Limit: limit, Value: v, By: by})
		}
	}
	return out
}

// Excluded lists up to n excluded rows, those that miss the fewest limits first.
func (a *Answer) Excluded(n int) []int {
	var most uint8
	for _, missed := range a.misses {
		most = max(most, missed)
	}
	var rows []int
	for want := uint8(1); want > 0 && want <= most && len(rows) < n; want++ {
		for row, missed := range a.misses {
			if missed == want && len(rows) < n {
				rows = append(rows, row)
			}
		}
	}
	return rows
}
