package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
	"luodi/message"
)

const (
	// importBytes bounds a file that is imported over the API; `luodi import` on the server takes larger ones.
	importBytes = 256 << 20
	// importsAtOnce is how many files are read at a time by one process: each holds a connection of the planners.
	importsAtOnce = 2
	// previewMost is how many features a dry run draws.
	previewMost = 5000
)

type importing struct {
	InPark
	Keyed
	Layer       string  `query:"layer" enum:"parcels,zones,plan-units,networks" default:"parcels" doc:"What the rows are."`
	Name        string  `query:"name" maxLength:"200" doc:"The file's name, for the record."`
	DryRun      bool    `query:"dry_run" default:"true" doc:"True: check everything, write nothing."`
	Mode        string  `query:"mode" enum:"new,update" default:"new" doc:"update: a row whose code is live in the park corrects it. new: such a row is refused."`
	CRS         string  `query:"crs" maxLength:"40" doc:"System of the file's coordinates, such as EPSG:4550, GCJ-02 or BD-09; without it what the file says."`
	SourceLayer string  `query:"source_layer" maxLength:"200" doc:"The file's layer, where it has several."`
	CodeField   string  `query:"code_field" maxLength:"400" doc:"The file's field of codes; A+B joins two. Without it it is guessed."`
	Map         string  `query:"map" maxLength:"8000" doc:"Our field and the file's, as a JSON object: {\"legal_m2\": \"面积\"}."`
	Set         string  `query:"set" maxLength:"8000" doc:"Our field and one value for every row, as a JSON object: {\"land_use\": \"100102\"}."`
	Publication string  `query:"publication" enum:"public,internal" doc:"Who may see new rows. Without it public, but for the lines of utilities."`
	Reason      string  `query:"reason" maxLength:"2000" doc:"Why, for the record."`
	SkipRefused bool    `query:"skip_refused" doc:"Take the rest where rows are refused."`
	Widen       bool    `query:"widen" doc:"Let the park's border grow by the rows outside it."`
	Retire      bool    `query:"retire_missing" doc:"Of an update of parcels: propose to retire what is in the park and not in the file. A second person approves that; nothing is retired before."`
	Snap        float64 `query:"snap" minimum:"0.001" maximum:"0.5" doc:"Bring parcels together within so many metres, with each other and to those of the park. Without it flaws are only told."`
	Seen        int64   `query:"seen" minimum:"1" doc:"The base_seq of a dry run: what others changed since of the file's land refuses the import with 412."`
	Accept      string  `header:"Accept" doc:"With application/x-ndjson the answer is a line of progress at a time, and then one with the report or a problem."`
}

// importer is what imports over the API share.
type importer struct{ seats chan struct{} }

func (d *domain) addImports() {
	const path = "/api/parks/{park}/imports"
	d.imports = importer{make(chan struct{}, importsAtOnce)}
	huma.Register(d.api, huma.Operation{
		OperationID: "imports.create", Method: http.MethodPost, Path: path, Summary: docsText("imports.create"),
		Middlewares: huma.Middlewares{strict, auth.Guarded("imports.create")}, Tags: []string{"desk"},
		DefaultStatus: http.StatusOK, Security: []map[string][]string{{"session": {}}, {"token": {}}},
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
			http.StatusConflict, http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge,
			http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, d.takeImport)
	post := d.api.OpenAPI().Paths[path].Post
	post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		Description: "The file as it is, at most " + strconv.Itoa(importBytes) + " bytes."}
	report := d.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[intake.ImportReport](), true, "")
	lines := &huma.Schema{Type: huma.TypeObject}
	content := map[string]*huma.MediaType{"application/json": {Schema: report}, ndjson: {Schema: lines}}
	post.Responses["200"] = &huma.Response{Content: content,
		Description: "The report of a dry run, or of a file that the park has already"}
	post.Responses["201"] = &huma.Response{Description: "The report of an import that was written",
		Content: map[string]*huma.MediaType{"application/json": {Schema: report}}}
	desk(d, deskRoute{http.MethodGet, "/api/parks/{park}/records/{seq}/import", "record.import", http.StatusOK},
		d.readImport)
}

// readImport gives again what an import found.
func (d *domain) readImport(ctx context.Context, in *inRecord) (int, *intake.ImportReport, error) {
	if _, _, err := d.inPark(ctx, in.Park); err != nil {
		return 0, nil, err
	}
	seq, err := strconv.ParseInt(in.Seq, 10, 64)
	if err != nil {
		return 0, nil, &store.Missing{Kind: "import", Name: in.Seq}
	}
	report, err := intake.Of(d.store).Report(ctx, in.Park, seq, in.Seq)
	if err != nil {
		return 0, nil, err
	}
	tellReport(speaks(ctx), report)
	return 0, report, nil
}

