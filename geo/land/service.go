package land

import (
	"luodi/geo"
)

// Service is what land can draw from a node of a network.
type Service string

// The services.
const (
	DrawPower    Service = "power"
	DrawSteam    Service = "steam"
	DrawWater    Service = "water"
	DrawSewage   Service = "sewage"
	DrawGas      Service = "gas"
	DrawNitrogen Service = "nitrogen"
)

// services is the one table of services: the kind of network whose nodes give each, and its unit. The database's table
// service has the same rows.
var services = []struct {
	Service
	node NetworkKind
	unit string
}{
	{DrawPower, NetworkSubstation, "kVA"},
	{DrawSteam, NetworkSteam, "t/h"},
	{DrawWater, NetworkWater, "m3/d"},
	{DrawSewage, NetworkSewer, "m3/d"},
	{DrawGas, NetworkGas, "m3/h"},
	{DrawNitrogen, NetworkNitrogen, "m3/h"},
}

// Services lists every service, in the order in which they are shown.
func Services() []Service {
	all := make([]Service, len(services))
	for i, s := range services {
		all[i] = s.Service
	}
	return all
}

// ParseService reads one, or gives a [geo.Invalid] for service.
func ParseService(s string) (Service, error) { return parse("service", s, Services()) }

// Node is the kind of network whose nodes give the service; "" of an unknown service.
func (s Service) Node() NetworkKind {
	for _, row := range services {
		if row.Service == s {
			return row.node
		}
	}
	return ""
}

// Unit is what the service is measured in: kVA, t/h, m3/d or m3/h; "" of an unknown service.
func (s Service) Unit() string {
	for _, row := range services {
		if row.Service == s {
			return row.unit
		}
	}
	return ""
}

// Need is how much of each service a project needs.
type Need map[Service]geo.Amount

// ParseNeed reads the services of a project's requirement: a JSON object, decoded, of positive numbers by service.
// nil means no needs. Other values are a [geo.Invalid] for
// requirement.services or the service below it.
func ParseNeed(value any) (Need, error) {
	if value == nil {
		return nil, nil
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, geo.NewInvalid("requirement.services", "services.amounts", value)
	}
	need := Need{}
	for name, v := range object {
		service, err := ParseService(name)
		if err != nil {
			return nil, geo.NewInvalid("requirement.services",
				"one_of", name, "values", "power, steam, water, sewage, gas, nitrogen")
		}
		number, ok := v.(float64)
		if !ok {
			return nil, geo.NewInvalid("requirement.services."+name, "service.amount", v)
		}
		amount, err := geo.AmountFrom(number)
		if err != nil || amount.Sign() <= 0 {
			return nil, geo.NewInvalid("requirement.services."+name, "service.amount", number)
		}
		need[service] = amount
	}
	return need, nil
}

// Telling is the form in which a node's free capacity of a service is published.
type Telling string

// The tellings.
const (
	TellFigure Telling = "figure" // the amount
	// a tenth of the capacity in which it lies or, where the capacity isn't told, a step of 1, 2, 5, 10 and so on;
	// where nobody says otherwise
	TellBand Telling = "band"
	TellWord Telling = "word" // ample, some or little
	TellNone Telling = "none" // nothing
)

// Tellings lists them.
func Tellings() []Telling { return []Telling{TellFigure, TellBand, TellWord, TellNone} }

// CapacityTellings lists the forms in which a capacity or a price is published: as a figure or not.
func CapacityTellings() []Telling { return []Telling{TellFigure, TellNone} }

// ParseCapacityTelling reads one, or gives a [geo.Invalid] for capacity_told.
func ParseCapacityTelling(s string) (Telling, error) {
	return parse("capacity_told", s, CapacityTellings())
}

// ParsePriceTelling reads whether a price is published, or gives a [geo.Invalid] for price_told.
func ParsePriceTelling(s string) (Telling, error) { return parse("price_told", s, CapacityTellings()) }

// ParseServicesTelling reads how what a parcel can draw is published, or gives a [geo.Invalid] for services_told.
func ParseServicesTelling(s string) (Telling, error) { return parse("services_told", s, Tellings()) }

// ParseTelling reads one, or gives a [geo.Invalid] for headroom_told.
func ParseTelling(s string) (Telling, error) { return parse("headroom_told", s, Tellings()) }
