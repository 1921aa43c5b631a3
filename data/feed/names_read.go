package feed

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed/name"
	"luodi/data/store"
)

// nameSource is where things with names are read by one kind of reader. Their queries have the parks $1 and, of those,
// the ids $2; null: all.
type nameSource struct {
	collection *Collection // whose searched properties are the names
	sql        string      // park_id, id, kind, status, area, code, and the other names in the collection's order
	touched    string      // the ids that the records after $2 of the park $1 touched
}

// sources are what has names, for the public and for members.
var sources = map[bool][]nameSource{false: publicSources(), true: deskSources()}

// namesIn are the searched properties of a collection that are fields of names, but the code.
func namesIn(c *Collection) (columns []string, fields []name.Field) {
	for i, field := range name.Fields() {
		if p := c.Property(field); p != nil && p.Searched && name.Field(i) != name.Code {
			columns, fields = append(columns, "coalesce("+p.expr+", '')"), append(fields, name.Field(i))
		}
	}
	return columns, fields
}

// kindOf is the SQL of the kind of a thing.
func kindOf(c *Collection) string {
	switch c {
	case zones:
		return fmt.Sprint(int(name.Zone))
	case planUnits:
		return fmt.Sprint(int(name.PlanUnit))
	case networks:
		return fmt.Sprintf("CASE WHEN GeometryType(f.geom) = 'POINT' THEN %d WHEN f.kind = 'road' THEN %d ELSE %d END",
			name.Node, name.Road, name.Line)
	}
	return fmt.Sprint(int(name.Parcel))
}

const sqlNames = `SELECT f.park_id, f.%[1]s, (%[2]s)::int, %[3]s, f.code, ARRAY[%[4]s]::text[] FROM %[5]s f
	WHERE f.park_id = ANY ($1) AND f.to_seq IS NULL AND ($2::uuid[] IS NULL OR f.%[1]s = ANY ($2))`

const sqlNamesTouched = `SELECT DISTINCT t.id FROM generate_series($2::bigint + 1, $3) s (seq)
	CROSS JOIN LATERAL (%s OFFSET 0) t`

func newNameSource(c *Collection, table, versions string) nameSource {
	columns, _ := namesIn(c)
	state := "'', 0::float8"
	if c == parcels {
		state = "f.status, f.legal_m2::float8"
	}
	touched := fmt.Sprintf(`SELECT x.%[1]s AS id FROM %[2]s x WHERE (x.park_id, x.from_seq) = ($1, s.seq)
		UNION ALL SELECT x.%[1]s FROM %[2]s x WHERE (x.park_id, x.to_seq) = ($1, s.seq)`, c.key, versions)
	if c == parcels && versions != table {
		touched = `SELECT x.parcel_id AS id FROM touched_parcels($1, s.seq) x`
	}
	return nameSource{c, fmt.Sprintf(sqlNames, c.key, kindOf(c), state, strings.Join(columns, ", "), table),
		fmt.Sprintf(sqlNamesTouched, touched)}
}

func publicSources() []nameSource {
	all := []nameSource{newNameSource(parcels, parcels.table, parcels.table)}
	for _, t := range things {
		all = append(all, newNameSource(t.Public, t.Public.table, t.Public.table))
	}
	return all
}

// livingDesk are the planners' parcels as they are now.
func livingDesk() string {
	return "(SELECT d.*, NULL::bigint AS to_seq FROM (" + fmt.Sprintf(sqlDesk, deskState("")...) + ") d)"
}

func deskSources() []nameSource {
	all := []nameSource{newNameSource(parcels, livingDesk(), "parcel_version")}
	for _, t := range things {
		all = append(all, newNameSource(t.Public, t.Table+"_desk", t.Table+"_version"))
	}
	return all
}

// namesOf reads what is called how: of parks all things, or of one park some. For members the planners' rows.
func (v *View) namesOf(ctx context.Context, from nameSource, parks, only []uuid.UUID,
	do func(park uuid.UUID, t name.Thing)) error {
	_, fields := namesIn(from.collection)
	rows, err := v.Tx.Query(ctx, from.sql, parks, only)
	if err != nil {
		return store.Translate("read names", err)
	}
	var park uuid.UUID
	var t name.Thing
	var kind int
	var texts []string
	_, err = pgx.ForEachRow(rows, []any{&park, &t.ID, &kind, &t.Status, &t.AreaM2, &t.Code, &texts}, func() error {
		t.Kind, t.Names = name.Kind(kind), nil
		for i, text := range texts {
			if text != "" {
				t.Names = append(t.Names, name.Text{Field: fields[i], Text: text})
			}
		}
		do(park, t)
		return nil
	})
	return store.Translate("read names", err)
}