// takeImport reads a file in the request's body. Everything that can be refused of the request is, before the answer
// begins; what the file's rows give is the answer's end.
func (d *domain) takeImport(ctx context.Context, in *importing) (*huma.StreamResponse, error) {
	who, _, err := d.inPark(ctx, in.Park)
	if err != nil {
		return nil, err
	}
	req, err := d.importRequest(ctx, in, who.Account)
	if err != nil {
		return nil, err
	}
	r, ok := ctx.Value(requestKey{}).(*http.Request)
	if !ok {
		return nil, errors.New("the route lacks its middleware")
	}
	spooled, err := spool(r, importBytes)
	if err != nil {
		return nil, err
	}
	offset, _ := geo.ParseMapOffset(in.CRS)
	keep := false
	defer func() {
		if !keep {
			spooled.remove()
		}
	}()
	req.Checksum = spooled.checksum
	once, err := in.once(ctx, who, req.Layer, req.Update, req.CRS, offset, in.Snap, in.SourceLayer, in.CodeField, in.Map, in.Set,
		in.Publication, in.SkipRefused, in.Widen, in.Retire, in.Reason, in.Name, spooled.checksum)
	if err != nil {
		return nil, err
	}
	if req.DryRun {
		once = nil
	}
	before, err := d.store.Answered(ctx, once)
	if err != nil {
		return nil, err
	}
	run := &importRun{d: d, in: in, req: req, offset: offset, once: once, file: spooled, lang: speaks(ctx), before: before}
	keep = true
	return &huma.StreamResponse{Body: run.answer}, nil
}

// importRequest reads the parameters.
func (d *domain) importRequest(ctx context.Context, in *importing, by uuid.UUID) (intake.ImportRequest, error) {
	name := in.Name
	if name == "" {
		name = message.Text(speaks(ctx), "import.unnamed")
	}
	req := intake.ImportRequest{Park: in.Park, Layer: in.Layer, CodeField: in.CodeField, Publication: in.Publication,
		Document: name, Via: d.via(), DryRun: in.DryRun, SkipRefused: in.SkipRefused, Widen: in.Widen, Snap: in.Snap,
		Update: in.Mode == "update", Seen: in.Seen, Reason: in.Reason, RetireMissing: in.Retire, By: by}
	if in.Retire && !req.Update {
		return req, geo.NewInvalid("retire_missing", "import.mode_update", "true")
	}
	if req.Reason == "" {
		req.Reason = message.Text(speaks(ctx), "import.reason", "file", name)
	}
	if in.Retire { // the reason alone where both are too long
		reason := message.Text(speaks(ctx), "import.retire_reason", "file", name, "reason", req.Reason)
		if utf8.RuneCountInString(reason) <= land.MaxProse {
			req.RetireReason = reason
		}
	}
	if in.DryRun {
		req.Preview = previewMost
	}
	if _, is := geo.ParseMapOffset(in.CRS); in.CRS != "" && !is {
		crs, err := geo.ParseCRS(in.CRS)
		if err != nil {
			return req, err
		}
		req.CRS = crs.Code
	}
	for _, given := range []struct {
		field, text string
		to          *map[string]string
	}{{"map", in.Map, &req.Fields}, {"set", in.Set, &req.Constants}} {
		if given.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(given.text), given.to); err != nil {
			return req, geo.NewInvalid(given.field, "import.pairs", given.text)
		}
	}
	return req, req.Check()
}

// importRun is one import under way, and the answer to it.
type importRun struct {
	d      *domain
	in     *importing
	req    intake.ImportRequest
	offset geo.MapOffset
	once   *store.Once
	before *store.Answer // what the same request was answered before
	file   *spooledFile
	lang   message.Lang
}

// answer runs the import and sends what came of it. The file goes when it ends, however it ends.
func (run *importRun) answer(hctx huma.Context) {
	defer run.file.remove()
	r, w := humachi.Unwrap(hctx)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", string(run.lang))
	h.Add("Vary", "Accept")
	if strings.Contains(strings.ToLower(run.in.Accept), ndjson) {
		lines := beginLines(w)
		run.req.Doing, run.req.Also = lines.step, run.remember
		status, body, err := run.do(r.Context(), lines.progress)
		lines.end(r, run.lang, status, body, err)
		return
	}
	run.req.Also = run.remember
	status, body, err := run.do(r.Context(), nil)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who left reads nothing
}

