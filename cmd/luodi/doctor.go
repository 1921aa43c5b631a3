package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"

	"luodi/data/store"
	"luodi/data/store/cluster"
)

type doctorCmd struct {
	database
}

// Run checks, without changing anything, what luodi needs, and exits 1 where something is to mend.
func (d doctorCmd) Run(ctx context.Context, e *env) error {
	wrong := 0
	check := func(what, found string, err error) {
		if err != nil {
			wrong++
			e.say("cli.doctor_bad", "what", e.text(what), "found", e.explain(err))
			return
		}
		e.say("cli.doctor_ok", "what", e.text(what), "found", found)
	}
	bin, dir := "", ""
	if d.Database == "" {
		var err error
		bin, err = cluster.FindBinaries(ctx)
		check("cli.doctor_binaries", bin, err)
		dir, err = d.folder()
		check("cli.doctor_folder", dir, err)
	}
	db, running, err := d.look(ctx)
	switch {
	case err != nil:
		check("cli.doctor_database", "", err)
	case !running:
		check("cli.doctor_database", e.text("cli.doctor_not_running"), nil)
	default:
		check("cli.doctor_database", e.text("cli.doctor_answers"), nil)
		check("cli.doctor_libraries", e.text("cli.doctor_libraries_ok"), cluster.Probe(ctx, db.source.URL))
		schema, err := store.SchemaOf(ctx, db.source)
		if err == nil && len(schema.Pending) > 0 {
			err = errPending
		}
		check("cli.doctor_schema", e.text("cli.doctor_schema_at", "current", schema.Current, "target", schema.Target),
			err)
		if err == nil {
			stored(ctx, e, db.source, check)
		}
	}
	if found, err := d.pages(ctx, e, db, dir, bin, running); found != "" || err != nil {
		check("cli.doctor_pages", found, err)
	}
	if wrong > 0 {
		e.say("cli.doctor_wrong", "count", wrong)
		return errReported
	}
	e.say("cli.doctor_done")
	return nil
}

// stored checks stored data against rules that are newer than the data.
func stored(ctx context.Context, e *env, src store.Source, check func(what, found string, err error)) {
	faults, err := store.StoredFaults(ctx, src)
	if err == nil && len(faults) > 0 {
		err = errors.New(e.text("cli.doctor_ground_faults", "count", len(faults)))
	}
	check("cli.doctor_ground", e.text("cli.doctor_ground_one"), err)
	e.sayFaults(faults)
	odd, err := oddCodes(ctx, src)
	check("cli.doctor_codes", e.text("cli.doctor_codes_fine", "count", len(odd)), err)
	e.sayOdd(odd)
	left, err := store.StatisticsLeft(ctx, src)
	if len(left) > 0 {
		err = &statisticsLeftError{left}
	}
	check("cli.doctor_statistics", e.text("cli.doctor_statistics_none"), err)
}

// statisticsLeftError names the tables of store.StatisticsLeft.
type statisticsLeftError struct{ tables []string }

func (err *statisticsLeftError) Error() string { return strings.Join(err.tables, ", ") }

// damagedError names the parts of the database that the disk gave back wrong.
type damagedError struct{ parts []string }

func (e *damagedError) Error() string { return "damaged: " + strings.Join(e.parts, ", ") }

// pages reads all stored data and describes the result; it returns "" where there is no data to read. It reads every
// page of a private database from the disk, and every row of a named one, whose disk is out of reach.
func (d doctorCmd) pages(ctx context.Context, e *env, db opened, dir, bin string, running bool) (found string,
	err error) {
	var damaged []string
	switch {
	case d.Database != "" && running:
		found = e.text("cli.doctor_pages_read")
		damaged, err = store.ReadTables(ctx, db.source)
	case d.Database != "" || bin == "" || dir == "":
		return "", nil
	case running:
		found = e.text("cli.doctor_pages_ok")
		if damaged, err = db.cluster.WrongPages(ctx, bin); len(damaged) > 0 {
			damaged, err = store.NameDamaged(ctx, db.source, damaged)
		}
	default:
		found = e.text("cli.doctor_pages_ok")
		damaged, err = cluster.WrongPagesOf(ctx, dir, bin)
		if errors.Is(err, cluster.ErrIncomplete) { // nothing was made there yet
			return "", nil
		}
	}
	if len(damaged) > 0 {
		return "", &damagedError{damaged}
	}
	return found, err
}

// look finds a database that answers, starting none.
func (d doctorCmd) look(ctx context.Context) (db opened, running bool, err error) {
	if d.Database != "" {
		db, err = d.start(ctx, &env{stdout: io.Discard, stderr: io.Discard}, slog.New(slog.DiscardHandler))
		return db, err == nil, err
	}
	dir, err := d.folder()
	if err != nil {
		return db, false, err
	}
	c, err := cluster.Attach(ctx, dir)
	if errors.Is(err, cluster.ErrNotRunning) {
		return db, false, nil
	}
	if err != nil {
		return db, false, err
	}
	return private(c), true, nil
}
