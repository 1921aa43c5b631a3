package ledger_test

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"luodi/data/feed"
	"luodi/data/ledger"
)

// sqlDeskSums sums published parcels by the statuses that members read, row by row: how many, their legal area and their
// computed one.
const sqlDeskSums = `
SELECT CASE a.state WHEN 'hold' THEN 'held' ELSE coalesce(a.state, v.bank_status) END,
       concat_ws(' ', count(*), sum(v.legal_m2)::numeric(20,4), sum(v.computed_m2::numeric(20,4)))
  FROM parcel_version v
  LEFT JOIN allotment_parcel l ON (l.park_id, l.parcel_id) = (v.park_id, v.parcel_id) AND l.to_seq IS NULL
  LEFT JOIN allotment_version a ON (a.park_id, a.allotment_id) = (l.park_id, l.allotment_id) AND a.to_seq IS NULL
 WHERE v.park_id = $1 AND v.to_seq IS NULL AND v.publication = 'public' GROUP BY 1`

// TestTheBalanceOfMembersIsTheirOwn: after each change, in a park that tells intentions and in one that doesn't, it has
// the statuses that members read; and so it had at each moment since.
func TestTheBalanceOfMembersIsTheirOwn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, _, _ := servedDesk(t)
	type state struct {
		at   time.Time
		sums map[string]string
	}
	var states []state
	sumsOf := func(at *time.Time) map[string]string {
		sums := map[string]string{}
		if err := feed.Of(d.Store).Desk(ctx, func(v *feed.View) error {
			b, err := v.DeskBalance(ctx, d.park, at)
			if err != nil {
				return err
			}
			total := int64(0)
			for _, r := range b.Rows {
				total += r.Parcels
				if sum := fmt.Sprintf("%d %s %s", r.Parcels, r.LegalM2, r.ComputedM2); sum != "0 0.0000 0.0000" {
					sums[string(r.Status)] = sum
				}
			}
			if b.Scope != "members" || total != b.Total.Parcels {
				t.Errorf("scope %s, rows of %d parcels in a total of %d", b.Scope, total, b.Total.Parcels)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return sums
	}
	check := func(what string) {
		t.Helper()
		want := map[string]string{}
		rows, err := d.Owner.Query(ctx, sqlDeskSums, d.parkID)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var status, sum string
			if err := rows.Scan(&status, &sum); err != nil {
				t.Fatal(err)
			}
			want[status] = sum
		}
		if got := sumsOf(nil); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
		var at time.Time
		if err := d.Owner.QueryRow(ctx, `SELECT at FROM park_clock WHERE park_id = $1`,
			d.parkID).Scan(&at); err != nil {
			t.Fatal(err)
		}
		states = append(states, state{at, want})
	}
	check("at first")
	out := d.hold(d.parcels[0])
	check("held")
	d.do(ledger.Command{Kind: "reserve", Allotment: &ledger.Ref{ID: out.Allotment.ID, Version: out.Allotment.Version}})
	d.hold(d.parcels[1])
	check("reserved and held")
	d.do(ledger.Command{Kind: "withdraw", Parcels: d.refs(d.parcels[2])})
	check("withdrawn")
	nothing := "nothing"
	d.do(ledger.Command{Kind: "settings", Settings: &ledger.Settings{HoldShown: &nothing}})
	check("where nothing is told")
	told := "in_negotiation"
	d.do(ledger.Command{Kind: "settings", Settings: &ledger.Settings{HoldShown: &told}})
	check("where it is told again")
	for i, s := range states {
		if got := sumsOf(&s.at); !maps.Equal(got, s.sums) {
			t.Errorf("state %d, as it was: %v, want %v", i, got, s.sums)
		}
	}
}
