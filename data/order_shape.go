package data

import (
	"encoding/json"

	"luodi/geo"
)

// Shape says how ground is cut, joined or redrawn. Coordinates are longitude and latitude of EPSG:4490; straight means straight in the park's survey CRS.
type Shape struct {
	Line     [][2]float64    `json:"line,omitempty" maxItems:"1000" doc:"split: the cut; move: the new boundary"`
	AreaMu   *geo.Mu         `json:"area_mu,omitempty" doc:"split off this legal area"`
	Parts    int             `json:"parts,omitempty" minimum:"0" maximum:"100" doc:"split into so many equal parts"`
	Bearing  *float64        `json:"bearing,omitempty" minimum:"0" exclusiveMaximum:"360" doc:"direction of the straight cut, degrees clockwise from the survey grid's north"`
	Side     string          `json:"side,omitempty" enum:"left,right" doc:"on which side of the cut, looking along bearing, the stated area lies"`
	Codes    []string        `json:"codes,omitempty" maxItems:"100" doc:"codes of the new parcels, in order"`
	Heir     string          `json:"heir,omitempty" doc:"code of the child that inherits the right on allotted land"`
	Decision json.RawMessage `json:"decision,omitempty" doc:"merge: the values that hold where the parcels differ"`
	Geometry json.RawMessage `json:"geometry,omitempty" doc:"correct: the surveyed Polygon"`
	LegalM2  *geo.Area       `json:"legal_m2,omitempty" doc:"correct: the surveyed area"`
}
