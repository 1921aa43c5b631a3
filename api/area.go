package api

import "github.com/danielgtaylor/huma/v2"

// squareMetres and mu describe areas to the OpenAPI document. The bounds are those of the numbers that geo can hold, so
// that one beyond them is refused by its field; decimals beyond those that are kept are rounded off.
type (
	squareMetres struct{}
	mu           struct{}
)

// Schema describes geo.Area.
func (squareMetres) Schema(huma.Registry) *huma.Schema { return bounded(1e12) }

// Schema describes geo.Mu.
func (mu) Schema(huma.Registry) *huma.Schema { return bounded(1.5e9) }

func bounded(below float64) *huma.Schema {
	above := -below
	s := &huma.Schema{Type: huma.TypeNumber, Format: "double", ExclusiveMinimum: &above, ExclusiveMaximum: &below}
	s.PrecomputeMessages()
	return s
}
