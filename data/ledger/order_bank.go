package ledger

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// release takes parcels out of the reserve: they become available. Two people sign.
func release(ctx context.Context, w *work) error {
	return w.setBank(ctx, "reserve", "available")
}

// withdraw takes available parcels off the market; restore puts them back.
func withdraw(ctx context.Context, w *work) error {
	return w.setBank(ctx, "available", "withdrawn")
}

func restore(ctx context.Context, w *work) error {
	return w.setBank(ctx, "withdrawn", "available")
}

func (w *work) setBank(ctx context.Context, from, to string) error {
	parcels, err := w.inBank(ctx, from)
	if err != nil {
		return err
	}
	return w.rewriteParcels(ctx, parcels, map[string]any{"bank_status": to})
}

// inBank finds the command's parcels, all of one bank status and under no right.
func (w *work) inBank(ctx context.Context, status string) ([]seen, error) {
	parcels, err := w.parcels(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range parcels {
		if p.State != "" {
			return nil, p.denial("one_right_at_a_time")
		}
		if p.BankStatus != status {
			return nil, p.denial("bank_status_moves")
		}
	}
	return parcels, nil
}

// publish shows parcels to the public; unpublish hides them again. What was public stays in the public's history.
func publish(ctx context.Context, w *work) error   { return w.setPublication(ctx, "public") }
func unpublish(ctx context.Context, w *work) error { return w.setPublication(ctx, "internal") }

func (w *work) setPublication(ctx context.Context, to string) error {
	parcels, err := w.parcels(ctx)
	if err != nil {
		return err
	}
	return w.rewriteParcels(ctx, parcels, map[string]any{"publication": to})
}

const sqlCloseParcels = `UPDATE parcel_version SET to_seq = $3 WHERE park_id = $1 AND parcel_id = ANY ($2)
	AND to_seq IS NULL`

// The columns of a parcel's version that a writer states; the rest follows from the record and the shape.
const sqlReopenParcels = `
INSERT INTO parcel_version (park_id, parcel_id, from_seq, prev_to_seq, code, zone_id, bank_status, land_use,
       services, legal_m2, price_cny_per_m2, price_kind, price_document, price_on, cadastral_no, estate_unit_no, publication,
       price_told, services_told, geom)
SELECT v.park_id, v.parcel_id, $3, $3, n.code, n.zone_id, n.bank_status, n.land_use, n.services, n.legal_m2,
       n.price_cny_per_m2, n.price_kind, n.price_document, n.price_on, n.cadastral_no, n.estate_unit_no,
       n.publication, n.price_told, n.services_told, v.geom
  FROM parcel_version v, jsonb_populate_record(v, $4) n
 WHERE v.park_id = $1 AND v.parcel_id = ANY ($2) AND v.to_seq = $3`

// rewriteParcels closes the parcels' versions and begins the next ones, as they were but for the columns given.
func (w *work) rewriteParcels(ctx context.Context, parcels []seen, columns map[string]any) error {
	ids := make([]uuid.UUID, len(parcels))
	for i, p := range parcels {
		ids[i] = p.ID
	}
	if _, err := w.tx.Exec(ctx, sqlCloseParcels, w.park, ids, w.seq); err != nil {
		return err
	}
	_, err := w.tx.Exec(ctx, sqlReopenParcels, w.park, ids, w.seq, columns)
	return err
}

// TellAnew carries out an order, within another change's transaction, that begins the parcels' next versions as they
// were: the public sees from then on what else about them changed.
func TellAnew(ctx context.Context, tx pgx.Tx, o Order, parcels []uuid.UUID) error {
	w := &work{order: o, tx: tx}
	if err := w.open(ctx); err != nil {
		return err
	}
	all := make([]seen, len(parcels))
	for i, id := range parcels {
		all[i].ID = id
	}
	return w.rewriteParcels(ctx, all, map[string]any{})
}
