package ledger_test

import (
	"testing"

	"luodi/data/store/storetest"
	of "luodi/geo/land"
)

// TestTheDatabaseAndTheCodeSayTheSameOfAnIntention compares public_word with of.PublicStatus over every case.
func TestTheDatabaseAndTheCodeSayTheSameOfAnIntention(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	rights := []of.AllotmentState{"", of.AllotmentHold, of.AllotmentReserved, of.AllotmentSupplied,
		of.AllotmentBuilt}
	n := 0
	for _, shown := range of.HoldsShown() {
		for _, bank := range of.BankStatuses() {
			for _, right := range rights {
				for _, price := range append(of.PriceKinds(), "") {
					const sql = `SELECT public_word($1, $2, nullif($3, ''), nullif($4, ''))`
					var is string
					if err := db.Owner.QueryRow(t.Context(), sql, string(shown), string(bank), string(right),
						string(price)).Scan(&is); err != nil {
						t.Fatal(err)
					}
					if want := of.PublicStatus(shown, bank, right, price); is != string(want) {
						t.Errorf("%s, %s, %q, %q: the database says %s, the code %s", shown, bank, right, price, is,
							want)
					}
					n++
				}
			}
		}
	}
	if n != 2*3*5*5 {
		t.Errorf("%d cases", n)
	}
}
