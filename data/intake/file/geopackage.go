package file

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// geoPackage reads the rows of one feature table in the order of their keys.
type geoPackage struct {
	db       *sql.DB
	conn     *sql.Conn
	rows     *sql.Rows
	info     Info
	layer    layer
	limits   Limits
	columns  []string
	geometry int // the column's place
	key      int // of the integer primary key, -1 if none
	keys     []string
	number   int64
	stated   bool         // the caller knows the system: what geometries say of theirs is passed over
	after    func() error // what to do once closed
}

// openGeoPackage opens the file at path; after, if any, runs when the reader is closed.
func openGeoPackage(ctx context.Context, path string, opts Options, after func() error) (Reader, error) {
	if err := checkSQLiteFile(path); err != nil {
		return nil, err
	}
	g := &geoPackage{db: sql.OpenDB(connectorTo(path)), limits: opts.Limits, after: after, key: -1,
		stated: opts.known || opts.Control != nil}
	g.db.SetMaxOpenConns(1)
	if err := g.open(ctx, opts); err != nil {
		_ = g.db.Close()
		return nil, g.sized(err)
	}
	return g, nil
}

// sized says of a value that is too large where it stands and what may be read: SQLite itself tells neither.
func (g *geoPackage) sized(err error) error {
	var fault *Fault
	if errors.As(err, &fault) && fault.Code == FeatureTooLarge {
		fault.Field, fault.Expected = clip(g.layer.table)+": ", fmt.Sprint(g.limits.FeatureBytes)
	}
	return err
}

func (g *geoPackage) open(ctx context.Context, opts Options) error {
	var err error
	if g.conn, err = g.db.Conn(ctx); err != nil {
		return sqliteError(ctx, err)
	}
	if err := restrain(g.conn, opts.Limits); err != nil {
		return sqliteError(ctx, err)
	}
	if g.layer, err = findLayer(ctx, g.conn, opts.Layer); err != nil {
		return err
	}
	if err := quickCheck(ctx, g.conn, g.layer.table); err != nil {
		return err
	}
	g.info = Info{Format: "GeoPackage", Layer: g.layer.table, CRS: g.layer.crs, EPSG: g.layer.epsg}
	table := quoteName(g.layer.table)
	if err := g.conn.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&g.info.Rows); err != nil {
		return sqliteError(ctx, err)
	}
	if err := g.findColumns(ctx); err != nil {
		return err
	}
	return g.rewind(ctx)
}

// rewind begins anew with the first row.
func (g *geoPackage) rewind(ctx context.Context) error {
	if g.rows != nil {
		if err := g.rows.Close(); err != nil {
			return sqliteError(ctx, err)
		}
	}
	g.number = 0
	table, quoted := quoteName(g.layer.table), make([]string, len(g.columns))
	for i, name := range g.columns {
		quoted[i] = quoteName(name)
	}
	var err error
	// The rows outlive this call: they end with the reader, and Next minds its own context.
	g.rows, err = g.conn.QueryContext(context.WithoutCancel(ctx),
		"SELECT "+strings.Join(quoted, ", ")+" FROM "+table+" ORDER BY "+g.order(ctx, table))
	return sqliteError(ctx, err)
}

// order is what rows are ordered by: their row ids, or the key of a table without.
func (g *geoPackage) order(ctx context.Context, table string) string {
	rows, err := g.conn.QueryContext(ctx, "SELECT rowid FROM "+table+" LIMIT 1")
	if err == nil {
		_ = rows.Close()
		return "rowid"
	}
	return strings.Join(g.keys, ", ")
}

// findColumns lists the table's stored columns; generated ones, which would run expressions of the file, are not among
// them.
func (g *geoPackage) findColumns(ctx context.Context) error {
	rows, err := g.conn.QueryContext(ctx, "SELECT name, type, pk FROM pragma_table_info(?)", g.layer.table)
	if err != nil {
		return sqliteError(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	g.geometry = -1
	for rows.Next() {
		var name, kind string
		var pk int
		if err := rows.Scan(&name, &kind, &pk); err != nil {
			return sqliteError(ctx, err)
		}
		if pk > 0 {
			g.keys = append(g.keys, quoteName(name))
		}
		switch {
		case strings.EqualFold(name, g.layer.column):
			g.geometry = len(g.columns)
		case pk == 1 && strings.EqualFold(kind, "INTEGER"):
			g.key = len(g.columns)
		}
		if len(g.columns) != g.geometry {
			g.info.Fields = append(g.info.Fields, name)
		}
		g.columns = append(g.columns, name)
	}
	if err := rows.Err(); err != nil {
		return sqliteError(ctx, err)
	}
	if g.geometry < 0 {
		return &Fault{Code: NotGeoPackage, Field: "gpkg_geometry_columns", Expected: g.layer.column,
			Got: clip(strings.Join(g.columns, ", "))}
	}
	if len(g.columns) > g.limits.Values {
		return &Fault{Code: TooManyValues, Expected: strconv.Itoa(g.limits.Values), Got: strconv.Itoa(len(g.columns))}
	}
	return nil
}

func (g *geoPackage) Info() Info { return g.info }

func (g *geoPackage) Progress() (done, total int64) { return g.number, g.info.Rows }

func (g *geoPackage) Close() error {
	errs := []error{g.rows.Close(), g.conn.Close(), g.db.Close()}
	if g.after != nil {
		errs = append(errs, g.after())
	}
	return errors.Join(errs...)
}

// Next implements Reader.
func (g *geoPackage) Next(ctx context.Context) (Row, error) {
	if err := ctx.Err(); err != nil {
		return Row{}, err
	}
	if !g.rows.Next() {
		if err := g.rows.Err(); err != nil {
			return Row{}, g.sized(sqliteError(ctx, err))
		}
		return Row{}, io.EOF
	}
	values := make([]any, len(g.columns))
	targets := make([]any, len(g.columns))
	for i := range values {
		targets[i] = &values[i]
	}
	if err := g.rows.Scan(targets...); err != nil {
		return Row{}, g.sized(sqliteError(ctx, err))
	}
	g.number++
	return g.row(values), nil
}

func (g *geoPackage) row(values []any) Row {
	row := Row{Number: g.number, Values: make(map[string]string, len(values)-1)}
	for i, value := range values {
		if i == g.geometry || value == nil {
			continue
		}
		text, ok := asText(value)
		if !ok {
			if row.Unread == nil {
				row.Unread = map[string]*Fault{}
			}
			row.Unread[g.columns[i]] = &Fault{Code: NotText, Field: clip(g.columns[i]), Expected: "UTF-8",
				Got: strconv.QuoteToASCII(clip(text))}
			continue
		}
		row.Values[g.columns[i]] = text
		if i == g.key {
			row.ID = text
		}
	}
	switch blob := values[g.geometry].(type) {
	case nil:
		row.Fault = &Fault{Code: NoGeometry}
	case []byte:
		row.Shape, row.Fault = decodeBlob(blob, g.layer.srs, g.stated, g.limits.Points)
	default:
		row.Fault = &Fault{Code: BadGeometry, Field: g.layer.column, Expected: "BLOB", Got: fmt.Sprintf("%T", blob)}
	}
	return row
}

// asText prints a value of SQLite; false when it is not text that can be kept.
func asText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, utf8.ValidString(v) && !strings.ContainsRune(v, 0)
	case []byte:
		return string(v), utf8.Valid(v) && !strings.ContainsRune(string(v), 0)
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly), true
		}
		return v.Format(time.RFC3339Nano), true
	}
	return fmt.Sprint(value), true
}

// quoteName makes an identifier of SQLite.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
