package intake

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/intake/file"
	"luodi/data/store"
	"luodi/geo"
)

// maxListed bounds each list of a report; its count is exact.
const maxListed = 10_000

// ImportReport says what an import found and did.
type ImportReport struct {
	Park        string            `json:"park"`
	ParkMade    bool              `json:"park_made"`
	Layer       string            `json:"layer"`
	Format      string            `json:"format"`
	SourceLayer string            `json:"source_layer"`
	SourceCRS   string            `json:"source_crs"`
	CRSFrom     string            `json:"crs_from"` // request, file, or format: what GeoJSON is without a word
	SurveyCRS   string            `json:"survey_crs"`
	CodeField   string            `json:"code_field"` // "" when rows were numbered
	CodeGuessed bool              `json:"code_guessed"`
	Fields      map[string]string `json:"fields"` // our field → the file's
	Ours        []Ours            `json:"ours"`   // the fields of the layer that a file may fill
	Columns     []Column          `json:"columns"`

	Read       int64 `json:"read"`
	Taken      int64 `json:"taken"`      // written; 0 in a dry run or when the file was refused
	Acceptable int64 `json:"acceptable"` // not refused
	Refused    int64 `json:"refused"`
	DryRun     bool  `json:"dry_run"`
	Written    bool  `json:"written"`

	// Of the acceptable rows: what they become. Without an update all are made.
	Update    bool  `json:"update"`
	Made      int64 `json:"made"`
	Changed   int64 `json:"changed"`
	Unchanged int64 `json:"unchanged"`
	// Retired: of the missing, on request. Held: of the missing, those that something keeps from it.
	Retired      int64     `json:"retired"`
	MissingCount int64     `json:"missing_count"`
	Held         int64     `json:"held"`
	Missing      []Missing `json:"missing"`
	// Proposed: of the missing, those that an order to retire them names; Proposal is that order, once it is kept.
	Proposed int64      `json:"proposed"`
	Proposal *uuid.UUID `json:"proposal,omitempty"`
	Changes  []Changed  `json:"changes"`
	// StatusKept: rows that state another bank status than their parcel has, which keeps its own.
	StatusKept int64 `json:"status_kept"`

	// BaseSeq is the park's clock that the file was compared with; Meanwhile is what others changed since Seen.
	BaseSeq   int64       `json:"base_seq"`
	Meanwhile []Meanwhile `json:"meanwhile,omitempty"`

	Record uuid.UUID `json:"record,omitzero"`
	Seq    int64     `json:"seq,omitempty"`

	ComputedM2 float64  `json:"computed_m2"` // of the acceptable rows, in the survey CRS
	LegalM2    geo.Area `json:"legal_m2"`    // of the acceptable parcels
	Mu         geo.Mu   `json:"mu"`          // legal for parcels, else computed

	Refusals       []Refusal     `json:"refusals"` // at most 10,000, as every list here
	Overlaps       []Overlap     `json:"overlaps"`
	OverlapCount   int64         `json:"overlap_count"`
	OverlapsWithin int64         `json:"overlaps_within_tolerance"`
	AreaWarnings   []AreaWarning `json:"area_warnings"`
	AreaDiffers    int64         `json:"area_differs"`
	FlattenedRows  int64         `json:"flattened_rows"` // had Z or M, which were left out
	UnnamedLegal   int64         `json:"legal_from_computed"`
	MendedRows     int64         `json:"mended_rows"` // the grid made a ring touch itself, which was put in order
	Widened        *Widened      `json:"widened,omitempty"`

	// What is wrong with the drawing of parcels and was not mended, and what was. Lists are ordered by kind and size.
	// Counts are by kind; of what is wider than the tolerance by kind + "_wide".
	FlawToleranceM float64          `json:"flaw_tolerance_m,omitempty"`
	Flaws          []Flaw           `json:"flaws,omitempty"`
	FlawCounts     map[string]int64 `json:"flaw_counts,omitempty"`
	Mended         []Flaw           `json:"mended,omitempty"`
	MendedCounts   map[string]int64 `json:"mended_counts,omitempty"`
	Snapped        *Snapped         `json:"snapped,omitempty"`
	FlawsUnchecked bool             `json:"flaws_unchecked,omitempty"` // more points than are held at once

	// Place is where the middle of the rows lies: longitude and latitude.
	Place *[2]float64 `json:"place,omitempty"`
	// DistanceM is how far that is from the middle of a park that exists.
	DistanceM *float64 `json:"distance_m,omitempty"`
	// Encoding is that of the file's texts, where it had to be found out.
	Encoding string `json:"encoding,omitempty"`
	// Notes say how the file was taken, for a reader who prints the report: Said in words.
	Notes []string    `json:"notes,omitempty"`
	Said  []geo.Words `json:"-"`
	// Fitted: the coordinates were led to their system by control points; they are for looking until a survey confirms
	// them.
	Fitted bool `json:"fitted,omitempty"`
	// Unproven: nothing but the file's word says in which zone its coordinates are.
	Unproven bool `json:"system_unproven"`

	Fault   *file.Fault `json:"fault,omitempty"` // why the file as a whole can't be taken
	Seconds float64     `json:"seconds"`
	// for a reader who is told over the API: the fault, and what to know besides, in words
	FaultText string    `json:"fault_text,omitempty"`
	Warnings  []Warning `json:"warnings,omitempty"`

	Preview    json.RawMessage `json:"preview,omitempty"` // a FeatureCollection in EPSG:4490
	PreviewCut bool            `json:"preview_cut"`       // there is more than it shows
}

