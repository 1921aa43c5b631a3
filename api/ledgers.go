package api

import (
	"context"
	"net/http"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/data/intake/workbook"
	"luodi/data/registry"
	"luodi/data/store"
)

// ledgerBody is a ledger that is sent, and how it is to be read.
type ledgerBody struct {
	District string `json:"district,omitempty" doc:"A district's code; may be left out where one works in just one."`
	Park     string `json:"park,omitempty" doc:"Code of the park for which it is: its projects are entered for it, and what its heads mean is remembered for it. Without it who plans in every park takes it in for the district."`
	File     []byte `json:"file" doc:"The XLSX, in base64; at most 4194304 bytes, 3000 rows and 80 columns."`
	registry.LedgerReading
}

type sendingLedger struct {
	Speaking
	Body ledgerBody
}

type ledgerList struct {
	Ledgers []registry.LedgerImport `json:"ledgers" doc:"The newest first: one's own, and for leaders all of their parks."`
}

// ledgerBytes bounds a request with a file in base64.
const ledgerBytes = workbook.MaxBytes/3*4 + 1<<20

func (d *domain) addLedgers() {
	const ledgers = "/api/ledgers"
	desk(d, deskRoute{http.MethodGet, ledgers, "ledgers", http.StatusOK}, d.listLedgers)
	deskOf(d, deskRoute{http.MethodPost, ledgers + "/preview", "ledgers.preview", http.StatusOK}, ledgerBytes,
		d.previewLedger)
	deskOf(d, deskRoute{http.MethodPost, ledgers, "ledgers.create", http.StatusCreated}, ledgerBytes, d.takeLedger)
}

func (d *domain) listLedgers(ctx context.Context, in *InDistrict) (int, ledgerList, error) {
	_, of, err := d.business(ctx, auth.Asked(ctx), in.District)
	if err != nil {
		return 0, ledgerList{}, err
	}
	all, err := d.registry.Ledgers(ctx, of)
	return 0, ledgerList{all}, err
}

// enteringLedger finds for whom a ledger is, and the projects that its rows may be.
func (d *domain) enteringLedger(ctx context.Context, in *sendingLedger) (registry.LedgerEntry, error) {
	who, at, err := d.entering(ctx, in.Body.District, in.Body.Park)
	if err != nil {
		return registry.LedgerEntry{}, err
	}
	_, of, err := d.business(ctx, auth.Asked(ctx), in.Body.District)
	return registry.LedgerEntry{Entry: at, Of: of, By: who.Account}, err
}

func (d *domain) previewLedger(ctx context.Context, in *sendingLedger) (int, *registry.LedgerPlan, error) {
	at, err := d.enteringLedger(ctx, in)
	if err != nil {
		return 0, nil, err
	}
	plan, err := d.registry.PlanLedger(ctx, at, in.Body.File, in.Body.LedgerReading)
	if err != nil {
		return 0, nil, err
	}
	for i := range plan.Faults {
		plan.Faults[i].Text = problem.Said(speaks(ctx), plan.Faults[i].Words)
	}
	return 0, plan, nil
}

func (d *domain) takeLedger(ctx context.Context, in *sendingLedger) (int, *registry.LedgerImport, error) {
	at, err := d.enteringLedger(ctx, in)
	if err != nil {
		return 0, nil, err
	}
	made, fresh, err := d.registry.TakeLedger(ctx, at, in.Body.File, in.Body.LedgerReading)
	switch {
	case err != nil:
		return 0, nil, err
	case made == nil:
		return 0, nil, &store.Missing{Kind: "ledger", Name: in.Body.Name}
	case !fresh:
		return http.StatusOK, made, nil
	}
	return 0, made, nil
}
