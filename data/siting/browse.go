package siting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"luodi/geo/land"
	"luodi/geo/match"
)

// browsed are the measures by which readers filter and sort free land, besides what the feed of parcels tells, in the
// order of an answer.
var browsed = []string{"ready_days", "port_m", "port_road_m", "rail_m", "rail_road_m", "highway_m", "highway_road_m",
	"living_m", "frontage_m"}

// Browsed is a measure of every free parcel of a park, as those of [Browse.IDs] follow each other. NaN is an unknown
// value; a band says between what such a value lies, where that is known.
type Browsed struct {
	Measure
	Values []float64
	Band   *match.Band
}

// Browse is all free land of a park with what it is filtered and sorted by.
type Browse struct {
	IDs     []uuid.UUID // by code
	Columns []Browsed
}

// Browse measures the free land of a park, until ctx is done. Where there are more than [MaxBrowsedFronts] parcels
// their frontage stays unknown.
func (s *Sites) Browse(ctx context.Context, today time.Time) (*Browse, error) {
	names := browsed
	if len(s.Places) > MaxBrowsedFronts {
		names = slices.DeleteFunc(slices.Clone(names), func(id string) bool { return id == "frontage_m" })
	}
	for _, service := range land.Services() {
		names = append(names[:len(names):len(names)], headroomID(service))
	}
	criteria := make([]match.Criterion, len(names))
	for i, name := range names {
		criteria[i] = match.Criterion{Measure: name}
	}
	table, _, err := (&Field{Sites: s}).Table(ctx, criteria, Requirement{}, today)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(s.Places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return land.CompareCodes(s.Places[a].Code, s.Places[b].Code) })
	out := &Browse{IDs: make([]uuid.UUID, len(order))}
	for i, row := range order {
		out.IDs[i] = s.Places[row].ID
	}
	for i, name := range names {
		m, _ := MeasureOf(name)
		column := Browsed{Measure: m, Values: inOrder(table.Columns[i], order)}
		if band, ok := table.Bands[i]; ok {
			column.Band = &match.Band{Least: inOrder(band.Least, order), Most: inOrder(band.Most, order)}
		}
		out.Columns = append(out.Columns, column)
	}
	return out, nil
}

// MaxBrowsedFronts is of how many parcels the frontage is measured to browse a park.
const MaxBrowsedFronts = maxMeasured

func inOrder(values []float64, order []int) []float64 {
	out := make([]float64, len(order))
	for i, row := range order {
		out[i] = values[row]
	}
	return out
}