// Warning is something that refuses no row, and how many rows it is about.
type Warning struct {
	Code  string `json:"code"`
	Count int64  `json:"count"`
	Text  string `json:"text"`
}

// Ours is a field of a layer that a file may fill.
type Ours struct {
	Name     string `json:"name"`
	Required bool   `json:"required"` // of a new row
}

// Changed is a row that corrects what the park has, and by which facts; geometry among them.
type Changed struct {
	Row     int64    `json:"row"`
	Code    string   `json:"code"`
	Differs []string `json:"differs"`
}

// Refusal is a row that can't be taken, and why.
type Refusal struct {
	Row   int64      `json:"row"`
	ID    string     `json:"id,omitempty"` // the file's own
	Code  string     `json:"code,omitempty"`
	Fault file.Fault `json:"fault"`
	Text  string     `json:"text,omitempty"` // for a reader who prints the report: the fault in words
}

// Overlap is a pair that overlaps by more than 0.01 m² in the plane of the survey CRS: two rows, or a row and a live
// parcel.
type Overlap struct {
	Row          int64   `json:"row"` // the earlier row; 0 when it is a live parcel
	Code         string  `json:"code"`
	OtherRow     int64   `json:"other_row"`
	OtherCode    string  `json:"other_code"`
	M2           float64 `json:"m2"`
	ToleranceM2  float64 `json:"tolerance_m2"`     // 0.01 m² + 0.1 mm × the smaller perimeter
	WithinLimits bool    `json:"within_tolerance"` // and so no reason to refuse
	// of the live parcel, where it is another's; its code is told where it is public
	Park string `json:"park,omitempty"`
}

// AreaWarning is a parcel whose legal and computed areas are more than 1 % apart.
type AreaWarning struct {
	Row        int64    `json:"row"`
	Code       string   `json:"code"`
	LegalM2    geo.Area `json:"legal_m2"`
	ComputedM2 float64  `json:"computed_m2"`
}

const (
	countShapes = `
SELECT count(*) FILTER (WHERE fault IS NULL), count(*) FILTER (WHERE fault IS NOT NULL),
       coalesce(sum(computed_m2) FILTER (WHERE fault IS NULL), 0),
       coalesce(sum(coalesce((vals->>'legal_m2')::numeric,
         round(coalesce(own_m2, computed_m2)::numeric, 4))) FILTER (WHERE fault IS NULL), 0)::text,
       count(*) FILTER (WHERE fault IS NULL AND vals->>'legal_m2' IS NULL),
       count(*) FILTER (WHERE fault IS NULL AND mended),
       count(*) FILTER (WHERE fault IS NULL AND becomes = 'new'),
       count(*) FILTER (WHERE fault IS NULL AND becomes = 'changed'),
       count(*) FILTER (WHERE fault IS NULL AND becomes = 'unchanged'), count(*) FILTER (WHERE fault IS NULL AND keeps)
  FROM import_shape`

	listChanges = `SELECT number, code, differs FROM import_shape WHERE fault IS NULL AND becomes = 'changed'
		ORDER BY number LIMIT $1`

	listRefused = `
SELECT number AS row, source_id AS id, code, fault, coalesce(field, '') AS field,
       coalesce(expected, '') AS expected, coalesce(got, '') AS got
  FROM import_shape WHERE fault IS NOT NULL ORDER BY number LIMIT $1`

	listOverlaps = `
SELECT coalesce(o.a, 0), coalesce(a.code, o.live, ''), o.b, b.code, o.m2, o.tolerance, o.m2 <= o.tolerance,
       coalesce(o.park, '')
  FROM import_overlap o JOIN import_shape b ON b.number = o.b LEFT JOIN import_shape a ON a.number = o.a
 ORDER BY o.m2 DESC, o.b, o.a LIMIT $1`

	listAreaWarnings = `
SELECT number, code, (vals->>'legal_m2'), computed_m2, count(*) OVER ()
  FROM import_shape
 WHERE fault IS NULL AND abs((vals->>'legal_m2')::numeric - computed_m2::numeric) > 0.01 * computed_m2::numeric
 ORDER BY number LIMIT $1`
)

