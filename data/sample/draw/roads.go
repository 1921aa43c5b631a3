package main

// road is a street: its centre runs west to east or south to north, and half its width to each side is its corridor.
type road struct {
	code, zh, en, grade string
	width               float64
	centre              course
}

func (r road) north() course { return r.centre.offset(r.width / 2) }
func (r road) south() course { return r.centre.offset(-r.width / 2) }
func (r road) west() course  { return r.centre.offset(r.width / 2) }
func (r road) east() course  { return r.centre.offset(-r.width / 2) }

// streets of the carbon-fibre park. The report names no road: these names say what the roads are for.
type streets struct {
	ringWest, ringNorth, ringEast, riverside, avenue road // the frame
	fibre, innovation, lingang                       road // south to north
	spinning, incubation, assembly, loop, terrace    road // west to east
	prepreg, workshop, laboratory, bench, service    road // lanes
	siding                                           road // rail
}

const sidingWidth = 24.0

// lay draws the streets. southShift moves the production zone's southern road, eastShift the road east of the reserve:
// the two unknowns that the stated areas fix.
func lay(southShift, eastShift float64) streets {
	var s streets
	s.ringWest = road{"RD-W", "西环路", "West Ring Road", "main", 36,
		smooth(pt{40, -210}, pt{2, 40}, pt{-30, 340}, pt{-8, 640}, pt{38, 950}, pt{30, 1360})}
	s.ringNorth = road{"RD-N", "北环路", "North Ring Road", "main", 36,
		smooth(pt{-140, 1225}, pt{250, 1290}, pt{640, 1268}, pt{1120, 1296}, pt{1560, 1392}, pt{2140, 1420})}
	s.ringEast = road{"RD-E", "东环路", "East Ring Road", "main", 36,
		smooth(pt{1900, -130}, pt{1955, 150}, pt{2010, 520}, pt{1985, 880}, pt{1930, 1180}, pt{1945, 1560})}
	s.riverside = road{"RD-S", "滨河路", "Riverside Road", "main", 30,
		smooth(pt{-160, 66}, pt{0, 48}, pt{260, -12}, pt{560, 44}, pt{880, 116}, pt{1200, 76}, pt{1500, 52},
			pt{1800, 138}, pt{2120, 204})}
	s.avenue = road{"RD-T", "碳谷大道", "Carbon Valley Avenue", "trunk", 50,
		smooth(pt{-1650, 500}, pt{-700, 585}, pt{-60, 640}, pt{300, 646}, pt{600, 662}, pt{1120, 736}, pt{1540, 796},
			pt{1985, 822}, pt{2700, 890}, pt{4300, 905}, pt{6400, 1240})}
	s.fibre = road{"RD-A", "纤维路", "Fibre Road", "main", 30,
		smooth(pt{590, 0}, pt{570, 330}, pt{562, 655}, pt{596, 980}, pt{619, 1310})}
	s.innovation = road{"RD-B", "创新路", "Innovation Road", "main", 36,
		smooth(pt{1176, -60}, pt{1152, 400}, pt{1128, 735}, pt{1164, 1010}, pt{1206, 1320}, pt{1270, 1700},
			pt{1420, 2300})}
	s.lingang = road{"RD-C", "临港路", "Lingang Road", "branch", 24,
		smooth(pt{1650 + eastShift, 20}, pt{1664 + eastShift, 420}, pt{1648 + eastShift, 640}, pt{1640, 810},
			pt{1612, 1080}, pt{1592, 1450})}
	s.spinning = road{"RD-1", "纺丝路", "Spinning Road", "branch", 20,
		smooth(pt{0, 930}, pt{300, 938}, pt{630, 971})}
	s.incubation = road{"RD-2", "孵化路", "Incubation Road", "branch", 20,
		smooth(pt{560, 993}, pt{860, 984}, pt{1200, 1025})}
	s.assembly = road{"RD-3", "装配路", "Assembly Road", "branch", 24,
		smooth(pt{540, 262 + southShift}, pt{860, 326 + southShift}, pt{1190, 337 + southShift})}
	s.loop = road{"RD-4", "环形支路", "Loop Street", "branch", 20,
		smooth(pt{263, 670}, pt{256, 500}, pt{300, 366}, pt{420, 286}, pt{610, 256})}
	s.terrace = road{"RD-5", "坡地路", "Terrace Street", "branch", 20,
		smooth(pt{1120, 1060}, pt{1380, 1062}, pt{1612, 1112}, pt{1800, 1148}, pt{1970, 1158})}
	s.prepreg = road{"RD-6", "预浸路", "Prepreg Street", "lane", 15,
		smooth(pt{535, 463 + southShift/2}, pt{860, 508 + southShift/2}, pt{1175, 538 + southShift/2})}
	s.laboratory = road{"RD-7", "试验路", "Laboratory Street", "lane", 15,
		smooth(pt{867, 670}, pt{873, 1020})}
	s.bench = road{"RD-8", "中试路", "Pilot Street", "lane", 12,
		smooth(pt{555, 837}, pt{720, 832}, pt{895, 849})}
	s.workshop = road{"RD-9", "工坊路", "Workshop Street", "lane", 14,
		smooth(pt{-50, 156}, pt{160, 236}, pt{350, 368})}
	s.service = road{"RD-10", "配套路", "Service Street", "lane", 15,
		smooth(pt{1630, 454}, pt{1820, 446}, pt{2040, 475})}
	s.siding = road{"RL-2", "货运专用线", "Freight siding", "branch", sidingWidth,
		smooth(pt{-700, 640}, pt{-520, 850}, pt{-300, 1000}, pt{-70, 1080}, pt{40, 1107}, pt{330, 1130}, pt{612, 1122})}
	return s
}