// do gives the status and document of the answer, or the error that is one.
func (run *importRun) do(ctx context.Context, progress func(done, total int64)) (int, any, error) {
	if run.before != nil {
		return run.before.Status, run.before.Body, nil
	}
	select {
	case run.d.imports.seats <- struct{}{}:
		defer func() { <-run.d.imports.seats }()
	case <-ctx.Done():
		return 0, nil, ctx.Err()
	}
	report, err := run.read(ctx, progress)
	tellReport(run.lang, &report)
	var fault *file.Fault
	switch {
	case errors.As(err, &fault):
		run.file.hide(fault, run.req.Document)
		report.Fault, report.FaultText = fault, problem.Fault(run.lang, problem.Web, fault)
		if run.req.DryRun {
			return http.StatusOK, &report, nil
		}
		return 0, nil, &problem.Reported{Kind: problem.ImportRefused, Detail: report.FaultText, Report: &report}
	case errors.Is(err, intake.ErrMeanwhile):
		return 0, nil, &problem.Reported{Kind: problem.Stale, Report: &report,
			Detail: message.Text(run.lang, "import.meanwhile", "codes", codesOf(run.lang, report.Meanwhile))}
	case errors.Is(err, intake.ErrImportRefused) && !run.req.DryRun && run.req.RetireMissing && report.Held > 0:
		return 0, nil, &problem.Reported{Kind: problem.ImportRefused, Report: &report,
			Detail: message.Text(run.lang, "import.held_refused", "codes", heldCodes(run.lang, report.Missing))}
	case errors.Is(err, intake.ErrImportRefused) && !run.req.DryRun && run.req.RetireMissing && run.req.SkipRefused:
		return 0, nil, &problem.Reported{Kind: problem.ImportRefused, Report: &report,
			Detail: message.Text(run.lang, "import.missing_unsure", "refused", report.Refused, "read", report.Read)}
	case errors.Is(err, intake.ErrImportRefused) && !run.req.DryRun:
		return 0, nil, &problem.Reported{Kind: problem.ImportRefused, Report: &report,
			Detail: message.Text(run.lang, "import.rows_refused", "refused", report.Refused, "read", report.Read)}
	case err != nil && !errors.Is(err, intake.ErrImportRefused):
		if again, missed := run.d.store.Answered(ctx, run.once); missed == nil && again != nil {
			return again.Status, again.Body, nil
		}
		return 0, nil, run.d.located(ctx, run.in.Park, err)
	case report.Written, report.Proposal != nil:
		return http.StatusCreated, &report, nil
	}
	return http.StatusOK, &report, nil
}

func (run *importRun) read(ctx context.Context, progress func(done, total int64)) (intake.ImportReport, error) {
	bare := intake.Begun(run.req)
	limits := file.DefaultLimits
	limits.FileBytes = 4 * importBytes // as it is unpacked
	reader, err := file.Open(ctx, run.file.path, file.Options{Layer: run.in.SourceLayer, CRS: run.req.CRS,
		Offset: run.offset, Limits: limits, Lines: run.in.Layer == "networks"})
	if err != nil {
		return bare, err
	}
	defer func() { _ = reader.Close() }()
	if info := reader.Info(); info.ForLooking() {
		run.req.Reason = message.Text(run.lang, "import.for_looking", "reason", run.req.Reason)
	}
	return intake.Of(run.d.store).Import(ctx, run.req, reader, progress)
}

// remember keeps the answer for a request that is sent again.
func (run *importRun) remember(ctx context.Context, tx pgx.Tx, report *intake.ImportReport) error {
	tellReport(run.lang, report)
	return store.Remember(ctx, tx, run.once, http.StatusCreated, report)
}

func codesOf(lang message.Lang, all []intake.Meanwhile) string {
	var codes []string
	for _, m := range all[:min(len(all), 10)] {
		codes = append(codes, m.Code)
	}
	return strings.Join(codes, message.Text(lang, "change.comma"))
}

// heldCodes names what can't be retired, each with the reason.
func heldCodes(lang message.Lang, all []intake.Missing) string {
	var codes []string
	for _, m := range all {
		if m.Held != "" && len(codes) < 10 {
			codes = append(codes, message.Text(lang, "import.held_one", "code", m.Code, "why",
				message.Text(lang, "intake.held."+m.Held)))
		}
	}
	return strings.Join(codes, message.Text(lang, "change.comma"))
}

// tellReport puts what a report found and its warnings into words.
func tellReport(lang message.Lang, r *intake.ImportReport) {
	problem.Import(lang, problem.Web, r)
	r.Warnings = []intake.Warning{}
	warn := func(code string, count int64) {
		if count > 0 {
			r.Warnings = append(r.Warnings, intake.Warning{Code: code, Count: count,
				Text: message.Text(lang, "import.warn."+code, "count", count)})
		}
	}
	if r.Unproven {
		warn("unproven", 1)
	}
	if r.FlawsUnchecked {
		warn("flaws_unchecked", 1)
	}
	warn("flattened", r.FlattenedRows)
	warn("grid_mended", r.MendedRows)
	if r.Layer == "parcels" {
		warn("legal_computed", r.UnnamedLegal)
	}
	warn("area_differs", r.AreaDiffers)
	warn("status_kept", r.StatusKept)
	warn("within_tolerance", r.OverlapsWithin)
	if r.Widened != nil {
		warn("widened", r.Widened.Rows)
	}
}
