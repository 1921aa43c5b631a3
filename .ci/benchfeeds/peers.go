package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

type ctx = context.Context

// columns are what the program reads of a parcel.
const columns = `f.parcel_id, f.park_id, f.geom, f.code, f.zone, f.status, f.bank_status, f.land_use, f.legal_m2,
	f.computed_m2, f.ellipsoid_m2, f.services, f.price_cny_per_m2, f.cadastral_no, f.estate_unit_no, f.tenant_zh,
	f.tenant_en, f.project_zh, f.project_en, f.expires_at, lower(f.sys), f.from_seq`

// The SQL that the program sends where nothing is kept in memory, for pgbench. X and Y are those of a random box.
const pgBox = `\set x random(0, 1100)
\set y random(0, 800)
`

func pgPage(more string, limit int) string {
	const envelope = `ST_MakeEnvelope(110 + :x * 0.002 - 0.001, 30 + :y * 0.002 - 0.001, 110.066 + :x * 0.002 - 0.001,
		30.066 + :y * 0.002 - 0.001, 4490)`
	sql := fmt.Sprintf(`SELECT %s, k.code FROM (SELECT f.* FROM parcel_public f WHERE f.to_seq IS NULL%s
		AND f.geom && %s AND (f.geom @ ST_Expand(%s, -0.0001) OR ST_Intersects(f.geom, %s))
		ORDER BY f.park_id, f.parcel_id LIMIT %d) f CROSS JOIN LATERAL (SELECT p.code FROM park_public p WHERE p.park_id = f.park_id) k
		ORDER BY f.park_id, f.parcel_id;`,
		columns, more, envelope, envelope, envelope, limit)
	return pgBox + strings.ReplaceAll(sql, "\n", " ")
}

var pgItem = `\set i random(0, 1000000)
` + strings.ReplaceAll(`SELECT `+columns+`, k.code FROM parcel_public f JOIN park_public k USING (park_id)
	WHERE f.to_seq IS NULL AND f.parcel_id = ('01900000-' || lpad(to_hex(:i::int >> 16), 4, '0') || '-7000-8000-' ||
	lpad(to_hex(:i::int), 12, '0'))::uuid;`,
	"\n", " ")

var pgPast = `\set p random(0, 11)
` + strings.ReplaceAll(`SELECT `+columns+` FROM parcel_public f WHERE f.park_id = ('01900000-0000-7000-9000-' ||
	lpad(to_hex(:p::int), 12, '0'))::uuid AND f.from_seq <= 1 AND coalesce(f.to_seq, 9223372036854775807) > 1
	ORDER BY f.park_id, f.parcel_id LIMIT 1001;`, "\n", " ")

// checkPage is the SQL of the ids that a page has.
func checkPage(more string, limit int) string {
	return fmt.Sprintf(`SELECT parcel_id::text FROM parcel_public WHERE to_seq IS NULL%s
		AND ST_Intersects(geom, ST_MakeEnvelope($1, $2, $3, $4, 4490)) ORDER BY park_id, parcel_id LIMIT %d`, more,
		limit)
}

// pgbench runs a script with prepared statements and returns transactions a second.
func (b *bench) pgbench(d *data, of district, script string, clients int) (float64, error) {
	path := filepath.Join(b.folder, "script.sql")
	if err := os.WriteFile(path, []byte(script), 0o644); err != nil {
		return 0, err
	}
	command := exec.CommandContext(b.ctx, "pgbench", "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", "2",
		"-T", strconv.Itoa(int(b.lasts.Seconds())), "-f", path, d.url("luodi_public", of))
	out, err := command.CombinedOutput()
	found := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	if err != nil || found == nil {
		return 0, fmt.Errorf("pgbench: %v: %.500s", err, out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

// ogr2ogr reads 20,000 parcels from PostgreSQL into GeoJSON, and tells fifty times its time; "–" where it is not
// installed.
func (b *bench) ogr2ogr(d *data, of district) (string, error) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		return "–", nil
	}
	begun := time.Now()
	command := exec.CommandContext(b.ctx, "ogr2ogr", "-f", "GeoJSON", "/vsistdout/",
		"PG:"+keywords(d.url("luodi", of)), "-sql", "SELECT * FROM peer LIMIT 20000")
	var said strings.Builder
	command.Stderr = &said // what it writes is thrown away
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("ogr2ogr: %v: %.300s", err, said.String())
	}
	return fmt.Sprintf("%.1f s (ogr2ogr, 50 × 20,000)", 50*time.Since(begun).Seconds()), nil
}

