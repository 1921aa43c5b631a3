package feed

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"luodi/data/store"
	"luodi/geo"
)

// Member is a reader who sees more than the public in some parks: what is not published there, and what planners act
// upon. In other parks a member sees what the public sees.
type Member struct {
	Every bool        // in every park
	Parks []uuid.UUID // in these
}

// Stamp names what a member sees, for the tag of an answer; "" for the public.
func (m *Member) Stamp() string {
	switch {
	case m == nil:
		return ""
	case m.Every:
		return "member of every park"
	}
	parks := make([]string, len(m.Parks))
	for i, park := range m.Parks {
		parks[i] = park.String()
	}
	slices.Sort(parks)
	return "member of " + strings.Join(parks, " ")
}

// MemberCollections lists what members can read: the public's collections by the same ids, with the planners'
// properties. The slice is shared: don't change it.
func MemberCollections() []*Collection { return memberCollections }

// FindMemberCollection finds one by its id; an error that matches ErrNotFound when there is none.
func FindMemberCollection(id string) (*Collection, error) {
	for _, c := range memberCollections {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, &store.Missing{Kind: "collection", Name: id}
}

// memberCollections have in place of a table the planners' rows of the parks that the reader sees, and the public's of
// all others. {sees} stands for the condition on x.park_id that the reader sees the park; {desk} for the planners'
// parcels in the state that is read.
var memberCollections = func() []*Collection {
	all := []*Collection{parks}
	for _, c := range collections[1:] {
		member := *c
		if c == parcels {
			member.Properties = nullable(deskParcels.Properties, len(parcels.Properties))
			member.member = true
			member.table = memberTable(rowColumns(&member), "{desk}", "parcel_public")
			all = append(all, &member)
			continue
		}
		thing := thingOf(c)
		desk, _ := DeskOf(thing.Public.ID)
		member.Properties = nullable(desk.Properties, len(c.Properties))
		member.member = true
		member.table = memberTable(rowColumns(&member), desk.table, c.table)
		if c == networkLines {
			member.table = "(SELECT * FROM " + member.table + " y WHERE GeometryType(geom) <> 'POINT')"
		}
		if c == networkNodes {
			member.table = "(SELECT * FROM " + member.table + " y WHERE GeometryType(geom) = 'POINT')"
		}
		all = append(all, &member)
	}
	return all
}()

// thingOf is the kind of thing that a public collection shows.
func thingOf(c *Collection) *Thing {
	if c == networkLines || c == networkNodes {
		return FindThing("networks")
	}
	return FindThing(c.ID)
}

// nullable marks what only planners see: of a park that the reader is no member of there is none. A planner asks for
// what is published or not.
func nullable(properties []Property, from int) []Property {
	properties = slices.Clone(properties)
	for i := range properties[from:] {
		p := &properties[from+i]
		p.Nullable, p.Filter = true, p.Name == "publication"
	}
	return properties
}

// plannersNull are the values of the planners' columns in the public's rows, with their types.
var plannersNull = map[string]string{"publication": "'public'", "version": "NULL::bigint", "allotment": "NULL::text",
	"allotment_version": "NULL::bigint", "project": "NULL::text", "waiting": "NULL::bigint",
	"first_in_line": "NULL::text", "headroom_told": "NULL::text",
	"capacity_told": "NULL::text", "price_told": "NULL::text", "services_told": "NULL::text"}

// rowColumns are the columns that a member's rows need besides those that say whose they are.
func rowColumns(c *Collection) []string {
	var names []string
	for _, p := range c.Properties {
		name, plain := strings.CutPrefix(p.expr, "f.")
		if plain && name != "from_seq" && p.derive == nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// memberTable joins the planners' rows and the public's.
func memberTable(columns []string, desk, public string) string {
	mine, theirs := make([]string, len(columns)), make([]string, len(columns))
	for i, name := range columns {
		mine[i], theirs[i] = "x."+name, "x."+name
		if null, planners := plannersNull[name]; planners {
			theirs[i] = null
		}
		if name == "services" {
			mine[i], theirs[i] = "to_json(x.services) AS services", "x.services"
		}
	}
	of := func(columns []string, table, where string) string {
		return fmt.Sprintf("SELECT x.park_id, x.{key}, x.from_seq, x.to_seq, x.sys, x.geom, %s FROM %s x WHERE %s",
			strings.Join(columns, ", "), table, where)
	}
	return "(" + of(mine, desk, "{sees}") + " UNION ALL " + of(theirs, public, "NOT {sees}") + ")"
}

// tableOf is what a query selects from: the collection's table, for a member with what it is told by the query. Of a
// query of one park, which the member sees, no row of the public's is read.
func (s *statement) tableOf(q *Query, then *past, park uuid.UUID) string {
	c := q.Collection
	if !c.member {
		return c.table
	}
	sees := "true"
	if q.Member == nil {
		sees = "false"
	} else if q.Member.Every && q.ID != nil { // no index begins with an id: each park is asked for it
		sees = "x.park_id = ANY (ARRAY(SELECT park_id FROM park))"
	} else if !q.Member.Every && (q.Park == "" || !slices.Contains(q.Member.Parks, park)) {
		sees = "x.park_id = ANY (" + s.bind(append([]uuid.UUID{}, q.Member.Parks...)) + "::uuid[])"
	}
	table := strings.NewReplacer("{sees}", sees, "{key}", c.key).Replace(c.table)
	if !strings.Contains(table, "{desk}") { // then nothing is bound for it: PostgreSQL refuses a value without a use
		return table
	}
	state := deskState(s.deskInstant(q, then))
	desk := fmt.Sprintf("(SELECT d.*, NULL::bigint AS to_seq FROM ("+
		strings.Replace(sqlDesk, "v.sys,", "tstzrange(lower(v.sys), NULL) AS sys,", 1)+") d)", state...)
	return strings.ReplaceAll(table, "{desk}", desk)
}

// deskInstant is the SQL of the instant at which the planners' parcels are read; "" for the live state. The number of a
// park's state is that of a record, and each version and right begins and ends at the instant of one.
func (s *statement) deskInstant(q *Query, then *past) string {
	switch {
	case then == nil:
		return ""
	case then.seq != nil:
		return "coalesce((SELECT r.at FROM record r WHERE r.park_id = v.park_id AND r.seq = " + s.bind(*then.seq) +
			"), '-infinity')"
	}
	at := "'infinity'::timestamptz"
	if q.When.Instant {
		at = s.bind(*q.When.From) + "::timestamptz"
	}
	if len(then.changed) == 0 {
		return at
	}
	parks, seqs := s.bind(then.changed), s.bind(then.seqs)
	place := fmt.Sprintf("array_position(%s::uuid[], v.park_id)", parks)
	return fmt.Sprintf("(CASE WHEN %s IS NULL THEN %s ELSE least(%s, coalesce((SELECT r.at FROM record r WHERE "+
		"r.park_id = v.park_id AND r.seq = (%s::bigint[])[%s]), '-infinity')) END)", place, at, at, seqs, place)
}

// checkMember refuses an interval of the planners' parcels: what they show follows from several histories, which have
// no version that is the latest of all.
func checkMember(q *Query) error {
	if q.Collection.member && q.Collection.key == parcels.key && q.When.Interval {
		return geo.NewInvalid("datetime", "time.instant_of_members", geo.Say("came.interval"))
	}
	return nil
}
