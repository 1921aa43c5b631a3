package siting

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"

	"luodi/geo/land"
	"luodi/geo/match"
)

// planIndex finds the plan unit that covers a point, and how far the land lies on which people live.
type planIndex struct {
	all    []planned
	index  *rtree.RTreeG[int]
	living []int
}

func newPlanIndex(all []planned) planIndex {
	p := planIndex{all: all, index: &rtree.RTreeG[int]{}}
	for i, u := range all {
		box := u.shape.Bound()
		p.index.Insert(box.Min, box.Max, i)
		if u.Living {
			p.living = append(p.living, i)
		}
	}
	return p
}

// at is the position of the unit with conditions that covers a point; -1 where none does.
func (p planIndex) at(point orb.Point) int {
	found := -1
	p.index.Search(point, point, func(_, _ [2]float64, i int) bool {
		if p.all[i].Conditions != nil && planar.MultiPolygonContains(p.all[i].shape, point) {
			found = i
			return false
		}
		return true
	})
	return found
}

func (p planIndex) condition(place *Place, key string) condition {
	if place.plan < 0 {
		return condition{}
	}
	return p.all[place.plan].conditions[key]
}

// toLiving is the distance from a place to the nearest land on which people live; infinite where there is none.
func (p planIndex) toLiving(shape orb.Polygon) float64 {
	far := math.Inf(1)
	for _, i := range p.living {
		for _, other := range p.all[i].shape {
			far = min(far, outlineDistance(shape, other, far))
		}
	}
	return far
}

// ways are a park's roads and what transport and steam there is.
type ways struct {
	roads    *match.Roads
	kerbs    kerbs                   // the same roads as edges that land fronts
	digest   digest                  // of kerbs
	straight map[string]*match.Roads // by target: its lines, and points as lines of no length
	points   map[string][]orb.Point
	reach    map[string]*match.Reach
}

// snapRoadM is how near, in metres, ends of roads must lie to meet.
const snapRoadM = 1

func newWays(networks []Node) ways {
	w := ways{straight: map[string]*match.Roads{}, points: map[string][]orb.Point{}, reach: map[string]*match.Reach{}}
	var roads []orb.LineString
	for _, n := range networks {
		if n.Kind == string(land.NetworkRoad) {
			roads = append(roads, lines(n.shape)...)
		}
	}
	w.roads = match.NewRoads(roads, snapRoadM)
	w.kerbs = newKerbs(networks)
	w.digest = digestOfRoads(w.kerbs.roads)
	for name, t := range targets {
		var all []orb.LineString
		for _, n := range networks {
			if n.Kind != string(t.kind) || (t.grade != "" && n.Grade != string(t.grade)) {
				continue
			}
			all = append(all, lines(n.shape)...)
			if p, ok := n.shape.(orb.Point); ok {
				w.points[name] = append(w.points[name], p)
			}
		}
		w.straight[name] = match.NewRoads(all, snapRoadM)
		w.reach[name] = w.roads.Reach(w.entries(name, all))
	}
	return w
}

