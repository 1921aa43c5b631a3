package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are known by name on every machine

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/intake/file"
	"luodi/data/ledger"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/coverage"
	"luodi/geo/land"
)

// ErrImportRefused: rows of the file can't be taken, so nothing of it was. The report names them.
var ErrImportRefused = fmt.Errorf("%w: the file was refused", store.ErrInvalid)

// ErrMeanwhile: others changed, since the dry run, what the file would change. The report names it.
var ErrMeanwhile = fmt.Errorf("%w: the land of the file was changed since it was looked at", store.ErrConflict)

// ImportRequest says what to make of a file's rows.
type ImportRequest struct {
	Park             string // code; a park that doesn't exist is made from what is taken
	District         string // code, for a new park; may be "" when there is one district or none
	NameZH, NameEN   string // of a new park; its code by default
	TimeZone         string // of a new park; Asia/Shanghai by default
	Layer            string // the collection that the rows become: parcels, or one of feed.ThingIDs
	CRS              geo.EPSG
	Shift            []float64         // three or seven parameters from an old datum: see docs/import.md
	CodeField        string            // "" guesses; A+B joins two fields
	Fields           map[string]string // our field → the file's
	Constants        map[string]string // our field → one value for every row
	Publication      string            // public or internal; "": public, but for the lines of utilities
	Reason, Document string
	Via              string // the program and version
	DryRun           bool   // check everything, write nothing
	SkipRefused      bool   // take the rest when rows are refused
	// Update: a row whose code is live in the park corrects it. Without it such a row is refused.
	Update bool
	// RetireMissing, of an Update: what is live in the layer and not in the file is retired. By an account it is named in
	// an order to retire it, for RetireReason or else Reason: a second person approves that. Of parcels only then.
	RetireMissing bool
	RetireReason  string
	Checksum      string    // SHA-256 of the file in hexadecimal; an update needs it
	By            uuid.UUID // the account that imports; zero for a program
	// Seen is the park's clock when a dry run was made: what others changed since of the rows refuses the import. 0:
	// nobody looked.
	Seen    int64
	Preview int // of a dry run: at most so many features are told, as GeoJSON
	// Also is done in the import's transaction, right before it commits; may be nil.
	Also func(context.Context, pgx.Tx, *ImportReport) error
	// let the border of a park that exists grow by the rows outside it, in the same record
	Widen bool
	// Snap is the tolerance in metres within which parcels are brought together, with each other and to the live ones;
	// 0 only tells what is wrong. From coverage.LeastToleranceM to coverage.MostToleranceM.
	Snap  float64
	drawn int64            // another bound than maxDrawn; 0 for that
	Doing func(ImportStep) // told what is begun, where a count of rows can't tell; may be nil
}

// ImportStep is what an import is at.
type ImportStep string

// The steps of an import, in their order. The last three are one question to the database each, which takes as long as
// the file is large.
const (
	ImportReads        ImportStep = "reads"
	ImportShapes       ImportStep = "shapes"
	ImportCompares     ImportStep = "compares"
	ImportWrites       ImportStep = "writes"
	ImportChecksLand   ImportStep = "checks_land"
	ImportChecksPublic ImportStep = "checks_public"
	ImportCommits      ImportStep = "commits"
)

// ImportSteps are all of them.
var ImportSteps = []ImportStep{ImportReads, ImportShapes, ImportCompares, ImportWrites, ImportChecksLand,
	ImportChecksPublic, ImportCommits}

// importing is one import under way, inside one transaction.
type importing struct {
	tx      pgx.Tx
	req     ImportRequest
	kind    importKind
	info    file.Info
	source  *planeSystem
	scale   float64 // from the unit of a drawing to the system's
	fields  *importFields
	report  ImportReport
	meter   meter
	park    importPark
	middle  [2]float64 // the median of the staged rows' places, in the file's coordinates: a stray row doesn't move it
	codes   *codeFields
	code    int       // which candidate is the code, from 1; 0 numbers the rows
	last    int64     // number of the last row staged
	found   int64     // overlapping pairs
	seen    int64     // the park's clock when live parcels were looked at
	refused []Refusal // by what the row itself says, before the database saw it
	early   int64     // how many those are
	repeats []repeat  // points of the file that follow themselves
	drawing *drawing  // of parcels, once their shapes are known; nil of a file with too many points
	points  int64     // of the rows staged
	// rows refused that may be what is missing
	uncertain int64
	// what is wrong with the drawing that is looked at; nil where that is told, or nobody looks
	flaws  <-chan []Flaw
	looked *drawing
}

