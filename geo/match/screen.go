package match

import "math"

// Table is places by column: Columns[i][row] is the value of criterion i. All columns have the same length.
type Table struct {
	Criteria []Criterion
	Columns  [][]float64
	// Dear marks criteria that are measured only where every cheaper limit is kept; nil marks none. What wasn't measured is NaN, and is held against a
	// place that misses nothing else.
	Dear []bool
}

func (t Table) dear(i int) bool { return i < len(t.Dear) && t.Dear[i] }

// Keeping lists the rows that no known value leaves out: those whose dear criteria are still to be measured.
func (t Table) Keeping() []int32 {
	misses := t.missing()
	kept := make([]int32, 0, len(misses))
	for row, n := range misses {
		if n == 0 {
			kept = append(kept, int32(row))
		}
	}
	return kept
}

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
	Limit     string // min, max, or known: nobody knows the value
	Count     int    // places that miss this limit
	Alone     int    // of those, places that miss no other
}

// Lack says by how much one place misses one limit.
type Lack struct {
	Criterion int
	Limit     string
	Value     float64 // NaN when nobody knows
	By        float64 // in the criterion's unit; NaN when nobody knows
}

// missing counts how many limits each row misses, up to 255, but for what is dear and was not measured. It walks column by column: a mask of a
// byte a row costs less than a row at a time through dozens of columns.
func (t Table) missing() []uint8 {
	misses := make([]uint8, t.Rows())
	for i, c := range t.Criteria {
		lo, hi := bounds(c)
		if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			continue
		}
		dear := t.dear(i)
		for row, v := range t.Columns[i] {
			if !(v >= lo && v <= hi) && misses[row] < math.MaxUint8 && !(dear && v != v) {
				misses[row]++
			}
		}
	}
	return misses
}

// screen returns the rows that keep all limits, in order, and counts the rest by cause.
func (t Table) screen() (kept []int32, misses []uint8, causes []Cause) {
	misses = t.missing()
	blank := t.blank(misses)
	for row, n := range blank {
		misses[row] += n
	}
	kept = make([]int32, 0, len(misses))
	for row, n := range misses {
		if n == 0 {
			kept = append(kept, int32(row))
		}
	}
	if len(kept) == len(misses) {
		return kept, misses, nil
	}
	for i, c := range t.Criteria {
		causes = append(causes, t.count(i, c, misses, blank)...)
	}
	return kept, misses, causes
}

// blank counts, of rows that miss nothing else, the dear criteria with a limit whose value nobody knows.
func (t Table) blank(misses []uint8) map[int]uint8 {
	var blank map[int]uint8
	for i, c := range t.Criteria {
		if !t.dear(i) || c.Min == nil && c.Max == nil {
			continue
		}
		for row, v := range t.Columns[i] {
			if v != v && misses[row] == 0 {
				if blank == nil {
					blank = map[int]uint8{}
				}
				blank[row]++
			}
		}
	}
	return blank
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

func (t Table) count(i int, c Criterion, misses []uint8, blank map[int]uint8) []Cause {
	lo, hi := bounds(c)
	if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
		return nil
	}
	dear := t.dear(i)
	by := [3]Cause{{Criterion: i, Limit: "min"}, {Criterion: i, Limit: "max"}, {Criterion: i, Limit: "known"}}
	for row, v := range t.Columns[i] {
		if v >= lo && v <= hi || dear && v != v && blank[row] == 0 {
			continue
		}
		k := 2
		if v < lo {
			k = 0
		} else if v > hi {
			k = 1
		}
		by[k].Count++
		if misses[row] == 1 {
			by[k].Alone++
		}
	}
	var out []Cause
	for _, cause := range by {
		if cause.Count > 0 {
			out = append(out, cause)
		}
	}
	return out
}

// Lacks lists what a place misses, limit by limit; a place that is ranked misses none.
func (t Table) Lacks(row int) []Lack {
	var out, blank []Lack
	for i, c := range t.Criteria {
		v := t.Columns[i][row]
		switch by, limit := c.shortfall(v); {
		case limit == "":
		case limit == "known" && t.dear(i):
			blank = append(blank, Lack{Criterion: i, Limit: limit, Value: v, By: by})
		default:
			out = append(out, Lack{Criterion: i, Limit: limit, Value: v, By: by})
		}
	}
	if out == nil {
		return blank
	}
	return out
}

// Excluded lists up to n rows that limits leave out, those that miss the fewest limits first.
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
