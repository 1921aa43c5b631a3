package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strconv"

	"github.com/cheggaaa/pb/v3"
	"github.com/mattn/go-isatty"

	"luodi/api/problem"
	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/geo"
)

type importCmd struct {
	database
	File           string            `arg:"" help:"GeoJSON, GeoPackage, Survey TXT (勘测定界), Shapefile, KML, CSV, XLSX, GeoParquet; by GDAL also DXF, GML, FlatGeobuf, FileGDB, MapInfo TAB, MapInfo MIF, Esri JSON and SpatiaLite; plain, gzip, or in a zip."`
	Park           string            `required:"" help:"Code of the park; one that doesn't exist is made from the file's extent."`
	Layer          string            `required:"" enum:"${collections}" help:"What the rows are here: ${one_of_them}."`
	SourceLayer    string            `help:"The file's layer, where it has several."`
	CRS            string            `name:"crs" help:"Reference system of the file's coordinates, such as EPSG:4550, GCJ-02 (AMap, Tencent) or BD-09 (Baidu); by default what the file says."`
	Shift          []float64         `help:"Shift from an old datum to CGCS2000: dx,dy,dz in metres, rx,ry,rz in arc seconds (position vector), scale in ppm."`
	Control        string            `help:"File of control points (from x, from y, to x, to y a line, in metres, east first): 3 at least lead the file to --crs, or from an old datum to CGCS2000." placeholder:"FILE"`
	Affine         bool              `help:"Fit the control points, 4 at least, by an affine map (6 parameters) instead of a similarity (4)."`
	DryRun         bool              `help:"Check everything, write nothing."`
	SkipRefused    bool              `help:"Take the rest when rows are refused; of two that overlap, the later is refused."`
	Update         bool              `help:"Rows whose code is live in the park correct it, new ones are made; without it a code in use is refused."`
	RetireMissing  bool              `help:"Of an update: retire what is in the park and not in the file; refused where a right, a queue, a building or a proposal holds it."`
	Widen          bool              `help:"Let the border of a park that exists grow by the rows that lie outside it, in the same record; without it they are refused."`
	Snap           float64           `help:"Bring parcels together within so many metres (0.001 to 0.5), with each other and to those of the park; without it gaps and overlaps are only told." placeholder:"M"`
	Publication    string            `enum:",public,internal" default:"" help:"Who may see the rows: public or internal. Without it public, but for the lines of utilities."`
	CodeField      string            `help:"Field of the rows' codes; A+B joins two. By default it is guessed."`
	LegalAreaField string            `help:"Field of the legal area in square metres; without one the computed area stands for it."`
	BankStatus     string            `help:"Status in the land bank of every row: available, reserve or withdrawn."`
	LandUse        string            `help:"Land-use class of every row, such as 1001."`
	Map            map[string]string `help:"Our field = the file's, such as name_zh=NAME; may be repeated." mapsep:"none" placeholder:"OURS=THEIRS"`
	Set            map[string]string `help:"Our field = one value for every row; may be repeated." mapsep:"none" placeholder:"OURS=VALUE"`
	Reason         string            `help:"Why, for the record."`
	NameZh         string            `name:"name-zh" help:"Chinese name of a new park."`
	NameEn         string            `name:"name-en" help:"English name of a new park."`
	District       string            `help:"District of a new park, where there are several."`
	TimeZone       string            `help:"Time zone of a new park; Asia/Shanghai by default."`
	Report         string            `help:"Write the report as JSON to this file." placeholder:"FILE"`
	JSON           bool              `name:"json" help:"Print the report as JSON."`
}

// Run imports one file. The file is opened before the database: what can't be read costs nothing else.
func (c importCmd) Run(ctx context.Context, e *env) error {
	req, err := c.request(e)
	if err != nil {
		return e.usage(err)
	}
	if req.Checksum, err = file.Sum(ctx, c.File); err != nil {
		return c.finish(e, intake.ImportReport{Park: c.Park, Layer: c.Layer}, err)
	}
	reader, err := c.open(ctx, req.CRS)
	if err != nil {
		return c.finish(e, intake.ImportReport{Park: c.Park, Layer: c.Layer}, err)
	}
	defer func() { _ = reader.Close() }()
	if info := reader.Info(); info.ForLooking() {
		req.Reason = e.text("import.for_looking", "reason", req.Reason)
	}
	log := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	store, closeStore, err := e.openStore(ctx, c.database, log)
	if err != nil {
		return err
	}
	defer closeStore()
	progress, say, done := progressBar(e.stderr)
	req.Doing = func(step intake.ImportStep) { say(e.text(doing + string(step))) }
	report, err := intake.Of(store).Import(ctx, req, reader, progress)
	done()
	return c.finish(e, report, err)
}

