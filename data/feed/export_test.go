package feed

import "context"

// Selects is the SQL of a query's rows, with the values that it binds.
func (v *View) Selects(ctx context.Context, q *Query) (string, []any, error) {
	return v.selects(ctx, q, false)
}

// UseUp leaves the query no time to wait in.
func (f *Features) UseUp() { f.clock.left = 0 }
