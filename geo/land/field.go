package land

import (
	"strconv"

	"luodi/geo"
)

// Field is an attribute of ours that a file or a command may fill. Read brings its text to the form that the
// database casts; done holds the fields before it in the list.
type Field struct {
	Name     string
	Required bool
	Read     func(text string, done map[string]string) (string, error)
}

// Fields lists, for each collection, the fields that a file or a command may fill. A field comes after those it is
// validated against: a grade after the kind, a unit after the capacity.
var Fields = map[string][]Field{
	"parcels": {
		{Name: "legal_m2", Read: readArea},
		{Name: "bank_status", Read: As(ParseBankStatus)},
		{Name: "land_use", Read: readLandUse},
		{Name: "zone", Read: ReadCode},
		{Name: "services", Read: readServices},
		{Name: "price_cny_per_m2", Read: readNumber(2, 1e10)},
		{Name: "price_kind", Read: As(ParsePriceKind)},
		{Name: "price_document", Read: readPriceDocument},
		{Name: "price_on", Read: readPriceDay},
		{Name: "cadastral_no", Read: As(ParseCadastralNo)},
		{Name: "estate_unit_no", Read: As(ParseEstateUnitNo)},
	},
	"zones": {
		{Name: "name_zh", Read: readText},
		{Name: "name_en", Read: readText},
		{Name: "function", Read: As(ParseZoneFunction)},
		{Name: "legal_m2", Read: readArea},
	},
	"plan-units": {
		{Name: "land_use", Required: true, Read: readLandUse},
		{Name: "edition", Required: true, Read: readText},
		{Name: "effective_from", Required: true, Read: readDate},
		{Name: "conditions", Read: readConditions},
	},
	"networks": {
		{Name: "kind", Required: true, Read: As(ParseNetworkKind)},
		{Name: "grade", Required: true, Read: readGrade},
		{Name: "name_zh", Read: readText},
		{Name: "name_en", Read: readText},
		{Name: "width_m", Read: readNumber(2, 1e6)},
		{Name: "capacity", Read: readNumber(3, 1e13)},
		{Name: "unit", Read: readUnit},
	},
}

// As makes a reader of text out of a parser of codes.
func As[T ~string](parse func(string) (T, error)) func(string, map[string]string) (string, error) {
	return func(text string, _ map[string]string) (string, error) {
		v, err := parse(text)
		return string(v), err
	}
}

func readText(text string, _ map[string]string) (string, error) {
	return ParseLine("text", text, MaxLine)
}

func readArea(text string, _ map[string]string) (string, error) {
	area, err := ParseArea("legal_m2", text)
	return area.String(), err
}

func readLandUse(text string, _ map[string]string) (string, error) {
	if use, old := LandUseFromOld(text); old {
		return string(use), nil
	}
	use, err := ParseLandUse(text)
	return string(use), err
}

func readGrade(text string, done map[string]string) (string, error) {
	grade, err := NetworkKind(done["kind"]).ParseGrade(text)
	return string(grade), err
}

func readDate(text string, _ map[string]string) (string, error) {
	return ParseDay("effective_from", text)
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

// ReadCode reads a code in the normal form of codes.
func ReadCode(text string, _ map[string]string) (string, error) { return ParseCode("code", text) }
