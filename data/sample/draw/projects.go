package main

import (
	"fmt"

	"luodi/data/sample"
)

const (
	report   = "新闻报道 2022-05-28（威海临港区） / news report of 2022-05-28 on Weihai's Lingang district"
	stood    = "占位：报道只给出合计，本行由样例分配 / placeholder: the report gives totals only, this row is the sample's"
	noSource = "占位：报道未具名 / placeholder: not named in the report"
)

// firm is a company that the report names, or its one unnamed neighbour, with a project of its own.
type firm struct {
	code, zh, en, projectZH, projectEN, stage string
	industry                                  []string
	investment                                int64
	figures                                   map[string]any
	milestones                                []sample.Milestone
	unnamed                                   bool // the report tells of the plant and not of the firm
	project                                   bool
}

var fourMonths = []sample.Milestone{
	{Stage: "signed", ReachedOn: "2022-04-30",
		Evidence: "报道：1—4 月签约，取期末日 / report: signed January to April, the period's last day"},
	{Stage: "landed", ReachedOn: "2022-04-30",
		Evidence: "报道：1—4 月落地，取期末日 / report: landed January to April, the period's last day"},
}

var building = append(fourMonths[:2:2],
	sample.Milestone{Stage: "started", ReachedOn: "2022-05-28",
		Evidence: "报道：厂房在建，取报道日 / report: its plant is under construction, the report's day"})

var firms = []firm{
	{code: "F-TUOZHAN", zh: "拓展纤维", en: "Tuozhan Fibre", projectZH: "拓展纤维碳纤维生产",
		projectEN: "Tuozhan Fibre: carbon fibre production", stage: "fibre", industry: []string{"2829", "3091"},
		project: true},
	{code: "F-WEIDA", zh: "威达", en: "Weida", projectZH: "威达厂区", projectEN: "Weida works", project: true},
	{code: "F-ZHONGBO", zh: "中玻", en: "Zhongbo", projectZH: "中玻厂区", projectEN: "Zhongbo works", project: true},
	{code: "F-HAOYA", zh: "豪雅", en: "Haoya", projectZH: "豪雅厂区", projectEN: "Haoya works", project: true},
	{code: "F-JINWEI", zh: "金威", en: "Jinwei", projectZH: "金威厂区", projectEN: "Jinwei works", project: true},
	{code: "F-HAORAN", zh: "浩然特塑", en: "Haoran Special Plastics", projectZH: "浩然特塑厂区",
		projectEN: "Haoran Special Plastics works", project: true},
	{code: "F-BANGDE-SZ", zh: "深圳邦德复合材料制品有限公司", en: "Shenzhen Bangde Composite Products Co., Ltd."},
	{code: "F-BANGDE", zh: "邦德汽车轻量化", en: "Bangde Automotive Lightweighting", projectZH: "邦德汽车轻量化项目",
		projectEN: "Bangde automotive lightweighting project", stage: "parts", industry: []string{"2929"},
		figures:    map[string]any{"models_over": 3000, "export_share": 1, "investor": "深圳邦德复合材料制品有限公司"},
		milestones: building, project: true},
	{code: "F-ANDESEN", zh: "威海安德森复合材料", en: "Weihai Andersen Composites", projectZH: "安德森复合材料项目",
		projectEN: "Andersen composites project", stage: "parts", milestones: building, project: true},
	{code: "F-PREPREG", zh: "预浸料厂（报道未具名）", en: "Prepreg plant (not named in the report)", projectZH: "预浸料厂（报道未具名）",
		projectEN: "Prepreg plant (not named in the report)", stage: "prepreg", unnamed: true, project: true},
	{code: "F-MILIN", zh: "米林新材料", en: "Milin New Materials", projectZH: "米林新材料项目",
		projectEN: "Milin New Materials project", milestones: fourMonths, project: true},
	{code: "F-JIWEI", zh: "吉威液压破碎锤", en: "Jiwei Hydraulic Breakers", projectZH: "吉威液压破碎锤项目",
		projectEN: "Jiwei hydraulic breaker project", milestones: fourMonths, project: true},
	{code: "F-GUOYAO", zh: "国药", en: "Guoyao", projectZH: "国药项目", projectEN: "Guoyao project", milestones: fourMonths,
		project: true},
	{code: "F-YOUKANG", zh: "优康利莱", en: "Youkang Lilai", projectZH: "优康利莱健康产业园",
		projectEN: "Youkang Lilai health park", investment: 800_000_000, project: true,
		figures: map[string]any{"production_year": 2023, "sales_cny_per_year": 200_000_000,
			"sales_cny_per_year_five_years_later": 400_000_000}},
}

func parties() []sample.Party {
	var out []sample.Party
	for _, f := range firms {
		out = append(out, sample.Party{NameZH: f.zh, NameEN: f.en, Named: !f.unnamed, Placeholder: f.unnamed,
			Source: report})
	}
	return out
}

