package paper

import "luodi/api/page"

// maps draws small maps side by side, each in its own size.
func (f *flow) maps(all []*page.Drawing) {
	const gap = 3
	var laid []*page.Drawn
	high := 0.0
	for _, d := range all {
		if one := d.Lay(); one != nil {
			laid, high = append(laid, one), max(high, one.Height)
		}
	}
	if len(laid) == 0 {
		return
	}
	f.room(high + gap)
	x := f.left
	for _, one := range laid {
		f.plan(one, x, f.y)
		x += one.Width + gap
	}
	f.y += high + gap
}
