package match

import "slices"

// finalist is a place seen apart from the weights: what each soft criterion gives it, so that its score under any
// weights costs one pass.
type finalist struct {
	row     int
	scores  []float64 // by min–max, behind where the criterion is not judged
	toBest  []float64 // squared distances, for TOPSIS
	toWorst []float64
	unknown []float64 // for TOPSIS: 1 where the criterion is not judged, else 0
	now     float64   // its score under the weights that are tried
}

func (a *Answer) finalist(row int) finalist {
	f := a.blank()
	f.row = row
	for k := range a.at {
		f = a.put(f, k, a.columns[k][row])
	}
	return f
}

// blank is a place without values.
func (a *Answer) blank() finalist {
	f := finalist{scores: make([]float64, len(a.at))}
	if a.How.Method == TOPSIS {
		f.toBest, f.toWorst = make([]float64, len(a.at)), make([]float64, len(a.at))
		f.unknown = make([]float64, len(a.at))
	}
	return f
}

// put gives f's criterion k another raw value; the slices are f's own.
func (a *Answer) put(f finalist, k int, raw float64) finalist {
	f.scores[k] = a.scales[k].standing(raw)
	if a.How.Method == TOPSIS {
		f.toBest[k], f.toWorst[k] = a.axes[k].squares(raw)
		if f.unknown[k] = 0; raw != raw {
			f.unknown[k] = -behind
		}
	}
	return f
}

func (f finalist) clone() finalist {
	f.scores, f.toBest, f.toWorst = slices.Clone(f.scores), slices.Clone(f.toBest), slices.Clone(f.toWorst)
	f.unknown = slices.Clone(f.unknown)
	return f
}

// score is the standing of a finalist under weights that add up to 1, with the normalisation of the answer.
func (f finalist) score(weights []float64) float64 {
	if f.toBest != nil {
		var best, worst, unjudged float64
		for k, w := range weights {
			best += w * w * f.toBest[k]
			worst += w * w * f.toWorst[k]
			unjudged += w * f.unknown[k]
		}
		return closeness(best, worst) - unjudged
	}
	sum := 0.0
	for k, w := range weights {
		sum += w * f.scores[k]
	}
	return sum
}

// finalists stand for all ranked places when weights change: the sites of the answer, the places that equal the best
// of them, and the best place in each soft criterion. If any place surely fits, only such places are finalists: no
// weights could make another the first.
func (a *Answer) finalists() []finalist {
	var rows []int
	for _, s := range a.Sites {
		if (len(s.Open) == 0) == a.sureWins() {
			rows = append(rows, s.Row)
		}
	}
	add := func(row int) {
		if row >= 0 && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	for _, row := range a.first() {
		add(row)
	}
	for k := range a.at {
		add(a.bestIn(k))
	}
	all := make([]finalist, len(rows))
	for j, row := range rows {
		all[j] = a.finalist(row)
	}
	return all
}

// sureWins tells whether the first of the ranking surely fits.
func (a *Answer) sureWins() bool { return a.Fits > 0 }

// first are the rows that share the first rank, whether or not they are among the sites.
func (a *Answer) first() []int {
	var rows []int
	for j, row := range a.kept {
		if a.sure[j] == a.sureWins() && len(a.Sites) > 0 && a.all[j] >= a.Sites[0].Standing-tie && len(rows) < MaxTop {
			rows = append(rows, int(row))
		}
	}
	return rows
}

func (a *Answer) bestIn(k int) int {
	best, at := -1.0, -1
	for j, row := range a.kept {
		if s := a.scales[k].score(a.columns[k][row]); s > best && a.sure[j] == a.sureWins() {
			best, at = s, int(row)
		}
	}
	return at
}
