package feed

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
	"luodi/geo/land"
)

// NearNodes are the nodes in a box, as a ledger lists them.
type NearNodes struct {
	Park     string     `json:"park"`
	Seq      int64      `json:"seq" doc:"The park's clock when this was answered."`
	At       *time.Time `json:"at" nullable:"true"`
	Datetime *time.Time `json:"datetime" nullable:"true" doc:"The instant that was asked for; null for now."`
	Form     string     `json:"form" enum:"members,public"`
	Nodes    []NearNode `json:"nodes" doc:"By service and code; of more than limit those made first."`
	More     bool       `json:"more" doc:"Whether there are more in the box than were asked for."`
}

// NearNode is what a node gives of one service.
type NearNode struct {
	Service land.Service `json:"service"`
	Unit    string       `json:"unit"`
	ServiceNode
}

// The nodes in boxes, a box over the 180th meridian being two: $3 of them, by id, which is the order of an index, so
// that of a large park in a wide box no more is read than is asked for. Codes would have to be put in order first.
const (
	sqlNodesIn = `
SELECT v.network_id FROM network_version v
 WHERE v.park_id = $1 AND v.grade = 'node' AND v.capacity IS NOT NULL AND ` + atV + ` AND (%s)
   AND EXISTS (SELECT FROM service s WHERE (s.kind, s.unit) = (v.kind, v.unit) OFFSET 0)
 ORDER BY v.network_id LIMIT $3`
	sqlPublicNodesIn = `
SELECT v.network_id FROM network_public v
 WHERE v.park_id = $1 AND ` + atV + ` AND (%s)
   AND EXISTS (SELECT FROM service_public d WHERE (d.park_id, d.network_id) = (v.park_id, v.network_id) AND ` + atD + `
     OFFSET 0)
 ORDER BY v.network_id LIMIT $3`
)

// NearNodes reads the nodes of a park in a box, of more than limit those made first: for members through a View of the
// desk, else what the public sees. at nil is now.
func (v *View) NearNodes(ctx context.Context, code string, members bool, at *time.Time, box geo.BBox,
	limit int) (*NearNodes, error) {
	form := "public"
	if members {
		form = "members"
	}
	found, err := v.nodesIn(ctx, code, form, at, box, limit+1)
	if err != nil {
		return nil, err
	}
	l, err := v.ledger(ctx, code, form, at, found[:min(limit, len(found))])
	if err != nil {
		return nil, err
	}
	near := &NearNodes{Park: l.Park, Seq: l.Seq, At: l.At, Datetime: at, Form: form, Nodes: []NearNode{},
		More: len(found) > limit}
	for _, t := range l.Services {
		for _, n := range t.Nodes {
			near.Nodes = append(near.Nodes, NearNode{Service: t.Service, Unit: t.Unit, ServiceNode: n})
		}
	}
	return near, nil
}

// nodesIn names at most limit nodes of a park in a box.
func (v *View) nodesIn(ctx context.Context, code, form string, at *time.Time, box geo.BBox, limit int) ([]uuid.UUID,
	error) {
	park, err := v.Park(ctx, code)
	if err != nil {
		return nil, err
	}
	sql, args := sqlNodesIn, []any{park.ID, at, limit}
	if form == "public" {
		sql = sqlPublicNodesIn
	}
	var boxes []string
	for _, b := range box.Bounds() {
		n := len(args)
		boxes = append(boxes, fmt.Sprintf("v.geom && ST_MakeEnvelope($%d, $%d, $%d, $%d, 4490)", n+1, n+2, n+3, n+4))
		args = append(args, b.Min[0], b.Min[1], b.Max[0], b.Max[1])
	}
	rows, err := v.Tx.Query(ctx, fmt.Sprintf(sql, strings.Join(boxes, " OR ")), args...)
	if err != nil {
		return nil, store.Translate("find the nodes of "+code, err)
	}
	found, err := pgx.AppendRows([]uuid.UUID{}, rows, pgx.RowTo[uuid.UUID])
	return found, store.Translate("find the nodes of "+code, err)
}
