package siting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/data/store/ewkb"
	"luodi/geo/match"
)

// Sites is the free land of a park held by column, as the public or a planner sees it, at one moment: available land,
// and reserve, which a release must free first. It is kept from request to request and brought up to the park's clock
// before each answer.
type Sites struct {
	Code   string
	Public bool

	fresh   sync.Mutex   // held by who looks whether anything changed, before mu
	mu      sync.RWMutex // held by readers and, to write, by who brings in what changed
	park    uuid.UUID
	survey  int32
	seq     int64
	at      *time.Time
	loaded  bool
	rows    map[uuid.UUID]int
	Places  []Place
	columns [][]float64 // by [measures]
	access  []match.Access

	nodes      []Node
	tenants    []Tenant
	plans      planIndex
	ways       ways
	derived    map[string]*derivedColumn
	measured   *measurements
	honeycombs map[float64]*honeycomb

	outlines int64 // what the places' texts and outlines take, see size
	planed   int64 // how long the shapes of networks and plans were as they were read
}

// Place is a row of Sites.
type Place struct {
	ID       uuid.UUID
	Code     string
	Version  int64
	Status   string // available or reserve
	LandUse  string
	Zone     string
	Lon, Lat float64
	Point    orb.Point   // inside, in the survey plane
	Shape    orb.Polygon // in the survey plane, metres
	plan     int         // position among the plans, -1 where none covers the point
	unstated uint8       // of how many services nobody stated whether they are ready
	digest   digest      // of its shape
}

// Matcher keeps the sites of parks, one of each park for the public and one for planners, as many as its bound allows.
type Matcher struct {
	// Most is how many bytes are kept at most when no question is being answered. Set it before use.
	Most int64

	store    *store.Store
	mu       sync.Mutex
	kept     map[ParkScope]*keptSites
	bytes    int64 // of all that is kept
	asks     uint64
	givenUp  int64
	measured *measurements
}

// NewMatcher keeps nothing yet, and at most [DefaultSitingMemory].
func NewMatcher(s *store.Store) *Matcher {
	return &Matcher{Most: DefaultSitingMemory, store: s, kept: map[ParkScope]*keptSites{}, measured: newMeasurements()}
}

// Read brings the sites of a park up to the newest change that was committed before the call and hands them to read,
// which must not keep them. What changed since the last call is all that is read from the database, unless networks or
// plans changed or the sites were given up for others.
func (m *Matcher) Read(ctx context.Context, park string, public bool, read func(*Sites) error) error {
	scope := ParkScope{park, public}
	k := m.of(scope)
	s := k.sites
	if err := s.refresh(ctx, m.store); err != nil {
		m.forget(scope, k)
		return err
	}
	s.mu.RLock()
	defer func() {
		bytes := s.size()
		s.mu.RUnlock()
		m.settle(scope, k, bytes)
	}()
	return read(s)
}

// ReadAt reads the sites of a park as they were at an instant; nothing of it is kept.
func (m *Matcher) ReadAt(ctx context.Context, park string, public bool, at time.Time, read func(*Sites) error) error {
	s := &Sites{Code: park, Public: public, measured: m.measuredWithin()}
	err := s.view(ctx, m.store, func(tx pgx.Tx, now store.ParkState, survey int32) error {
		s.park, s.survey = now.ID, survey
		return s.load(ctx, tx, now, &at)
	})
	if err != nil {
		return err
	}
	return read(s)
}

// Seq is the number of the park's newest change that the sites know of, and when that was.
func (s *Sites) Seq() (int64, *time.Time) { return s.seq, s.at }

// Nodes lists the service nodes, in the order of their codes.
func (s *Sites) Nodes() []Node { return s.nodes }

// Tenants lists who fills which node of the chain.
func (s *Sites) Tenants() []Tenant { return s.tenants }

