package match

import "math"

// judge gives a row its score over what is judged there, and the bounds between which what is not known puts it.
func (a *Answer) judge(row int) Site {
	s := Site{Row: row}
	if a.How.Method == TOPSIS {
		a.judgeAxes(&s)
		return s
	}
	sum, beyond := 0.0, 0.0
	for k, w := range a.weights {
		score := a.scales[k].score(a.columns[k][row])
		if score != score {
			continue
		}
		s.Judged, sum, beyond = s.Judged+w, sum+w*score, beyond+w*max(a.best(k, row)-score, 0)
	}
	s.Judged = whole(s.Judged)
	s.Score, s.Least, s.Most = sum/s.Judged, sum, min(sum+beyond+1-s.Judged, max(sum, 1))
	return s
}

// best is the score of a wish at the better end of its band, at most 1 where the worse end has no more; else the score.
func (a *Answer) best(k, row int) float64 {
	score := a.scales[k].score(a.columns[k][row])
	return max(score, min(a.scales[k].score(a.table.atBest(a.at[k], row)), 1))
}

// judgeAxes does the same by TOPSIS: what is not known lies at the anti-ideal, at the ideal, or leaves the distance.
func (a *Answer) judgeAxes(s *Site) {
	var own, least, most [2]float64 // squared distances to the ideal and the anti-ideal
	for k, w := range a.weights {
		axis, v := a.axes[k], a.columns[k][s.Row]
		w2, span := w*w, a.axes[k].span()
		best, worst := axis.squares(v)
		least[0], least[1] = least[0]+w2*best, least[1]+w2*worst
		if v != v {
			most[1] += w2 * span
			continue
		}
		s.Judged += w
		own[0], own[1] = own[0]+w2*best, own[1]+w2*worst
		if better := a.table.atBest(a.at[k], s.Row); better != v {
			best, worst = axis.squares(better)
		}
		most[0], most[1] = most[0]+w2*best, most[1]+w2*worst
	}
	s.Judged = whole(s.Judged)
	s.Score, s.Least, s.Most = closeness(own[0], own[1]), closeness(least[0], least[1]), closeness(most[0], most[1])
	if s.Judged == 0 {
		s.Score = math.NaN()
	}
}

// span is how far the ideal and the anti-ideal lie apart, squared, before weighting.
func (a axis) span() float64 { return (a.best - a.worst) * (a.best - a.worst) }

// whole makes 1 of a sum of weights that misses it by rounding.
func whole(judged float64) float64 {
	if judged > 1-1e-12 {
		return 1
	}
	return judged
}
