package api

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"luodi/api/request"
	"luodi/data/feed"
	"luodi/data/siting"
)

type browsing struct {
	InPark
	Datetime string `query:"datetime" doc:"An RFC 3339 instant, or a date: the end of that day in the park's time zone. Now without it." example:"2026-06-30"`
}

// browseAnswer is what free land is filtered and sorted by, besides what the feed of parcels tells: by columns, as one
// answer holds all of a park.
type browseAnswer struct {
	Park     string         `json:"park"`
	Seq      int64          `json:"seq" doc:"The park's clock when this was answered: every change up to it is in the answer."`
	At       *time.Time     `json:"at" nullable:"true"`
	Scope    string         `json:"scope" enum:"public,planner" doc:"public: by what is public alone."`
	Day      string         `json:"day" format:"date" doc:"The day from which ready_days counts, in the park's time zone."`
	IDs      []uuid.UUID    `json:"ids" doc:"The free parcels, by code: the values of each measure follow each other as these do."`
	Measures []browseColumn `json:"measures"`
	Hazards  []browseHazard `json:"hazards" doc:"How far each hazard class must keep from land where people live."`
}

type browseColumn struct {
	Measure string     `json:"measure" doc:"As a question's criteria name it."`
	Name    bilingual  `json:"name"`
	Unit    string     `json:"unit"`
	None    bool       `json:"none,omitempty" doc:"There is nothing of the kind to be near: any distance is kept."`
	Values  []*float64 `json:"values" doc:"To two decimals; null where nobody knows."`
	Least   []*float64 `json:"least,omitempty" doc:"Where the public is told a word or a band, its lower end."`
	Most    []*float64 `json:"most,omitempty" doc:"Its upper end."`
}

type browseHazard struct {
	Class   string  `json:"class"`
	LivingM float64 `json:"living_m"`
	Source  string  `json:"source"`
	Edition string  `json:"edition"`
}

func (d *domain) addBrowse() {
	weigh(d, http.MethodGet, "/api/parks/{park}/measures", "measures", d.browse)
}

// browse measures the free land of a park, now or at an instant.
func (d *domain) browse(ctx context.Context, in *browsing) (*browseAnswer, error) {
	at, zone, err := d.moment(ctx, in)
	if err != nil {
		return nil, err
	}
	spacings, err := d.siting.Spacings(ctx)
	if err != nil {
		return nil, err
	}
	today := time.Now()
	if at != nil {
		today = *at
	}
	day := today.In(zone).Format(time.DateOnly)
	if today, err = time.Parse(time.DateOnly, day); err != nil {
		return nil, err
	}
	out := &browseAnswer{Park: in.Park, At: at, Day: day, Scope: "public", Measures: []browseColumn{},
		Hazards: []browseHazard{}}
	sees := d.sees(ctx, in.Park)
	if sees {
		out.Scope = "planner"
	}
	for _, s := range spacings {
		out.Hazards = append(out.Hazards, browseHazard{s.Class, s.LivingM, s.Source, s.Edition})
	}
	slices.SortFunc(out.Hazards, func(a, b browseHazard) int { return strings.Compare(a.Class, b.Class) })
	asked := &asked{Question: Question{Park: in.Park, At: at}, public: !sees}
	err = d.read(ctx, asked, func(s *siting.Sites) error {
		land, err := s.Browse(ctx, today)
		if err != nil {
			return err
		}
		out.Seq, _ = s.Seq()
		out.fill(land)
		return nil
	})
	return out, err
}

// moment is the instant that is asked for, nil for now, and the park's time zone.
func (d *domain) moment(ctx context.Context, in *browsing) (at *time.Time, zone *time.Location, err error) {
	err = d.feed.View(ctx, func(v *feed.View) error {
		park, err := v.Park(ctx, in.Park)
		if err != nil {
			return err
		}
		if zone, err = time.LoadLocation(park.TimeZone); err != nil {
			return err
		}
		at, err = request.Past("datetime", in.Datetime, park.TimeZone)
		return err
	})
	return at, zone, err
}

func (o *browseAnswer) fill(land *siting.Browse) {
	o.IDs = land.IDs
	for _, c := range land.Columns {
		column := browseColumn{Measure: c.ID, Name: spoken(siting.Telling{}.Name(c.Measure)), Unit: c.Unit.Symbol,
			None: len(c.Values) > 0, Values: figures(c.Values)}
		for _, v := range c.Values {
			column.None = column.None && math.IsInf(v, 1)
		}
		if c.Band != nil {
			column.Least, column.Most = figures(c.Band.Least), figures(c.Band.Most)
		}
		o.Measures = append(o.Measures, column)
	}
}

// figures are values as an answer prints them.
func figures(values []float64) []*float64 {
	out := make([]*float64, len(values))
	for i, v := range values {
		out[i] = number(math.Round(v*100) / 100)
	}
	return out
}
