package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/data/store/ewkb"
)

// Decimals is the number of decimals of a degree in feeds: a position that was read can be written back to the same
// grid point.
const Decimals = 9

// layout says how rows of a collection are selected and printed. The first columns are the id, the park and the shape.
type layout struct {
	columns string
	ended   string // the same, but NULL beyond the park for a version that has not ended; "" where there are no versions
	count   int    // of columns
	fields  []field
	filters []filterColumn // texts that are compared with a value
	drawn   []*field       // that map tiles tell
	since   int            // the column of when a version began; 0: there are none
}

type field struct {
	name   string
	head   []byte // `,"code":`, the first without its comma
	column int    // index of its column; columnPark for the park's code
	kind   Kind
	append appendValue
	derive appendService // from the column of services, in place of append
}

// The leading columns.
const (
	columnID = iota
	columnPark
	columnShape
	columnsLeading
)

var layouts = func() map[*Collection]*layout {
	all := map[*Collection]*layout{}
	for _, c := range slices.Concat([]*Collection{deskParcels, apart}, deskThings, collections, memberCollections) {
		all[c] = newLayout(c)
	}
	return all
}()

// layout is how a query's rows are selected and printed.
func (q *Query) layout() *layout {
	if q.Select == nil {
		return layouts[q.Collection]
	}
	return q.Select.layout(q.Collection)
}

// exprUntil is the end of a version where no later state is read. Other queries put theirs in its place: see
// [statement.untilIn].
const exprUntil = "(NULL)::timestamptz"

// exprSince is when a version began.
const exprSince = "lower(f.sys)"

func newLayout(c *Collection) *layout {
	l := &layout{}
	shape := c.shape
	if shape == "" {
		shape = "f.geom"
	}
	exprs := []string{"f." + c.key, "f.park_id", shape}
	at := map[string]int{}
	for i := range c.Properties {
		p := &c.Properties[i]
		head := AppendJSONString(nil, p.Name)
		if i > 0 {
			head = append([]byte{','}, head...)
		}
		expr := p.expr
		if p.derive != nil {
			expr = p.of
		}
		column := columnPark
		if expr != "" {
			known, ok := at[expr]
			if !ok {
				known = len(exprs)
				at[expr] = known
				exprs = append(exprs, expr)
			}
			column = known
			if p.Filter && p.Kind == Text {
				l.filters = append(l.filters, filterColumn{p, column})
			}
		}
		l.fields = append(l.fields, field{p.Name, append(head, ':'), column, p.Kind, appendKind[p.Kind],
			p.derive})
	}
	for _, name := range c.Drawing().Names {
		if i := slices.IndexFunc(l.fields, func(f field) bool { return f.name == name }); i >= 0 {
			l.drawn = append(l.drawn, &l.fields[i])
		}
	}
	l.since = at[exprSince]
	l.columns, l.count = strings.Join(exprs, ", "), len(exprs)
	if c.Timed() {
		for i := columnShape; i < len(exprs); i++ {
			exprs[i] = "CASE WHEN f.to_seq IS NULL THEN NULL ELSE " + exprs[i] + " END"
		}
		l.ended = strings.Join(exprs, ", ")
	}
	return l
}

// Features are the rows of one query. Use Next, then Append or Position; Close when done.
type Features struct {
	// More is set, once Next has said no, when the limit and not the data ended the rows.
	More bool

	rows   pgx.Rows
	cancel context.CancelFunc
	layout *layout
	form   ewkb.Form
	live   *Kept // what prints the rows without a shape; nil: nothing
	row    line
	code   []byte    // of the park that the query names
	digits []byte    // that the values of the row print, see Values
	park   uuid.UUID // the park of the newest row, and the row's id
	id     uuid.UUID
	state  int64
	sort   sortColumns
	goesOn bool // whether there are more where left does not tell
	left   int  // rows that may still be given; below 0: any number
	done   bool
	wanted func() bool
	clock  *queryClock // nil where the query may take any time
}

// Features runs a query. Rows come in binary and are never decoded but into the bytes of the answer.
func (v *View) Features(ctx context.Context, q *Query) (*Features, error) {
	if q.Found != nil {
		f, err := v.Features(ctx, q.found())
		if f != nil {
			f.goesOn = q.Found.more
		}
		return f, err
	}
	live, err := v.printer(ctx, q)
	if err != nil {
		return nil, err
	}
	sql, args, err := v.selects(ctx, q, live != nil)
	if err != nil {
		return nil, err
	}
	f, err := v.run(ctx, q, sql, args)
	if f != nil {
		f.live = live
	}
	return f, err
}

