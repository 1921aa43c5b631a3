package land

import (
	"fmt"
	"slices"
	"strconv"

	"luodi/geo"
)

// ZoneFunction is what a functional zone of a park is for.
type ZoneFunction string

// The functions of a zone.
const (
	ZoneFibreProduction      ZoneFunction = "fibre_production"      // 碳纤维生产区
	ZoneResearchIncubation   ZoneFunction = "research_incubation"   // 创研与成果孵化区
	ZoneIndustrialProduction ZoneFunction = "industrial_production" // 产业化生产区
	ZoneLiving               ZoneFunction = "living"
	ZoneLogistics            ZoneFunction = "logistics"
	ZoneMixed                ZoneFunction = "mixed"
)

// ZoneFunctions lists every function.
func ZoneFunctions() []ZoneFunction {
	return []ZoneFunction{
		ZoneFibreProduction, ZoneResearchIncubation, ZoneIndustrialProduction,
		ZoneLiving, ZoneLogistics, ZoneMixed,
	}
}

// ParseZoneFunction reads one, or gives a [geo.Invalid] for function.
func ParseZoneFunction(s string) (ZoneFunction, error) {
	return parse("function", s, ZoneFunctions())
}

// NetworkKind is what a line or point of a network carries.
type NetworkKind string

// The kinds of network.
const (
	NetworkRoad       NetworkKind = "road"
	NetworkRail       NetworkKind = "rail"
	NetworkPort       NetworkKind = "port"
	NetworkSubstation NetworkKind = "substation"
	NetworkPower      NetworkKind = "power"
	NetworkSteam      NetworkKind = "steam"
	NetworkWater      NetworkKind = "water"
	NetworkGas        NetworkKind = "gas"
	NetworkSewer      NetworkKind = "sewer"
	NetworkNitrogen   NetworkKind = "nitrogen"
)

// NetworkKinds lists every kind.
func NetworkKinds() []NetworkKind {
	return []NetworkKind{
		NetworkRoad, NetworkRail, NetworkPort, NetworkSubstation, NetworkPower,
		NetworkSteam, NetworkWater, NetworkGas, NetworkSewer, NetworkNitrogen,
	}
}

// ParseNetworkKind reads one, or gives a [geo.Invalid] for kind.
func ParseNetworkKind(s string) (NetworkKind, error) {
	return parse("kind", s, NetworkKinds())
}

// NetworkGrade orders the parts of a network.
type NetworkGrade string

// The grades: roads take all but node, other kinds trunk, branch and node.
const (
	GradeExpressway NetworkGrade = "expressway"
	GradeTrunk      NetworkGrade = "trunk"
	GradeMain       NetworkGrade = "main"
	GradeBranch     NetworkGrade = "branch"
	GradeLane       NetworkGrade = "lane"
	GradeNode       NetworkGrade = "node"
)

// Grades lists the grades that k has, the highest first.
func (k NetworkKind) Grades() []NetworkGrade {
	if k == NetworkRoad {
		return []NetworkGrade{GradeExpressway, GradeTrunk, GradeMain, GradeBranch, GradeLane}
	}
	return []NetworkGrade{GradeTrunk, GradeBranch, GradeNode}
}

// ParseGrade reads a grade that k has, or gives a [geo.Invalid] for grade.
func (k NetworkKind) ParseGrade(s string) (NetworkGrade, error) {
	return parse("grade", s, k.Grades())
}

// ServiceKey names a service that reaches a parcel: the seven connections and
// levelled ground (七通一平), and nitrogen.
type ServiceKey string

// The services.
const (
	ServiceRoad     ServiceKey = "road"
	ServiceWater    ServiceKey = "water"
	ServiceSewer    ServiceKey = "sewer"
	ServicePower    ServiceKey = "power"
	ServiceSteam    ServiceKey = "steam"
	ServiceGas      ServiceKey = "gas"
	ServiceTelecom  ServiceKey = "telecom"
	ServiceLevelled ServiceKey = "levelled"
	ServiceNitrogen ServiceKey = "nitrogen"
)

