package sample

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"luodi/data/registry"
)

// ErrNotEmpty is what Load answers where the database already holds a park: the sample is for an empty one.
var ErrNotEmpty = errors.New("the database already holds a park")

const sqlLoaded = `SELECT EXISTS (SELECT FROM park p JOIN district d USING (district_id)
	WHERE (d.code, p.code) = ($1, $2))`

// Loaded tells whether the sample's own park is there.
func Loaded(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	d, err := Lingang()
	if err != nil {
		return false, err
	}
	var there bool
	if err := pool.QueryRow(ctx, sqlLoaded, d.District.Code, d.Parks[0].Code).Scan(&there); err != nil {
		return false, fmt.Errorf("look for the sample park: %w", err)
	}
	return there, nil
}

// Load puts the sample into an empty database, as the planner role, in one transaction: all of it or nothing. It
// returns ErrNotEmpty where a park is there already, also where another Load is first.
func Load(ctx context.Context, pool *pgxpool.Pool) error {
	d, err := Lingang()
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		l := loader{ctx: ctx, tx: tx, crs: d.CRS, ids: map[string]uuid.UUID{}, now: time.Now()}
		l.district(d.District)
		l.chains()
		l.entering = l.id("park", d.Parks[0].Code)
		l.parties(d.Parties)
		l.projects(d.Projects)
		l.flows()
		l.teams(d.Teams)
		for _, p := range d.Parks {
			l.park(p)
		}
		l.stories()
		return l.err
	})
	if err != nil {
		return fmt.Errorf("load the sample: %w", err)
	}
	return nil
}

// loader writes rows of one transaction; after the first error it does nothing more.
type loader struct {
	ctx    context.Context
	tx     pgx.Tx
	crs    int
	now    time.Time // days of work in hand are counted from it
	err    error
	ids    map[string]uuid.UUID // by kind and code
	home   uuid.UUID            // the district
	parkID uuid.UUID            // the park being written

	entering uuid.UUID // the park whose business the companies and projects are
	seq      int64     // of its record
}

//go:embed carbon_fibre.json
var carbonFibre []byte

//go:embed high_end_equipment.json
var highEndEquipment []byte

//go:embed new_medicine.json
var newMedicine []byte

// chains are those of the district's three leading industries, of which the report describes the first alone.
func chains() [][]byte { return [][]byte{carbonFibre, highEndEquipment, newMedicine} }

// chains puts the industry chains of the district in force.
func (l *loader) chains() {
	for _, body := range chains() {
		if l.err == nil {
			l.err = registry.AddChain(l.ctx, l.tx, l.home, body)
		}
	}
}

// id makes the id of a thing, or gives the one made before.
func (l *loader) id(kind, code string) uuid.UUID {
	key := kind + " " + code
	if id, ok := l.ids[key]; ok {
		return id
	}
	id, err := uuid.NewV7()
	if err != nil && l.err == nil {
		l.err = fmt.Errorf("make an id: %w", err)
	}
	l.ids[key] = id
	return id
}

// row is one row of a statement's $1, a JSON array.
type row map[string]any

// insert runs a statement with rows as its $1 and, for rows with geometry, their CRS as its $2.
func (l *loader) insert(what, sql string, rows []row, crs ...int) {
	if l.err != nil || len(rows) == 0 {
		return
	}
	text, err := json.Marshal(rows)
	if err == nil {
		args := []any{string(text)}
		for _, code := range crs {
			args = append(args, code)
		}
		_, err = l.tx.Exec(l.ctx, sql, args...)
	}
	if err != nil {
		l.err = fmt.Errorf("%s: %w", what, err)
	}
}

const (
	// The district's row makes a second Load that runs at the same time wait, and then find it.
	sqlDistrict = `INSERT INTO district (district_id, code, name_zh, name_en) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	sqlAnyPark = `SELECT EXISTS (SELECT FROM park)`
)

func (l *loader) district(d Named) {
	l.home = l.id("district", d.Code)
	tag, err := l.tx.Exec(l.ctx, sqlDistrict, l.home, d.Code, d.NameZH, d.NameEN)
	if err != nil {
		l.err = fmt.Errorf("district: %w", err)
		return
	}
	var taken bool
	if err := l.tx.QueryRow(l.ctx, sqlAnyPark).Scan(&taken); err != nil {
		l.err = fmt.Errorf("look for parks: %w", err)
		return
	}
	if taken || tag.RowsAffected() == 0 {
		l.err = ErrNotEmpty
	}
}

const (
	// shape reads the geometry of a row r, whose CRS is $2.
	shape = `ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(r.geom), $2::integer), 4490)`

	sqlPark = `INSERT INTO park (park_id, district_id, code, name_zh, name_en, survey_crs, illustrative, corners_told, geom)
SELECT r.park_id, r.district_id, r.code, r.name_zh, r.name_en, $2, true, 'exact', ` + shape + `
  FROM jsonb_to_recordset($1::jsonb) r (park_id uuid, district_id uuid, code text, name_zh text, name_en text,
    geom jsonb)`

	sqlRecord = `SELECT seq FROM begin_record($1, $2, 'sample', $3, $4, $5)`
)

// reason and documents of every park's record.
const reason = "载入样例：依据一则新闻报道绘制，界线为示意 / sample loaded: drawn after a news report, shapes are illustrative"

const documents = `[{"title": "新闻报道 2022-05-28（威海临港区） / news report on Weihai's Lingang district", "number": null, "date": "2022-05-28", "url": null}]`

func (l *loader) park(p Park) {
	l.parkID = l.id("park", p.Code)
	l.insert("park "+p.Code, sqlPark, []row{{
		"park_id": l.parkID, "district_id": l.home, "code": p.Code, "name_zh": p.NameZH, "name_en": p.NameEN,
		"geom": p.Geom,
	}}, l.crs)
	if l.err != nil {
		return
	}
	record := l.id("record", p.Code)
	if err := l.tx.QueryRow(l.ctx, sqlRecord, l.parkID, record, reason, via(), documents).Scan(&l.seq); err != nil {
		l.err = fmt.Errorf("record of park %s: %w", p.Code, err)
		return
	}
	l.zones(p)
	l.planUnits(p)
	l.parcels(p)
	l.papers(p)
	l.networks(p)
	l.allotments(p)
	l.buildings(p)
}

// via names the program and its version, as records do.
func via() string {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	return "luodi sample " + version
}
