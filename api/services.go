package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/request"
	"luodi/data/feed"
	"luodi/geo"
)

// InLedger names a park and the moment of its ledger.
type InLedger struct {
	InPark
	Datetime string `query:"datetime" doc:"An RFC 3339 instant, or a date: the end of that day in the park's time zone. Now without it." example:"2026-06-30"`
}

// readingLedger says which nodes a ledger lists.
type readingLedger struct {
	InLedger
	Limit int `query:"limit" minimum:"1" maximum:"1000000" doc:"Lists at most so many nodes of each service, by code; totals are over all. All without it."`
}

// readingNear names the box whose nodes are read.
type readingNear struct {
	InLedger
	BBox  string `query:"bbox" required:"true" doc:"west,south,east,north in degrees; with west the greater, over the 180th meridian." example:"122,37,122.5,37.5"`
	Limit int    `query:"limit" minimum:"1" maximum:"5000" default:"1000" doc:"At most so many nodes, of more those made first."`
}

type readingNode struct {
	InLedger
	Node string `path:"node" format:"uuid" doc:"The id of a network of grade node."`
}

// addServices adds the ledger of services. Anyone may read it: who may see the park's desk gets figures, others the
// public form.
func (d *domain) addServices() {
	const path = "/api/parks/{park}/services"
	desk(d, deskRoute{http.MethodGet, path, "services", http.StatusOK},
		func(ctx context.Context, in *readingLedger) (int, *feed.ServiceLedger, error) {
			var l *feed.ServiceLedger
			err := d.serviceLedger(ctx, in.Park, in.Datetime, func(v *feed.View, members bool,
				at *time.Time) (err error) {
				if members {
					l, err = v.Services(ctx, in.Park, at, in.Limit)
				} else {
					l, err = v.PublicServices(ctx, in.Park, at, in.Limit)
				}
				return err
			})
			return 0, l, err
		})
	desk(d, deskRoute{http.MethodGet, path + "/{node}", "services.node", http.StatusOK},
		func(ctx context.Context, in *readingNode) (int, *feed.NodeLedger, error) {
			id, err := parseID("node", in.Node)
			if err != nil {
				return 0, nil, err
			}
			var n *feed.NodeLedger
			err = d.serviceLedger(ctx, in.Park, in.Datetime, func(v *feed.View, members bool,
				at *time.Time) (err error) {
				if members {
					n, err = v.NodeServices(ctx, in.Park, id, at)
				} else {
					n, err = v.PublicNodeServices(ctx, in.Park, id, at)
				}
				return err
			})
			return 0, n, err
		})
	const near = "/api/parks/{park}/service-nodes"
	desk(d, deskRoute{http.MethodGet, near, "services.near", http.StatusOK},
		func(ctx context.Context, in *readingNear) (int, *feed.NearNodes, error) {
			box, err := geo.ParseBBoxIn("bbox", in.BBox, geo.CRS84)
			if err != nil {
				return 0, nil, err
			}
			var n *feed.NearNodes
			err = d.serviceLedger(ctx, in.Park, in.Datetime, func(v *feed.View, members bool,
				at *time.Time) (err error) {
				n, err = v.NearNodes(ctx, in.Park, members, at, *box.Degrees, in.Limit)
				return err
			})
			return 0, n, err
		})
	for _, at := range []string{path, path + "/{node}", near} {
		op := d.api.OpenAPI().Paths[at].Get
		op.Security = append(op.Security, map[string][]string{}) // none is needed
	}
}

// serviceLedger reads a park's services from the planners' tables for members, from the public's tables for others.
func (d *domain) serviceLedger(ctx context.Context, code, moment string,
	read func(v *feed.View, members bool, at *time.Time) error) error {
	members := d.sees(ctx, code)
	open := d.feed.View
	if members {
		open = d.feed.Desk
	}
	return open(ctx, func(v *feed.View) error {
		park, err := v.Park(ctx, code)
		if err != nil {
			return err
		}
		at, err := request.Past("datetime", moment, park.TimeZone)
		if err != nil {
			return err
		}
		return read(v, members, at)
	})
}

// sees reports whether the principal may see unpublished data of a park.
func (d *domain) sees(ctx context.Context, code string) bool {
	who := auth.From(ctx)
	if who == nil {
		return false
	}
	park, err := d.store.ParkID(ctx, code)
	return err == nil && park != uuid.Nil && who.Shown(auth.Asked(ctx), park)
}
