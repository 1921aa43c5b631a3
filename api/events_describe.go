package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"luodi/data"
)

const (
	parkEventsPath     = "/api/parks/{park}/events"
	districtEventsPath = "/api/events"
	socketPath         = "/api/parks/{park}/live"
)

// parkEventPage and districtEventPage describe what is written by hand, because it is encoded once for many.
type parkEventPage struct {
	Events []data.Event `json:"events"`
	Next   int64        `json:"next" doc:"The cursor to go on with."`
	More   bool         `json:"more" doc:"There is more already. A page may be empty and more all the same: what the public may not see is passed over."`
}

type districtEventPage struct {
	Events []data.Event `json:"events"`
	Next   string       `json:"next" doc:"The cursor to go on with: a state's number."`
	More   bool         `json:"more"`
}

func (d *domain) describeEvents() {
	number := func(from float64, to *float64) *huma.Schema {
		return &huma.Schema{Type: huma.TypeInteger, Minimum: &from, Maximum: to}
	}
	longest := waitMost.Seconds()
	text := &huma.Schema{Type: huma.TypeString}
	lang := &huma.Param{Name: "lang", In: "query", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"zh", "en"}}}
	park := &huma.Param{Name: "park", In: "path", Required: true, Schema: text}
	after := &huma.Param{Name: "after", In: "query", Schema: text,
		Description: "The number of the last change one has, or now; the beginning without it."}
	afterAll := &huma.Param{Name: "after", In: "query", Schema: text,
		Description: "The number of the last state one has, or now; the beginning without it. Or park:seq,park:seq, " +
			"each park from its own number and one not named from its beginning."}
	last := &huma.Param{Name: "Last-Event-ID", In: "header", Schema: text,
		Description: "As after, and before it: what EventSource comes back with."}
	limit := &huma.Param{Name: "limit", In: "query", Schema: number(1, nil),
		Description: "Of a page; 100 without it, and 1000 where more are asked for."}
	wait := &huma.Param{Name: "wait", In: "query", Schema: number(0, &longest),
		Description: "Seconds to wait where there is nothing yet."}
	stream := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	answers := func(page reflect.Type) map[string]*huma.Response {
		return map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			"application/json": {Schema: d.api.OpenAPI().Components.Schemas.Schema(page, true, "")},
			eventStream:        stream, ndjson: stream,
		}}}
	}
	security := []map[string][]string{{}, {"session": {}}, {"token": {}}}
	for _, op := range []*huma.Operation{
		{OperationID: "events", Path: parkEventsPath, Parameters: []*huma.Param{park, after, limit, wait, lang, last},
			Responses: answers(reflect.TypeFor[parkEventPage]())},
		{OperationID: "events.district", Path: districtEventsPath,
			Parameters: []*huma.Param{afterAll, limit, wait, lang, last},
			Responses:  answers(reflect.TypeFor[districtEventPage]())},
		{OperationID: "live", Path: socketPath, Parameters: []*huma.Param{park, after, lang},
			Responses: map[string]*huma.Response{"101": {Description: "A WebSocket; its messages are in docs/events.md"}}},
	} {
		op.Method, op.Summary, op.Tags, op.Security = http.MethodGet, docsText(op.OperationID), []string{"events"},
			security
		d.api.OpenAPI().AddOperation(op)
	}
}
