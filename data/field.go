package data

import (
	"strconv"

	"luodi/geo"
	"luodi/geo/land"
)

// importField is an attribute of ours that a file or a command may fill. read brings its text to the form that the
// database casts; done holds the fields before it in the list.
type importField struct {
	name     string
	required bool
	read     func(text string, done map[string]string) (string, error)
}

// fieldsOf are the fields of each collection that a file or a command may fill, the ones before those that are read in
// their light: a grade in that of its kind, a unit in that of its capacity.
var fieldsOf = map[string][]importField{
	"parcels": {
		{name: "legal_m2", read: readArea},
		{name: "bank_status", read: as(land.ParseBankStatus)},
		{name: "land_use", read: readLandUse},
		{name: "zone", read: readCode},
		{name: "services", read: readServices},
		{name: "price_cny_per_m2", read: readNumber(2, 1e10)},
		{name: "cadastral_no", read: as(land.ParseCadastralNo)},
		{name: "estate_unit_no", read: as(land.ParseEstateUnitNo)},
	},
	"zones": {
		{name: "name_zh", read: readText},
		{name: "name_en", read: readText},
		{name: "function", read: as(land.ParseZoneFunction)},
		{name: "legal_m2", read: readArea},
	},
	"plan-units": {
		{name: "land_use", required: true, read: readLandUse},
		{name: "edition", required: true, read: readText},
		{name: "effective_from", required: true, read: readDate},
		{name: "conditions", read: readConditions},
	},
	"networks": {
		{name: "kind", required: true, read: as(land.ParseNetworkKind)},
		{name: "grade", required: true, read: readGrade},
		{name: "name_zh", read: readText},
		{name: "name_en", read: readText},
		{name: "width_m", read: readNumber(2, 1e6)},
		{name: "capacity", read: readNumber(3, 1e13)},
		{name: "unit", read: readUnit},
	},
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
			return "", geo.NewInvalid("number", "0 … "+strconv.FormatFloat(below, 'g', -1, 64), text)
		}
		return strconv.FormatFloat(v, 'f', decimals, 64), nil
	}
}

func readUnit(text string, done map[string]string) (string, error) {
	if done["capacity"] == "" {
		return "", geo.NewInvalid("capacity", "a number beside the unit "+text, "—")
	}
	return readText(text, done)
}
