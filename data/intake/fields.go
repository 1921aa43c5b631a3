package intake

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"luodi/data/feed"
	"luodi/data/intake/file"
	"luodi/geo"
	"luodi/geo/land"
)

// importKind is what the rows of one of our layers are.
type importKind struct {
	table  string // of identities; versions are in table_version
	shapes []file.Kind
	multi  bool // kept as a multi geometry; else parts must be one
	fields []land.Field
	insert string   // writes the versions of new rows
	facts  []string // columns of a version that an update may change
	patch  string   // SQL that makes a jsonb of them, of what the row s says
	kept   []string // columns that go on unchanged
}

// kindOf finds what the rows of a collection are: of parcels, or of things as feed and land describe them.
func kindOf(collection string) (importKind, bool) {
	if collection == feed.Parcels().ID {
		return importKind{table: "parcel", shapes: []file.Kind{file.Polygon}, fields: land.Fields[collection],
			insert: insertParcels, facts: parcelFacts, patch: parcelPatch, kept: parcelKept}, true
	}
	thing := feed.FindThing(collection)
	if thing == nil {
		return importKind{}, false
	}
	kind := importKind{table: thing.Table, multi: thing.Multi, fields: land.Fields[collection]}
	for _, shape := range thing.Shapes {
		kind.shapes = append(kind.shapes, file.KindOf(shape))
	}
	kind.insert, kind.facts, kind.patch, kind.kept = insertThings(kind), kind.names(), thingPatch, []string{"publication"}
	if kind.table == "network" {
		kind.kept = append(kind.kept, "headroom_told", "capacity_told")
	}
	return kind, true
}

// isLine reports whether the things are lines or points: kept as drawn, on the grid.
func (k importKind) isLine() bool { return !slices.Contains(k.shapes, file.Polygon) }

func (k importKind) names() []string {
	names := make([]string, len(k.fields))
	for i, f := range k.fields {
		names[i] = f.Name
	}
	return names
}

// importFields finds, for each row, what the file says of our fields.
type importFields struct {
	kind      importKind
	given     map[string]string // our field → the file's, as requested
	constants map[string]string
	byLower   map[string]string // the file's names that were seen, by their lower case
	used      map[string]string // our field → the file's that filled it
	updates   bool              // what a row lacks may be known of what it updates
}

func newImportFields(kind importKind, req ImportRequest, known []string) *importFields {
	f := &importFields{kind: kind, given: req.Fields, constants: maps.Clone(req.Constants),
		byLower: map[string]string{}, used: map[string]string{}, updates: req.Update}
	for _, name := range known {
		f.notice(name)
	}
	return f
}

func (f *importFields) notice(name string) {
	lower := strings.ToLower(name)
	if _, again := f.byLower[lower]; !again {
		f.byLower[lower] = name
	}
}

// read collects our fields of one row: a constant, else the field named for it, else the file's field of the same name.
func (f *importFields) read(values map[string]string) (map[string]string, *file.Fault) {
	for name := range values {
		f.notice(name)
	}
	done := make(map[string]string, len(f.kind.fields))
	for _, field := range f.kind.fields {
		text, theirs := f.find(field.Name, values)
		if text == "" {
			if field.Required && !f.updates {
				return nil, &file.Fault{Code: faultMissingValue, Field: field.Name, Expected: theirs}
			}
			continue
		}
		value, err := field.Read(text, done)
		if err != nil {
			return nil, valueFault(field.Name, theirs, text, err)
		}
		done[field.Name] = value
	}
	if done["capacity"] != "" && done["unit"] == "" {
		return nil, &file.Fault{Code: faultMissingValue, Field: "unit", Expected: "unit"}
	}
	if missing := land.MissingOfPrice(done); missing != "" {
		return nil, &file.Fault{Code: faultMissingValue, Field: missing, Expected: missing}
	}
	return done, nil
}

func (f *importFields) find(ours string, values map[string]string) (text, theirs string) {
	if constant, ok := f.constants[ours]; ok {
		return constant, ""
	}
	theirs, named := f.given[ours]
	if !named {
		if theirs = f.byLower[ours]; theirs == "" {
			return "", ours
		}
	}
	if text = strings.TrimSpace(values[theirs]); text != "" {
		f.used[ours] = theirs
	}
	return text, theirs
}

// asked is the fault of an attribute that can't be read and that something of ours is read from; nil where nobody asks
// for any of them.
func (f *importFields) asked(unread map[string]*file.Fault, codes *codeFields) *file.Fault {
	for _, name := range slices.Sorted(maps.Keys(unread)) {
		f.notice(name)
		for _, field := range f.kind.fields {
			theirs, named := f.given[field.Name]
			if _, constant := f.constants[field.Name]; constant {
				continue
			}
			if named && theirs == name || !named && strings.EqualFold(field.Name, name) {
				return unread[name]
			}
		}
		if codes.asks(name) {
			return unread[name]
		}
	}
	return nil
}

// missing lists the fields that the request names and the file doesn't have.
func (f *importFields) missing(more ...string) []string {
	var names []string
	for _, theirs := range slices.Concat(slices.Sorted(maps.Values(f.given)), more) {
		if f.byLower[strings.ToLower(theirs)] != theirs {
			names = append(names, theirs)
		}
	}
	return names
}

func (f *importFields) seen() string {
	return strings.Join(slices.Sorted(maps.Values(f.byLower)), ", ")
}

func valueFault(ours, theirs, text string, err error) *file.Fault {
	fault := &file.Fault{Code: faultValue, Field: ours, Got: geo.Quoted(text)}
	if theirs != "" && theirs != ours {
		fault.Field += " (" + theirs + ")"
	}
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		fault.Words, fault.Got, fault.Came = &invalid.Words, invalid.Got, invalid.Came
		if part := strings.IndexByte(invalid.Field, '.'); part >= 0 { // of what is a part of the value
			fault.Field += invalid.Field[part:]
		}
	}
	return fault
}