// keywords puts a database's URL as GDAL takes it.
func keywords(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	return fmt.Sprintf("host=%s port=%s dbname=%s user=%s", u.Query().Get("host"), u.Query().Get("port"),
		strings.TrimPrefix(u.Path, "/"), u.User.Username())
}

// peer is a server beside the program.
type peer struct {
	url  string
	stop func()
}

func start(handler http.Handler, path string, stop func()) (*peer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	return &peer{"http://" + listener.Addr().String() + path, func() { _ = server.Close(); stop() }}, nil
}

func startFiles(folder string) (*peer, error) {
	return start(http.FileServer(http.Dir(folder)), "", func() {})
}

// peerOf is the peer that was given by its address, or the plain one.
func (b *bench) peerOf(d *data, of district) (*peer, error) {
	if b.peer == "" {
		return startPeer(b.ctx, d.url("luodi_public", of))
	}
	fmt.Fprintln(os.Stderr, "the peer is to serve the table peer of", d.url("luodi_public", of))
	for {
		if _, err := get(b.peer + "?limit=1"); err == nil {
			return &peer{b.peer, func() {}}, nil
		}
		select {
		case <-b.ctx.Done():
			return nil, b.ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// startPeer serves a plain indexed table the way servers of their kind do: PostGIS prints the shapes, the program
// gathers rows and prints JSON. It knows no states, tags, cursors nor rights.
func startPeer(ctx ctx, dsn string) (*peer, error) {
	pool, err := pgxpool.New(ctx, dsn+"&pool_max_conns=16")
	if err != nil {
		return nil, err
	}
	return start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := answer(w, r, pool); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}), "/items", pool.Close)
}

const sqlPeer = `SELECT id::text, code, zone, status, land_use, services::text, legal_m2::float8, computed_m2,
	price_cny_per_m2::float8, tenant_zh, tenant_en, project_zh, project_en, ST_AsGeoJSON(geom, 9, 0) FROM peer WHERE `

func answer(w http.ResponseWriter, r *http.Request, pool *pgxpool.Pool) error {
	sql, args := sqlPeer+"id = $1", []any{strings.TrimPrefix(r.URL.Path, "/items/")}
	if text := r.URL.Query().Get("bbox"); text != "" {
		var b [4]float64
		if _, err := fmt.Sscanf(text, "%f,%f,%f,%f", &b[0], &b[1], &b[2], &b[3]); err != nil {
			return err
		}
		sql = sqlPeer +
			"ST_Intersects(geom, ST_MakeEnvelope($1, $2, $3, $4, 4490)) AND ($5 = '' OR status = $5) LIMIT $6"
		limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
		if err != nil {
			return err
		}
		args = []any{b[0], b[1], b[2], b[3], r.URL.Query().Get("status"), limit}
	}
	rows, err := pool.Query(r.Context(), sql, args...)
	if err != nil {
		return err
	}
	type feature struct {
		Type       string          `json:"type"`
		ID         any             `json:"id"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties map[string]any  `json:"properties"`
	}
	features := []feature{}
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		last := len(values) - 1
		f := feature{"Feature", values[0], json.RawMessage(values[last].(string)), map[string]any{}}
		for i, field := range rows.FieldDescriptions()[1:last] {
			f.Properties[field.Name] = values[i+1]
		}
		features = append(features, f)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	// an error from here on is the reader's, who left
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "FeatureCollection", "features": features})
	return nil
}
