package intake

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/intake/file"
	"luodi/data/ledger"
	"luodi/data/store"
)

// Retiring takes two people. So an import that an account makes retires nothing: where it asks for it, the import comes
// with an order to retire what the file misses, which waits for a second person like any other. The order is kept in
// the import's transaction, and becomes one record when it is approved.

// retires reports whether what is missing is retired by the import itself.
func (req *ImportRequest) retires() bool { return req.RetireMissing && req.By == uuid.Nil }

// proposes reports whether what is missing is named in an order to retire it.
func (req *ImportRequest) proposes() bool { return req.RetireMissing && req.By != uuid.Nil }

// Rows that are refused for their ground alone may lie on what is to be retired first. Any other may be a parcel that
// the file seems to miss.
const countUncertain = `SELECT count(*) FROM import_shape WHERE fault IS NOT NULL AND NOT fault LIKE 'overlap%'`

// settleMissing says what becomes of what is missing, where the request minds it.
func (im *importing) settleMissing(ctx context.Context) error {
	r := &im.report
	r.Retired, r.Proposed, im.uncertain = 0, 0, 0
	if im.req.retires() && r.Held == 0 {
		r.Retired = r.MissingCount
	}
	if !im.req.proposes() || r.MissingCount == 0 {
		return nil
	}
	if r.MissingCount > ledger.MostParcels {
		return &file.Fault{Code: faultRetiresMany, Field: "retire_missing", Expected: strconv.Itoa(ledger.MostParcels),
			Got: strconv.FormatInt(r.MissingCount, 10)}
	}
	if err := im.tx.QueryRow(ctx, countUncertain).Scan(&im.uncertain); err != nil {
		return store.Translate("import: count what is refused", err)
	}
	if im.uncertain += im.early; r.Held+im.uncertain == 0 {
		r.Proposed = r.MissingCount
	}
	return nil
}

// keepsMissing reports whether the import is refused because of what was asked for what is missing.
func (im *importing) keepsMissing() bool {
	r := &im.report
	return im.req.RetireMissing && (r.Held > 0 || im.req.retires() && r.Refused > 0 || im.uncertain > 0)
}

const selectProposed = `
SELECT m.id, p.version FROM import_missing m JOIN parcel p ON (p.park_id, p.parcel_id) = ($1, m.id)
 ORDER BY code_order(m.code)`

// propose keeps the order to retire what is missing.
func (im *importing) propose(ctx context.Context) error {
	if im.report.Proposed == 0 {
		return nil
	}
	rows, err := im.tx.Query(ctx, selectProposed, im.park.id)
	if err != nil {
		return store.Translate("import: find what is missing", err)
	}
	parcels, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Ref])
	if err != nil {
		return store.Translate("import: find what is missing", err)
	}
	id, err := ledger.ProposeWithin(ctx, im.tx, ledger.Order{Park: im.req.Park, By: im.req.By,
		Reason:    cmp.Or(im.req.RetireReason, im.req.Reason),
		Documents: []ledger.Document{{Title: im.req.Document, SHA256: im.req.Checksum}},
		Command:   ledger.Command{Kind: "retire", Parcels: parcels}})
	if err != nil {
		return err
	}
	im.report.Proposal = &id
	return nil
}

// onlyProposes reports whether nothing is to be written but the order.
func (im *importing) onlyProposes() bool {
	r := &im.report
	return r.Proposed > 0 && r.Made+r.Changed+r.Retired == 0
}

// proposeAlone keeps the order where the file changes nothing: without a record.
func (im *importing) proposeAlone(ctx context.Context) error {
	if err := im.tellFlaws(ctx); err != nil {
		return err
	}
	if err := im.propose(ctx); err != nil {
		return err
	}
	if im.req.Also != nil {
		told := im.report
		if err := im.req.Also(ctx, im.tx, &told); err != nil {
			return fmt.Errorf("import: %w", err)
		}
	}
	return store.Translate("import: commit", im.tx.Commit(ctx))
}