// all streets that carry vehicles, each ending on the street where it ends, the widest grades first.
func (s streets) all() []road {
	n, e, w, t, river := &s.ringNorth, &s.ringEast, &s.ringWest, &s.avenue, &s.riverside
	a, b, c := &s.fibre, &s.innovation, &s.lingang
	return []road{
		s.avenue, w.trimmed(nil, n), n.trimmed(w, e), e.trimmed(nil, n), river.trimmed(w, e),
		a.trimmed(river, n), b.trimmed(river, nil), c.trimmed(river, n),
		s.spinning.trimmed(w, a), s.incubation.trimmed(a, b), s.assembly.trimmed(a, b), s.loop.trimmed(t, a),
		s.terrace.trimmed(b, e),
		s.prepreg.trimmed(a, b), s.laboratory.trimmed(t, &s.incubation), s.bench.trimmed(a, &s.laboratory),
		s.workshop.trimmed(w, &s.loop), s.service.trimmed(c, e),
	}
}

// trimmed cuts a street's centre back to where it meets the streets given; nil leaves an end as drawn.
func (r road) trimmed(from, to *road) road {
	a, b := r.centre[0], r.centre[len(r.centre)-1]
	if from != nil {
		a = r.centre.mustMeet(from.centre)
	}
	if to != nil {
		b = r.centre.mustMeet(to.centre)
	}
	r.centre = r.centre.between(a, b)
	return r
}

// crossed gives every road a node where another meets it.
func crossed(roads []road) []road {
	out := make([]road, len(roads))
	for i, r := range roads {
		for k, other := range roads {
			if p, ok := r.centre.meet(other.centre); ok && i != k {
				r.centre = r.centre.with(p)
			}
		}
		out[i] = r
	}
	return out
}

const riverWidth = 36.0

func river() course {
	return smooth(pt{-300, -10}, pt{0, -62}, pt{260, -118}, pt{560, -44}, pt{880, 26}, pt{1200, -26}, pt{1500, -66},
		pt{1800, 24}, pt{2200, 116})
}

// boundary of the park: the outer kerbs of its ring roads, and the far bank of the river.
func (s streets) boundary() patch {
	return bounded(river().offset(-riverWidth/2), s.ringEast.east(), s.ringNorth.north(), s.ringWest.west())
}

// greens are the land of the plan that is no parcel: the belt along the river, and the river.
func (s streets) greens() (belt, water patch) {
	north, south := river().offset(riverWidth/2), river().offset(-riverWidth/2)
	belt = bounded(north, s.ringEast.west(), s.riverside.south(), s.ringWest.east())
	return belt, bounded(south, s.ringEast.west(), north, s.ringWest.east())
}