// entries are where the roads reach a target: at its points, or at every vertex of its lines that lies within a road's
// width of a road.
func (w ways) entries(name string, all []orb.LineString) []match.Access {
	const touching = 30 // metres
	var out []match.Access
	for _, p := range w.points[name] {
		if a := w.roads.Access(p); a.OK() {
			out = append(out, a)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, line := range all {
		for _, p := range line {
			if a := w.roads.Access(p); a.OK() && a.GapM <= touching {
				out = append(out, a)
			}
		}
	}
	return out
}

func lines(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return slices.Clone([]orb.LineString(g))
	}
	return nil
}

// to is the straight distance from a point to a target; NaN where the park has none.
func (w ways) to(name string, p orb.Point) float64 {
	far := math.Inf(1)
	if a := w.straight[name].Access(p); a.OK() {
		far = a.GapM
	}
	for _, q := range w.points[name] {
		far = min(far, planar.Distance(p, q))
	}
	return known(far)
}

// along is the way by road to a target; NaN where no road leads there.
func (w ways) along(name string, from match.Access) float64 {
	far, _ := w.reach[name].To(from)
	return known(far)
}

func known(m float64) float64 {
	if math.IsInf(m, 1) {
		return math.NaN()
	}
	return m
}

// serviceNodes are the networks that serve land: nodes with a capacity, whether the reader is told it or not. Its unit
// is told.
func serviceNodes(networks []Node) []Node {
	return slices.DeleteFunc(slices.Clone(networks), func(n Node) bool {
		serves := slices.ContainsFunc(land.Services(), func(s land.Service) bool { return string(s.Node()) == n.Kind })
		return n.Grade != string(land.GradeNode) || n.Unit == nil || !serves
	})
}

// PublicRoom is a node's free capacity as published.
type PublicRoom struct {
	Told        land.Telling
	Word        string  // ample, some or little; "" where nothing is told
	Least, Most float64 // between which it lies: of a word what it means; NaN where nothing is told
	Since       time.Time
	Day         string // Since in the park's time zone, as 2006-01-02
}

// The free capacity of nodes: for planners what is left of it, from what rights draw; for the public what each park
// chose to tell, a word or a band among it. These are two questions and stay two queries. A node whose unit is not the
// service's unit has none.
const (
	sqlDeskHeadroom = `
SELECT v.network_id, v.capacity::float8 - coalesce((SELECT sum(d.amount) FROM allotment_draw d
       WHERE (d.park_id, d.network_id) = (v.park_id, v.network_id)
       AND d.sys @> coalesce($2::timestamptz, 'infinity')), 0)::float8
  FROM network_version v JOIN service s ON (s.kind, s.unit) = (v.kind, v.unit)
 WHERE v.park_id = $1 AND v.grade = 'node' AND v.capacity IS NOT NULL AND v.sys @> coalesce($2::timestamptz, 'infinity')`
	sqlPublicHeadroom = `
SELECT s.network_id, s.told, coalesce(s.free, ''), coalesce(s.least::float8, f.capacity * CASE s.free
       WHEN 'ample' THEN 0.5 WHEN 'some' THEN 0.2 WHEN 'little' THEN 0 END, 'NaN')::float8,
       coalesce(s.most::float8, f.capacity * CASE s.free WHEN 'ample' THEN 1 WHEN 'some' THEN 0.5
         WHEN 'little' THEN 0.2 END, 'NaN')::float8, t.since,
         to_char(t.since AT TIME ZONE (SELECT time_zone FROM park_public WHERE park_id = $1), 'YYYY-MM-DD')
  FROM service_public s JOIN network_public f ON (f.park_id, f.network_id) = (s.park_id, s.network_id)
    AND f.sys @> coalesce($2::timestamptz, 'infinity')
  CROSS JOIN LATERAL (SELECT greatest(lower(s.sys), lower(f.sys)) AS since) t
 WHERE s.park_id = $1 AND s.sys @> coalesce($2::timestamptz, 'infinity')`
)

// readHeadroom enters what the nodes have left.
func (s *Sites) readHeadroom(ctx context.Context, tx pgx.Tx, at *time.Time) error {
	position := make(map[[16]byte]int, len(s.nodes))
	for i := range s.nodes {
		s.nodes[i].Headroom, s.nodes[i].Public, position[s.nodes[i].ID] = nil, nil, i
	}
	if s.Public {
		return s.readPublicRoom(ctx, tx, at, position)
	}
	rows, err := tx.Query(ctx, sqlDeskHeadroom, s.park, at)
	if err != nil {
		return err
	}
	var id [16]byte
	var room float64
	_, err = pgx.ForEachRow(rows, []any{&id, &room}, func() error {
		if i, ok := position[id]; ok {
			left := room
			s.nodes[i].Headroom = &left
		}
		return nil
	})
	return err
}

func (s *Sites) readPublicRoom(ctx context.Context, tx pgx.Tx, at *time.Time, position map[[16]byte]int) error {
	rows, err := tx.Query(ctx, sqlPublicHeadroom, s.park, at)
	if err != nil {
		return err
	}
	var id [16]byte
	var r PublicRoom
	_, err = pgx.ForEachRow(rows, []any{&id, &r.Told, &r.Word, &r.Least, &r.Most, &r.Since, &r.Day}, func() error {
		i, ok := position[id]
		if !ok {
			return nil
		}
		room := r
		if s.nodes[i].Public = &room; room.Told == land.TellFigure {
			s.nodes[i].Headroom = &room.Least
		}
		return nil
	})
	return err
}
