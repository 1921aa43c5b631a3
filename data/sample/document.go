// Package sample holds the sample park: the carbon-fibre park of Weihai's Lingang district and its five neighbours,
// drawn to illustrate a news report of 2022-05-28. docs/sample.md lists the facts from the report, the drawn shapes,
// and the placeholders.
package sample

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:generate go run luodi/data/sample/draw -out lingang.json

//go:embed lingang.json
var lingang []byte

// Point is easting, northing in metres of the document's CRS, on a 1 mm grid.
type Point [2]float64

// Geometry is a GeoJSON geometry but for its coordinates: they are easting, northing in the document's CRS.
type Geometry struct {
	Type        string `json:"type"` // Polygon, MultiPolygon, LineString or Point
	Coordinates any    `json:"coordinates"`
}

// Document is the sample's data. Members are named after their tables and columns.
type Document struct {
	Note     string    `json:"note"`
	CRS      int       `json:"crs"` // EPSG code of every coordinate and of the parks' survey plane
	District Named     `json:"district"`
	Parks    []Park    `json:"parks"`
	Parties  []Party   `json:"parties"`
	Projects []Project `json:"projects"`
	Teams    []Team    `json:"teams"`
}

// Named is a code with its names.
type Named struct {
	Code   string `json:"code"`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
}

// Park is a park and all that lies in it.
type Park struct {
	Named
	Geom       Geometry    `json:"geom"`
	Zones      []Zone      `json:"zones"`
	PlanUnits  []PlanUnit  `json:"plan_units"`
	Parcels    []Parcel    `json:"parcels"`
	Networks   []Network   `json:"networks"`
	Allotments []Allotment `json:"allotments"`
	Buildings  []Building  `json:"buildings,omitempty"`
}

// Building is a workshop on a parcel, made up to show what could be. Since and ReadyBy are "" where nothing is stated.
type Building struct {
	Named
	Parcel  string  `json:"parcel"`
	Stage   string  `json:"stage"`
	Since   string  `json:"since,omitempty"`
	ReadyBy string  `json:"ready_by,omitempty"`
	Storeys int     `json:"storeys"`
	FloorM2 float64 `json:"floor_m2"`
	Source  string  `json:"source"`
	Units   []Unit  `json:"units"`
}

// Unit is floor space that is let as one; a figure that is nil is not known. Tenant is the code of the project that has
// let it from LetFrom on, or "".
type Unit struct {
	Code         string   `json:"code"`
	Floor        int      `json:"floor"`
	AreaM2       float64  `json:"area_m2"`
	ClearHeightM *float64 `json:"clear_height_m"`
	LoadTM2      *float64 `json:"load_t_m2"`
	CraneT       *float64 `json:"crane_t"`
	PowerKVA     *float64 `json:"power_kva"`
	Rent         *float64 `json:"rent_cny_m2_month"`
	Tenant       string   `json:"tenant,omitempty"`
	LetFrom      string   `json:"let_from,omitempty"`
}

// Zone is a functional zone; LegalM2 is "" where no area is stated.
type Zone struct {
	Named
	Function string   `json:"function"`
	LegalM2  string   `json:"legal_m2,omitempty"`
	Geom     Geometry `json:"geom"`
}

// Condition is one planning condition; a bound that is not set is null.
type Condition struct {
	Min           *float64 `json:"min"`
	Max           *float64 `json:"max"`
	Source        string   `json:"source"`
	Edition       string   `json:"edition"`
	EffectiveFrom string   `json:"effective_from"`
}

// PlanUnit is a unit of the detailed plan.
type PlanUnit struct {
	Code          string               `json:"code"`
	LandUse       string               `json:"land_use"`
	Conditions    map[string]Condition `json:"conditions"`
	Edition       string               `json:"edition"`
	EffectiveFrom string               `json:"effective_from"`
	Geom          Geometry             `json:"geom"`
}

// Service is what a parcel can draw from one network; Capacity and Unit are null where not stated.
type Service struct {
	Ready    bool     `json:"ready"`
	Capacity *float64 `json:"capacity"`
	Unit     *string  `json:"unit"`
}

