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

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