// open opens the file, its control points first.
func (c importCmd) open(ctx context.Context, crs geo.EPSG) (file.Reader, error) {
	opts := file.Options{Layer: c.SourceLayer, CRS: crs, Lines: c.Layer == "networks"}
	opts.Offset, _ = geo.ParseMapOffset(c.CRS)
	if c.Control != "" {
		var err error
		if opts.Control, err = file.ReadControl(ctx, c.Control, c.Affine); err != nil {
			return nil, err
		}
	}
	return file.Open(ctx, c.File, opts)
}

func (c importCmd) request(e *env) (intake.ImportRequest, error) {
	file := filepath.Base(c.File)
	req := intake.ImportRequest{
		Park: c.Park, District: c.District, NameZH: c.NameZh, NameEN: c.NameEn, TimeZone: c.TimeZone, Layer: c.Layer,
		Shift:     c.Shift,
		CodeField: c.CodeField, Fields: maps.Clone(c.Map), Constants: maps.Clone(c.Set), Publication: c.Publication,
		Reason: c.Reason, Document: file, Via: "luodi import " + version, DryRun: c.DryRun, SkipRefused: c.SkipRefused,
		Widen: c.Widen, Snap: c.Snap, Update: c.Update, RetireMissing: c.RetireMissing,
	}
	if req.Reason == "" {
		req.Reason = e.text("import.reason", "file", file)
	}
	offset, isOffset := geo.ParseMapOffset(c.CRS)
	switch {
	case c.Affine && c.Control == "":
		return req, geo.NewInvalid("affine", "affine.control", geo.None())
	case c.Control != "" && isOffset:
		return req, geo.NewInvalid("crs", "control.crs", offset.Name())
	case c.Control != "" && len(c.Shift) > 0:
		return req, geo.NewInvalid("shift", "shift.or_control", fmt.Sprint(c.Shift))
	case isOffset && len(c.Shift) > 0:
		return req, geo.NewInvalid("shift", "shift.none", fmt.Sprint(c.Shift), "crs", offset.Name())
	}
	if c.CRS != "" && !isOffset {
		crs, err := geo.ParseCRS(c.CRS)
		if err != nil {
			return req, err
		}
		req.CRS = crs.Code
	}
	put := func(to *map[string]string, ours, value string) {
		if value == "" {
			return
		}
		if *to == nil {
			*to = map[string]string{}
		}
		(*to)[ours] = value
	}
	put(&req.Fields, "legal_m2", c.LegalAreaField)
	put(&req.Constants, "bank_status", c.BankStatus)
	put(&req.Constants, "land_use", c.LandUse)
	return req, req.Check()
}

// usage makes a mistake in a request one of the command line, by the flag of its field.
func (e *env) usage(err error) error {
	var invalid *geo.Invalid
	if errors.As(err, &invalid) {
		return usageError{errors.New(e.text("cli.usage", "field", "--"+invalid.Field, "expected",
			problem.Said(e.lang, invalid.Words), "got", problem.Got(e.lang, invalid)))}
	}
	return err
}

// finish prints and writes the report, and turns the import's error into the command's.
func (c importCmd) finish(e *env, report intake.ImportReport, err error) error {
	var invalid *geo.Invalid
	var fault *file.Fault
	switch {
	case errors.As(err, &fault):
		problem.Fault(e.lang, problem.Command, fault)
		report.Fault = fault
	case errors.Is(err, context.Canceled):
		e.note("import.cancelled")
		return errReported
	case errors.As(err, &invalid):
		return e.usage(err)
	case err != nil && !errors.Is(err, intake.ErrImportRefused):
		return err
	}
	problem.Import(e.lang, problem.Command, &report)
	if c.Report != "" {
		if err := writeReport(c.Report, report); err != nil {
			return errors.New(e.text("import.report_failed", "file", c.Report, "cause", err))
		}
	}
	if c.JSON {
		if err := printJSON(e.stdout, report); err != nil {
			return err
		}
	} else {
		c.print(e, report)
	}
	if err != nil {
		return errReported
	}
	return nil
}

func printJSON(w io.Writer, report intake.ImportReport) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(report)
}

func writeReport(path string, report intake.ImportReport) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(printJSON(file, report), file.Close())
}

// doing begins the keys of the words for each step.
const doing = "import.doing."

// progressBar draws on a terminal only; elsewhere it does nothing. say names what is being done beside it.
func progressBar(w io.Writer) (progress func(done, total int64), say func(string), finish func()) {
	file, ok := w.(*os.File)
	if !ok || !isatty.IsTerminal(file.Fd()) {
		return nil, func(string) {}, func() {}
	}
	bar := pb.New64(0).SetWriter(file).SetTemplateString(`{{bar . }} {{percent . }} {{etime . }} {{string . "doing"}}`)
	bar.Start()
	return func(done, total int64) {
		bar.SetTotal(total)
		bar.SetCurrent(done)
	}, func(text string) { bar.Set("doing", text) }, func() { bar.Finish() }
}

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 1, 64) }
