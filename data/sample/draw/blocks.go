package main

import "fmt"

// block is land between corridors, divided into plots; its letter begins their codes.
type block struct {
	letter  string
	zone    string // code of the zone it lies in, or ""
	landUse string
	outline patch
	plots   []patch
	corner  [4]float64     // size of the chamfer at bottom left, bottom right, top right, top left; 0 for none
	special map[int]string // plots, counted from 1, with a land use of their own: utilities and greens
}

// Land-use classes of 国土空间调查、规划、用途管制用地用海分类.
const (
	industry   = "1001"
	industry1  = "100101"
	industry2  = "100102"
	industry3  = "100103"
	storage    = "1101"
	research   = "0802"
	waterLand  = "1301"
	drainage   = "1302"
	powerLand  = "1303"
	gasLand    = "1304"
	heatLand   = "1305"
	parkGreen  = "1401"
	greenBelt  = "1402"
	riverWater = "1701"
)

// Chamfers where two corridors meet, m.
const (
	wide   = 20.0
	medium = 14.0
	small  = 8.0
)

// outlines are the pieces of land that the solver and the zones need as well as the blocks.
type outlines struct {
	fibre, research, production, reserve patch
}

func (s streets) outlines() outlines {
	return outlines{
		fibre:      bounded(s.avenue.north(), s.fibre.west(), s.ringNorth.south(), s.ringWest.east()),
		research:   bounded(s.avenue.north(), s.innovation.west(), s.incubation.south(), s.fibre.east()),
		production: bounded(s.assembly.north(), s.innovation.west(), s.avenue.south(), s.fibre.east()),
		reserve:    bounded(s.riverside.north(), s.lingang.west(), s.avenue.south(), s.innovation.east()),
	}
}

// blocks divides all land of the carbon-fibre park.
func (s streets) blocks() []block {
	var out []block
	out = append(out, s.fibreBlocks()...)
	out = append(out, s.researchBlocks()...)
	out = append(out, s.northBlocks()...)
	out = append(out, s.productionBlocks()...)
	out = append(out, s.southBlocks()...)
	out = append(out, s.eastBlocks()...)
	reserve := s.outlines().reserve
	return append(out, block{letter: "R", landUse: industry, outline: reserve, plots: []patch{reserve},
		corner: [4]float64{wide, wide, wide, wide}})
}

// fibreBlocks: the production of fibre, from precursor to carbonised tow, on both sides of the freight siding.
func (s streets) fibreBlocks() []block {
	o := s.outlines().fibre
	south, rest := o.strip(s.spinning.centre, s.spinning.width)
	middle, north := rest.strip(s.siding.centre, s.siding.width)
	a := north.columns(straight(.17, .19), straight(.39, .40), stepped(.58, .68, .5), straight(.84, .83))
	b := middle.columns(straight(.22, .22), straight(.47, .49), straight(.72, .73))
	c := south.columns(straight(.39, .38), straight(.655, .665))
	low, high := c[2].rows(.50, .44)
	c = append(c[:2], append(low.columns(straight(.55, .55)), high.columns(straight(.62, .64))...)...)
	return []block{
		{letter: "A", zone: "FP", landUse: industry2, outline: north, plots: a, corner: [4]float64{0, 0, wide, wide},
			special: map[int]string{1: storage}},
		{letter: "B", zone: "FP", landUse: industry3, outline: middle, plots: b,
			corner: [4]float64{medium, medium, 0, 0}, special: map[int]string{1: heatLand}},
		{letter: "C", zone: "FP", landUse: industry2, outline: south, plots: c,
			corner: [4]float64{wide, wide, medium, medium}, special: map[int]string{4: powerLand}},
	}
}