// printer is what prints the versions that still hold: what is kept, where that is of the state that the view sees.
func (v *View) printer(ctx context.Context, q *Query) (*Kept, error) {
	k := q.Live
	if k == nil || k.collection != q.Collection || !q.Collection.Timed() || q.When.Interval || !q.printsPlain() {
		return nil, nil
	}
	if q.Park == "" {
		now, err := v.State(ctx)
		if err != nil || now.Stamp() != k.State.Stamp() {
			return nil, err
		}
		return k, nil
	}
	park, err := v.Park(ctx, q.Park)
	switch kept := k.Park(q.Park); {
	case errors.Is(err, store.ErrNotFound), kept == nil:
		return nil, nil
	case err != nil || park.Stamp() != kept.Stamp():
		return nil, err
	}
	return k, nil
}

// selects is the SQL of a query's rows, with the values that it binds. With ended, only versions that have ended bring
// more than their id and park.
func (v *View) selects(ctx context.Context, q *Query, ended bool) (sql string, args []any, err error) {
	s, err := v.where(ctx, q)
	if err != nil {
		return "", nil, err
	}
	order := "f.park_id, f." + q.Collection.key
	if !q.Collection.versioned {
		order = "f." + q.Collection.key
	}
	columns := q.layout().columns
	if ended {
		columns = q.layout().ended
	}
	columns, order = s.untilIn(columns+q.sortColumns()), s.untilIn(q.sortOrder()+order)
	found := fmt.Sprintf("%s ORDER BY %s", s.text(), order)
	if q.Limit > 0 {
		found += " LIMIT " + s.bind(q.Limit+1)
	}
	if q.Skip > 0 {
		found += " OFFSET " + s.bind(q.Skip)
	}
	if q.Park != "" || !q.Collection.versioned {
		return fmt.Sprintf("SELECT %s FROM %s", columns, found), s.args, nil
	}
	// What was found has its park's code in the last column.
	return fmt.Sprintf("SELECT %s, k.code FROM (SELECT f.* FROM %s) f CROSS JOIN LATERAL (SELECT p.code FROM "+
		"park_public p WHERE p.park_id = f.park_id) k ORDER BY %s", columns, found, order), s.args, nil
}

// run selects a collection's columns for a query, one row more than its limit.
func (v *View) run(ctx context.Context, q *Query, sql string, args []any) (*Features, error) {
	left := -1
	if q.Limit > 0 {
		left = q.Limit
	}
	ctx, cancel := context.WithCancel(ctx)
	args = append([]any{q.mode(), pgx.QueryResultFormats{pgx.BinaryFormatCode}}, args...)
	state, _, err := v.stateOf(ctx, q)
	if err != nil {
		cancel()
		return nil, err
	}
	var clock *queryClock
	if q.costly() {
		clock = newQueryClock(cancel)
	}
	clock.start() // PostgreSQL sends nothing before the first row: a sort is waited for here
	rows, err := v.Tx.Query(ctx, sql, args...)
	clock.stop()
	if clock.ranOut() {
		err = ErrCostly
	}
	if err != nil {
		cancel()
		return nil, store.Translate("read "+q.Collection.ID, err)
	}
	f := &Features{rows: rows, cancel: cancel, layout: q.layout(), form: q.form(), state: state, left: left,
		wanted: v.Wanted, clock: clock}
	f.sort = sortColumns{from: f.layout.count, values: make([][]byte, len(q.Sort))}
	if q.Park != "" {
		f.row.code, f.code = AppendJSONString(nil, q.Park), []byte(q.Park)
	}
	return f, nil
}

// Next steps to the next feature; false at the end or on a failure, which Err tells.
func (f *Features) Next() bool {
	if f.done {
		return false
	}
	if !f.step() {
		f.done, f.More = true, f.goesOn
		return false
	}
	if f.left == 0 {
		f.More, f.done = true, true
		f.rows.Close()
		return false
	}
	f.left--
	raw := f.rows.RawValues()
	copy(f.park[:], raw[columnPark])
	copy(f.id[:], raw[columnID])
	f.sort.keep(raw)
	return true
}

// Append appends the feature as GeoJSON, without a closing brace when open, so that a caller can add members.
func (f *Features) Append(dst []byte, open bool) ([]byte, error) {
	if f.live != nil && f.rows.RawValues()[columnShape] == nil {
		return f.appendLive(dst, open)
	}
	dst, err := f.layout.append(dst, f.line(), f.form)
	if err != nil || open {
		return dst, err
	}
	return append(dst, '}'), nil
}

// appendLive appends a feature whose version still holds, as it is kept.
func (f *Features) appendLive(dst []byte, open bool) ([]byte, error) {
	kept, _ := f.live.Feature(f.id)
	if kept == nil {
		return dst, fmt.Errorf("feature %s is live and not kept", f.id)
	}
	if open {
		kept = kept[:len(kept)-1]
	}
	return append(dst, kept...), nil
}

// AppendID appends the feature's id as a JSON string.
func (f *Features) AppendID(dst []byte) []byte { return appendUUID(dst, f.rows.RawValues()[columnID]) }

