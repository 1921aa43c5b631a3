package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"

	"luodi/data"
	"luodi/data/cluster"
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
	if d.Database == "" {
		bin, err := cluster.FindBinaries(ctx)
		check("cli.doctor_binaries", bin, err)
		dir, err := d.folder()
		check("cli.doctor_folder", dir, err)
	}
	src, running, err := d.look(ctx)
	switch {
	case err != nil:
		check("cli.doctor_database", "", err)
	case !running:
		check("cli.doctor_database", e.text("cli.doctor_not_running"), nil)
	default:
		check("cli.doctor_database", e.text("cli.doctor_answers"), nil)
		schema, err := data.SchemaOf(ctx, src)
		if err == nil && len(schema.Pending) > 0 {
			err = errPending
		}
		check("cli.doctor_schema", e.text("cli.doctor_schema_at", "current", schema.Current, "target", schema.Target), err)
		if err == nil {
			left, err := data.StatisticsLeft(ctx, src)
			if len(left) > 0 {
				err = &statisticsLeftError{left}
			}
			check("cli.doctor_statistics", e.text("cli.doctor_statistics_none"), err)
		}
	}
	if wrong > 0 {
		e.say("cli.doctor_wrong", "count", wrong)
		return errReported
	}
	e.say("cli.doctor_done")
	return nil
}

// statisticsLeftError names the tables of data.StatisticsLeft.
type statisticsLeftError struct{ tables []string }

func (err *statisticsLeftError) Error() string { return strings.Join(err.tables, ", ") }

// look finds a database that answers, starting none.
func (d doctorCmd) look(ctx context.Context) (src data.Source, running bool, err error) {
	if d.Database != "" {
		o, err := d.start(ctx, &env{stdout: io.Discard, stderr: io.Discard}, slog.New(slog.DiscardHandler))
		return o.source, true, err
	}
	dir, err := d.folder()
	if err != nil {
		return src, false, err
	}
	c, err := cluster.Attach(ctx, dir)
	if errors.Is(err, cluster.ErrNotRunning) {
		return src, false, nil
	}
	if err != nil {
		return src, false, err
	}
	return private(c).source, true, nil
}
