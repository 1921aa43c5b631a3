package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"luodi/api/auth"
	"luodi/data/registry"
	"luodi/geo"
)

// china is where figures of a district have their day.
var china = time.FixedZone("CST", 8*60*60)

// AsOf asks for figures of projects as of a day.
type AsOf struct {
	InDistrict
	On         string            `query:"on" format:"date" doc:"The day as of which is counted, by the dates of milestones, tags and money; today in China without it."`
	By         registry.Grouping `query:"by" enum:"tag,park,task_force,quarter" default:"tag" doc:"What the figures are told apart by; quarter: that in which a project was signed. A project counts in each of its tags and parks."`
	Tag        string            `query:"tag" enum:"provincial_key,municipal_key,signing_key" doc:"Only projects listed so on the day."`
	Park       string            `query:"park" doc:"A park's code: only projects that are its business."`
	SignedFrom string            `query:"signed_from" format:"date" doc:"Only projects signed on this day or later: a cohort."`
	SignedTo   string            `query:"signed_to" format:"date" doc:"Only projects signed on this day or before."`
}

// figuringRows asks for the rows behind a figure.
type figuringRows struct {
	AsOf
	Key   string `query:"key" doc:"The group's key; all projects without it, those without a group for '-'."`
	From  int    `query:"from" minimum:"0" maximum:"1000000" doc:"How many to leave out: next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

func (in AsOf) query() registry.TallyQuery {
	return registry.TallyQuery{On: in.On, Tag: in.Tag, Park: in.Park, SignedFrom: in.SignedFrom, SignedTo: in.SignedTo}
}

type tallyList struct {
	Groups []registry.Tally       `json:"groups"`
	All    registry.Tally         `json:"all" doc:"Every project once."`
	Funnel []registry.FunnelStage `json:"funnel" doc:"The active projects by the furthest stage they had reached."`
}

type tallyRows struct {
	Projects []registry.TallyRow `json:"projects" doc:"By code."`
	All      int                 `json:"all" doc:"How many there are on all pages."`
	Next     *int                `json:"next" nullable:"true" doc:"What from takes for the next page; null: these are the last."`
}

// pageOf cuts rows to a page.
func pageOf(rows []registry.TallyRow, from, limit int) tallyRows {
	from = min(from, len(rows))
	to := min(from+limit, len(rows))
	page := tallyRows{Projects: rows[from:to], All: len(rows)}
	if to < len(rows) {
		page.Next = &to
	}
	return page
}

func (d *domain) addFigures() {
	const figures = "/api/figures"
	desk(d, deskRoute{http.MethodGet, figures, "figures", http.StatusOK}, d.readFigures)
	desk(d, deskRoute{http.MethodGet, figures + "/projects", "figures.projects", http.StatusOK}, d.readFigureRows)
}

func (d *domain) readFigures(ctx context.Context, in *AsOf) (int, tallyList, error) {
	rows, err := d.figureRows(ctx, in)
	if err != nil {
		return 0, tallyList{}, err
	}
	groups, all := registry.Tallies(rows, in.By)
	return 0, tallyList{groups, all, registry.Funnel(rows)}, nil
}

func (d *domain) readFigureRows(ctx context.Context, in *figuringRows) (int, tallyRows, error) {
	rows, err := d.figureRows(ctx, &in.AsOf)
	if err != nil || in.Key == "" {
		return 0, pageOf(rows, in.From, in.Limit), err
	}
	key := in.Key
	if key == "-" {
		key = ""
	}
	rows = slices.DeleteFunc(rows, func(row registry.TallyRow) bool { return !slices.Contains(in.By.Keys(row), key) })
	return 0, pageOf(rows, in.From, in.Limit), nil
}

func (d *domain) figureRows(ctx context.Context, in *AsOf) ([]registry.TallyRow, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return nil, err
	}
	if today := time.Now().In(china).Format(time.DateOnly); in.On > today {
		return nil, geo.NewInvalid("on", "flow.not_after", in.On, "day", today)
	}
	return d.registry.TallyRows(ctx, of, in.query())
}
