package land

import "math"

// Limits are the planning conditions that bound a volume; nil where one is not stated.
type Limits struct {
	FAR      *float64 // at most: counted floor area ÷ area of the land
	Coverage *float64 // at most: area under buildings ÷ area of the land (建筑系数)
	HeightM  *float64 // at most
	SetbackM *float64 // at least, from every boundary
}

// CountedStoreyM is the height of a storey up to which its floor counts once; a higher storey counts twice
// (工业项目建设用地控制指标, 自然资发〔2023〕72 号).
const CountedStoreyM = 8

// Envelope is the most that limits allow to be built. NaN is what no limit bounds.
type Envelope struct {
	FootprintM2 float64
	GroundBy    ConditionKey // what bounds the footprint; "": the boundary of the land
	FloorM2     float64      // counted floor area
	Storeys     float64      // that the floor area makes on the whole footprint
	HeightM     float64      // of the volume on the whole footprint
	UpBy        ConditionKey // what bounds the height; "": nothing does
}

// GreatestEnvelope computes the envelope of land of an area, of which insetM2 lies inside the setback (the area itself
// where none is stated):
//
//  1. The footprint is the smaller of what the setback leaves and coverage × area.
//  2. The counted floor area is FAR × area (容积率 is counted floor area over the area of the land:
//     建设用地容积率管理办法, 建规〔2012〕22 号).
//  3. That floor on the whole footprint makes floor ÷ footprint storeys; at [CountedStoreyM] each they are so high.
//  4. The height is the smaller of that and the height limit.
func GreatestEnvelope(areaM2, insetM2 float64, l Limits) Envelope {
	e := Envelope{FootprintM2: areaM2, FloorM2: math.NaN(), Storeys: math.NaN(), HeightM: math.NaN()}
	if l.SetbackM != nil {
		e.FootprintM2, e.GroundBy = max(min(insetM2, areaM2), 0), ConditionSetbackM
	}
	if l.Coverage != nil && *l.Coverage*areaM2 < e.FootprintM2 {
		e.FootprintM2, e.GroundBy = *l.Coverage*areaM2, ConditionBuildingCoefficient
	}
	if l.HeightM != nil {
		e.HeightM, e.UpBy = *l.HeightM, ConditionHeightM
	}
	if l.FAR == nil {
		return e
	}
	e.FloorM2 = *l.FAR * areaM2
	if e.FootprintM2 <= 0 {
		return e
	}
	e.Storeys = e.FloorM2 / e.FootprintM2
	if high := e.Storeys * CountedStoreyM; l.HeightM == nil || high < *l.HeightM {
		e.HeightM, e.UpBy = high, ConditionFAR
	}
	return e
}