// researchBlocks: small plots for laboratories and incubators about a green.
func (s streets) researchBlocks() []block {
	west := bounded(s.avenue.north(), s.laboratory.west(), s.incubation.south(), s.fibre.east())
	east := bounded(s.avenue.north(), s.innovation.west(), s.incubation.south(), s.laboratory.east())
	westLow, westHigh := west.strip(s.bench.centre, s.bench.width)
	d1, d2 := westLow.rows(.5, .52)
	d := append(d1.columns(straight(.24, .22), straight(.46, .47), straight(.75, .72)),
		d2.columns(straight(.14, .15), straight(.31, .30), straight(.45, .46), straight(.64, .63),
			straight(.81, .81))...)
	e1, e2 := westHigh.rows(.48, .5)
	e := append(e1.columns(straight(.28, .27), straight(.52, .53), straight(.77, .76)),
		e2.columns(straight(.34, .33), straight(.66, .67))...)
	f1, f2 := east.rows(.47, .45)
	f := append(f1.columns(straight(.42, .44), straight(.72, .72)),
		f2.columns(straight(.27, .25), stepped(.48, .59, .5), straight(.80, .79))...)
	return []block{
		{letter: "D", zone: "RI", landUse: research, outline: westLow, plots: d,
			corner: [4]float64{wide, small, small, small}},
		{letter: "E", zone: "RI", landUse: research, outline: westHigh, plots: e,
			corner: [4]float64{small, small, small, medium}},
		{letter: "F", zone: "RI", landUse: research, outline: east, plots: f,
			corner: [4]float64{small, wide, medium, small}, special: map[int]string{1: parkGreen}},
	}
}

// northBlocks: intermediate and downstream makers along the northern ring.
func (s streets) northBlocks() []block {
	g := bounded(s.incubation.north(), s.innovation.west(), s.ringNorth.south(), s.fibre.east())
	h := bounded(s.terrace.north(), s.lingang.west(), s.ringNorth.south(), s.innovation.east())
	j := bounded(s.avenue.north(), s.lingang.west(), s.terrace.south(), s.innovation.east())
	g1, g2 := g.rows(.52, .50)
	gs := append(g1.columns(straight(.23, .23), straight(.44, .45), stepped(.64, .78, .5)),
		g2.columns(straight(.30, .31), straight(.58, .57), straight(.80, .80))...)
	hs := h.columns(straight(.36, .35))
	h1, h2 := hs[0].rows(.5, .48)
	h3, h4 := hs[1].rows(.48, .52)
	hPlots := append([]patch{h1, h2}, append(h3.columns(straight(.46, .48)),
		h4.columns(straight(.33, .34), straight(.70, .70))...)...)
	j1, j2 := j.rows(.46, .5)
	js := append(j1.columns(straight(.30, .30), stepped(.60, .73, .5)),
		j2.columns(straight(.24, .26), straight(.52, .50), straight(.77, .77))...)
	return []block{
		{letter: "G", landUse: industry2, outline: g, plots: gs, corner: [4]float64{medium, medium, wide, wide}},
		{letter: "H", landUse: industry2, outline: h, plots: hPlots, corner: [4]float64{medium, medium, wide, wide},
			special: map[int]string{7: waterLand}},
		{letter: "J", landUse: industry1, outline: j, plots: js, corner: [4]float64{wide, wide, medium, medium}},
	}
}

// productionBlocks: the industrialised production zone, two rows of halls on both sides of a lane.
func (s streets) productionBlocks() []block {
	low, high := s.outlines().production.strip(s.prepreg.centre, s.prepreg.width)
	l := high.columns(straight(.19, .18), straight(.37, .37), straight(.58, .57), straight(.78, .79))
	m := low.columns(straight(.25, .24), stepped(.43, .55, .5), straight(.70, .69), straight(.86, .85))
	return []block{
		{letter: "L", zone: "IP", landUse: industry2, outline: high, plots: l,
			corner: [4]float64{small, small, wide, wide}},
		{letter: "M", zone: "IP", landUse: industry2, outline: low, plots: m,
			corner: [4]float64{medium, medium, small, small}},
	}
}