// projects are the firms' projects; the key projects, whose rows add up to the report's rates and sums; numbered ones
// that the report counts without naming; and what was signed and landed in four months beside the named firms.
func projects() []sample.Project {
	var out []sample.Project
	for _, f := range firms {
		if f.project {
			out = append(out, f.asProject())
		}
	}
	out = append(out, key("PK", "省重点项目", "Provincial key project", "provincial_key", 12, 10, 61_500)...)
	out = append(out, key("MK", "市重大项目", "Municipal key project", "municipal_key", 42, 39, 125_900)...)
	out = append(out, numbered("NV", "上年11月签约强链项目", "Chain project signed in November", 15,
		sample.Milestone{Stage: "signed", ReachedOn: "2021-11-30",
			Evidence: "报道：上年11月签约15个，取月末日 / report: 15 signed the November before, the month's last day"})...)
	out = append(out, numbered("JA", "1—4月新增强链项目", "Chain project joined January to April", 4,
		sample.Milestone{Stage: "signed", ReachedOn: "2022-04-30",
			Evidence: "报道：1—4 月新增4个，取期末日 / report: 4 joined from January to April, the period's last day"})...)
	out = append(out, numbered("TK", "在谈大项目", "Large project in talks", 5,
		sample.Milestone{Stage: "in_talks", ReachedOn: "2022-05-28",
			Evidence: "报道：在谈5个，取报道日 / report: 5 in talks, the report's day"})...)
	out = append(out, numbered("EX", "既有项目", "Existing works", 14)...)
	return append(out, signedAndLanded("SL", 12, 360_000)...)
}

// counted is the listing of the 17 key projects that the report counts as signed and landed in four months.
var counted = []sample.Tag{{Tag: "signing_key", From: "2022-01-01", Until: "2023-01-01"}}

// signedAndLanded gives the n of them that the report doesn't name. They carry all of the 3.6 bn CNY, in 10,000 CNY
// unevenly and exactly: a named firm gets no amount that the report doesn't state.
func signedAndLanded(prefix string, n int, all10k int64) []sample.Project {
	out := numbered(prefix, "签约落地重点项目", "Key project signed and landed", n)
	left, weights := all10k, int64(0)
	weight := func(i int) int64 { return int64(4 + i*5%9) }
	for i := range out {
		weights += weight(i)
	}
	for i := range out {
		share := all10k * weight(i) / weights
		if i == n-1 {
			share = left
		}
		left -= share
		cny := share * 10_000
		p := &out[i]
		p.Source, p.Tags, p.InvestmentCNY = report, counted, &cny
		for _, m := range fourMonths {
			p.Milestones = append(p.Milestones, sample.Milestone{Stage: m.Stage, ReachedOn: m.ReachedOn, Evidence: stood})
		}
	}
	return out
}

func (f firm) asProject() sample.Project {
	p := sample.Project{
		Code: f.code, Party: f.zh, NameZH: f.projectZH, NameEN: f.projectEN, ChainStage: f.stage, Figures: f.figures,
		Named:       true,
		Placeholder: f.unnamed, Source: report, Milestones: f.milestones,
	}
	for _, code := range f.industry {
		p.IndustryCodes = append(p.IndustryCodes, sample.Industry{Code: code, Edition: "GB/T 4754-2017"})
	}
	if len(f.milestones) > 0 {
		p.Tags = counted
	}
	if f.investment > 0 {
		p.InvestmentCNY = &f.investment
	}
	return p
}

func numbered(prefix, zh, en string, n int, reached ...sample.Milestone) []sample.Project {
	var out []sample.Project
	for i := 1; i <= n; i++ {
		out = append(out, sample.Project{
			Code: fmt.Sprintf("%s-%02d", prefix, i), NameZH: fmt.Sprintf("%s %02d（占位）", zh, i),
			NameEN:      fmt.Sprintf("%s %02d (placeholder)", en, i),
			Placeholder: true, Source: noSource, Milestones: reached,
		})
	}
	return out
}

// key gives n key projects, of which the first started had begun by the end of March 2022; what was paid, in 10,000
// CNY, is spread over those unevenly and adds up exactly.
func key(prefix, zh, en, tag string, n, started int, paid10k int64) []sample.Project {
	out := numbered(prefix, zh, en, n, sample.Milestone{Stage: "landed", ReachedOn: "2021-12-31", Evidence: stood})
	left, weights := paid10k, int64(0)
	weight := func(i int) int64 { return int64(5 + i*7%11) }
	for i := range started {
		weights += weight(i)
	}
	for i := range out {
		p := &out[i]
		p.Source = report
		p.Tags = []sample.Tag{{Tag: tag, From: "2022-01-01", Until: "2023-01-01"}}
		if i >= started {
			continue
		}
		p.Milestones = append(p.Milestones[:1:1], sample.Milestone{Stage: "started",
			ReachedOn: fmt.Sprintf("2022-%02d-%02d", 1+i%3, 5+i*5%23), Evidence: stood})
		share := paid10k * weight(i) / weights
		if i == started-1 {
			share = left
		}
		left -= share
		p.Investments = []sample.Investment{{Until: "2022-03-31", PaidCNY: share * 10_000, Evidence: stood}}
	}
	return out
}

// teams are the six task forces and eleven promotion teams that the report counts without naming.
func teams() []sample.Team {
	var out []sample.Team
	for _, kind := range []struct {
		kind, zh, en string
		n            int
	}{{"task_force", "专班", "Task force", 6}, {"promotion", "招商队伍", "Promotion team", 11}} {
		for i := 1; i <= kind.n; i++ {
			out = append(out, sample.Team{Kind: kind.kind, Number: i, NameZH: fmt.Sprintf("%s %02d（占位）", kind.zh, i),
				NameEN: fmt.Sprintf("%s %02d (placeholder)", kind.en, i), Placeholder: true, Source: noSource})
		}
	}
	return out
}