// ServiceKeys lists every service.
func ServiceKeys() []ServiceKey {
	return []ServiceKey{
		ServiceRoad, ServiceWater, ServiceSewer, ServicePower, ServiceSteam,
		ServiceGas, ServiceTelecom, ServiceLevelled, ServiceNitrogen,
	}
}

// ParseServiceKey reads one, or gives a [geo.Invalid] for services.
func ParseServiceKey(s string) (ServiceKey, error) {
	return parse("services", s, ServiceKeys())
}

// ConditionKey names a planning condition of a plan unit.
type ConditionKey string

// The conditions. Shares and ratios are fractions of 1; the last three are in
// 万元 (10,000 CNY) per mu.
const (
	ConditionFAR                 ConditionKey = "far"                  // 容积率
	ConditionBuildingCoefficient ConditionKey = "building_coefficient" // 建筑系数
	ConditionOfficeShare         ConditionKey = "office_share"         // of land, for offices and living
	ConditionGreenRatio          ConditionKey = "green_ratio"          // 绿地率
	ConditionHeightM             ConditionKey = "height_m"
	ConditionSetbackM            ConditionKey = "setback_m" // 建筑退线, from every boundary of the land
	ConditionInvestPerMu         ConditionKey = "invest_per_mu"
	ConditionOutputPerMu         ConditionKey = "output_per_mu"
	ConditionTaxPerMu            ConditionKey = "tax_per_mu"
)

// ConditionKeys lists every condition.
func ConditionKeys() []ConditionKey {
	return []ConditionKey{
		ConditionFAR, ConditionBuildingCoefficient, ConditionOfficeShare, ConditionGreenRatio,
		ConditionHeightM, ConditionSetbackM, ConditionInvestPerMu, ConditionOutputPerMu, ConditionTaxPerMu,
	}
}

// ParseConditionKey reads one, or gives a [geo.Invalid] for conditions.
func ParseConditionKey(s string) (ConditionKey, error) {
	return parse("conditions", s, ConditionKeys())
}

// isShare reports whether the condition is a fraction of 1.
func (k ConditionKey) isShare() bool {
	shares := []ConditionKey{ConditionBuildingCoefficient, ConditionOfficeShare, ConditionGreenRatio}
	return slices.Contains(shares, k)
}

// most is the largest sensible value of a condition; a larger one is refused as a mistaken unit.
func (k ConditionKey) most() float64 {
	switch {
	case k.isShare():
		return 1
	case k == ConditionFAR:
		return 100
	case k == ConditionHeightM || k == ConditionSetbackM:
		return 1000
	}
	return 1e6 // 万元 per mu
}

// CheckRange refuses a range of the condition that is empty (min above max), has no end, is negative or not finite,
// or exceeds the condition's largest value. A share is from 0 to 1; a value that looks like per cent is refused with
// the share that was probably meant. nil is an open end.
func (k ConditionKey) CheckRange(minimum, maximum *float64) error {
	field := "conditions." + string(k)
	if minimum == nil && maximum == nil {
		return geo.NewInvalid(field, "range.min_or_max", geo.Say("came.neither"))
	}
	for _, end := range []*float64{minimum, maximum} {
		if end == nil || *end >= 0 && *end <= k.most() {
			continue
		}
		if k.isShare() && *end > 1 && *end <= 100 {
			return geo.NewInvalid(field, "number.share", *end, "n", plain(*end), "share", plain(*end/100))
		}
		return geo.NewInvalid(field, "number.from_0_to", *end, "n", plain(k.most()))
	}
	if minimum != nil && maximum != nil && *minimum > *maximum {
		return geo.NewInvalid(field, "range.order", fmt.Sprintf("min %s, max %s", plain(*minimum), plain(*maximum)))
	}
	return nil
}

// plain prints a number without an exponent and without decimals that say nothing.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
