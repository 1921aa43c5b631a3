package outlet

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/paulmach/orb"
	_ "modernc.org/sqlite" // the driver of GeoPackage's container

	"luodi/data/feed"
	"luodi/data/store/ewkb"
	"luodi/geo"
)

// geoPackage writes OGC GeoPackage 1.3 (12-128r18): a table a layer with an R-tree, titles of columns as of the schema
// extension, and a style for QGIS in layer_styles. SQLite needs a file: it is written on disk and copied at the end.
type geoPackage struct {
	*paper
	path   string
	db     *sql.DB
	tx     *sql.Tx
	insert *sql.Stmt
	layer  *Layer
	fid    int64
	bounds orb.Bound
	boxes  []fgbNode // of the features, for the R-tree; at is the fid
	args   []any
	blobs  []byte
}

func openGeoPackage(p *paper) (sink, error) {
	file, err := p.temp()
	if err != nil {
		return nil, err
	}
	path, err := filepath.Abs(file.Name()) // a URI has no other
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	g := &geoPackage{paper: p, path: path}
	if g.db, err = sql.Open("sqlite", "file://"+(&url.URL{Path: g.path}).EscapedPath()+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"+
		"&_pragma=locking_mode(EXCLUSIVE)&_pragma=cache_size(-16000)"); err != nil {
		return nil, err
	}
	g.db.SetMaxOpenConns(1)
	if g.tx, err = g.db.Begin(); err != nil {
		return nil, err
	}
	return g, g.exec(sqlGeoPackage)
}

// Close lets go of the database.
func (g *geoPackage) Close() error {
	if g.tx != nil {
		_ = g.tx.Rollback()
	}
	return g.db.Close()
}

func (g *geoPackage) exec(statement string, args ...any) error {
	_, err := g.tx.Exec(statement, args...)
	if err != nil {
		return fmt.Errorf("write the GeoPackage: %w", err)
	}
	return nil
}

// sqlGeoPackage are the tables of the standard, and that of QGIS. 1196444487 is GPKG, 10300 version 1.3.
const sqlGeoPackage = `
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_ogr_contents (table_name TEXT NOT NULL PRIMARY KEY, feature_count INTEGER DEFAULT NULL);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name,
  column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name)
  REFERENCES gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema',
   'read-write');
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
  description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
  min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
  styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
INSERT INTO gpkg_contents VALUES ('layer_styles', 'attributes', 'layer_styles', '', '1970-01-01T00:00:00.000Z', NULL,
  NULL, NULL, NULL, 0)`

// gpkgTypes are the columns' types.
var gpkgTypes = [...]string{feed.Text: "TEXT", feed.Integer: "INTEGER", feed.Boolean: "BOOLEAN", feed.Number: "REAL",
	feed.Decimal: "REAL", feed.Mu: "REAL", feed.Instant: "DATETIME", feed.Day: "DATE", feed.Object: "TEXT"}

// gpkgInstant is how the standard writes an instant.
const gpkgInstant = "2006-01-02T15:04:05.000Z"

func (g *geoPackage) begin(l *Layer) error {
	if err := g.finish(); err != nil {
		return err
	}
	g.layer, g.fid, g.bounds, g.boxes = l, 0, emptyBound, g.boxes[:0]
	code := int(l.CRS.Code)
	columns := []string{"fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", "geom " + strings.ToUpper(l.Geometry),
		"id TEXT NOT NULL"}
	for _, f := range l.Fields {
		columns = append(columns, quoted(f.Name)+" "+gpkgTypes[f.Kind])
	}
	if err := g.exec(fmt.Sprintf("CREATE TABLE %s (%s)", quoted(l.ID), strings.Join(columns, ", "))); err != nil {
		return err
	}
	if err := g.exec("INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, NULL)",
		crsName(l.CRS.Code), code, code, ogcWKT(l.CRS.Code)); err != nil {
		return err
	}
	if err := g.describe(); err != nil {
		return err
	}
	var err error
	g.insert, err = g.tx.Prepare(fmt.Sprintf("INSERT INTO %s VALUES (?%s)", quoted(l.ID),
		strings.Repeat(", ?", len(columns)-1)))
	return err
}