// southBlocks: the older south-west, bent about a loop street and the river.
func (s streets) southBlocks() []block {
	n := bounded(s.riverside.north(), s.innovation.west(), s.assembly.south(), s.fibre.east())
	n1, n2 := n.rows(.47, .5)
	ns := append(n1.columns(straight(.21, .20), straight(.40, .41), straight(.66, .65), straight(.84, .84)),
		n2.columns(straight(.16, .17), straight(.45, .44), stepped(.62, .73, .45))...)

	inner := s.loop.north()
	from, to := inner.mustMeet(s.avenue.south()), inner.mustMeet(s.fibre.west())
	bend := inner.at(inner.where(from)+inner.between(from, to).length()*.52, nodeReach)
	corner := s.avenue.south().mustMeet(s.fibre.west())
	p := patch{inner.between(bend, to), s.fibre.west().between(to, corner), s.avenue.south().between(from, corner),
		inner.between(bend, from)}
	p1, p2 := p.rows(.5, .46)
	ps := append(p1.columns(straight(.48, .44)), p2.columns(straight(.36, .36), straight(.70, .70))...)

	q := bounded(s.workshop.north(), s.loop.south(), s.avenue.south(), s.ringWest.east())
	q1, q2 := q.rows(.36, .34)
	q3, q4 := q2.rows(.5, .5)
	qs := append(q1.columns(straight(.44, .48)), append(q3.columns(straight(.54, .54)),
		q4.columns(straight(.24, .24), straight(.60, .60))...)...)

	t := s.loopSouth()
	ts := t.columns(straight(.27, .33), straight(.50, .56), straight(.75, .78))
	t1, t2 := ts[1].rows(.5, .5)
	t3, t4 := ts[2].rows(.46, .5)
	tPlots := []patch{ts[0], t1, t2, t3, t4, ts[3]}
	return []block{
		{letter: "N", landUse: industry2, outline: n, plots: ns, corner: [4]float64{wide, wide, medium, medium}},
		{letter: "P", landUse: industry2, outline: p, plots: ps, corner: [4]float64{0, medium, wide, medium}},
		{letter: "Q", landUse: industry2, outline: q, plots: qs, corner: [4]float64{small, small, medium, wide},
			special: map[int]string{5: gasLand}},
		{letter: "S", landUse: industry1, outline: t, plots: tPlots, corner: [4]float64{wide, wide, medium, small}},
	}
}

// loopSouth is the land south of the loop and of the lane that leaves it: five sides, so its top has a bend.
func (s streets) loopSouth() patch {
	lane, loop := s.workshop.south(), s.loop.south()
	a, b := lane.mustMeet(s.ringWest.east()), lane.mustMeet(loop)
	c, d := loop.mustMeet(s.fibre.west()), s.riverside.north().mustMeet(s.fibre.west())
	e := s.riverside.north().mustMeet(s.ringWest.east())
	return patch{
		bottom: s.riverside.north().between(e, d), right: s.fibre.west().between(d, c),
		top: append(lane.between(a, b), loop.between(b, c)[1:]...), left: s.ringWest.east().between(e, a),
	}
}

// eastBlocks: logistics and works of the park's own, between the reserve and the eastern ring.
func (s streets) eastBlocks() []block {
	k := bounded(s.avenue.north(), s.ringEast.west(), s.terrace.south(), s.lingang.east())
	u := bounded(s.terrace.north(), s.ringEast.west(), s.ringNorth.south(), s.lingang.east())
	v := bounded(s.service.north(), s.ringEast.west(), s.avenue.south(), s.lingang.east())
	w := bounded(s.riverside.north(), s.ringEast.west(), s.service.south(), s.lingang.east())
	k1, k2 := k.rows(.5, .46)
	ks := append(k1.columns(straight(.38, .38)), k2.columns(straight(.55, .54))...)
	u1, u2 := u.rows(.46, .5)
	us := append(u1.columns(straight(.52, .50)), u2.columns(straight(.40, .40))...)
	v1, v2 := v.rows(.44, .42)
	vs := append(v1.columns(straight(.22, .22), straight(.60, .60)), v2.columns(stepped(.38, .56, .5))...)
	w1, w2 := w.rows(.52, .46)
	ws := append(w1.columns(straight(.46, .46)), w2.columns(straight(.58, .58))...)
	return []block{
		{letter: "K", landUse: industry1, outline: k, plots: ks, corner: [4]float64{wide, wide, medium, medium}},
		{letter: "U", landUse: industry2, outline: u, plots: us, corner: [4]float64{medium, medium, wide, wide}},
		{letter: "V", landUse: storage, outline: v, plots: vs, corner: [4]float64{small, small, wide, wide},
			special: map[int]string{1: powerLand}},
		{letter: "W", landUse: storage, outline: w, plots: ws, corner: [4]float64{wide, wide, small, small},
			special: map[int]string{2: drainage}},
	}
}

// rings gives the plots' rings with the block's corners chamfered, still in the frame.
func (b block) rings() [][]pt {
	out := make([][]pt, len(b.plots))
	corners := b.outline.corners()
	for i, p := range b.plots {
		out[i] = p.ring()
		for k, c := range corners {
			if b.corner[k] > 0 {
				out[i] = chamfer(out[i], c, b.corner[k])
			}
		}
	}
	return out
}

func (b block) code(i int) string { return fmt.Sprintf("TX-%s%02d", b.letter, i+1) }