func (s *Sites) view(ctx context.Context, db *store.Store, read func(pgx.Tx, store.ParkState, int32) error) error {
	open := feed.Of(db).Desk
	if s.Public {
		open = feed.Of(db).View
	}
	err := open(ctx, func(v *feed.View) error {
		park, err := v.Park(ctx, s.Code)
		if err != nil {
			return err
		}
		var survey int32
		if err := v.Tx.QueryRow(ctx, `SELECT survey_crs FROM park_public WHERE park_id = $1`,
			park.ID).Scan(&survey); err != nil {
			return err
		}
		return read(v.Tx, *park, survey)
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrUnavailable) {
		return store.Translate("read the land to match", err)
	}
	return err
}

// refresh looks at the park's clock, and reads what changed since. One refresh runs at a time; those who wait for it
// find its work done. Who reads the sites is waited for only where something changed, and no connection is held
// meanwhile: readers may need one.
func (s *Sites) refresh(ctx context.Context, db *store.Store) error {
	s.fresh.Lock()
	defer s.fresh.Unlock()
	current := false
	err := s.view(ctx, db, func(_ pgx.Tx, park store.ParkState, _ int32) error {
		current = s.loaded && park.Seq == s.seq && park.ID == s.park
		return nil
	})
	if err != nil || current {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view(ctx, db, func(tx pgx.Tx, park store.ParkState, survey int32) error {
		fresh, err := s.stands(ctx, tx, park)
		if err != nil {
			return err
		}
		if fresh {
			return s.update(ctx, tx, park)
		}
		s.park, s.survey = park.ID, survey
		return s.load(ctx, tx, park, nil)
	})
}

// groundwork tells whether changes after $2 touched what every place's measures hang on: plans, zones and networks.
func groundwork(tables ...string) string {
	var parts []string
	for _, table := range tables {
		for _, end := range []string{"from_seq", "to_seq"} {
			parts = append(parts,
				fmt.Sprintf("EXISTS (SELECT FROM %[1]s v WHERE (v.park_id, v.%[2]s) = ($1, s.seq) OFFSET 0)", table,
					end))
		}
	}
	return `SELECT EXISTS (SELECT FROM ` + sqlSinceThen + ` WHERE ` + strings.Join(parts, " OR ") + `)`
}

// stands reports whether the sites can be brought up to date row by row.
func (s *Sites) stands(ctx context.Context, tx pgx.Tx, park store.ParkState) (bool, error) {
	if !s.loaded || park.ID != s.park {
		return false, nil
	}
	var touched bool
	err := tx.QueryRow(ctx, s.reads().groundworkSQL, s.park, s.seq).Scan(&touched)
	return !touched, err
}

// load reads everything anew.
func (s *Sites) load(ctx context.Context, tx pgx.Tx, park store.ParkState, at *time.Time) error {
	s.loaded = false
	var err error
	if s.nodes, err = s.readNetworks(ctx, tx, at); err != nil {
		return err
	}
	s.outlines, s.planed = 0, 0
	for i := range s.nodes {
		s.planed += int64(len(s.nodes[i].Plane))
	}
	s.ways = newWays(s.nodes)
	s.nodes = serviceNodes(s.nodes)
	plans, err := s.readPlans(ctx, tx, at)
	if err != nil {
		return err
	}
	s.plans = newPlanIndex(plans)
	plots, err := s.readPlots(ctx, tx, nil, at)
	if err != nil {
		return err
	}
	s.rows, s.Places, s.access = make(map[uuid.UUID]int, len(plots)), make([]Place, 0, len(plots)),
		make([]match.Access, 0, len(plots))
	s.columns = make([][]float64, len(columnMeasures))
	for i := range s.columns {
		s.columns[i] = make([]float64, 0, len(plots))
	}
	for _, p := range plots {
		if err := s.put(p); err != nil {
			return err
		}
	}
	return s.finish(ctx, tx, park, at)
}

// update reads the places that changes since touched.
func (s *Sites) update(ctx context.Context, tx pgx.Tx, park store.ParkState) error {
	rows, err := tx.Query(ctx, s.reads().touchedSQL, s.park, s.seq)
	if err != nil {
		return err
	}
	touched, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	plots := []plot{}
	if len(touched) > 0 {
		if plots, err = s.readPlots(ctx, tx, touched, nil); err != nil {
			return err
		}
	}
	s.loaded = false // until all is in: a failure half way makes the next call load anew
	for _, id := range touched {
		s.remove(id)
	}
	for _, p := range plots {
		if err := s.put(p); err != nil {
			return err
		}
	}
	return s.finish(ctx, tx, park, nil)
}

func (s *Sites) finish(ctx context.Context, tx pgx.Tx, park store.ParkState, at *time.Time) error {
	tenants, err := s.readTenants(ctx, tx, at)
	if err != nil {
		return err
	}
	s.tenants, s.derived, s.honeycombs = tenants, map[string]*derivedColumn{}, map[float64]*honeycomb{}
	if err := s.readHeadroom(ctx, tx, at); err != nil {
		return err
	}
	s.seq, s.at, s.loaded = park.Seq, park.At, true
	return nil
}

// put adds a place at the end.
func (s *Sites) put(p plot) error {
	shape, err := ewkb.DecodePolygon(p.Plane)
	if err != nil {
		return err
	}
	inside, _, err := ewkb.Decode(p.Inside)
	if err != nil {
		return err
	}
	point, ok := inside.(orb.Point)
	if !ok {
		return fmt.Errorf("a point inside %s is a %s", p.Code, inside.GeoJSONType())
	}
	place := Place{ID: p.ID, Code: p.Code, Version: p.Version, Status: p.Status, LandUse: p.LandUse, Zone: p.Zone,
		Lon: p.Lon, Lat: p.Lat, Point: point, Shape: shape, plan: s.plans.at(point), unstated: p.unstated(),
		digest: digestOf(shape)}
	access := s.ways.roads.Access(point)
	s.rows[p.ID] = len(s.Places)
	s.Places, s.access = append(s.Places, place), append(s.access, access)
	s.outlines += place.weigh()
	for i, m := range columnMeasures {
		s.columns[i] = append(s.columns[i], m.column(s, &place, &p, access))
	}
	return nil
}

// remove takes a place out and puts the last in its stead.
func (s *Sites) remove(id uuid.UUID) {
	row, there := s.rows[id]
	if !there {
		return
	}
	last := len(s.Places) - 1
	s.outlines -= s.Places[row].weigh()
	s.rows[s.Places[last].ID] = row
	delete(s.rows, id)
	s.Places[row], s.access[row] = s.Places[last], s.access[last]
	s.Places, s.access = s.Places[:last], s.access[:last]
	for i, c := range s.columns {
		c[row] = c[last]
		s.columns[i] = c[:last]
	}
}
