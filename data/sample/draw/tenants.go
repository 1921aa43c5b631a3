package main

import "luodi/data/sample"

// grant is what a project has in the sample: which plot is whose is drawn, but for the neighbourhood that the report
// tells of.
type grant struct {
	project string
	parcels []string
	state   string
	days    int // a hold's term from the day of loading
}

var grants = []grant{
	{"F-TUOZHAN", []string{"TX-C01", "TX-C02", "TX-B02"}, "built", 0},
	{"F-PREPREG", []string{"TX-L03"}, "built", 0},
	{"F-ANDESEN", []string{"TX-L02"}, "supplied", 0},
	{"F-BANGDE", []string{"TX-L05"}, "supplied", 0},
	{"F-WEIDA", []string{"TX-G05"}, "built", 0},
	{"F-ZHONGBO", []string{"TX-G06", "TX-G07"}, "built", 0},
	{"F-HAOYA", []string{"TX-H02"}, "built", 0},
	{"F-JINWEI", []string{"TX-J03"}, "built", 0},
	{"F-HAORAN", []string{"TX-J01"}, "built", 0},
	{"F-MILIN", []string{"TX-M03"}, "reserved", 0},
	{"F-JIWEI", []string{"TX-N07"}, "reserved", 0},

	{"NV-01", []string{"TX-L01"}, "supplied", 0},
	{"NV-02", []string{"TX-M01"}, "supplied", 0},
	{"NV-03", []string{"TX-B03"}, "supplied", 0},
	{"NV-04", []string{"TX-A03"}, "supplied", 0},
	{"NV-05", []string{"TX-G02"}, "supplied", 0},
	{"NV-06", []string{"TX-H05"}, "reserved", 0},
	{"NV-07", []string{"TX-J05"}, "reserved", 0},
	{"NV-08", []string{"TX-N03", "TX-N04"}, "reserved", 0},
	{"JA-01", []string{"TX-M04"}, "reserved", 0},
	{"JA-02", []string{"TX-K02"}, "reserved", 0},
	{"JA-03", []string{"TX-F06"}, "reserved", 0},
	{"TK-01", []string{"TX-V04", "TX-V05"}, "hold", 90},
	{"TK-02", []string{"TX-K03"}, "hold", 60},
	{"TK-03", []string{"TX-U04"}, "hold", 120},
	{"TK-04", []string{"TX-M05"}, "hold", 30},
	{"TK-05", []string{"TX-G04"}, "hold", 90},

	{"PK-01", []string{"TX-C03"}, "supplied", 0},
	{"PK-02", []string{"TX-B04"}, "supplied", 0},
	{"PK-03", []string{"TX-H01"}, "supplied", 0},
	{"PK-04", []string{"TX-F05"}, "supplied", 0},
	{"MK-01", []string{"TX-D05"}, "supplied", 0},
	{"MK-02", []string{"TX-E02"}, "supplied", 0},
	{"MK-03", []string{"TX-J02"}, "supplied", 0},
	{"MK-04", []string{"TX-N01"}, "supplied", 0},
	{"MK-05", []string{"TX-S06"}, "supplied", 0},
	{"MK-06", []string{"TX-V03"}, "supplied", 0},
	{"MK-07", []string{"TX-E06"}, "supplied", 0},

	{"EX-01", []string{"TX-P01"}, "built", 0},
	{"EX-02", []string{"TX-P02"}, "built", 0},
	{"EX-03", []string{"TX-P04"}, "built", 0},
	{"EX-04", []string{"TX-P05"}, "built", 0},
	{"EX-05", []string{"TX-Q01"}, "built", 0},
	{"EX-06", []string{"TX-Q04"}, "built", 0},
	{"EX-07", []string{"TX-Q06", "TX-Q07"}, "built", 0},
	{"EX-08", []string{"TX-S01"}, "built", 0},
	{"EX-09", []string{"TX-S03", "TX-S05"}, "built", 0},
	{"EX-10", []string{"TX-A01"}, "built", 0},
	{"EX-11", []string{"TX-D01", "TX-D02"}, "built", 0},
	{"EX-12", []string{"TX-D06"}, "built", 0},
	{"EX-13", []string{"TX-E01"}, "built", 0},
	{"EX-14", []string{"TX-W01"}, "built", 0},
}

// allotments: of a named firm the report tells neither supply mode nor term, so none is stated; the numbered ones
// follow the published tender.
func allotments() []sample.Allotment {
	var out []sample.Allotment
	for _, g := range grants {
		a := sample.Allotment{Project: g.project, Parcels: g.parcels, State: g.state}
		if g.state == "hold" {
			days := g.days
			a.HoldDays = &days
		}
		if g.project[:2] != "F-" && (g.state == "supplied" || g.state == "built") {
			mode, years := "listing", 50.0
			a.SupplyMode, a.TermYears = &mode, &years
			a.Terms = map[string]any{"invest_per_mu": 250, "output_per_mu": 400, "tax_per_mu": 20}
		}
		out = append(out, a)
	}
	return out
}
