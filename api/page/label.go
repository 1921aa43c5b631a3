package page

import "math"

// LabelSize is the type of labels on paper, in millimetres, as the style sheet has it too.
const LabelSize = 2.6

// About how wide a letter of a label is, in millimetres, and how many times larger the style sheet makes it on a phone.
const (
	letter  = 1.7
	onPhone = 2.3
)

// spread takes away labels that would lie over others, at the size of paper, and marks those that would at the size
// of a phone. Who comes first stays: the drawing's own shapes come before the ground.
func spread(all ...[]Path) {
	var onPaper, larger []*Path
	for _, paths := range all {
		for i := range paths {
			p := &paths[i]
			switch {
			case p.Name == nil:
			case p.over(onPaper, 1):
				p.Name = nil
			case p.over(larger, onPhone):
				p.Dense = true
				onPaper = append(onPaper, p)
			default:
				onPaper, larger = append(onPaper, p), append(larger, p)
			}
		}
	}
}

// over tells whether a label would lie over one of others in type that is so many times larger than on paper.
func (p *Path) over(others []*Path, times float64) bool {
	wide := func(of *Path) float64 { return letter * times * float64(len([]rune(of.Label))) }
	for _, o := range others {
		if math.Abs(p.Name[0]-o.Name[0]) < (wide(p)+wide(o))/2 && math.Abs(p.Name[1]-o.Name[1]) < LabelSize*times {
			return true
		}
	}
	return false
}

// labelPlace is the middle of an area's first ring where the label fits into its box and on the sheet; nil elsewhere.
func (f *frame) labelPlace(s *Shape) *Point {
	if s.Label == "" || len(s.parts) == 0 || len(s.parts[0]) < 4 {
		return nil
	}
	ring := s.parts[0]
	first := f.place(ring[0])
	least, most := first, first
	var sum Point
	twice := 0.0
	for i := 1; i < len(ring); i++ { // the centroid of a polygon, from the first vertex
		a, b := f.place(ring[i-1]), f.place(ring[i])
		ax, ay, bx, by := a[0]-first[0], a[1]-first[1], b[0]-first[0], b[1]-first[1]
		cross := ax*by - bx*ay
		twice += cross
		sum[0] += (ax + bx) * cross
		sum[1] += (ay + by) * cross
		for k := range 2 {
			least[k], most[k] = min(least[k], b[k]), max(most[k], b[k])
		}
	}
	wide := letter * float64(len([]rune(s.Label)))
	if twice == 0 || most[0]-least[0] < wide+2 || most[1]-least[1] < 5 {
		return nil
	}
	at := Point{first[0] + sum[0]/(3*twice), first[1] + sum[1]/(3*twice)}
	if at[0] < wide/2 || at[0] > f.Width-wide/2 || at[1] < 4 || at[1] > f.Height-4 {
		return nil
	}
	at = f.rounded(at)
	return &at
}
