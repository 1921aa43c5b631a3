package data

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"luodi/data/exchange"
	"luodi/geo"
	"luodi/geo/land"
)

// importKind is what the rows of one of our layers are.
type importKind struct {
	table  string // of identities; versions are in table_version
	shapes []exchange.Kind
	multi  bool // kept as a multi geometry; else parts must be one
	fields []importField
}

func (k importKind) names() []string {
	names := make([]string, len(k.fields))
	for i, f := range k.fields {
		names[i] = f.name
	}
	return names
}

// importField is an attribute of ours that a file may fill. read brings its text to the form that the database casts;
// done holds the fields before it in the list.
type importField struct {
	name     string
	required bool
	read     func(text string, done map[string]string) (string, error)
}

var importKinds = map[string]importKind{
	"parcels": {table: "parcel", shapes: []exchange.Kind{exchange.Polygon}, fields: []importField{
		{name: "legal_m2", read: readArea},
		{name: "bank_status", read: as(land.ParseBankStatus)},
		{name: "land_use", read: readLandUse},
		{name: "zone", read: readCode},
		{name: "services", read: readServices},
		{name: "price_cny_per_m2", read: readNumber(2, 1e10)},
		{name: "cadastral_no", read: as(land.ParseCadastralNo)},
		{name: "estate_unit_no", read: as(land.ParseEstateUnitNo)},
	}},
	"zones": {table: "zone", multi: true, shapes: []exchange.Kind{exchange.Polygon, exchange.MultiPolygon},
		fields: []importField{
			{name: "name_zh", read: readText},
			{name: "name_en", read: readText},
			{name: "function", read: as(land.ParseZoneFunction)},
			{name: "legal_m2", read: readArea},
		}},
	"plan-units": {table: "plan_unit", multi: true, shapes: []exchange.Kind{exchange.Polygon, exchange.MultiPolygon},
		fields: []importField{
			{name: "land_use", required: true, read: readLandUse},
			{name: "edition", required: true, read: readText},
			{name: "effective_from", required: true, read: readDate},
			{name: "conditions", read: readConditions},
		}},
	"networks": {table: "network", shapes: []exchange.Kind{exchange.Point, exchange.LineString,
		exchange.MultiLineString}, fields: []importField{
		{name: "kind", required: true, read: as(land.ParseNetworkKind)},
		{name: "grade", required: true, read: readGrade},
		{name: "name_zh", read: readText},
		{name: "name_en", read: readText},
		{name: "width_m", read: readNumber(2, 1e6)},
		{name: "capacity", read: readNumber(3, 1e13)},
		{name: "unit", read: readUnit},
	}},
}

func as[T ~string](parse func(string) (T, error)) func(string, map[string]string) (string, error) {
	return func(text string, _ map[string]string) (string, error) {
		v, err := parse(text)
		return string(v), err
	}
}

func readText(text string, _ map[string]string) (string, error) {
	return land.ParseLine("text", text, land.MaxLine)
}

func readArea(text string, _ map[string]string) (string, error) {
	area, err := land.ParseArea("legal_m2", text)
	return area.String(), err
}

func readLandUse(text string, _ map[string]string) (string, error) {
	if use, old := land.LandUseFromOld(text); old {
		return string(use), nil
	}
	use, err := land.ParseLandUse(text)
	return string(use), err
}

func readGrade(text string, done map[string]string) (string, error) {
	grade, err := land.NetworkKind(done["kind"]).ParseGrade(text)
	return string(grade), err
}

func readDate(text string, _ map[string]string) (string, error) {
	return land.ParseDay("effective_from", text)
}

func readNumber(decimals int, below float64) func(string, map[string]string) (string, error) {
	return func(text string, _ map[string]string) (string, error) {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v >= 0 && v < below) {
			return "", geo.NewInvalid("number", "number.from_0_below", text, "n", below)
		}
		return strconv.FormatFloat(v, 'f', decimals, 64), nil
	}
}

func readUnit(text string, done map[string]string) (string, error) {
	if done["capacity"] == "" {
		return "", geo.NewInvalid("capacity", "capacity.beside_unit", "—", "unit", text)
	}
	return readText(text, done)
}

// importFields finds, for each row, what the file says of our fields.
type importFields struct {
	kind      importKind
	given     map[string]string // our field → the file's, as requested
	constants map[string]string
	byLower   map[string]string // the file's names that were seen, by their lower case
	used      map[string]string // our field → the file's that filled it
}

func newImportFields(kind importKind, req ImportRequest, known []string) *importFields {
	f := &importFields{kind: kind, given: req.Fields, constants: maps.Clone(req.Constants),
		byLower: map[string]string{}, used: map[string]string{}}
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
func (f *importFields) read(values map[string]string) (map[string]string, *exchange.Fault) {
	for name := range values {
		f.notice(name)
	}
	done := make(map[string]string, len(f.kind.fields))
	for _, field := range f.kind.fields {
		text, theirs := f.find(field.name, values)
		if text == "" {
			if field.required {
				return nil, &exchange.Fault{Code: faultMissingValue, Field: field.name, Expected: theirs}
			}
			continue
		}
		value, err := field.read(text, done)
		if err != nil {
			return nil, valueFault(field.name, theirs, text, err)
		}
		done[field.name] = value
	}
	if done["capacity"] != "" && done["unit"] == "" {
		return nil, &exchange.Fault{Code: faultMissingValue, Field: "unit", Expected: "unit"}
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

func valueFault(ours, theirs, text string, err error) *exchange.Fault {
	fault := &exchange.Fault{Code: faultValue, Field: ours, Got: geo.Quoted(text)}
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
