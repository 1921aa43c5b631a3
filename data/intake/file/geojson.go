package file

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"luodi/geo"
)

// geoJSON reads features in a stream. Where it stands:
//
//  1. start reads the outermost object up to its features, or the whole of it when it is itself a Feature.
//  2. inArray: each Next reads one element of "features"; after the last, the collection's other members.
//  3. inLines: each Next reads one more outermost object, which must be a Feature.
type geoJSON struct {
	scan     *scanner
	source   *gbkSource
	info     Info
	stage    stage
	first    *Row // the Feature that start read
	number   int64
	stated   bool // the caller knows the system: no crs member is refused, see crs
	isMember bool // an element of "features" was read: a comma must stand before the next
	kind     string
}

type stage int

const (
	inArray stage = iota
	inLines
	ended
)

// newGeoJSON reads up to the first feature, so that Info is known.
func newGeoJSON(src source, opts Options) (*geoJSON, error) {
	text := newGBKSource(src)
	g := &geoJSON{scan: newScanner(text, opts.Limits), source: text, stated: opts.known,
		info: Info{Format: "GeoJSON", Rows: -1}}
	if err := g.start(); err != nil {
		return nil, err
	}
	if g.info.CRS == "" {
		g.info.CRS, g.info.EPSG = "RFC 7946: OGC:CRS84", int(geo.WGS84)
	}
	return g, nil
}

func (g *geoJSON) Info() Info {
	info := g.info
	info.Encoding = g.source.encoding
	return info
}

func (g *geoJSON) Progress() (done, total int64) { return g.source.progress() }

func (g *geoJSON) Close() error { return g.source.Close() }

// Next implements Reader.
func (g *geoJSON) Next(ctx context.Context) (Row, error) {
	if err := ctx.Err(); err != nil {
		return Row{}, err
	}
	row, err := g.next()
	var fault *Fault
	if err == nil || errors.Is(err, io.EOF) || errors.As(err, &fault) {
		return row, err
	}
	return row, g.scan.readError(err)
}

func (g *geoJSON) next() (Row, error) {
	if g.first != nil {
		row := *g.first
		g.first = nil
		return row, nil
	}
	switch g.stage {
	case inArray:
		more, err := g.scan.more(']', !g.isMember)
		if err != nil {
			return Row{}, err
		}
		if more {
			g.isMember = true
			return g.feature()
		}
		if err := g.finish(); err != nil {
			return Row{}, err
		}
	case inLines:
		c, err := g.scan.opening()
		if err == nil && c != '{' {
			err = g.scan.bad("json.feature", c)
		}
		if err == nil {
			return g.feature()
		}
		if !errors.Is(err, io.EOF) {
			return Row{}, err
		}
	}
	g.stage = ended
	return Row{}, io.EOF
}

// errFeatures leaves the walk over the outermost members where "features" begins.
var errFeatures = errors.New("features begin")

// start reads the outermost object. Members come in any order: a crs before the features is used, one after is checked.
func (g *geoJSON) start() error {
	c, err := g.scan.opening()
	switch {
	case errors.Is(err, io.EOF):
		return &Fault{Code: FileEmpty}
	case err != nil:
		return g.scan.readError(err)
	case c != '{':
		return &Fault{Code: NotFeatures, Expected: "FeatureCollection, Feature", Got: strconv.QuoteRuneToASCII(rune(c))}
	}
	var f feature
	g.scan.begin()
	err = g.scan.members(func(name string) error { return g.outermost(name, &f) })
	switch {
	case errors.Is(err, errFeatures):
		g.stage = inArray
		return nil
	case err != nil:
		return g.scan.readError(err)
	case g.kind == "Topology":
		return topoJSON.fault()
	case g.kind != "Feature":
		return &Fault{Code: NotFeatures, Field: "type", Expected: "FeatureCollection, Feature", Got: clip(g.kind)}
	}
	g.number = 1
	f.kind = g.kind
	row := g.row(&f)
	g.first, g.stage = &row, inLines
	return nil
}

func (g *geoJSON) outermost(name string, f *feature) error {
	switch name {
	case "type":
		text, _, err := g.scan.scalar()
		g.kind = text
		return err
	case "name":
		text, _, err := g.scan.scalar()
		g.info.Layer = clip(text)
		return err
	case "crs":
		return g.crs()
	case "features":
		if err := g.scan.enter('['); err != nil {
			return err
		}
		return errFeatures
	}
	return f.member(g.scan, name)
}