// Price is a price of a parcel's land, with the document and the day that it is of (docs/decisions/0020).
type Price struct {
	CNYPerM2 float64 `json:"cny_per_m2"`
	Kind     string  `json:"kind"`
	Document string  `json:"document"`
	On       string  `json:"on"`
}

// Parcel is a parcel; Zone is "" outside every zone. Price is nil where none is stated.
type Parcel struct {
	Code       string             `json:"code"`
	Zone       string             `json:"zone,omitempty"`
	BankStatus string             `json:"bank_status"`
	LandUse    string             `json:"land_use"`
	LegalM2    string             `json:"legal_m2"`
	Services   map[string]Service `json:"services"`
	Price      *Price             `json:"price,omitempty"`
	Papers     []Paper            `json:"papers,omitempty"`
	Geom       Geometry           `json:"geom"`
}

// Network is a line or a node of a network.
type Network struct {
	Named
	Kind     string   `json:"kind"`
	Grade    string   `json:"grade"`
	WidthM   *float64 `json:"width_m"`
	Capacity *float64 `json:"capacity"`
	Unit     *string  `json:"unit"`
	Geom     Geometry `json:"geom"`
}

// Party is a company, or a placeholder for one.
type Party struct {
	NameZH      string `json:"name_zh"`
	NameEN      string `json:"name_en"`
	Named       bool   `json:"named"`
	Placeholder bool   `json:"placeholder"`
	Source      string `json:"source"`
}

// Team is a task force or promotion team, or a placeholder for one.
type Team struct {
	Kind        string `json:"kind"`
	Number      int    `json:"number"`
	NameZH      string `json:"name_zh"`
	NameEN      string `json:"name_en"`
	Placeholder bool   `json:"placeholder"`
	Source      string `json:"source"`
}

// Project is a project; Party is the Chinese name of its party, or "".
type Project struct {
	Code          string         `json:"code"`
	Party         string         `json:"party,omitempty"`
	NameZH        string         `json:"name_zh"`
	NameEN        string         `json:"name_en"`
	IndustryCodes []Industry     `json:"industry_codes"`
	ChainStage    string         `json:"chain_stage,omitempty"`
	InvestmentCNY *int64         `json:"investment_cny"`
	Figures       map[string]any `json:"figures"`
	Requirement   *Requirement   `json:"requirement,omitempty"`
	Named         bool           `json:"named"`
	Placeholder   bool           `json:"placeholder"`
	Source        string         `json:"source"`
	Tags          []Tag          `json:"tags"`
	Milestones    []Milestone    `json:"milestones"`
	Investments   []Investment   `json:"investments"`
}

// Requirement is what a project needs: amounts by service, in the units of geo/land.
type Requirement struct {
	Services map[string]float64 `json:"services"`
}

// Industry is a code of GB/T 4754 with its edition.
type Industry struct {
	Code    string `json:"code"`
	Edition string `json:"edition"`
}

// Tag is a dated listing; Until is not part of it.
type Tag struct {
	Tag   string `json:"tag"`
	From  string `json:"from"`
	Until string `json:"until"`
}

// Milestone is a stage reached on a day.
type Milestone struct {
	Stage     string `json:"stage"`
	ReachedOn string `json:"reached_on"`
	Evidence  string `json:"evidence"`
}

// Investment is money put in from the first of January until a day.
type Investment struct {
	Until    string `json:"until"`
	PaidCNY  int64  `json:"paid_cny"`
	Evidence string `json:"evidence"`
}

// Allotment is a project's right to parcels. A hold ends HoldDays after loading: the sample has no clock of its own.
type Allotment struct {
	Project    string         `json:"project"`
	Parcels    []string       `json:"parcels"`
	State      string         `json:"state"`
	HoldDays   *int           `json:"hold_days"`
	SupplyMode *string        `json:"supply_mode"`
	TermYears  *float64       `json:"term_years"`
	Terms      map[string]any `json:"commitments"`
}

// Lingang parses the embedded sample.
func Lingang() (*Document, error) {
	var d Document
	if err := json.Unmarshal(lingang, &d); err != nil {
		return nil, fmt.Errorf("read the embedded sample: %w", err)
	}
	return &d, nil
}
