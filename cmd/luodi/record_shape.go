package main

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"luodi/data/ledger"
	"luodi/geo"
)

// line is a line on the map: longitude,latitude pairs with spaces between.
type line [][2]float64

// UnmarshalText reads "122.02,37.24 122.03,37.24".
func (l *line) UnmarshalText(text []byte) error {
	for _, position := range strings.Fields(string(text)) {
		lon, lat, ok := strings.Cut(position, ",")
		x, err := strconv.ParseFloat(lon, 64)
		y, err2 := strconv.ParseFloat(lat, 64)
		if !ok || err != nil || err2 != nil {
			return geo.NewInvalid("line", "line.pairs", position)
		}
		*l = append(*l, [2]float64{x, y})
	}
	return nil
}

type splitCmd struct {
	ordering
	why
	Parcel string `arg:"" help:"Code of the parcel."`

	Line   line    `help:"Cut along a line: longitude,latitude pairs with spaces between." placeholder:"LON,LAT LON,LAT" xor:"how" required:""`
	AreaMu *geo.Mu `help:"Split off so many mu, by a straight cut (--bearing, --side)." xor:"how" required:"" placeholder:"MU"`
	Parts  int     `help:"Split into so many equal parts, by straight cuts (--bearing)." xor:"how" required:"" placeholder:"N"`

	Bearing *float64 `help:"Direction of straight cuts, degrees clockwise from the survey grid's north." placeholder:"DEGREES"`
	Side    string   `help:"On which side of the cut, looking along the bearing, the stated area lies: left or right." enum:"left,right," default:""`
	Codes   []string `help:"Codes of the new parcels, in order."`
	Heir    string   `help:"Code of the new parcel that inherits the right, on allotted land."`

	Hold    string `help:"Code of the new parcel to hold in the same step (--project, --until)." placeholder:"CODE" xor:"then" and:"hold"`
	Project string `help:"Code of the project it is held for." and:"hold"`
	Until   string `help:"The hold's deadline: an RFC 3339 instant, or a date, whose end in the park's time zone is meant." and:"hold"`
	Release string `help:"Code of the new parcel, cut out of reserve, to propose for release in the same step." placeholder:"CODE" xor:"then"`
}

// Run splits a parcel.
func (c splitCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	parcels, err := c.parcels(ctx, e, []string{c.Parcel})
	if err != nil {
		return err
	}
	then, err := c.then(ctx, e)
	if err != nil {
		return err
	}
	shape := &ledger.Shape{Line: c.Line, AreaMu: c.AreaMu, Parts: c.Parts, Bearing: c.Bearing, Side: c.Side,
		Codes: c.Codes, Heir: c.Heir}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Parcels: parcels, Shape: shape, Then: then})
}

// then is what follows the split; nil for nothing.
func (c splitCmd) then(ctx context.Context, e *env) (*ledger.Then, error) {
	switch {
	case c.Release != "":
		return &ledger.Then{Kind: "release", Lot: c.Release}, nil
	case c.Hold == "":
		return nil, nil
	}
	project, err := c.project(ctx, e, c.Project)
	if err != nil {
		return nil, err
	}
	until, err := c.until(ctx, e, c.Until)
	return &ledger.Then{Kind: "hold", Lot: c.Hold, Project: project, Until: until}, err
}

type mergeCmd struct {
	landCmd
	Code     string `help:"Code of the merged parcel." required:""`
	Decision string `help:"What holds where the parcels differ, as a JSON object such as {\"land_use\": \"100102\"}." placeholder:"JSON"`
}

// Run merges parcels.
func (c mergeCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	shape := &ledger.Shape{Codes: []string{c.Code}}
	if c.Decision != "" {
		var decision map[string]any
		if err := json.Unmarshal([]byte(c.Decision), &decision); err != nil {
			return usageError{errors.New(e.text("cli.record.json", "file", "--decision", "cause", err))}
		}
		shape.Decision = json.RawMessage(c.Decision)
	}
	parcels, err := c.parcels(ctx, e, c.Parcels)
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Parcels: parcels, Shape: shape})
}

type moveCmd struct {
	landCmd
	Line line `help:"The new boundary: longitude,latitude pairs with spaces between." placeholder:"LON,LAT LON,LAT" required:""`
}

// Run moves the boundary between two parcels.
func (c moveCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	parcels, err := c.parcels(ctx, e, c.Parcels)
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Parcels: parcels,
		Shape: &ledger.Shape{Line: c.Line}})
}

type correctCmd struct {
	ordering
	why
	Parcel   string    `arg:"" help:"Code of the parcel."`
	Geometry string    `help:"File with the surveyed Polygon as GeoJSON in longitude and latitude, - for standard input." required:"" placeholder:"FILE"`
	LegalM2  *geo.Area `help:"The surveyed area in square metres." name:"legal-m2"`
}

// Run corrects a parcel's survey.
func (c correctCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	geometry, err := readShape(ctx, e, c.Geometry)
	if err != nil {
		return err
	}
	parcels, err := c.parcels(ctx, e, []string{c.Parcel})
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Parcels: parcels,
		Shape: &ledger.Shape{Geometry: geometry, LegalM2: c.LegalM2}})
}

// readShape reads a file that holds a GeoJSON geometry.
func readShape(ctx context.Context, e *env, file string) (json.RawMessage, error) {
	geometry, err := readFile(ctx, file)
	if err != nil {
		return nil, usageError{err}
	}
	if !json.Valid(geometry) {
		return nil, usageError{errors.New(e.text("cli.record.json", "file", file, "cause", "JSON"))}
	}
	return geometry, nil
}

type borderCmd struct {
	ordering
	why
	Geometry string `help:"File with the border as a GeoJSON Polygon or MultiPolygon in longitude and latitude, - for standard input." required:"" placeholder:"FILE"`
}

// Run draws the park's border anew.
func (c borderCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	geometry, err := readShape(ctx, e, c.Geometry)
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k), Shape: &ledger.Shape{Geometry: geometry}})
}
