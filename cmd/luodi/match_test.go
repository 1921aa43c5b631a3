package main

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"

	"luodi/api"
	"luodi/data/sample"
	"luodi/data/store/storetest"
)

func TestLotsAndAssembliesAreRankedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	db := storetest.Filled(t, "sample", storetest.AsPlanner(sample.Load))
	server := httptest.NewServer(api.New(api.Options{Store: db.Store,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test", Ready: db.Store.Ping}))
	t.Cleanup(server.Close)
	ask := []string{"--lang", "en", "match", "--park", "carbon-fibre", "--url", server.URL, "--target-mu", "50",
		"--area-mu", "40-60", "--lot-frontage", "100", "--join", "3"}
	code, out, errs := luodi(t, ask...)
	if code != 0 {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	says(t, out, `^\d+ +lot +TX-R01/1 +reserve +`)
	says(t, out, `^\d+ +assembly +TX-[A-Z]\d+\+TX-`)
	says(t, out, `^lots of 50 mu: 2 found in 1 of 1 larger parcels$`)
	says(t, out, `^neighbours of 40–60 mu together: 3 sets out of \d+ of \d+ parcels, proven the best$`)
	if code, _, _ := luodi(t, "match", "--park", "carbon-fibre", "--url", server.URL, "--hall", "wide"); code != 2 {
		t.Errorf("a hall that can't be read: exit %d", code)
	}
	if _, out, _ := luodi(t, "--lang", "en", "match", "--park", "carbon-fibre", "--url", server.URL, "--area-mu",
		"30-", "--hall", "200x60"); says(t, out, `^1 +parcel +TX-R01 `) == nil {
		t.Error("no room for the hall")
	}
}