// AppendShape appends the feature's geometry in the reference system of the query.
func (f *Features) AppendShape(dst []byte) ([]byte, error) {
	return appendShape(dst, f.rows.RawValues(), f.form)
}

// AppendLonLat appends the feature's geometry in CRS84, whatever the query asks for.
func (f *Features) AppendLonLat(dst []byte) ([]byte, error) {
	return appendShape(dst, f.rows.RawValues(), plainForm)
}

// AppendProperties appends the feature's properties as a JSON object.
func (f *Features) AppendProperties(dst []byte) []byte {
	return f.layout.appendProperties(dst, f.line())
}

// AppendProperty appends the value of one property, null where there is none of this name.
func (f *Features) AppendProperty(dst []byte, name string) []byte {
	for i := range f.layout.fields {
		if f.layout.fields[i].name == name {
			return f.layout.fields[i].appendTo(dst, f.line())
		}
	}
	return appendNull(dst)
}

// plainForm is how positions are printed where no reference system is asked for.
var plainForm = ewkb.Form{Decimals: Decimals}

// append appends a row as GeoJSON without its closing brace.
func (l *layout) append(dst []byte, row *line, form ewkb.Form) ([]byte, error) {
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = appendUUID(dst, row.raw[columnID])
	dst = append(dst, `,"geometry":`...)
	dst, err := appendShape(dst, row.raw, form)
	if err != nil {
		return dst, err
	}
	return l.appendProperties(append(dst, `,"properties":`...), row), nil
}

// appendShape appends a row's geometry; null where it was not selected.
func appendShape(dst []byte, raw [][]byte, form ewkb.Form) ([]byte, error) {
	if raw[columnShape] == nil {
		return appendNull(dst), nil
	}
	dst, err := form.Append(dst, raw[columnShape])
	if err != nil {
		return dst, fmt.Errorf("shape of %x: %v", raw[columnID], err) // not %w: it is no fault of the request's
	}
	return dst, nil
}

func (l *layout) appendProperties(dst []byte, row *line) []byte {
	dst = append(dst, '{')
	for i := range l.fields {
		dst = l.fields[i].appendTo(append(dst, l.fields[i].head...), row)
	}
	return append(dst, '}')
}

// line is a row that is printed.
type line struct {
	raw      [][]byte
	code     []byte   // the park's code as a JSON string; nil where the row has it in its last column
	text     []byte   // of the column of services that was read last
	services services // that it tells
}

// line is the current row.
func (f *Features) line() *line {
	f.row.raw = f.rows.RawValues()
	return &f.row
}

// appendTo appends the value of the field in a row.
func (fl *field) appendTo(dst []byte, row *line) []byte {
	switch value := row.raw[fl.column]; {
	case fl.column == columnPark && row.code != nil:
		return append(dst, row.code...)
	case fl.column == columnPark:
		return appendText(dst, row.raw[len(row.raw)-1])
	case value == nil:
		return appendNull(dst)
	case fl.derive != nil:
		if !bytes.Equal(value, row.text) { // neighbours often have the same
			row.text = append(row.text[:0], value...)
			row.services.read(row.text)
		}
		return fl.derive(dst, &row.services)
	default:
		return fl.append(dst, value)
	}
}

// Position is the cursor of the current feature.
func (f *Features) Position() Position {
	return Position{Park: f.park, ID: f.id, State: f.state, Sort: f.sort.texts()}
}

// Err tells what ended the rows early; nil when nothing did. It matches ErrCostly where the query took too long.
func (f *Features) Err() error {
	if f.clock.ranOut() {
		return ErrCostly
	}
	return store.Translate("read features", f.rows.Err())
}

// Close ends the query. Rows not read are not fetched: the connection is given up instead.
func (f *Features) Close() {
	if !f.done {
		f.cancel()
	}
	f.rows.Close()
	f.cancel()
}

// countCap is the largest exact count: beyond it, counting costs more than the page itself.
const countCap = 100_000

// Count counts the features of a query beyond its limit and cursor; ok is false if there are too many to count
// cheaply.
func (v *View) Count(ctx context.Context, q *Query) (n int, ok bool, err error) {
	all := *q
	all.After, all.Limit = nil, 0
	s, err := v.where(ctx, &all)
	if err != nil {
		return 0, false, err
	}
	sql := fmt.Sprintf("SELECT count(*) FROM (SELECT FROM %s LIMIT %s) found", s.text(),
		s.bind(countCap+1))
	args := append([]any{q.mode()}, s.args...)
	limited, cancel := q.limited(ctx)
	defer cancel()
	if err := v.Tx.QueryRow(limited, sql, args...).Scan(&n); err != nil {
		return 0, false, q.late(limited, store.Translate("count "+q.Collection.ID, err))
	}
	return n, n <= countCap, nil
}

// Wanted reports whether others wait for the connection that these features come over.
func (f *Features) Wanted() bool { return f.wanted != nil && f.wanted() }