// finish reads what stands after the features up to the end of the file.
func (g *geoJSON) finish() error {
	before := g.info.EPSG
	for {
		g.scan.begin()
		more, err := g.scan.more('}', false)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := g.scan.text(); err != nil {
			return err
		}
		name := string(g.scan.token)
		if err := g.scan.take(':'); err != nil {
			return err
		}
		if err := g.trailing(name); err != nil {
			return err
		}
	}
	if g.kind != "FeatureCollection" {
		return &Fault{Code: NotFeatures, Field: "type", Expected: "FeatureCollection", Got: clip(g.kind)}
	}
	if g.info.EPSG != before && !g.stated {
		return &Fault{Code: CRSLate, Field: "crs", Expected: strconv.Itoa(before), Got: g.info.CRS}
	}
	c, err := g.scan.peek()
	if err == nil {
		return g.scan.bad("json.end", c)
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (g *geoJSON) trailing(name string) error {
	switch name {
	case "type", "name", "crs":
		return g.outermost(name, nil)
	case "features":
		return &Fault{Code: NotFeatures, Field: g.scan.place(), Where: g.scan.where(),
			Words: said("json.features_once"), Came: said("came.twice", "what", "features")}
	}
	return g.scan.skip()
}

func (g *geoJSON) feature() (Row, error) {
	g.scan.begin()
	g.number++
	if c, err := g.scan.inside(); err != nil {
		return Row{}, err
	} else if c != '{' {
		return Row{Number: g.number, Fault: &Fault{Code: NotFeature, Expected: "Feature",
			Got: strconv.QuoteRuneToASCII(rune(c))}}, g.scan.skip()
	}
	var f feature
	err := g.scan.members(func(name string) error { return f.member(g.scan, name) })
	if err != nil {
		return Row{}, err
	}
	return g.row(&f), nil
}

// row closes a feature. A system of its own, as PostGIS writes one into each geometry, must be that of the file.
func (g *geoJSON) row(f *feature) Row {
	row := f.row(g.scan, g.number)
	if f.geometry.crs == nil || g.stated || row.Fault != nil {
		return row
	}
	name, ok := crsName(f.geometry.crs)
	own := geo.EPSG(g.info.EPSG)
	if g.info.CRS == "" { // of a Feature alone it is not settled yet
		own = geo.WGS84
	}
	if ok && (name == "" || geo.EPSG(codeOf(name)) == own && own != 0) {
		return row
	}
	row.Fault, row.Shape = &Fault{Code: CRSOther, Field: "crs", Expected: own.String(), Got: clip(name)}, Shape{}
	return row
}

// crs reads the member that GeoJSON had before RFC 7946, in the forms that programs wrote:
//
//	{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4550"}}   (of the standard of 2008)
//	{"type":"EPSG","properties":{"code":4550}}                           (of its drafts)
//	"EPSG:4550", 4550, {"name":"EPSG:4550"}                              (of nobody's)
//
// null is "no system can be assumed". A form that isn't known is refused, unless the caller states the system: rows in
// a system that was passed over would be taken for WGS 84. What is understood is in Info also then: a web map's offset
// is refused beside another system. Coordinates come east first whatever the system's axes are:
// that is how every writer of it does.
func (g *geoJSON) crs() error {
	member, err := g.scan.member()
	if err != nil {
		return err
	}
	name, ok := crsName(member)
	if !ok && g.stated {
		return nil
	}
	if !ok {
		raw, _ := json.Marshal(member)
		return &Fault{Code: CRSForm, Field: "crs", Words: said("crs.member"), Got: clip(string(raw))}
	}
	if g.info.CRS, g.info.EPSG = clip(name), codeOf(name); name == "" {
		g.info.CRS = "null"
	}
	return nil
}

// crsName is the name of a system in a crs member; "" where it says that there is none, false where it isn't known.
func crsName(member any) (string, bool) {
	switch member := member.(type) {
	case nil:
		return "", true
	case string:
		return member, strings.TrimSpace(member) != ""
	case json.Number:
		return "EPSG:" + member.String(), true
	case map[string]any:
		kind, _ := member["type"].(string)
		holder := member
		if properties, is := member["properties"].(map[string]any); is {
			holder = properties
		}
		for _, key := range []string{"name", "code", "srid", "wkid"} {
			switch value := holder[key].(type) {
			case string:
				name := strings.TrimSpace(value)
				if key != "name" && isDigits(name) {
					name = "EPSG:" + name
				}
				return name, name != "" && !strings.EqualFold(kind, "link")
			case json.Number:
				return "EPSG:" + value.String(), strings.EqualFold(kind, "EPSG") || strings.EqualFold(kind, "name") ||
					kind == ""
			}
		}
	}
	return "", false
}

func skipUnless(s *scanner, err error) error {
	if err != nil {
		return nil
	}
	return s.skip()
}

// codeOf is the EPSG code that a name stands for, 0 when it is none of the known forms.
func codeOf(name string) int {
	if crs, err := geo.ParseCRS(name); err == nil && strings.TrimSpace(name) != "" {
		return int(crs.Code)
	}
	code, _ := geo.NamedCRS(name) // some write WKT there
	return int(code)
}

// readError names what went wrong below the JSON: an unpacker's or the disk's error.
func (s *scanner) readError(err error) error {
	var fault *Fault
	if errors.As(err, &fault) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return s.cut(err)
	}
	return fmt.Errorf("read %s: %w", s.place(), err)
}