// Import reads a file's rows, checks them and writes the accepted ones as one record of the park, in one transaction:
//
//  1. Rows are copied into a temporary table. Rows that are wrong by themselves are refused here.
//  2. PostGIS checks the shapes and transforms them to EPSG:4490 on its grid and to the plane of the park's survey
//     CRS. It finds duplicate codes and overlaps, among the rows and with the park's land.
//     What is wrong with the drawing is told, and mended where the request says so.
//     Of an update, rows whose code is live in the park are compared with what it has; their old ground counts as gone.
//  3. The park is made if it doesn't exist. The clock ticks, changes since step 2 are checked again, and versions are
//     written.
//
// Progress is in thousandths. The report is filled as far as the import came, also beside an error: ErrImportRefused
// when rows were refused and SkipRefused isn't set, a *file.Fault when the file as a whole can't be read,
// *geo.Invalid for a bad request.
func (s Intake) Import(ctx context.Context, req ImportRequest, src file.Reader,
	progress func(done, total int64)) (ImportReport, error) {
	started := time.Now()
	kind, err := req.check()
	if err != nil {
		return ImportReport{}, err
	}
	if req.Update && !isChecksum(req.Checksum) {
		return ImportReport{}, geo.NewInvalid("checksum", "import.checksum", req.Checksum)
	}
	tx, err := s.Planner.Begin(ctx)
	if err != nil {
		return ImportReport{}, store.Translate("import", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	im := &importing{tx: tx, req: req, kind: kind, info: src.Info(), meter: newMeter(progress)}
	im.report = Begun(req)
	im.report.SourceLayer, im.report.Format = im.info.Layer, im.info.Format
	im.report.Encoding, im.report.Said, im.report.Fitted = im.info.Encoding, im.info.Notes, im.info.Fitted
	err = im.run(ctx, src)
	im.report.Seconds = time.Since(started).Seconds()
	return im.report, err
}

// Begun is the report of a request before anything was read; its lists are empty, not null, for who reads it as JSON.
func Begun(req ImportRequest) ImportReport {
	r := ImportReport{Park: req.Park, Layer: req.Layer, DryRun: req.DryRun, Update: req.Update,
		Refusals: []Refusal{}, Overlaps: []Overlap{}, AreaWarnings: []AreaWarning{}, Missing: []Missing{},
		Changes: []Changed{}, Columns: []Column{}, Ours: []Ours{}, Fields: map[string]string{}}
	if kind, known := kindOf(req.Layer); known {
		for _, f := range kind.fields {
			r.Ours = append(r.Ours, Ours{Name: f.Name, Required: f.Required})
		}
	}
	return r
}

func (im *importing) run(ctx context.Context, src file.Reader) error {
	im.begin(ImportReads)
	if err := im.findSource(ctx); err != nil {
		return err
	}
	if err := im.checkDistrict(ctx); err != nil {
		return err
	}
	if err := im.stage(ctx, src); err != nil {
		return err
	}
	if err := im.chooseCode(ctx); err != nil {
		return err
	}
	im.tellColumns()
	for {
		if err := im.examine(ctx); err != nil {
			return err
		}
		if stop, err := im.settled(ctx); stop || err != nil {
			return err
		}
		if im.onlyProposes() {
			return im.proposeAlone(ctx)
		}
		raced, err := im.makePark(ctx)
		if err != nil {
			return err
		}
		if !raced {
			break
		}
	}
	return im.write(ctx)
}

// begin tells that a step begins.
func (im *importing) begin(step ImportStep) {
	if im.req.Doing != nil {
		im.req.Doing(step)
	}
}

// examine does all checks against the park as it is now.
func (im *importing) examine(ctx context.Context) error {
	im.found = 0
	im.begin(ImportShapes)
	if err := im.findPark(ctx); err != nil {
		return err
	}
	if err := im.shape(ctx); err != nil {
		return err
	}
	if err := im.checkCodes(ctx, 0); err != nil {
		return err
	}
	im.begin(ImportCompares)
	if err := im.findMissing(ctx); err != nil {
		return err
	}
	if err := im.lookAtDrawing(ctx); err != nil {
		return err
	}
	if im.req.Update && im.req.Snap > 0 { // what was brought together may be what the park has
		if err := im.match(ctx); err != nil {
			return err
		}
	}
	if err := im.checkGround(ctx); err != nil {
		return err
	}
	if err := im.findOverlaps(ctx); err != nil {
		return err
	}
	if err := im.settleOverlaps(ctx); err != nil {
		return err
	}
	return im.findMeanwhile(ctx)
}

// settled completes the report with the findings and reports whether the import ends here without writing.
func (im *importing) settled(ctx context.Context) (bool, error) {
	stop, end := im.decided(ctx)
	if !stop {
		return false, nil
	}
	err := im.tellFlaws(ctx)
	return true, cmp.Or(end, err)
}

// decided is settled but for the flaws of the drawing, which don't count.
func (im *importing) decided(ctx context.Context) (bool, error) {
	if err := im.summarise(ctx); err != nil {
		return true, err
	}
	if err := im.measureWidening(ctx); err != nil {
		return true, err
	}
	if err := im.preview(ctx); err != nil {
		return true, err
	}
	switch r := &im.report; {
	case r.Refused > 0 && !im.req.SkipRefused, r.Acceptable == 0 && r.Proposed == 0, im.keepsMissing():
		return true, ErrImportRefused
	case len(r.Meanwhile) > 0 && !im.req.DryRun:
		return true, ErrMeanwhile
	default:
		return im.req.DryRun || im.req.Update && r.Made+r.Changed+r.Retired+r.Proposed == 0, nil
	}
}

// Check refuses a request that is invalid for every file; Import checks it too.
func (req *ImportRequest) Check() error {
	_, err := req.check()
	return err
}

func (req *ImportRequest) check() (importKind, error) {
	kind, known := kindOf(req.Layer)
	switch {
	case !known:
		return kind, geo.NewInvalid("layer", "one_of", req.Layer, "values", strings.Join(ledger.Subjects(), ", "))
	case !isParkCode(req.Park):
		return kind, geo.NewInvalid("park", "code.short", req.Park)
	case req.Publication != "public" && req.Publication != "internal" && req.Publication != "":
		return kind, geo.NewInvalid("publication", "one_of", req.Publication, "values", "public, internal")
	case req.RetireMissing && !req.Update:
		return kind, geo.NewInvalid("retire-missing", "import.update_only", "true")
	case req.proposes() && kind.table != "parcel":
		return kind, geo.NewInvalid("retire_missing", "import.retire_parcels", req.Layer)
	case len(req.Shift) != 0 && len(req.Shift) != 3 && len(req.Shift) != 7:
		return kind, geo.NewInvalid("shift", "shift.count", fmt.Sprint(req.Shift))
	case req.Snap != 0 && !(req.Snap >= coverage.LeastToleranceM && req.Snap <= coverage.MostToleranceM):
		return kind, geo.NewInvalid("snap", "number.from_to", req.Snap, "from", coverage.LeastToleranceM, "to",
			coverage.MostToleranceM)
	case req.Snap != 0 && kind.table != "parcel":
		return kind, geo.NewInvalid("snap", "snap.parcels", req.Layer)
	case !isTimeZone(req.TimeZone):
		return kind, geo.NewInvalid("time-zone", "timezone.iana", req.TimeZone)
	}
	if err := req.settle(); err != nil {
		return kind, err
	}
	for _, given := range []map[string]string{req.Fields, req.Constants} {
		for name := range given {
			if !slices.ContainsFunc(kind.fields, func(f land.Field) bool { return f.Name == name }) {
				return kind, geo.NewInvalid("map", "one_of", name, "values", strings.Join(kind.names(), ", "))
			}
		}
	}
	for name := range req.Constants {
		if _, both := req.Fields[name]; both {
			return kind, geo.NewInvalid("set", "set.not_mapped", name)
		}
	}
	return kind, nil
}

// settle brings what the request says in words to its normal form.
func (req *ImportRequest) settle() (err error) {
	if req.Reason, err = land.ParseProse("reason", req.Reason, land.MaxProse); err != nil {
		return err
	}
	if req.RetireReason != "" {
		if req.RetireReason, err = land.ParseProse("reason", req.RetireReason, land.MaxProse); err != nil {
			return err
		}
	}
	for _, t := range []struct {
		field string
		text  *string
		most  int
	}{{"name-zh", &req.NameZH, land.MaxLine}, {"name-en", &req.NameEN, land.MaxLine},
		{"document", &req.Document, 300}} {
		if *t.text == "" {
			continue
		}
		if *t.text, err = land.ParseLine(t.field, *t.text, t.most); err != nil {
			return err
		}
	}
	return nil
}

func isChecksum(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

func isParkCode(s string) bool {
	return s != "" && len(s) <= 63 && s[0] != '-' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// isTimeZone reports whether a name is a time zone of the IANA database. PostgreSQL accepts more, such as UTC+8, with
// the POSIX sign: eight hours west.
func isTimeZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "Local"
}

// meter reports progress in thousandths, each share of the work from and to where it belongs.
type meter struct {
	tell func(done, total int64)
	last int64
}

const meterTotal = 1000

func newMeter(tell func(done, total int64)) meter {
	if tell == nil {
		tell = func(int64, int64) {}
	}
	return meter{tell: tell, last: -1}
}

// between tells that done of total is through of the work from one thousandth to another.
func (m *meter) between(from, to, done, total int64) {
	at := from
	if total > 0 {
		at += (to - from) * min(done, total) / total
	}
	if at > m.last {
		m.last = at
		m.tell(at, meterTotal)
	}
}

// batches calls each with ranges (after, until] of row numbers, so that long work shows progress and can be stopped
// between.
func (im *importing) batches(from, to int64, each func(after, until int64) error) error {
	const size = 10_000
	for after := int64(0); after < im.last; after += size {
		if err := each(after, min(after+size, im.last)); err != nil {
			return err
		}
		im.meter.between(from, to, after+size, im.last)
	}
	return nil
}

// exec runs a statement on the import's transaction.
func (im *importing) exec(ctx context.Context, doing, sql string, args ...any) error {
	_, err := im.tx.Exec(ctx, sql, args...)
	return store.Translate("import: "+doing, err)
}

// newID makes the id of a row: time-ordered, so that the keys of one import lie together.
func newID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return id, errors.Join(errors.New("make an id"), err)
	}
	return id, nil
}
