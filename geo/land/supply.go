package land

import (
	"cmp"
	"math"
	"strings"

	"luodi/geo"
)

// SupplyMode is how the right to land is granted.
type SupplyMode string

// The modes of supply.
const (
	SupplyTender         SupplyMode = "tender"           // 招标
	SupplyAuction        SupplyMode = "auction"          // 拍卖
	SupplyListing        SupplyMode = "listing"          // 挂牌
	SupplyAgreement      SupplyMode = "agreement"        // 协议
	SupplyLongLease      SupplyMode = "long_lease"       // 长期租赁
	SupplyLeaseThenGrant SupplyMode = "lease_then_grant" // 先租后让
	SupplyFlexibleTerm   SupplyMode = "flexible_term"    // 弹性年期
)

// SupplyModes lists every mode.
func SupplyModes() []SupplyMode {
	return []SupplyMode{
		SupplyTender, SupplyAuction, SupplyListing, SupplyAgreement,
		SupplyLongLease, SupplyLeaseThenGrant, SupplyFlexibleTerm,
	}
}

// ParseSupplyMode reads one, or gives a [geo.Invalid] for supply_mode.
func ParseSupplyMode(s string) (SupplyMode, error) {
	return parse("supply_mode", s, SupplyModes())
}

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

// Stage is how far a project has come. Provincial and municipal key projects
// are dated tags beside it, not stages.
type Stage string

// The stages, in order.
const (
	StageInTalks      Stage = "in_talks"      // 在谈
	StageSigned       Stage = "signed"        // 签约
	StageLanded       Stage = "landed"        // 落地: company registered, land in hand
	StageStarted      Stage = "started"       // 开工
	StageInProduction Stage = "in_production" // 投产
)

// Stages lists every stage in order.
func Stages() []Stage {
	return []Stage{StageInTalks, StageSigned, StageLanded, StageStarted, StageInProduction}
}

// ParseStage reads one, or gives a [geo.Invalid] for stage.
func ParseStage(s string) (Stage, error) { return parse("stage", s, Stages()) }

// Reached reports whether a project at stage s has passed or is at t: what has
// landed has been signed. An unknown stage has reached nothing.
func (s Stage) Reached(t Stage) bool {
	own, other := s.rank(), t.rank()
	return other > 0 && own >= other
}

// rank is the stage's place in the order from 1, or 0 when unknown.
func (s Stage) rank() int {
	for i, stage := range Stages() {
		if s == stage {
			return i + 1
		}
	}
	return 0
}
