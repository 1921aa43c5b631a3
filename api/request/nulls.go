package request

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"

	"luodi/api/problem"
)

// maxFacts is how much of a body NoNulls looks at: more than any operation takes.
const maxFacts = 1<<20 + 1

// NoNulls refuses a change with a null fact, such as {"party": null}. Go decodes null as an absent fact, so a caller
// who meant to clear the fact would be answered with success. The body can still be read afterwards.
func NoNulls(r *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxFacts))
	rest := io.MultiReader(bytes.NewReader(body), r.Body)
	if err != nil { // whoever reads the body in earnest meets the error again and tells it
		rest = io.MultiReader(bytes.NewReader(body), failing{err})
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{rest, r.Body}
	var facts map[string]json.RawMessage
	if json.Unmarshal(body, &facts) != nil {
		return nil // told by whoever reads it in earnest
	}
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		if string(facts[name]) == "null" {
			return &problem.Request{Kind: problem.InvalidParameter, Field: name, Expected: "api.expected.stated",
				Got: "null"}
		}
	}
	return nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
