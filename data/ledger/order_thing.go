package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/store"
	"luodi/geo"
)

// Subject is the object of a create, edit or retire command. Edited and retired parcels are named in the command's
// parcels instead.
type Subject struct {
	Collection string          `json:"collection,omitempty" text:"-"` // one of Subjects
	ID         *uuid.UUID      `json:"id,omitempty" format:"uuid" doc:"edit, retire: which zone, plan unit or network"`
	Version    int64           `json:"version,omitempty" minimum:"0" doc:"seq of the state that was seen"`
	Geometry   json.RawMessage `json:"geometry,omitempty" text:"-" doc:"GeoJSON in longitude and latitude of EPSG:4490; an edit may leave it out"`
	Facts      feed.Facts      `json:"facts,omitempty" text:"-" doc:"By name; null clears one."`
}

// Subjects lists the collections that a subject may be of.
func Subjects() []string { return append([]string{feed.Parcels().ID}, feed.ThingIDs()...) }

func subjects() string { return strings.Join(Subjects(), ", ") }

func (o *Subject) parcels() bool { return o == nil || o.Collection == "" || o.Collection == "parcels" }

// object reads what the command acts on: a kind of thing, or nil for parcels.
func (w *work) object() (*Subject, *feed.Thing, error) {
	o := w.order.Command.Object
	if o.parcels() {
		if o == nil {
			o = &Subject{}
		}
		if o.ID != nil || o.Version != 0 {
			return nil, nil, geo.NewInvalid("object.id", "object.in_parcels", fmt.Sprint(o.ID))
		}
		return o, nil, nil
	}
	t := feed.FindThing(o.Collection)
	if t == nil {
		return nil, nil, geo.NewInvalid("object.collection", "one_of", o.Collection, "values",
			subjects())
	}
	if len(w.order.Command.Parcels) > 0 {
		return nil, nil, geo.NewInvalid("parcels", "object.no_parcels",
			fmt.Sprint(len(w.order.Command.Parcels)), "collection", o.Collection)
	}
	return o, t, nil
}

// create makes a parcel on free ground, or a zone, plan unit or network.
func create(ctx context.Context, w *work) error {
	o, t, err := w.object()
	if err != nil {
		return err
	}
	if o.Collection == "" {
		return geo.NewInvalid("object.collection", "one_of", geo.None(), "values",
			subjects())
	}
	if o.ID != nil || o.Version != 0 || len(w.order.Command.Parcels) > 0 {
		return geo.NewInvalid("object.id", "object.gets_id", geo.Say("came.id_version_parcels"))
	}
	if t == nil {
		return w.createParcel(ctx, o)
	}
	facts, err := feed.ReadFacts(t.Public.ID, o.Facts, nil)
	if err != nil {
		return err
	}
	shape, err := w.shape(ctx, t, o.Geometry)
	if err != nil {
		return err
	}
	code := facts["code"].(string)
	id, err := w.beginThing(ctx, t, code)
	if err != nil {
		return err
	}
	return w.putThing(ctx, t, id, false, version{}, facts, shape)
}

// edit changes facts of parcels, or facts and shape of a zone, plan unit or network.
func edit(ctx context.Context, w *work) error {
	o, t, err := w.object()
	if err != nil {
		return err
	}
	if len(o.Facts) == 0 && (t == nil || len(o.Geometry) == 0) {
		return geo.NewInvalid("object.facts", "object.some_fact", geo.None())
	}
	if t == nil {
		return w.editParcels(ctx, o)
	}
	was, err := w.thingSeen(ctx, t, o)
	if err != nil {
		return err
	}
	facts, err := feed.ReadFacts(t.Public.ID, o.Facts, was.Facts)
	if err != nil {
		return err
	}
	var shape []byte
	if len(o.Geometry) > 0 {
		if shape, err = w.shape(ctx, t, o.Geometry); err != nil {
			return err
		}
	}
	if err := w.closeThing(ctx, t, was.ID); err != nil {
		return err
	}
	return w.putThing(ctx, t, was.ID, true, version{was.ID, w.seq}, facts, shape)
}

// retire ends parcels without a right, or a zone, plan unit or network; a second person signed.
func retire(ctx context.Context, w *work) error {
	o, t, err := w.object()
	if err != nil {
		return err
	}
	if len(o.Facts) > 0 || len(o.Geometry) > 0 {
		return geo.NewInvalid("object", "object.bare", geo.Say("came.some"))
	}
	if t != nil {
		was, err := w.thingSeen(ctx, t, o)
		if err != nil {
			return err
		}
		return w.closeThing(ctx, t, was.ID)
	}
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(parcels))
	for i, p := range parcels {
		if p.State != "" {
			return p.denial("right_on_live_land")
		}
		ids[i] = p.ID
	}
	if _, err = w.tx.Exec(ctx, sqlCloseParcels, w.park, ids, w.seq); err != nil {
		return err
	}
	return w.endQueues(ctx, ids)
}

// thingSeen finds the command's object, live, and compares the version that was seen.
func (w *work) thingSeen(ctx context.Context, t *feed.Thing, o *Subject) (*thingSeen, error) {
	if o.ID == nil {
		return nil, geo.NewInvalid("object.id", "object.of_park", geo.None(), "collection", t.Public.ID)
	}
	was, err := w.lookThing(ctx, t, *o.ID)
	if err != nil {
		return nil, err
	}
	if was == nil {
		return nil, geo.NewInvalid("object.id", "object.of_park", o.ID.String(), "collection", t.Public.ID)
	}
	if err := w.compare(was.ID, was.Code, o.Version, was.Version); err != nil {
		return nil, err
	}
	if !was.Live {
		return nil, store.Because("object_is_live", "object.retired", "collection", t.Public.ID, "code", was.Code)
	}
	return was, nil
}

// shape reads a thing's shape as it is kept.
func (w *work) shape(ctx context.Context, t *feed.Thing, geometry json.RawMessage) ([]byte, error) {
	stored, _, err := w.readShape(ctx, "object.geometry", t.Shapes, t.Multi, geometry)
	return stored, err
}
