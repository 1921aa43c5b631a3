package land_test

import (
	"math"
	"testing"

	"luodi/geo/land"
)

// TestTheGreatestEnvelopeIsWhatBindsFirst: on 10,000 m² of which a setback leaves 6,000.
func TestTheGreatestEnvelopeIsWhatBindsFirst(t *testing.T) {
	t.Parallel()
	at := func(v float64) *float64 { return &v }
	nan := math.NaN()
	for name, c := range map[string]struct {
		land.Limits
		want land.Envelope
	}{
		"nothing is stated": {land.Limits{}, land.Envelope{FootprintM2: 10_000, FloorM2: nan, Storeys: nan,
			HeightM: nan}},
		"the setback binds": {land.Limits{SetbackM: at(10), Coverage: at(0.65)},
			land.Envelope{FootprintM2: 6000, GroundBy: land.ConditionSetbackM, FloorM2: nan, Storeys: nan,
				HeightM: nan}},
		"the coverage binds, and the FAR": {land.Limits{SetbackM: at(10), Coverage: at(0.5), FAR: at(1),
			HeightM: at(24)},
			land.Envelope{FootprintM2: 5000, GroundBy: land.ConditionBuildingCoefficient, FloorM2: 10_000, Storeys: 2,
				HeightM: 16,
				UpBy:    land.ConditionFAR}},
		"the height binds": {land.Limits{Coverage: at(0.5), FAR: at(1.8), HeightM: at(24)},
			land.Envelope{FootprintM2: 5000, GroundBy: land.ConditionBuildingCoefficient, FloorM2: 18_000,
				Storeys: 3.6, HeightM: 24,
				UpBy: land.ConditionHeightM}},
		"no floor-area ratio": {land.Limits{HeightM: at(24)},
			land.Envelope{FootprintM2: 10_000, FloorM2: nan, Storeys: nan, HeightM: 24, UpBy: land.ConditionHeightM}},
	} {
		if got := land.GreatestEnvelope(10_000, 6000, c.Limits); !sameEnvelope(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	none := land.GreatestEnvelope(10_000, 0, land.Limits{SetbackM: at(80), FAR: at(1)})
	if none.FootprintM2 != 0 || none.GroundBy != land.ConditionSetbackM || !math.IsNaN(none.Storeys) {
		t.Errorf("a setback that leaves no ground: %+v", none)
	}
}

func sameEnvelope(a, b land.Envelope) bool {
	same := func(x, y float64) bool { return math.Abs(x-y) < 1e-9 || math.IsNaN(x) && math.IsNaN(y) }
	return same(a.FootprintM2, b.FootprintM2) && same(a.FloorM2, b.FloorM2) && same(a.Storeys, b.Storeys) &&
		same(a.HeightM, b.HeightM) && a.GroundBy == b.GroundBy && a.UpBy == b.UpBy
}
