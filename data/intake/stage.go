package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"luodi/data/intake/file"
	"luodi/data/store"
)

// settleSession: statements run once for each batch of rows, and a plan made without knowing the batch takes the whole
// table for it.
const settleSession = `SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off;
	SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'`

const makeStage = `CREATE TEMP TABLE import_row (number bigint, source_id text, id uuid, codes text[], vals jsonb,
	x float8, y float8, wkb bytea) ON COMMIT DROP`

// stage copies the rows that can be read into a temporary table. Ids are given here, so that they follow the file's
// order.
func (im *importing) stage(ctx context.Context, src file.Reader) error {
	for _, sql := range []string{settleSession, makeStage, makeMover} {
		if err := im.exec(ctx, "prepare", sql); err != nil {
			return err
		}
	}
	im.fields = newImportFields(im.kind, im.req, im.info.Fields)
	copier := &rowCopier{im: im, ctx: ctx, src: src, codes: newCodeFields(im.req.CodeField),
		columns: newColumns(im.info.Fields)}
	columns := []string{"number", "source_id", "id", "codes", "vals", "x", "y", "wkb"}
	_, err := im.tx.CopyFrom(ctx, pgx.Identifier{"pg_temp", "import_row"}, columns, copier)
	im.report.Columns = copier.columns.list()
	if copier.err != nil {
		return copier.err
	}
	if err != nil {
		return store.Translate("import: copy rows", err)
	}
	im.report.CodeField = copier.codes.named
	return im.checkStaged(ctx, copier.codes)
}

func (im *importing) checkStaged(ctx context.Context, codes *codeFields) error {
	if im.report.Read == 0 {
		return &file.Fault{Code: faultNoRows}
	}
	if missing := im.fields.missing(codes.wanted(im.fields)...); len(missing) > 0 {
		return &file.Fault{Code: faultFieldUnknown, Field: strings.Join(missing, ", "), Expected: im.fields.seen()}
	}
	im.report.Fields = im.fields.used
	im.codes = codes
	if im.last == 0 {
		return nil
	}
	const index = `CREATE UNIQUE INDEX ON import_row (number); ANALYZE import_row (number)`
	if err := im.exec(ctx, "index rows", index); err != nil {
		return err
	}
	const medians = `SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY x),
		percentile_disc(0.5) WITHIN GROUP (ORDER BY y) FROM import_row`
	if err := im.tx.QueryRow(ctx, medians).Scan(&im.middle[0], &im.middle[1]); err != nil {
		return store.Translate("import: locate the file", err)
	}
	err := im.checkPlace()
	if err != nil {
		if err = im.asDrawn(ctx, err); err == nil {
			err = im.checkPlace()
		}
	}
	return err
}

// rowCopier feeds rows to COPY and holds back refused rows.
type rowCopier struct {
	im    *importing
	ctx   context.Context
	src   file.Reader
	codes *codeFields
	row   []any
	err   error
	// what the file's columns hold
	columns *columns
}

// Next implements pgx.CopyFromSource.
func (c *rowCopier) Next() bool {
	for {
		row, err := c.src.Next(c.ctx)
		if errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			c.err = fmt.Errorf("import: row %d: %w", c.im.report.Read+1, err)
			return false
		}
		c.im.report.Read++
		c.columns.see(row.Values)
		done, total := c.src.Progress()
		c.im.meter.between(0, 300, done, total)
		fault, err := c.take(row)
		if err != nil {
			c.err = err
			return false
		}
		if fault == nil {
			return true
		}
		c.im.refuse(row, c.codes.shown(row.Values), fault)
	}
}

// Values implements pgx.CopyFromSource.
func (c *rowCopier) Values() ([]any, error) { return c.row, nil }

// Err implements pgx.CopyFromSource.
func (c *rowCopier) Err() error { return c.err }

func (c *rowCopier) take(row file.Row) (*file.Fault, error) {
	im := c.im
	values, fault := im.fields.read(row.Values)
	if row.Fault == nil {
		row.Fault = im.fields.asked(row.Unread, c.codes)
	}
	if row.Fault != nil {
		return row.Fault, nil
	}
	shape := row.Shape
	if !im.kind.multi {
		shape = shape.Single()
	}
	if wrong := im.checkKind(shape); wrong != nil {
		return wrong, nil
	}
	if fault != nil {
		return fault, nil
	}
	id, err := newID()
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("import: row %d: %w", row.Number, err)
	}
	if im.scale != 1 {
		shape = shape.Scaled(im.scale)
	}
	if shape.Dropped {
		im.report.FlattenedRows++
	}
	im.last = row.Number
	im.points += int64(shape.Points)
	if err := im.noteRepeats(row.Number, shape); err != nil {
		return nil, err
	}
	b := shape.Bounds
	c.row = []any{row.Number, row.ID, [16]byte(id), c.codes.read(row), string(encoded), b[0]/2 + b[2]/2,
		b[1]/2 + b[3]/2, shape.WKB}
	return nil, nil
}

func (im *importing) checkKind(shape file.Shape) *file.Fault {
	if slices.Contains(im.kind.shapes, shape.Kind) {
		return nil
	}
	names := make([]string, len(im.kind.shapes))
	for i, kind := range im.kind.shapes {
		names[i] = kind.String()
	}
	expected := strings.Join(names, ", ")
	if shape.Kind >= file.MultiPoint && slices.Contains(im.kind.shapes,
		shape.Kind-(file.MultiPoint-file.Point)) {
		return &file.Fault{Code: faultSeveralParts, Expected: expected, Got: fmt.Sprint(shape.Parts)}
	}
	return &file.Fault{Code: faultWrongKind, Expected: expected, Got: shape.Kind.String()}
}

// refuse keeps a row that never came to the database.
func (im *importing) refuse(row file.Row, code string, fault *file.Fault) {
	im.early++
	if len(im.refused) < maxListed {
		im.refused = append(im.refused, Refusal{Row: row.Number, ID: row.ID, Code: code, Fault: *fault})
	}
}
