package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"luodi/geo"
)

// Shape says how ground is cut, joined or redrawn. Coordinates are longitude and latitude of EPSG:4490; straight means
// straight in the park's survey CRS.
type Shape struct {
	Line     [][2]float64    `json:"line,omitempty" maxItems:"1000" doc:"split: the cut; move: the new boundary"`
	AreaMu   *geo.Mu         `json:"area_mu,omitempty" exclusiveMinimum:"-1500000000" exclusiveMaximum:"1500000000" doc:"split off this legal area; rounded to 0.0001 m²"`
	Parts    int             `json:"parts,omitempty" minimum:"0" maximum:"100" doc:"split into so many equal parts"`
	Bearing  *float64        `json:"bearing,omitempty" minimum:"0" exclusiveMaximum:"360" doc:"direction of the straight cut, degrees clockwise from the survey grid's north"`
	Side     string          `json:"side,omitempty" enum:"left,right" doc:"on which side of the cut, looking along bearing, the stated area lies; of a drawn line: the part on that side, looking along it, comes first in codes"`
	Codes    []string        `json:"codes,omitempty" maxItems:"100" text:"code" doc:"codes of the new parcels, in order"`
	Heir     string          `json:"heir,omitempty" text:"code" doc:"code of the child that inherits the right on allotted land"`
	Decision json.RawMessage `json:"decision,omitempty" text:"-" doc:"merge: the values that hold where the parcels differ"`
	Geometry json.RawMessage `json:"geometry,omitempty" text:"-" doc:"correct: the surveyed Polygon; border: the park's border, a Polygon or MultiPolygon"`
	LegalM2  *geo.Area       `json:"legal_m2,omitempty" exclusiveMinimum:"-1000000000000" exclusiveMaximum:"1000000000000" doc:"correct: the surveyed area; rounded to 0.0001 m²"`
}

const sqlReadShape = `
SELECT ST_AsEWKB(CASE WHEN $2 THEN ST_Multi(g) ELSE g END), ST_AsEWKB(ST_Transform(g, p.survey_crs)),
       coalesce(NOT ST_IsEmpty(g) AND ST_IsValid(g) AND ST_NDims(drawn) = 2 AND ST_XMin(g) >= -180
         AND ST_XMax(g) <= 180 AND ST_YMin(g) >= -90 AND ST_YMax(g) <= 90, false)
  FROM park p, ST_SetSRID(ST_GeomFromGeoJSON($3::text), 4490) drawn, settle_shape(drawn) g WHERE p.park_id = $1`

// readShape reads a GeoJSON geometry of one of some types, as EWKB: as it is kept, and in the survey plane. multi makes
// it a multi geometry. field names it in errors.
func (w *work) readShape(ctx context.Context, field string, types []string, multi bool,
	geometry json.RawMessage) (stored, planar []byte, err error) {
	expected := geo.Say("shape.drawn", "kinds", strings.Join(types, ", "))
	var head struct {
		Type string `json:"type"`
	}
	if len(geometry) == 0 || json.Unmarshal(geometry, &head) != nil || !slices.Contains(types, head.Type) {
		return nil, nil, expected.Refuse(field, string(geometry))
	}
	if err := w.checkDrawn(ctx, field, expected, geometry); err != nil {
		return nil, nil, err
	}
	var sound bool
	err = w.tx.QueryRow(ctx, sqlReadShape, w.park, multi, string(geometry)).Scan(&stored, &planar, &sound)
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return nil, nil, expected.Refuse(field, string(geometry))
	}
	if err == nil && !sound {
		return nil, nil, expected.Refuse(field, string(geometry))
	}
	return stored, planar, err
}
