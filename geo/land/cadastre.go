package land

import "luodi/geo"

// CadastralNo is a cadastral parcel number (宗地代码) of 19 characters: 6 digits
// of the county, 3 of the cadastral district (地籍区), 3 of the sub-district
// (地籍子区), 2 capital letters of the parcel's feature code (宗地特征码) and 5
// digits of a serial number. A plot has none before it is registered.
type CadastralNo string

// EstateUnitNo is a real-estate unit code (不动产单元代码) of 28 characters: the
// cadastral number, a letter for what stands on the land, and 8 digits.
type EstateUnitNo string

// ParseCadastralNo reads a number by its structure, without spaces. Which
// feature codes exist is the registry's to say: two capital letters are taken.
func ParseCadastralNo(s string) (CadastralNo, error) {
	if len(s) != 19 || !allDigits(s[:12]) || s[0] == '0' || !isUpper(s[12]) || !isUpper(s[13]) || !allDigits(s[14:]) {
		return "", geo.NewInvalid("cadastral_no", "code.cadastral", s)
	}
	return CadastralNo(s), nil
}

// County returns the six digits of the county.
func (c CadastralNo) County() string { return c.part(0, 6) }

// District returns the three digits of the cadastral district.
func (c CadastralNo) District() string { return c.part(6, 9) }

// SubDistrict returns the three digits of the cadastral sub-district.
func (c CadastralNo) SubDistrict() string { return c.part(9, 12) }

// Feature returns the two letters of the feature code.
func (c CadastralNo) Feature() string { return c.part(12, 14) }

// Serial returns the five digits of the serial number.
func (c CadastralNo) Serial() string { return c.part(14, 19) }

// part cuts out of a number that may not have been parsed: "" when too short.
func (c CadastralNo) part(from, to int) string {
	if len(c) < to {
		return ""
	}
	return string(c[from:to])
}

// Fixture is what stands on the land of a real-estate unit (定着物特征码).
type Fixture byte

// The fixtures.
const (
	FixtureBuilding Fixture = 'F' // houses and other buildings
	FixtureForest   Fixture = 'L' // forest
	FixtureOther    Fixture = 'Q' // another fixture
	FixtureNone     Fixture = 'W' // bare land
)

// ParseEstateUnitNo reads a code by its structure, without spaces. Bare land
// (W) has eight zeros, as GB/T 37346-2019 writes it.
func ParseEstateUnitNo(s string) (EstateUnitNo, error) {
	if len(s) != 28 || !allDigits(s[20:]) {
		return "", geo.NewInvalid("estate_unit_no", "code.estate_unit", s)
	}
	if _, err := ParseCadastralNo(s[:19]); err != nil {
		return "", geo.NewInvalid("estate_unit_no", "code.estate_unit", s)
	}
	switch Fixture(s[19]) {
	case FixtureBuilding, FixtureForest, FixtureOther:
		return EstateUnitNo(s), nil
	case FixtureNone:
		if s[20:] == "00000000" {
			return EstateUnitNo(s), nil
		}
	}
	return "", geo.NewInvalid("estate_unit_no", "code.estate_unit", s)
}

// Cadastral returns the number of the land the unit stands on.
func (e EstateUnitNo) Cadastral() CadastralNo {
	if len(e) != 28 {
		return ""
	}
	return CadastralNo(e[:19])
}

// Fixture returns what stands there, and 0 for a code that was never parsed.
func (e EstateUnitNo) Fixture() Fixture {
	if len(e) != 28 {
		return 0
	}
	return Fixture(e[19])
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