// summarise fills the report from the examined rows.
func (im *importing) summarise(ctx context.Context) error {
	r := &im.report
	var late int64
	var legal string
	err := im.tx.QueryRow(ctx, countShapes).Scan(&r.Acceptable, &late, &r.ComputedM2, &legal, &r.UnnamedLegal,
		&r.MendedRows, &r.Made, &r.Changed, &r.Unchanged, &r.StatusKept)
	if err != nil {
		return store.Translate("import: count rows", err)
	}
	r.Refused = im.early + late
	r.Mu, err = geo.MuFromM2(r.ComputedM2)
	if err != nil {
		return err
	}
	if im.kind.table == "parcel" {
		if r.LegalM2, err = geo.ParseArea(legal); err != nil {
			return err
		}
		r.Mu = r.LegalM2.Mu()
	}
	if err := im.listRefusals(ctx); err != nil {
		return err
	}
	if err := im.listPairs(ctx); err != nil {
		return err
	}
	if err := im.listWarnings(ctx); err != nil {
		return err
	}
	if err := im.listMissing(ctx); err != nil {
		return err
	}
	rows, err := im.tx.Query(ctx, listChanges, maxListed)
	if err != nil {
		return store.Translate("import: list what changes", err)
	}
	r.Changes, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Changed])
	return store.Translate("import: list what changes", err)
}

func (im *importing) listRefusals(ctx context.Context) error {
	rows, err := im.tx.Query(ctx, listRefused, maxListed)
	if err != nil {
		return store.Translate("import: list what is refused", err)
	}
	late, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Refusal, error) {
		var r Refusal
		err := row.Scan(&r.Row, &r.ID, &r.Code, &r.Fault.Code, &r.Fault.Field, &r.Fault.Expected, &r.Fault.Got)
		return r, err
	})
	if err != nil {
		return store.Translate("import: list what is refused", err)
	}
	all := append(append([]Refusal{}, im.refused...), late...) // never null for who reads it as JSON
	slices.SortFunc(all, func(a, b Refusal) int { return int(a.Row - b.Row) })
	im.report.Refusals = all[:min(len(all), maxListed)]
	return nil
}

func (im *importing) listPairs(ctx context.Context) error {
	r := &im.report
	const count = `SELECT count(*), count(*) FILTER (WHERE m2 <= tolerance) FROM import_overlap`
	if err := im.tx.QueryRow(ctx, count).Scan(&r.OverlapCount, &r.OverlapsWithin); err != nil {
		return store.Translate("import: count overlaps", err)
	}
	rows, err := im.tx.Query(ctx, listOverlaps, maxListed)
	if err != nil {
		return store.Translate("import: list overlaps", err)
	}
	r.Overlaps, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Overlap])
	return store.Translate("import: list overlaps", err)
}

func (im *importing) listWarnings(ctx context.Context) error {
	if im.kind.table != "parcel" {
		return nil
	}
	rows, err := im.tx.Query(ctx, listAreaWarnings, maxListed)
	if err != nil {
		return store.Translate("import: compare areas", err)
	}
	im.report.AreaWarnings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (AreaWarning, error) {
		var w AreaWarning
		err := row.Scan(&w.Row, &w.Code, &w.LegalM2, &w.ComputedM2, &im.report.AreaDiffers)
		return w, err
	})
	return store.Translate("import: compare areas", err)
}
