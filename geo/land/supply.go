package land

import (
	"cmp"
	"math"
	"strings"

	"luodi/geo"
)

// The longest grants by use, in years, whatever the mode (Interim Regulations on the Assignment and Transfer of the
// Right to the Use of State-owned Land in Urban Areas, 1990, article 12): residential 70, commercial 40, industrial and
// every other use 50.
const (
	residentialYears = 70
	commercialYears  = 40
	otherYears       = 50
)

// LongestTerm is how long the right to land of a use may last, in years. Land whose use is not known has the term of
// other uses.
func LongestTerm(use LandUse) int {
	switch {
	case strings.HasPrefix(string(use), "07"):
		return residentialYears
	case strings.HasPrefix(string(use), "09"):
		return commercialYears
	}
	return otherYears
}

// CheckTerm refuses a term that is not above 0, has more than one decimal, or is longer than land of the use may be
// granted for, in every mode of supply. The database's trigger refuse_long_term asks the same.
func CheckTerm(use LandUse, years float64) error {
	if !(years > 0) || math.Abs(years*10-math.Round(years*10)) > 1e-9 {
		return geo.NewInvalid("term_years", "term.years", years)
	}
	if most := LongestTerm(use); years > float64(most) {
		return geo.NewInvalid("term_years", "term.of_use", years, "n", most, "use", cmp.Or(string(use), "—"))
	}
	return nil
}
