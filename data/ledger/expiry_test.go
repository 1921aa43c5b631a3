package ledger_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"luodi/data/ledger"
	"luodi/data/store"
)

// holdFor holds a parcel until a moment from now.
func (d *desk) holdFor(at int, life time.Duration) ledger.Outcome {
	d.t.Helper()
	c := d.holdCommand(d.parcels[at])
	until := time.Now().Add(life)
	c.Until = &until
	return d.do(c)
}

func (d *desk) number(sql string) (n int) {
	d.t.Helper()
	if err := d.Owner.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func TestAHoldThatRunsOutIsEndedByOneRecordHoweverManyServe(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(4)...)
	d.holdFor(0, time.Second)
	d.holdFor(1, time.Second)
	d.holdFor(2, time.Hour)
	second, err := store.Open(t.Context(), d.Source)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	ctx, stop := context.WithCancel(t.Context())
	var clerks sync.WaitGroup
	for _, s := range []*store.Store{d.Store, second, d.Store} {
		clerks.Add(1)
		go func() {
			defer clerks.Done()
			ledger.Of(s).KeepExpiring(ctx, ledger.Clerk{Via: "test", Reason: "ran out",
				Report: func(err error) { t.Error(err) }})
		}()
	}
	defer clerks.Wait()
	defer stop()
	for deadline := time.Now().Add(50 * time.Second); d.number(`SELECT count(*) FROM record WHERE kind = 'expire'`) < 2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the holds stand 50 s after their deadline")
		}
	}
	if n := d.number(`SELECT count(*) FROM record WHERE kind = 'expire' AND proposed_by IS NULL AND reason = 'ran out'`); n != 2 {
		t.Errorf("%d records end two holds", n)
	}
	if n := d.number(`SELECT count(*) FROM allotment_version WHERE to_seq IS NULL`); n != 1 {
		t.Errorf("%d rights are left, want the one whose deadline is far", n)
	}
	if n := d.number(`SELECT count(*) FROM record r JOIN allotment_version v ON (v.park_id, v.to_seq) = (r.park_id,
		r.seq) WHERE r.kind = 'expire' AND r.at < v.expires_at`); n != 0 {
		t.Errorf("%d holds were ended before their deadline", n)
	}
	d.hold(d.parcels[0])
}

func TestAHoldThatWasExtendedOrReservedDoesNotRunOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(2)...)
	one, two := d.holdFor(0, 300*time.Millisecond), d.holdFor(1, 300*time.Millisecond)
	later := time.Now().Add(time.Hour)
	d.do(ledger.Command{Kind: "extend", Until: &later,
		Allotment: &ledger.Ref{ID: one.Allotment.ID, Version: one.Allotment.Version}})
	d.do(ledger.Command{Kind: "reserve", Allotment: &ledger.Ref{ID: two.Allotment.ID, Version: two.Allotment.Version}})
	for d.number(`SELECT (clock_timestamp() > max(expires_at))::int FROM allotment_version WHERE to_seq IS NOT NULL`) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	if n, err := ledger.Of(d.Store).ExpireHolds(t.Context(), ledger.Clerk{Via: "test", Reason: "ran out"}); n != 0 ||
		err != nil {
		t.Errorf("%d ended, %v", n, err)
	}
}

func TestAnswersAreForgottenAfterTwoDaysAndNoSooner(t *testing.T) {
	t.Parallel()
	d := newDesk(t, row(1)...)
	const old = `INSERT INTO idempotency (account_id, key, request, status, answer, at)
		SELECT (SELECT account_id FROM account LIMIT 1), k, sha256(k::bytea), 201, '{}', clock_timestamp() - a
		  FROM (VALUES ('old', interval '48 hours 1 second'), ('young', interval '47 hours')) v (k, a)`
	if _, err := d.Owner.Exec(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store.Planner.Exec(t.Context(), `DELETE FROM idempotency`); err == nil {
		t.Error("the writing role picks what is forgotten")
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go ledger.Of(d.Store).KeepExpiring(ctx, ledger.Clerk{Via: "test", Reason: "ran out",
		Report: func(err error) { t.Error(err) }})
	for deadline := time.Now().Add(50 * time.Second); d.number(`SELECT count(*) FROM idempotency WHERE key = 'old'`) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("an answer of two days ago is kept")
		}
	}
	if d.number(`SELECT count(*) FROM idempotency WHERE key = 'young'`) != 1 {
		t.Error("an answer of 47 hours ago is forgotten")
	}
}
