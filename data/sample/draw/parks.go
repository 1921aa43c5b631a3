package main

import "luodi/data/sample"

// neighbour is one of the district's other parks: a boundary of four bent sides and the main roads in it. Nothing else
// of them is drawn.
type neighbour struct {
	code, zh, en string
	corner       [4]pt // counter-clockwise from the south-west
	bend         [4]pt // a point that each side passes through, the southern side first
	roads        []road
}

var neighbours = []neighbour{
	{"engineering-plastics", "高性能工程塑料产业园", "High-Performance Engineering Plastics Park",
		[4]pt{{2560, -330}, {4060, -210}, {4230, 860}, {2480, 830}},
		[4]pt{{3300, -420}, {4210, 330}, {3350, 850}, {2450, 240}},
		[]road{
			{"RD-1", "工塑大道", "Engineering Plastics Avenue", "main", 36,
				smooth(pt{2452, 300}, pt{3200, 200}, pt{4205, 300})},
			{"RD-2", "改性路", "Compounding Road", "branch", 24, smooth(pt{3290, -400}, pt{3240, 200}, pt{3330, 880})},
		}},
	{"sino-japanese", "中日产业园", "Sino-Japanese Industrial Park",
		[4]pt{{3380, 1480}, {5080, 1690}, {5240, 2960}, {3300, 2860}},
		[4]pt{{4200, 1500}, {5260, 2300}, {4250, 3080}, {3240, 2150}},
		[]road{
			{"RD-1", "中日大道", "Sino-Japanese Avenue", "main", 36,
				smooth(pt{3245, 2230}, pt{4200, 2260}, pt{5255, 2380})},
			{"RD-2", "精工路", "Precision Road", "branch", 24, smooth(pt{4180, 1490}, pt{4230, 2260}, pt{4180, 3070})},
			{"RD-3", "连接线", "Link road", "main", 36, smooth(pt{4180, 910}, pt{4120, 1200}, pt{4180, 1490})},
		}},
	{"sino-european", "中欧产业园", "Sino-European Industrial Park",
		[4]pt{{2950, -2350}, {4780, -2150}, {4900, -950}, {2840, -900}},
		[4]pt{{3800, -2430}, {4950, -1500}, {3900, -760}, {2780, -1600}},
		[]road{
			{"RD-1", "中欧大道", "Sino-European Avenue", "main", 36,
				smooth(pt{2782, -1560}, pt{3850, -1600}, pt{4945, -1480})},
			{"RD-2", "欧亚路", "Eurasia Road", "branch", 24, smooth(pt{3790, -2425}, pt{3850, -1600}, pt{3780, -770})},
			{"RD-3", "连接线", "Link road", "main", 36, smooth(pt{3780, -770}, pt{3560, -580}, pt{3300, -420})},
		}},
	{"logistics", "国际物流园", "International Logistics Park",
		[4]pt{{-1250, 1400}, {-420, 1380}, {560, 2330}, {-1280, 2480}},
		[4]pt{{-760, 1320}, {40, 1840}, {-480, 2750}, {-1320, 1950}},
		[]road{
			{"RD-1", "物流大道", "Logistics Avenue", "main", 36, smooth(pt{-1315, 1910}, pt{-600, 1940}, pt{60, 1855})},
			{"RD-2", "集装箱路", "Container Road", "branch", 24, smooth(pt{-760, 1322}, pt{-640, 1940}, pt{-480, 2748})},
			{"RD-3", "连接线", "Link road", "main", 36, smooth(pt{-900, 570}, pt{-860, 950}, pt{-760, 1322})},
		}},
	{"cross-border-ecommerce", "跨境电商产业园", "Cross-Border E-Commerce Park",
		[4]pt{{1640, 2080}, {2780, 2180}, {2860, 3200}, {1720, 3320}},
		[4]pt{{2200, 2060}, {2900, 2700}, {2300, 3360}, {1580, 2700}},
		[]road{
			{"RD-1", "电商大道", "E-Commerce Avenue", "main", 36, smooth(pt{1420, 2640}, pt{2200, 2680}, pt{2895, 2640})},
			{"RD-2", "保税路", "Bonded Road", "branch", 24, smooth(pt{2190, 2062}, pt{2230, 2680}, pt{2290, 3355})},
		}},
}

// boundary of a neighbour, in the frame.
func (n neighbour) boundary() []pt {
	var ring []pt
	for i, c := range n.corner {
		side := smooth(c, n.bend[i], n.corner[(i+1)%4])
		ring = append(ring, side[:len(side)-1]...)
	}
	return ring
}

func (n neighbour) park() sample.Park {
	p := sample.Park{
		Named: sample.Named{Code: n.code, NameZH: n.zh, NameEN: n.en},
		Geom:  multiPolygon(placeAll(n.boundary())),
	}
	for _, r := range crossed(n.roads) {
		p.Networks = append(p.Networks, r.network())
	}
	return p
}

// The links beyond the park. The harbour is where Weihai's lies, to the north-east; the ways to it only show that they
// exist.
var (
	expressway = road{"RD-X", "高速公路（示意）", "Expressway (illustrative)", "expressway", 34,
		smooth(pt{-2600, -4200}, pt{-1980, -1500}, pt{-1640, 500}, pt{-1900, 2400}, pt{-1500, 5200})}
	harbourRoad = road{"RD-H", "疏港通道（示意）", "Harbour link (illustrative)", "trunk", 40,
		smooth(pt{1420, 2300}, pt{1480, 3300}, pt{3300, 4700}, pt{9500, 10700}, pt{16750, 18500})}
	railway = road{"RL-1", "铁路干线（示意）", "Railway (illustrative)", "trunk", 30,
		smooth(pt{-2900, -3600}, pt{-1750, -1150}, pt{-980, 250}, pt{-700, 640}, pt{-420, 1010}, pt{100, 1560},
			pt{900, 2120}, pt{1220, 3600},
			pt{2600, 6000}, pt{7600, 12000}, pt{16600, 18700})}
	harbour = pt{16891, 18762}
)