const sqlParkNames = `SELECT park_id, code, name_zh, name_en FROM park_public WHERE park_id = ANY ($1)`

// parkNames reads what parks are called.
func (v *View) parkNames(ctx context.Context, parks []uuid.UUID, do func(park uuid.UUID, t name.Thing)) error {
	rows, err := v.Tx.Query(ctx, sqlParkNames, parks)
	if err != nil {
		return store.Translate("read the names of parks", err)
	}
	t := name.Thing{Kind: name.Park}
	var zh, en string
	_, err = pgx.ForEachRow(rows, []any{&t.ID, &t.Code, &zh, &en}, func() error {
		t.Names = []name.Text{{Field: name.NameZH, Text: zh}, {Field: name.NameEN, Text: en}}
		do(t.ID, t)
		return nil
	})
	return store.Translate("read the names of parks", err)
}

// readAll reads all names of parks, each as its reader sees it.
func (f *Finder) readAll(ctx context.Context, v *View, missing []scope) error {
	if len(missing) == 0 {
		return nil
	}
	state, err := v.State(ctx)
	if err != nil {
		return err
	}
	for _, desk := range []bool{false, true} {
		var of []scope
		for _, s := range missing {
			if s.desk == desk {
				of = append(of, s)
			}
		}
		if len(of) == 0 {
			continue
		}
		all, err := v.allNames(ctx, desk, of)
		if err != nil {
			return err
		}
		for _, s := range of {
			f.keep(s, &parkNames{index: name.New(all[s.park]), n: state.N, seq: s.state.Seq, at: s.state.At,
				mark: s.state.Mark})
		}
	}
	return nil
}

func (v *View) allNames(ctx context.Context, desk bool, of []scope) (map[uuid.UUID][]name.Thing, error) {
	parks := make([]uuid.UUID, len(of))
	for i, s := range of {
		parks[i] = s.park
	}
	all := make(map[uuid.UUID][]name.Thing, len(of))
	take := func(park uuid.UUID, t name.Thing) { all[park] = append(all[park], t) }
	if err := v.parkNames(ctx, parks, take); err != nil {
		return nil, err
	}
	for _, from := range sources[desk] {
		if err := v.namesOf(ctx, from, parks, nil, take); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// bringUp reads what the records since have touched. The cost grows with these. It is false where all has to be read.
func (f *Finder) bringUp(ctx context.Context, v *View, s scope) (bool, error) {
	f.mu.Lock()
	k := f.kept[s.namesKey]
	f.mu.Unlock()
	if stands, err := k.stands(ctx, v, s.state); !stands {
		return false, err
	}
	state, err := v.State(ctx)
	if err != nil {
		return false, err
	}
	var gone []uuid.UUID
	var fresh []name.Thing
	for _, from := range sources[s.desk] {
		touched, err := v.touched(ctx, from, s, k.seq)
		if err != nil {
			return false, err
		}
		if len(touched) == 0 {
			continue
		}
		gone = slices.Concat(gone, touched)
		err = v.namesOf(ctx, from, []uuid.UUID{s.park}, touched, func(_ uuid.UUID, t name.Thing) {
			fresh = append(fresh, t)
		})
		if err != nil {
			return false, err
		}
	}
	next := *k
	next.n, next.seq, next.at = state.N, s.state.Seq, s.state.At
	if len(gone) > 0 {
		next.index = k.index.With(gone, fresh)
	}
	f.keep(s, &next)
	return true, nil
}

// touched lists what the records of a park after one have touched.
func (v *View) touched(ctx context.Context, from nameSource, s scope, after int64) ([]uuid.UUID, error) {
	rows, err := v.Tx.Query(ctx, from.touched, s.park, after, s.state.Seq)
	if err != nil {
		return nil, store.Translate("find what changed", err)
	}
	touched, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return touched, store.Translate("find what changed", err)
}

// keep puts names in the place of those that were kept.
func (f *Finder) keep(s scope, k *parkNames) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if was := f.kept[s.namesKey]; was != nil {
		f.bytes -= was.bytes
	}
	if k.index != nil {
		k.bytes = k.index.Memory()
	}
	f.bytes += k.bytes
	f.kept[s.namesKey] = k
}

// shed gives up the names of parks that were not asked for longest, until the rest is within the bound. Whoever
// searches them goes on with them.
func (f *Finder) shed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.bytes > f.Most && len(f.kept) > 0 {
		var oldest namesKey
		var least *parkNames
		for key, k := range f.kept {
			if least == nil || k.asked < least.asked {
				oldest, least = key, k
			}
		}
		f.bytes -= least.bytes
		delete(f.kept, oldest)
	}
}
