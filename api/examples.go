package api

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"luodi/api/auth"
	"luodi/api/page"
	"luodi/message"
)

// example is a request that works on the sample park, but for what an operation creates or changes. examples.json has
// one of each operation.
type example struct {
	Values map[string]any       `json:"values"` // of parameters
	From   map[string][2]string `json:"from"`   // of parameters, or of members of the body: "body.parcels.0.id"
	Body   any                  `json:"body"`
}

//go:embed examples.json
var exampleFile []byte

// exemplify puts the examples into the document. One that names an operation or a parameter that isn't there is an
// error, and so is an operation without.
func exemplify(doc *huma.OpenAPI) error {
	var examples map[string]example
	if err := json.Unmarshal(exampleFile, &examples); err != nil {
		return err
	}
	for op := range operations(doc) {
		e, found := examples[op.OperationID]
		if !found {
			return fmt.Errorf("examples.json: %s has none", op.OperationID)
		}
		delete(examples, op.OperationID)
		if err := e.fill(op); err != nil {
			return fmt.Errorf("examples.json: %s: %w", op.OperationID, err)
		}
		if err := e.fits(doc, op); err != nil {
			return fmt.Errorf("examples.json: %s: %w", op.OperationID, err)
		}
	}
	for id := range examples {
		return fmt.Errorf("examples.json: %s is no operation", id)
	}
	return nil
}

func (e *example) fill(op *huma.Operation) error {
	from := map[string][2]string{}
	for name, at := range e.From {
		from[name] = at
	}
	known := 0
	for _, param := range op.Parameters {
		if value, given := e.Values[param.Name]; given {
			param.Example, known = value, known+1
		}
		if at, given := from[param.Name]; given {
			param.Extensions = map[string]any{page.FromExtension: at}
			delete(from, param.Name)
		} else if param.Required && param.Example == nil {
			return fmt.Errorf("%s has no value", param.Name)
		}
	}
	if known != len(e.Values) {
		return fmt.Errorf("%v holds more than the parameters", e.Values)
	}
	if op.RequestBody == nil {
		if e.Body != nil || len(from) > 0 {
			return fmt.Errorf("it has no body")
		}
		return nil
	}
	for _, media := range op.RequestBody.Content {
		if isBinary(media) {
			continue
		}
		if media.Examples == nil {
			media.Example = e.Body
		} else { // several: this is the first
			media.Examples = maps.Clone(media.Examples)
			media.Examples["a preview"] = &huma.Example{Summary: "See what an order would do", Value: e.Body}
		}
		if len(from) > 0 {
			media.Extensions = map[string]any{page.FromExtension: from}
		}
	}
	return nil
}

// fits holds the body to its schema.
func (e *example) fits(doc *huma.OpenAPI, op *huma.Operation) error {
	if op.RequestBody == nil {
		return nil
	}
	result := &huma.ValidateResult{}
	for _, media := range op.RequestBody.Content {
		switch {
		case isBinary(media):
		case e.Body == nil && op.RequestBody.Required:
			return fmt.Errorf("it needs a body")
		case e.Body != nil:
			huma.Validate(doc.Components.Schemas, media.Schema, huma.NewPathBuffer([]byte("body"), 0),
				huma.ModeWriteToServer, e.Body, result)
		}
	}
	return errors.Join(result.Errors...)
}

// isBinary: a body of bytes, of which no example is shown.
func isBinary(media *huma.MediaType) bool {
	return media.Schema != nil && media.Schema.Format == "binary"
}

// operations are all operations of a document.
func operations(doc *huma.OpenAPI) func(yield func(*huma.Operation) bool) {
	return func(yield func(*huma.Operation) bool) {
		for _, item := range doc.Paths {
			for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Patch, item.Delete} {
				if op != nil && !yield(op) {
					return
				}
			}
		}
	}
}

// displayName is the extension that names a group for people.
const displayName = "x-displayName"

// readers are those for whom the documents are grouped, in the order that they are shown.
var readers = []string{"public", "planner", "integrator", "admin"}

// integration are the groups of operations that programs of others use, whatever role they need.
var integration = []string{"events", "events.district", "live", "webhook", "webhooks", "tokens"}

// readerOf says for whom an operation is documented, by the role that it needs.
func readerOf(op *huma.Operation) string {
	resource, _, _ := strings.Cut(op.OperationID, ".")
	for _, right := range auth.Rights {
		switch {
		case right.Operation != op.OperationID || right.Kind != "":
		case slices.Contains(integration, right.Operation) || slices.Contains(integration, resource):
			return "integrator"
		case right.Action == auth.Manage:
			return "admin"
		case right.Of == auth.Anybody && len(op.Tags) == 0, slices.Equal(op.Tags, []string{"match"}):
			return "public"
		}
	}
	return "planner"
}

// group tags each operation with its reader, and says of each reader what is theirs.
func group(doc *huma.OpenAPI) {
	for op := range operations(doc) {
		op.Tags = []string{readerOf(op)}
	}
	for _, reader := range readers {
		key := "api.docs.group." + reader
		doc.Tags = append(doc.Tags, &huma.Tag{Name: reader, Description: message.Text(message.EN, key+".about"),
			Extensions: map[string]any{displayName: message.Text(message.EN, key)}})
	}
}
