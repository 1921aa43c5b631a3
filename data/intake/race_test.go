package intake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"luodi/data/intake"
	"luodi/data/intake/file"
	"luodi/data/store/storetest"
)

// grid is n × n parcels of 20 m beside each other, codes after a prefix, from x on.
func grid(prefix string, n int, x float64) []plot {
	var plots []plot
	for i := range n * n {
		plots = append(plots, box(fmt.Sprintf("%s%05d", prefix, i), x+float64(i%n)*20, float64(i/n)*20, 20, 20))
	}
	return plots
}

// Imports at once into a park that doesn't exist yet: one makes it, all that don't collide are in, one record each, no
// gap.
func TestImportsAtOnceFollowOneAnother(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	const writers = 4
	var wait sync.WaitGroup
	reports := make([]intake.ImportReport, writers)
	errs := make([]error, writers)
	for i := range writers {
		path := survey(t, "EPSG:4550", grid(fmt.Sprintf("w%d-", i), 10, float64(i)*200)...)
		wait.Go(func() { reports[i], errs[i] = importFile(t, db.Store, path, request("north")) })
	}
	wait.Wait()
	made, seqs := 0, map[int64]bool{}
	for i := range writers {
		if errs[i] != nil || reports[i].Taken != 100 {
			t.Errorf("writer %d: error %v, took %d", i, errs[i], reports[i].Taken)
		}
		if reports[i].ParkMade {
			made++
		}
		seqs[reports[i].Seq] = true
	}
	if made != 1 || len(seqs) != writers || !seqs[1] || !seqs[writers] {
		t.Errorf("the park was made %d times, changes %v", made, seqs)
	}
	if n := storetest.Number[int](t, db, `SELECT count(*) FROM parcel_version`); n != writers*100 {
		t.Errorf("%d parcels", n)
	}
}

// The same land imported at once by several: one gets it.
func TestImportsOfTheSameLandAtOnce(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	mustImport(t, db.Store, survey(t, "EPSG:4550", box("first", -500, 0, 20, 20)), request("north"))
	const writers = 4
	var wait sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		path := survey(t, "EPSG:4550", grid(fmt.Sprintf("w%d-", i), 5, 0)...)
		wait.Go(func() { _, errs[i] = importFile(t, db.Store, path, request("north")) })
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, intake.ErrImportRefused):
			t.Error(err)
		}
	}
	if n := storetest.Number[int](t, db, `SELECT count(*) FROM parcel_version`); won != 1 || n != 26 {
		t.Errorf("%d won, %d parcels", won, n)
	}
}

// What another writes between an import's checks and its clock is seen before anything is written.
func TestImportRechecksWhatChanged(t *testing.T) {
	t.Parallel()
	for _, skip := range []bool{false, true} {
		db := storetest.New(t)
		mustImport(t, db.Store, survey(t, "EPSG:4550", box("first", -500, 0, 20, 20)), request("north"))
		rival := survey(t, "EPSG:4550", box("rival", 5, 5, 10, 10), box("A00003", 900, 0, 20, 20))
		reader, err := file.Open(context.Background(), survey(t, "EPSG:4550", grid("A", 3, 0)...),
			file.Options{})
		if err != nil {
			t.Fatal(err)
		}
		req := request("north")
		req.SkipRefused = skip
		var once sync.Once
		report, err := intake.Of(db.Store).Import(context.Background(), req, reader, func(done, _ int64) {
			if done >= 620 { // all checks are done
				once.Do(func() { mustImport(t, db.Store, rival, request("north")) })
			}
		})
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
		got := refusalsOf(report)
		if got[1] != "overlap_live" || got[4] != "code_taken" || len(got) != 2 {
			t.Errorf("skip %v: refused %v", skip, got)
		}
		if written := err == nil; written != skip || !skip && !errors.Is(err, intake.ErrImportRefused) {
			t.Errorf("skip %v: error %v", skip, err)
		}
		if seq := storetest.Number[int](t, db, `SELECT seq FROM park_clock`); !skip && seq != 2 || skip && seq != 3 {
			t.Errorf("skip %v: the clock is at %d", skip, seq)
		}
	}
}

// Stopped at any point, an import leaves nothing, and its connection serves the next.
func TestImportStoppedLeavesNothing(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	path := survey(t, "EPSG:4550", grid("A", 20, 0)...)
	before := contents(t, db)
	for _, at := range []int64{0, 100, 300, 500, 600, 990} {
		ctx, cancel := context.WithCancel(context.Background())
		reader, err := file.Open(ctx, path, file.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = intake.Of(db.Store).Import(ctx, request("north"), reader, func(done, _ int64) {
			if done >= at {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stopped at %d: %v", at, err)
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
		cancel()
		if after := contents(t, db); after != before {
			t.Errorf("stopped at %d it wrote: %s, before %s", at, after, before)
		}
	}
	mustImport(t, db.Store, path, request("north"))
}

// Progress never goes back and ends at its total, and each step is told as it begins.
func TestImportProgress(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	reader, err := file.Open(context.Background(), survey(t, "EPSG:4550", grid("A", 10, 0)...), file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	last, total := int64(-1), int64(0)
	var told []intake.ImportStep
	req := request("north")
	req.Doing = func(step intake.ImportStep) { told = append(told, step) }
	_, err = intake.Of(db.Store).Import(context.Background(), req, reader, func(done, of int64) {
		if done <= last || done > of {
			t.Errorf("%d of %d after %d", done, of, last)
		}
		last, total = done, of
	})
	if err != nil || last != total {
		t.Errorf("ended at %d of %d, error %v", last, total, err)
	}
	if !slices.Equal(told, intake.ImportSteps) {
		t.Errorf("it told of %v", told)
	}
}
