package feed

import (
	"context"
	"time"

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
	Nodes    []NearNode `json:"nodes" doc:"By service and code."`
	More     bool       `json:"more" doc:"Whether there are more in the box than were asked for."`
}

// NearNode is what a node gives of one service.
type NearNode struct {
	Service land.Service `json:"service"`
	Unit    string       `json:"unit"`
	ServiceNode
}

// NearNodes reads the nodes of a park in a box, at most limit of them: for members through a View of the desk, else
// what the public sees. at nil is now. A box that crosses the 180th meridian is a [geo.Invalid] of "bbox".
func (v *View) NearNodes(ctx context.Context, code string, members bool, at *time.Time, box geo.BBox,
	limit int) (*NearNodes, error) {
	if box.Crosses() {
		return nil, geo.NewInvalid("bbox", "bbox.form", box.String())
	}
	form := "public"
	if members {
		form = "members"
	}
	l, err := v.ledger(ctx, code, form, at, nodesOf{box: &box})
	if err != nil {
		return nil, store.Translate("read the nodes of "+code, err)
	}
	near := &NearNodes{Park: l.Park, Seq: l.Seq, At: l.At, Datetime: at, Form: form, Nodes: []NearNode{}}
	for _, t := range l.Services {
		for _, n := range t.Nodes {
			if near.More = len(near.Nodes) == limit; near.More {
				return near, nil
			}
			near.Nodes = append(near.Nodes, NearNode{Service: t.Service, Unit: t.Unit, ServiceNode: n})
		}
	}
	return near, nil
}
