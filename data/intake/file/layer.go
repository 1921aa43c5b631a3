package file

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"luodi/geo"
)

// layer is one feature table of a GeoPackage: OGC 12-128r19, clauses 1.1.2 (reference systems), 1.1.3 (contents) and
// 2.1.5 (geometry columns).
type layer struct {
	table, column string
	srs           int64  // the GeoPackage's own number, which geometries repeat
	crs           string // how it names the system; "" when undefined (-1 Cartesian, 0 geographic)
	epsg          int
}

// pickLayer is the place of the layer that is wanted, or of the only one where none is named.
func pickLayer(names []string, want string) (int, error) {
	at, found := 0, 0
	for i, name := range names {
		if want == "" || strings.EqualFold(name, want) {
			at, found = i, found+1
		}
	}
	switch listed := clip(strings.Join(names, ", ")); found {
	case 0:
		return 0, &Fault{Code: LayerUnknown, Expected: listed, Got: clip(want)}
	case 1:
		return at, nil
	default:
		return 0, &Fault{Code: LayerAmbiguous, Expected: listed, Got: clip(want)}
	}
}

const selectLayers = `
SELECT c.table_name, g.column_name, g.srs_id, s.organization, s.organization_coordsys_id, s.definition
  FROM gpkg_contents c
  JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
  LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
 WHERE c.data_type = 'features'`

func findLayer(ctx context.Context, conn *sql.Conn, want string) (layer, error) {
	for _, name := range []string{"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} {
		if err := ordinaryTable(ctx, conn, name, NotGeoPackage); err != nil {
			return layer{}, err
		}
	}
	layers, err := listLayers(ctx, conn)
	if err != nil {
		return layer{}, err
	}
	if len(layers) == 0 {
		return layer{}, &Fault{Code: NotGeoPackage, Field: "gpkg_contents", Expected: "features", Got: "0"}
	}
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.table
	}
	at, err := pickLayer(names, want)
	if err != nil {
		return layer{}, err
	}
	return layers[at], ordinaryTable(ctx, conn, layers[at].table, LayerNotTable)
}

// ordinaryTable refuses what is not a table with pages of its own.
func ordinaryTable(ctx context.Context, conn *sql.Conn, name, code string) error {
	var kind string
	var root int64
	err := conn.QueryRowContext(ctx,
		"SELECT type, rootpage FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')",
		name).Scan(&kind, &root)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return &Fault{Code: NotGeoPackage, Field: "sqlite_schema", Expected: clip(name), Got: "—"}
	case err != nil:
		return sqliteError(ctx, err)
	case kind != "table" || root <= 0:
		return &Fault{Code: code, Field: clip(name), Expected: "table", Got: kind}
	}
	return nil
}

func listLayers(ctx context.Context, conn *sql.Conn) ([]layer, error) {
	rows, err := conn.QueryContext(ctx, selectLayers)
	if err != nil {
		return nil, sqliteError(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	var layers []layer
	for rows.Next() && len(layers) < 10_000 {
		var l layer
		var organization, definition sql.NullString
		var code sql.NullInt64
		if err := rows.Scan(&l.table, &l.column, &l.srs, &organization, &code, &definition); err != nil {
			return nil, sqliteError(ctx, err)
		}
		l.name(organization.String, code, definition.String)
		layers = append(layers, l)
	}
	return layers, sqliteError(ctx, rows.Err())
}

// name takes the authority's code, else the system that the definition describes; the GeoPackage's own number means
// nothing outside.
func (l *layer) name(organization string, code sql.NullInt64, definition string) {
	if l.srs == 0 || l.srs == -1 {
		return
	}
	if code.Valid && organization != "" && !strings.EqualFold(organization, "NONE") {
		crs, err := geo.ParseCRS(organization + ":" + itoa(code.Int64))
		if l.crs = clip(organization + ":" + itoa(code.Int64)); err == nil {
			l.epsg = int(crs.Code)
			return
		}
	}
	if known, name := geo.NamedCRS(definition); name != "" {
		l.crs, l.epsg = clip(name), int(known)
	}
}
