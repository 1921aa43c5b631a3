package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/feed"
	"luodi/geo"
)

// createParcel makes a parcel on free ground. Its outline takes the vertices that neighbours have along it, and they
// take its.
func (w *work) createParcel(ctx context.Context, o *Subject) error {
	facts, err := feed.ReadFacts("parcels", o.Facts, nil)
	if err != nil {
		return err
	}
	if err := w.nameZone(ctx, facts); err != nil {
		return err
	}
	stored, planar, err := w.readShape(ctx, "object.geometry", []string{"Polygon"}, false, o.Geometry)
	if err != nil {
		return err
	}
	g, err := w.survey(ctx, nil, stored)
	if err != nil {
		return err
	}
	shape, err := g.number(stored, planar)
	if err != nil {
		return err
	}
	legal, err := legalOf(facts, g.plane.AreaM2(shape))
	if err != nil {
		return err
	}
	if err := g.enterNear(ctx, vertices(shape)); err != nil {
		return err
	}
	if _, given := facts["bank_status"]; !given {
		facts["bank_status"] = "available"
	}
	_, err = g.beget(ctx, nil, &piece{Facts: []byte("{}")}, g.withNear(shape), legal, facts)
	return err
}

// legalOf is the legal area given, or what the shape measures.
func legalOf(facts map[string]any, computedM2 float64) (geo.Area, error) {
	if text, given := facts["legal_m2"].(string); given {
		return geo.ParseArea(text)
	}
	return geo.AreaFromM2(computedM2)
}

// nameZone finds the zone that facts name by its code.
func (w *work) nameZone(ctx context.Context, facts map[string]any) error {
	code, given := facts["zone"]
	if !given {
		return nil
	}
	delete(facts, "zone")
	facts["zone_id"] = nil
	if code == nil {
		return nil
	}
	var id uuid.UUID
	err := w.tx.QueryRow(ctx, `SELECT zone_id FROM zone WHERE park_id = $1 AND code = $2 AND live`, w.park,
		code).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return geo.NewInvalid("object.facts.zone", "zone.code", fmt.Sprint(code))
	}
	facts["zone_id"] = id
	return err
}

// editParcels changes facts of parcels, of all alike.
func (w *work) editParcels(ctx context.Context, o *Subject) error {
	if len(o.Geometry) > 0 {
		return geo.NewInvalid("object.geometry", "parcel.no_geometry", geo.Say("came.some"))
	}
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	for _, name := range []string{"code", "cadastral_no", "estate_unit_no"} {
		if value, given := o.Facts[name]; given && string(value) != "null" && len(parcels) > 1 {
			return geo.NewInvalid("object.facts."+name, "fact.one_parcel", len(parcels))
		}
	}
	facts, err := feed.ReadFacts("parcels", o.Facts, map[string]json.RawMessage{})
	if err != nil {
		return err
	}
	if err := w.nameZone(ctx, facts); err != nil {
		return err
	}
	return w.rewriteParcels(ctx, parcels, facts)
}