// describe tells the titles of the columns.
func (g *geoPackage) describe() error {
	seen := map[string]bool{}
	for _, f := range g.layer.Fields {
		name, mime := f.Title.In(g.English), any(nil)
		if seen[name] {
			name = f.Name
		}
		seen[name] = true
		if f.Kind == feed.Object {
			mime = "application/json"
		}
		if err := g.exec("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, ?, NULL)", g.layer.ID, f.Name, name,
			f.Title.Both(), f.Unit, mime); err != nil {
			return err
		}
	}
	return nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (g *geoPackage) row(r *Row) (err error) {
	g.fid++
	shape := any(nil)
	if r.Shape != nil {
		box := r.Shape.Bound()
		g.bounds = g.bounds.Union(box)
		g.boxes = append(g.boxes, fgbNode{box: box, at: uint64(g.fid)})
		if g.blobs, err = appendGPKG(g.blobs[:0], r.Shape, box, g.layer.CRS.Code); err != nil {
			return err
		}
		shape = g.blobs
	}
	g.args = append(g.args[:0], g.fid, shape, r.ID.String())
	for i := range r.Values {
		g.args = append(g.args, gpkgValue(g.layer.Fields[i].Kind, &r.Values[i]))
	}
	_, err = g.insert.Exec(g.args...)
	return err
}

func gpkgValue(kind feed.Kind, v *feed.Value) any {
	switch {
	case v.Null:
		return nil
	case kind == feed.Integer:
		return v.Int
	case kind == feed.Boolean:
		return v.Bool
	case kind == feed.Number, kind == feed.Decimal, kind == feed.Mu:
		return v.Float
	case kind == feed.Instant:
		return v.Time.Format(gpkgInstant)
	case kind == feed.Day:
		return v.Time.Format(time.DateOnly)
	}
	return string(v.Text)
}

// appendGPKG appends a geometry as a GeoPackage has it (2.1.3): a header with its box, then WKB.
func appendGPKG(dst []byte, shape orb.Geometry, box orb.Bound, code geo.EPSG) ([]byte, error) {
	flags := byte(0b011) // little-endian, a box of x and y
	if _, point := shape.(orb.Point); point {
		flags = 0b001
	}
	dst = append(dst, 'G', 'P', 0, flags)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(code))
	if flags != 0b001 {
		for _, edge := range [4]float64{box.Min[0], box.Max[0], box.Min[1], box.Max[1]} {
			dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(edge))
		}
	}
	return ewkb.Append(dst, shape, 0)
}

// finish ends a layer: its row in the contents, its R-tree, its style.
func (g *geoPackage) finish() error {
	if g.layer == nil {
		return nil
	}
	if err := g.insert.Close(); err != nil {
		return err
	}
	l, box := g.layer, [4]any{}
	if len(g.boxes) > 0 {
		box = [4]any{g.bounds.Min[0], g.bounds.Min[1], g.bounds.Max[0], g.bounds.Max[1]}
	}
	at := g.At.UTC().Format(gpkgInstant)
	for _, s := range []struct {
		sql  string
		args []any
	}{
		{"INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)", []any{l.ID, l.ID, l.Title.Both(), at,
			box[0], box[1], box[2], box[3], int(l.CRS.Code)}},
		{"INSERT INTO gpkg_ogr_contents VALUES (?, ?)", []any{l.ID, g.fid}},
		{"INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", []any{l.ID, strings.ToUpper(l.Geometry),
			int(l.CRS.Code)}},
		{"INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', " +
			"'http://www.geopackage.org/spec/#extension_rtree', 'write-only')", []any{l.ID}},
		{"INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, " +
			"styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)",
			[]any{l.ID, l.Title.In(g.English), l.qml(g.Words, g.English), l.Title.Both(), at}},
	} {
		if err := g.exec(s.sql, s.args...); err != nil {
			return err
		}
	}
	return g.index()
}

