package match

import (
	"cmp"
	"math"
	"slices"
)

// Kind of a move.
type Kind string

// What can be moved to make a losing place win: the weight of a criterion, the place's own value, or a limit that
// leaves it out.
const (
	MoveWeight Kind = "weight"
	MoveValue  Kind = "value"
	MoveLimit  Kind = "limit"
)

// Move is one change that would make a losing place the best, the rest staying as it is. A weight is moved among
// weights that add up to 1, the others keeping their proportions; a value and a limit are in the criterion's unit.
type Move struct {
	Kind      Kind
	Criterion int
	From, To  float64
	// how large the change is, 0 to 1: of the whole weight, of the range among the ranked, or of the limit itself
	Size float64
}

// Moves lists the single changes by which the site at a place of the list would win over all finalists, the smallest
// first. The list is empty for a site that shares the first rank, and for a site with open questions while others
// surely fit. The normalisation is that of the answer.
func (a *Answer) Moves(at int) []Move {
	if at <= 0 || at >= len(a.Sites) {
		return nil
	}
	all := a.finalists()
	position := slices.IndexFunc(all, func(f finalist) bool { return f.row == a.Sites[at].Row })
	if position < 0 || winsOver(all[position], all, a.weights) {
		return nil
	}
	loser := all[position]
	others := slices.Delete(slices.Clone(all), position, position+1)
	var moves []Move
	for k := range a.at {
		if m, ok := a.moveWeight(k, loser, others); ok {
			moves = append(moves, m)
		}
		if m, ok := a.moveValue(k, loser, others); ok {
			moves = append(moves, m)
		}
	}
	slices.SortStableFunc(moves, func(x, y Move) int { return cmp.Compare(x.Size, y.Size) })
	return moves
}

// moveWeight looks for the weight of criterion k nearest to what it is under which f wins: in steps of 1/400 away from
// it on both sides, then by halving between the last step that loses and the first that wins.
func (a *Answer) moveWeight(k int, f finalist, others []finalist) (Move, bool) {
	const steps = 400
	from := a.weights[k]
	if from >= 1 {
		return Move{}, false
	}
	weights := make([]float64, len(a.weights))
	wins := func(w float64) bool {
		for j, old := range a.weights {
			weights[j] = old * (1 - w) / (1 - from)
		}
		weights[k] = w
		return winsOver(f, others, weights)
	}
	found, to := false, 0.0
	for step := 1; step <= steps && !found; step++ {
		for _, side := range [2]float64{1, -1} {
			w := from + side*float64(step)/steps
			if w < 0 || w > 1 || !wins(w) {
				continue
			}
			near := halve(w-side/steps, w, wins)
			if !found || math.Abs(near-from) < math.Abs(to-from) {
				found, to = true, near
			}
		}
	}
	return Move{Kind: MoveWeight, Criterion: a.at[k], From: from, To: to, Size: math.Abs(to - from)}, found
}

// moveValue looks for the least better value of criterion k with which f wins.
func (a *Answer) moveValue(k int, f finalist, others []finalist) (Move, bool) {
	s, from := a.scales[k], a.table.Columns[a.at[k]][f.row]
	if from-from != 0 {
		return Move{}, false
	}
	now := s.score(from)
	if s.high <= s.low || now >= 1 {
		return Move{}, false
	}
	changed := f.clone()
	wins := func(score float64) bool { return winsOver(a.put(changed, k, s.raw(score, from)), others, a.weights) }
	if !wins(1) {
		return Move{}, false
	}
	to := s.raw(halve(now, 1, wins), from)
	return Move{Kind: MoveValue, Criterion: a.at[k], From: from, To: to, Size: math.Abs(to-from) / (s.high - s.low)},
		true
}

func winsOver(f finalist, others []finalist, weights []float64) bool {
	own := f.score(weights)
	for _, o := range others {
		if o.score(weights) > own+tie {
			return false
		}
	}
	return true
}

// halve finds by bisection the value nearest to the losing one at which wins holds.
func halve(loses, winning float64, wins func(float64) bool) float64 {
	for range 50 {
		middle := (loses + winning) / 2
		if wins(middle) {
			winning = middle
		} else {
			loses = middle
		}
	}
	return winning
}

// Miss is a place that one limit alone leaves out, and that would be the best without it.
type Miss struct {
	Row   int
	Move  Move
	Score float64 // it would have over the wishes that can be judged, with the normalisation of the answer
}

// Misses lists up to n places that a single limit leaves out and that would win without it, those first that the least
// change of the limit lets in.
func (a *Answer) Misses(n int) []Miss {
	if len(a.Sites) == 0 || len(a.at) == 0 {
		return nil
	}
	top := a.Sites[0].Standing
	var out []Miss
	for row, missed := range a.misses {
		if missed != 1 || a.sureWins() && len(a.table.Open(row)) > 0 {
			continue
		}
		m, limited := a.miss(row)
		if !limited {
			continue
		}
		if a.finalist(row).score(a.weights) >= top-tie {
			m.Score = a.judge(row).Score
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(x, y Miss) int {
		return cmp.Or(cmp.Compare(x.Move.Size, y.Move.Size), cmp.Compare(y.Score, x.Score), cmp.Compare(x.Row, y.Row))
	})
	return out[:min(n, len(out))]
}

// miss says which limit leaves a row out and how far it would have to move; false where a dear value that is limited
// too was not measured.
func (a *Answer) miss(row int) (Miss, bool) {
	for i, c := range a.table.Criteria {
		if a.table.dear(i) && (c.Min != nil || c.Max != nil) && math.IsNaN(a.table.Columns[i][row]) {
			return Miss{}, false
		}
	}
	for i, c := range a.table.Criteria {
		v := a.table.Columns[i][row]
		by, limit := c.shortfall(v)
		if limit == "" {
			continue
		}
		from := c.Min
		if limit == "max" {
			from = c.Max
		}
		return Miss{Row: row, Move: Move{Kind: MoveLimit, Criterion: i, From: *from, To: v,
			Size: by / math.Max(math.Abs(*from), by)}}, true
	}
	return Miss{}, false
}
