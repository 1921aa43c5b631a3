package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
	"luodi/data/store/storetest"
)

// TestBenchAllotments measures holds a second by 16 clients of the HTTP API of a server apart, each with a token and
// the version of what it holds, beside pgbench with the same bare SQL in the same database, in turns.
func TestBenchAllotments(t *testing.T) {
	if os.Getenv("LUODI_BENCH") == "" {
		t.Skip("set LUODI_BENCH=1 to measure")
	}
	const clients, rounds, each, side = 16, 5, 320, 60
	o := newOffice(t)
	grid := make([]storetest.Square, 2*rounds*each+each)
	for i := range grid {
		grid[i] = storetest.Square{Code: fmt.Sprintf("P%04d", i), X: float64(i%side) / side, Y: float64(i/side) / side,
			Side: 0.01 / side}
	}
	o.parcels = storetest.Parcels(t, o.db, o.parkID, grid...)
	p := o.planner()
	bare := storetest.NewPgbench(t, o.db, o.parkID, p.id, o.project, o.parcels[rounds*each:2*rounds*each])
	o.url, _ = o.serveApart(t)
	h := &holders{colleague: p, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}},
		until: time.Now().AddDate(0, 0, 30), version: o.version(o.parcels[0])}
	h.holdAll(clients, o.parcels[2*rounds*each:])
	if _, err := o.db.Owner.Exec(t.Context(), `ANALYZE`); err != nil { // autovacuum would by now
		t.Fatal(err)
	}
	var ours, theirs, shares []float64
	for i := range rounds {
		a := h.holdAll(clients, o.parcels[i*each:(i+1)*each])
		b := bare.Run(t, clients, each/clients)
		ours, theirs, shares = append(ours, a), append(theirs, b), append(shares, a/b)
	}
	if n := o.count(`SELECT count(DISTINCT parcel_id) FROM allotment_parcel WHERE to_seq IS NULL`); n != len(o.parcels) {
		t.Fatalf("%d parcels are held, want %d", n, len(o.parcels))
	}
	slices.Sort(shares)
	t.Logf("allotments a second through the HTTP API, %d clients, %d rounds of %d: API %.0f, pgbench %.0f: %.2f of "+
		"it at the median (rounds %.2f)", clients, rounds, each, ours, theirs, shares[rounds/2], shares)
	if shares[rounds/2] < 0.5 {
		t.Logf("the API reaches %.2f of pgbench, want half", shares[rounds/2])
	}
}

// holders are clients of one planner.
type holders struct {
	*colleague
	client  *http.Client
	until   time.Time
	version int64 // of each parcel: the record that made it
}

// holdAll has clients hold each parcel once and returns holds a second.
func (h *holders) holdAll(clients int, parcels []uuid.UUID) float64 {
	var next atomic.Int64
	var group sync.WaitGroup
	start := time.Now()
	for range clients {
		group.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(parcels); i = next.Add(1) - 1 {
				if err := h.hold(parcels[i]); err != nil {
					h.t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return float64(len(parcels)) / time.Since(start).Seconds()
}

// hold holds a parcel that nothing has touched since it was made.
func (h *holders) hold(parcel uuid.UUID) error {
	command := ledger.Command{Kind: "hold", Parcels: []ledger.Ref{{ID: parcel, Version: h.version}},
		Project: &h.project,
		Until:   &h.until}
	body, err := json.Marshal(struct {
		ledger.Command
		Reason string `json:"reason"`
	}{command, "bench"})
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, h.url+records, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+h.secret)
	response, err := h.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusCreated {
		err = fmt.Errorf("%s: %s", response.Status, answer)
	}
	return err
}