func (g *geoPackage) end() error {
	if err := g.finish(); err != nil {
		return err
	}
	err := g.tx.Commit()
	g.tx = nil
	if err != nil {
		return err
	}
	if err := g.db.Close(); err != nil {
		return err
	}
	file, err := os.Open(g.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(g.w, file)
	return err
}

// index fills the R-tree of a layer. SQLite keeps one in three tables (ext/rtree/rtree.c): nodes of at most rtreeCells
// boxes, the leaf of each feature, and the parent of each node. A tree that is packed in the order of a Hilbert curve is
// written at once: to insert one box after the other takes ten times as long.
func (g *geoPackage) index() error {
	rtree := "rtree_" + g.layer.ID + "_geom"
	if err := g.exec(fmt.Sprintf("CREATE VIRTUAL TABLE %s USING rtree(id, minx, maxx, miny, maxy)",
		quoted(rtree))); err != nil {
		return err
	}
	if err := g.exec(strings.NewReplacer("{t}", g.layer.ID, "{r}", rtree).Replace(sqlIndexTriggers)); err != nil {
		return err
	}
	if len(g.boxes) == 0 {
		return nil
	}
	sortHilbert(g.boxes, g.bounds)
	node, err := g.tx.Prepare("INSERT OR REPLACE INTO " + quoted(rtree+"_node") + " VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = node.Close() }()
	parent, err := g.tx.Prepare("INSERT INTO " + quoted(rtree+"_parent") + " VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = parent.Close() }()
	tree := packRTree(g.boxes)
	for _, n := range tree.nodes {
		if _, err := node.Exec(n.number, n.data); err != nil {
			return err
		}
		if n.parent > 0 {
			if _, err := parent.Exec(n.number, n.parent); err != nil {
				return err
			}
		}
	}
	return g.leaves(rtree, tree.leafOf)
}

// leaves tells the leaf of each feature, many to a statement.
func (g *geoPackage) leaves(rtree string, leafOf []int64) error {
	const many = 400
	statement := func(n int) string {
		return "INSERT INTO " + quoted(rtree+"_rowid") + " VALUES " + strings.Repeat("(?, ?), ", n-1) + "(?, ?)"
	}
	full, err := g.tx.Prepare(statement(many))
	if err != nil {
		return err
	}
	defer func() { _ = full.Close() }()
	args := make([]any, 0, 2*many)
	for from := 1; from < len(leafOf); from += many {
		args = args[:0]
		for fid := from; fid < min(from+many, len(leafOf)); fid++ {
			args = append(args, int64(fid), leafOf[fid])
		}
		if len(args) == 2*many {
			_, err = full.Exec(args...)
		} else {
			err = g.exec(statement(len(args)/2), args...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sqlIndexTriggers keep the R-tree of a table that is edited (12-128r18, annex F.3).
const sqlIndexTriggers = `
CREATE TRIGGER "{r}_insert" AFTER INSERT ON "{t}" WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN
  INSERT OR REPLACE INTO "{r}" VALUES (NEW."fid", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"),
  ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "{r}_update1" AFTER UPDATE OF "geom" ON "{t}" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT
  ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "{r}" VALUES (NEW."fid", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),
  ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "{r}_update2" AFTER UPDATE OF "geom" ON "{t}" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR
  ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "{r}" WHERE id = OLD."fid"; END;
CREATE TRIGGER "{r}_update3" AFTER UPDATE ON "{t}" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT
  ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "{r}" WHERE id = OLD."fid"; INSERT OR REPLACE INTO "{r}" VALUES (NEW."fid",
  ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "{r}_update4" AFTER UPDATE ON "{t}" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR
  ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "{r}" WHERE id IN (OLD."fid", NEW."fid"); END;
CREATE TRIGGER "{r}_delete" AFTER DELETE ON "{t}" WHEN old."geom" NOT NULL BEGIN DELETE FROM "{r}" WHERE id = OLD."fid";
  END`
