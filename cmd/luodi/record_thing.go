package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/ledger"
)

// parcelThings is the collection whose things are named in a command's parcels.
const parcelThings = "parcels"

// ofThings is a kind of thing.
type ofThings struct {
	Collection string `arg:"" enum:"${collections}" help:"What kind of thing: ${one_of_them}."`
}

// facts are what --set states.
type facts struct {
	Set []string `help:"A fact, NAME=VALUE; an object such as services is written as JSON, and NAME= alone clears the fact. May be given several times (names: docs/changes.md)." sep:"none" placeholder:"NAME=VALUE"`
}

// read gives the facts as the API takes those of a collection.
func (f facts) read(e *env, collection string) (feed.Facts, error) {
	given := feed.Facts{}
	for _, text := range f.Set {
		name, value, ok := strings.Cut(text, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, usageError{errors.New(e.text("cli.record.set", "got", text))}
		}
		if _, twice := given[name]; twice {
			return nil, usageError{errors.New(e.text("cli.record.set_twice", "name", name))}
		}
		raw, err := fact(e, collection, name, strings.TrimSpace(value))
		if err != nil {
			return nil, usageError{err}
		}
		given[name] = raw
	}
	return given, nil
}

// fact writes one value as the JSON of its fact; nothing is null.
func fact(e *env, collection, name, value string) (json.RawMessage, error) {
	docs := feed.FactDocs()
	at := slices.IndexFunc(docs, func(d feed.FactDoc) bool {
		return d.Name == name &&
			slices.Contains(d.Of, collection)
	})
	if at < 0 {
		var known []string
		for _, d := range docs {
			if slices.Contains(d.Of, collection) {
				known = append(known, d.Name)
			}
		}
		return nil, errors.New(e.text("cli.record.set_unknown", "name", name, "collection", collection, "known",
			strings.Join(known, ", ")))
	}
	if value == "" {
		return json.RawMessage("null"), nil
	}
	switch docs[at].Kind {
	case feed.Number, feed.Decimal:
		if !json.Valid([]byte(value)) || !strings.ContainsRune("-0123456789", rune(value[0])) {
			return nil, errors.New(e.text("cli.record.set_number", "name", name, "got", value))
		}
		return json.RawMessage(value), nil
	case feed.Object:
		if !json.Valid([]byte(value)) || value[0] != '{' {
			return nil, errors.New(e.text("cli.record.set_object", "name", name, "got", value))
		}
		return json.RawMessage(value), nil
	}
	return json.Marshal(value)
}

// shapeFrom reads the shape of a GeoJSON file: a geometry, a Feature, or a FeatureCollection of one.
func shapeFrom(ctx context.Context, e *env, flag, file string) (json.RawMessage, error) {
	raw, err := readFile(ctx, file)
	if err != nil {
		return nil, usageError{err}
	}
	type feature struct {
		Type     string          `json:"type"`
		Geometry json.RawMessage `json:"geometry"`
	}
	var told struct {
		feature
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal(raw, &told); err != nil {
		return nil, usageError{errors.New(e.text("cli.record.json", "file", file, "cause", err))}
	}
	shape := json.RawMessage(raw)
	switch told.Type {
	case "Feature":
		shape = told.Geometry
	case "FeatureCollection":
		if len(told.Features) != 1 {
			return nil, usageError{errors.New(e.text("cli.record.features", "flag", flag, "count", len(told.Features)))}
		}
		shape = told.Features[0].Geometry
	}
	if len(shape) == 0 || string(shape) == "null" {
		return nil, usageError{errors.New(e.text("cli.record.shapeless", "flag", flag, "file", file))}
	}
	return shape, nil
}

// thing names a live zone, plan unit or network in its present version.
func (o ordering) thing(ctx context.Context, e *env, collection, code string) (*ledger.Subject, error) {
	type desk struct {
		Features []struct {
			ID         uuid.UUID `json:"id"`
			Properties struct {
				Code    string `json:"code"`
				Version int64  `json:"version"`
			} `json:"properties"`
		} `json:"features"`
	}
	found, _, err := read[desk](ctx, e, o.remote, o.path("/desk/"+collection+".geojson"))
	if err != nil {
		return nil, err
	}
	for _, f := range found.Features {
		if f.Properties.Code == code {
			return &ledger.Subject{Collection: collection, ID: &f.ID, Version: f.Properties.Version}, nil
		}
	}
	return nil, errors.New(e.text("cli.record.no_thing", "park", o.Park, "collection", collection, "code", code))
}

// naming names live things of a collection: parcels, or one of another kind.
func (o ordering) naming(ctx context.Context, e *env, kind, collection string, codes []string) (ledger.Command, error) {
	c := ledger.Command{Kind: kind}
	var err error
	switch {
	case collection == parcelThings:
		c.Parcels, err = o.parcels(ctx, e, codes)
	case len(codes) != 1:
		err = usageError{errors.New(e.text("cli.record.one_thing", "collection", collection, "count", len(codes)))}
	default:
		c.Object, err = o.thing(ctx, e, collection, codes[0])
	}
	return c, err
}

type createCmd struct {
	ordering
	why
	ofThings
	facts
	Geometry string `help:"GeoJSON file with the shape in longitude and latitude, - for standard input." required:"" placeholder:"FILE"`
}

// Run makes a thing.
func (c createCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	facts, err := c.facts.read(e, c.Collection)
	if err != nil {
		return err
	}
	shape, err := shapeFrom(ctx, e, "--geometry", c.Geometry)
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, ledger.Command{Kind: kindOf(k),
		Object: &ledger.Subject{Collection: c.Collection, Geometry: shape, Facts: facts}})
}

type editCmd struct {
	ordering
	why
	ofThings
	Codes []string `arg:"" help:"Codes of the things: several parcels are changed alike, of others one at a time."`
	facts
	Geometry string `help:"GeoJSON file with another shape in longitude and latitude, - for standard input; a parcel's shape is changed by luodi record correct." placeholder:"FILE"`
}

// Run changes facts of things, or the shape of one.
func (c editCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	facts, err := c.facts.read(e, c.Collection)
	if err != nil {
		return err
	}
	switch {
	case len(facts) == 0 && c.Geometry == "":
		return usageError{errors.New(e.text("cli.record.nothing"))}
	case c.Collection == parcelThings && c.Geometry != "":
		return usageError{errors.New(e.text("cli.record.parcel_shape"))}
	}
	var shape json.RawMessage
	if c.Geometry != "" {
		if shape, err = shapeFrom(ctx, e, "--geometry", c.Geometry); err != nil {
			return err
		}
	}
	command, err := c.naming(ctx, e, kindOf(k), c.Collection, c.Codes)
	if err != nil {
		return err
	}
	if command.Object == nil {
		command.Object = &ledger.Subject{Collection: c.Collection}
	}
	command.Object.Facts, command.Object.Geometry = facts, shape
	return c.command(ctx, e, c.Reason, command)
}

type retireCmd struct {
	ordering
	why
	ofThings
	Codes []string `arg:"" help:"Codes of the things: several parcels, or one of another kind."`
}

// Run proposes to retire things.
func (c retireCmd) Run(ctx context.Context, e *env, k *kong.Context) error {
	command, err := c.naming(ctx, e, kindOf(k), c.Collection, c.Codes)
	if err != nil {
		return err
	}
	return c.command(ctx, e, c.Reason, command)
}
