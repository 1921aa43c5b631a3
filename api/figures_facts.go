package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"luodi/api/auth"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/registry"
	"luodi/geo"
	"luodi/geo/land"
)

// FactsAsOf asks for figures of starts, money and land as of a day.
type FactsAsOf struct {
	InDistrict
	On         string            `query:"on" format:"date" doc:"The day as of which is counted; today in China without it."`
	By         registry.Grouping `query:"by" enum:"tag,park,task_force,team,quarter" default:"tag" doc:"What the figures are told apart by; team: whose first contact was live on the day; quarter: that in which a project was signed. A project counts in each of its tags and parks."`
	Tag        string            `query:"tag" enum:"provincial_key,municipal_key,signing_key" doc:"Only projects listed so on the day."`
	Park       string            `query:"park" doc:"A park's code: only projects that are its business, and only its land."`
	SignedFrom string            `query:"signed_from" format:"date" doc:"Only projects signed on this day or later: a cohort."`
	SignedTo   string            `query:"signed_to" format:"date" doc:"Only projects signed on this day or before."`
}

// factRowsOf asks for the rows behind a figure.
type factRowsOf struct {
	FactsAsOf
	Key    string `query:"key" doc:"The group's key; all projects without it, those without a group for '-'."`
	Figure string `query:"figure" maxLength:"60" doc:"started, land_started, need, reached.STAGE or money.KIND.SPAN.CURRENCY: only the projects that count in it; all without it." example:"money.paid.to_date.CNY"`
}

type factList struct {
	Groups []registry.FactTally  `json:"groups"`
	All    registry.FactTally    `json:"all" doc:"Every project once."`
	Funnel []registry.FunnelStep `json:"funnel" doc:"By stage how many had come so far or further, of those that had come to the stage before; paused and lost ones count."`
	Demand registry.LandDemand   `json:"demand"`
	Supply landSupply            `json:"supply"`
}

// landSupply is the land of parks that can still be given, by their balances on the day.
type landSupply struct {
	FreeMu    *float64     `json:"free_mu" nullable:"true" doc:"Null: known of no park."`
	ReserveMu *float64     `json:"reserve_mu" nullable:"true"`
	Unknown   int          `json:"unknown" doc:"Of how many parks no record is as old as the day."`
	Parks     []parkSupply `json:"parks"`
}

type parkSupply struct {
	Park      string   `json:"park"`
	FreeMu    *float64 `json:"free_mu" nullable:"true" doc:"Land that may be allotted; null: no record is as old as the day."`
	ReserveMu *float64 `json:"reserve_mu" nullable:"true" doc:"Land set aside."`
}

type factRows struct {
	Projects []registry.FactRow `json:"projects"`
}

func (d *domain) addFactFigures() {
	const figures = "/api/figures/facts"
	desk(d, deskRoute{http.MethodGet, figures, "figures.facts", http.StatusOK}, d.readFacts)
	desk(d, deskRoute{http.MethodGet, figures + "/projects", "figures.facts.projects", http.StatusOK}, d.readFactRows)
}

func (d *domain) readFacts(ctx context.Context, in *FactsAsOf) (int, factList, error) {
	of, rows, err := d.factRows(ctx, in)
	if err != nil {
		return 0, factList{}, err
	}
	list := factList{Funnel: registry.FunnelSteps(rows), Demand: registry.DemandOf(rows)}
	list.Groups, list.All = registry.FactTallies(rows, in.By)
	list.Supply, err = d.supplyOf(ctx, of, in)
	return 0, list, err
}

func (d *domain) readFactRows(ctx context.Context, in *factRowsOf) (int, factRows, error) {
	_, rows, err := d.factRows(ctx, &in.FactsAsOf)
	if err != nil {
		return 0, factRows{}, err
	}
	if in.Key != "" {
		key := in.Key
		if key == "-" {
			key = ""
		}
		rows = slices.DeleteFunc(rows, func(row registry.FactRow) bool {
			return !slices.Contains(row.Keys(in.By),
				key)
		})
	}
	rows, err = registry.BehindFigure(rows, in.Figure)
	return 0, factRows{rows}, err
}

func (d *domain) factRows(ctx context.Context, in *FactsAsOf) (registry.Business, []registry.FactRow, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return of, nil, err
	}
	if today := time.Now().In(china).Format(time.DateOnly); in.On > today {
		return of, nil, geo.NewInvalid("on", "flow.not_after", in.On, "day", today)
	}
	rows, err := d.registry.FactRows(ctx, of, registry.TallyQuery{On: in.On, Tag: in.Tag, Park: in.Park,
		SignedFrom: in.SignedFrom, SignedTo: in.SignedTo})
	return of, rows, err
}

// supplyOf sums the land of the parks that one may see, by their balances at the end of the day.
func (d *domain) supplyOf(ctx context.Context, of registry.Business, in *FactsAsOf) (landSupply, error) {
	s := landSupply{Parks: []parkSupply{}}
	codes, err := d.registry.ParksOf(ctx, of, in.Park)
	if err != nil {
		return s, err
	}
	err = d.feed.View(ctx, func(v *feed.View) error {
		for _, code := range codes {
			park, err := v.Park(ctx, code)
			if err != nil {
				return err
			}
			at, err := request.Past("on", in.On, park.TimeZone)
			if err != nil {
				return err
			}
			b, err := v.Balance(ctx, code, at)
			if err != nil {
				return err
			}
			s.add(b)
		}
		return nil
	})
	return s, err
}

func (s *landSupply) add(b *feed.Balance) {
	one := parkSupply{Park: b.Park}
	if b.StateSeq == 0 {
		s.Unknown++
		s.Parks = append(s.Parks, one)
		return
	}
	var free, reserve float64
	for _, row := range b.Rows {
		switch row.Status {
		case land.ParcelAvailable:
			free += row.LegalMu.Float()
		case land.ParcelReserve:
			reserve += row.LegalMu.Float()
		}
	}
	one.FreeMu, one.ReserveMu = &free, &reserve
	s.Parks = append(s.Parks, one)
	s.FreeMu, s.ReserveMu = plus(s.FreeMu, free), plus(s.ReserveMu, reserve)
}

// plus adds to a sum that may be unknown so far.
func plus(sum *float64, more float64) *float64 {
	if sum != nil {
		more += *sum
	}
	return &more
}
