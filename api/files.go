package api

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/ogc"
	"luodi/api/problem"
	"luodi/api/request"
	"luodi/api/stream"
	"luodi/data/feed"
	"luodi/data/outlet"
	"luodi/data/store"
	"luodi/message"
)

// FileWords are the words of files, for a command that writes some.
func FileWords() outlet.Vocabulary { return ogc.FileWords() }

// Files that are written at once, and how long the next waits for one to end.
const (
	filesAtOnce = 4
	fileWaits   = 20 * time.Second
)

// addFiles adds the whole of a park's layers as files. They are streamed, so the route stands beside huma and is only
// described to it.
func (d *domain) addFiles(r chi.Router) {
	const id, path = "export", "/api/parks/{park}/export"
	r.Get(path, func(w http.ResponseWriter, r *http.Request) {
		if err := d.file(w, r.WithContext(auth.With(r.Context(), id))); err != nil {
			problem.Write(w, r, err)
		}
	})
	text := func(name, doc string, values ...string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc,
			Schema: &huma.Schema{Type: huma.TypeString, Enum: enumOf(values)}}
	}
	content := map[string]*huma.MediaType{}
	for _, f := range outlet.Formats() {
		content[f.Media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	format := text("format", "The format of the file.", outlet.Names()...)
	format.Required = true
	d.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: docsText(id), Tags: []string{"desk"},
		Security: []map[string][]string{{"session": {}}, {"token": {}}, {}},
		Parameters: []*huma.Param{
			{Name: "park", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}, format,
			text("layer", "The layers, separated by commas: "+strings.Join(outlet.Layers(), ", ")+". parcels without it; "+
				"several only where the format holds several."),
			text("crs", "The reference system, such as EPSG:4550; the format's own without it."),
			text("datetime", "An RFC 3339 instant, or a date: the end of that day in the park's time zone. Now without it."),
			text("since", "What changed after this state of the park alone: the number of a change (seq), an RFC 3339 instant or a "+
				"date. Each feature has a property change: insert, update or delete; of one that is gone there is no more than its "+
				"id. A feature that leaves the filter is deleted. gpkg, fgb, geojson, geojsonseq and csv."),
			text("until", "Where the changes end, likewise; with the newest without it. The header Luodi-Seq names it: the next "+
				"since."),
			text("filter", "CQL2 as text or JSON, of every layer."),
			text("zooms", "The zooms of map tiles (pmtiles), the first and the last, from 0 to 18; 8-16 without it."),
			text("encoding", "Of the texts of Shapefile and survey TXT.", outlet.Encodings()...),
			text("public", "true: what the public sees, also for members.", "true", "false"),
		},
		Responses: map[string]*huma.Response{"200": {Description: "The file", Content: content},
			"304": {Description: "Not modified"}},
	})
}

// State reads a state of a park, as a set of changes begins and ends with one; nil of "".
func State(field, text, zone string) (*feed.State, error) {
	seq, at, err := request.State(field, text, zone)
	if err != nil || seq == nil && at == nil {
		return nil, err
	}
	return &feed.State{Seq: seq, At: at}, nil
}

var fileParameters = []string{"lang", "format", "layer", "crs", "datetime", "since", "until", "filter", "zooms",
	"encoding", "public"}

// file answers with a file of what the reader may see: the public's view, for members of the park the planners'.
func (d *domain) file(w http.ResponseWriter, r *http.Request) error {
	q, err := request.ParseQuery(r, fileParameters...)
	if err != nil {
		return err
	}
	if err := q.Valued(fileParameters...); err != nil {
		return err
	}
	lang, err := q.Lang(r)
	if err != nil {
		return err
	}
	public, err := truth(q, "public")
	if err != nil {
		return err
	}
	leave, err := d.enterFiles(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	code := chi.URLParam(r, "park")
	ask := outlet.Ask{Park: code, Layers: q["layer"], Format: q["format"], CRS: q["crs"], Filter: q["filter"],
		Encoding: q["encoding"], Zooms: q["zooms"]}
	if ask.Layers == "" {
		ask.Layers = feed.Parcels().ID
	}
	member := !public && d.sees(r.Context(), code)
	read := d.feed.Stream
	if member {
		read = d.feed.Desk
	}
	var answer *stream.Whole
	err = read(r.Context(), func(v *feed.View) (err error) {
		answer, err = d.writeFile(w, r, v, q, ask, member, lang)
		return err
	})
	if answer == nil || err != nil {
		return err
	}
	defer answer.Close()
	return answer.Send(w)
}

// writeFile writes the file; nil where the caller holds it already, or asks for the head alone.
func (d *domain) writeFile(w http.ResponseWriter, r *http.Request, v *feed.View, q request.Query, ask outlet.Ask,
	member bool, lang message.Lang) (*stream.Whole, error) {
	ctx := r.Context()
	park, err := v.Park(ctx, ask.Park)
	if err != nil {
		return nil, err
	}
	if ask.At, err = request.Past("datetime", q["datetime"], park.TimeZone); err != nil {
		return nil, err
	}
	if ask.Since, err = State("since", q["since"], park.TimeZone); err != nil {
		return nil, err
	}
	if ask.Until, err = State("until", q["until"], park.TimeZone); err != nil {
		return nil, err
	}
	var who *feed.Member
	if member {
		who = &feed.Member{Parks: []uuid.UUID{park.ID}}
	}
	job, err := ask.Job(ctx, v, who, FileWords())
	if err != nil {
		return nil, err
	}
	job.English = lang == message.EN
	tag := request.Tag(park.Stamp(), d.version, "export", q.Encode(), string(lang), who.Stamp())
	unchanged := request.Unchanged
	if member {
		unchanged = request.UnchangedPrivate
	}
	w.Header().Add("Vary", "Authorization, Cookie, Accept-Language")
	if unchanged(w, r, tag) {
		return nil, nil
	}
	h := w.Header()
	if job.Changed != nil {
		h.Set("Luodi-Seq", strconv.FormatInt(job.Changed.To, 10))
	}
	h.Set("Content-Type", job.Format.Media)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": job.Name(ask.Park)}))
	h.Set("Content-Security-Policy", alone)
	if r.Method == http.MethodHead {
		return nil, nil
	}
	answer, err := stream.Gathered(func(to io.Writer) error {
		_, err := job.Write(ctx, v, to)
		return err
	})
	if err != nil {
		for _, name := range []string{"ETag", "Cache-Control", "Content-Disposition", "Content-Type"} {
			h.Del(name) // they are the file's
		}
	}
	return answer, err
}

// enterFiles waits until few enough files are being written.
func (d *domain) enterFiles(ctx context.Context) (leave func(), err error) {
	timer := time.NewTimer(fileWaits)
	defer timer.Stop()
	select {
	case d.files <- struct{}{}:
		return func() { <-d.files }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, fmt.Errorf("wait for other files to be written: %w", store.ErrUnavailable)
	}
}

// truth reads a parameter that is true or false; false without it.
func truth(q request.Query, name string) (bool, error) {
	switch text := q[name]; text {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	default:
		return false, &problem.Request{Kind: problem.InvalidParameter, Field: name, Expected: "api.expected.one_of",
			Args: []any{"values", "true, false"}, Got: text}
	}
}
