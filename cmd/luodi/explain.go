package main

import (
	"errors"
	"strings"

	"luodi/api/problem"
	"luodi/data/backup"
	"luodi/data/schema"
	"luodi/data/store"
	"luodi/data/store/cluster"
	"luodi/geo"
)

// explain says in the user's language what an error means and what to do about it; errors it does not know keep their
// own words.
func (e *env) explain(err error) string {
	for _, say := range []func(error) string{e.explainRequest, e.explainCluster, e.explainSchema} {
		if text := say(err); text != "" {
			return text
		}
	}
	for _, known := range plainErrors {
		if errors.Is(err, known.err) {
			return e.text(known.key, "detail", err)
		}
	}
	return err.Error()
}

// plainErrors are the errors that have one text each.
var plainErrors = []struct {
	err error
	key string
}{
	{backup.ErrNotBackup, "cli.not_backup"},
	{backup.ErrBroken, "cli.backup_broken"},
	{backup.ErrNewer, "cli.backup_newer"},
	{backup.ErrNotEmpty, "cli.restore_not_empty"},
	{backup.ErrDifferent, "cli.backup_different"},
	{backup.ErrNoTools, "cli.backup_tools"},
	{backup.ErrBusy, "cli.backup_busy"},
	{backup.ErrNoRoom, "cli.backup_full"},
	{schema.ErrUnknown, "cli.schema_unknown"},
	{schema.ErrNewer, "cli.schema_newer"},
	{errPending, "cli.schema_pending"},
	{store.ErrUnavailable, "cli.database_away"},
}

// explainRequest says what was wrong with what was asked; "" for other errors.
func (e *env) explainRequest(err error) string {
	var (
		told    *problem.Problem
		invalid *geo.Invalid
		unknown *store.Missing
	)
	switch {
	case errors.As(err, &told):
		return problemText(told)
	case errors.As(err, &invalid):
		return e.text("cli.invalid", "field", invalid.Field, "expected", problem.Said(e.lang, invalid.Words), "got",
			problem.Got(e.lang, invalid))
	case errors.As(err, &unknown):
		return e.text("api.missing."+unknown.Kind, "name", unknown.Name)
	}
	return ""
}

// explainCluster says why the private database can't run; "" for other errors.
func (e *env) explainCluster(err error) string {
	var (
		inUse       *cluster.InUseError
		missing     *cluster.MissingError
		unreachable *cluster.UnreachableError
		version     *cluster.VersionError
		full        *cluster.DiskFullError
		unwritable  *cluster.NotWritableError
		incomplete  *cluster.IncompleteError
		outdated    *cluster.OutdatedError
		postmaster  *cluster.PostmasterError
	)
	switch {
	case errors.As(err, &inUse):
		return e.text("cli.in_use", "dir", inUse.Dir, "pid", inUse.PID)
	case errors.As(err, &missing):
		return e.text("cli.missing_binaries", "what", e.text("cli.part."+string(missing.What)), "packages",
			strings.Join(missing.Packages, " "))
	case errors.As(err, &unreachable):
		return e.text("cli.unreachable."+string(unreachable.Reason), "folder", unreachable.Folder, "user",
			unreachable.User, "owner", unreachable.Owner)
	case errors.As(err, &version):
		return e.text("cli.cluster_version", "folder", version.Folder, "found", version.Found, "want", version.Want)
	case errors.As(err, &full):
		return e.text("cli.disk_full", "dir", full.Dir, "free", mebibytes(full.Free), "need", mebibytes(full.Need),
			"cause", full.Cause)
	case errors.As(err, &unwritable):
		return e.text("cli.not_writable", "path", unwritable.Path, "cause", unwritable.Cause)
	case errors.As(err, &incomplete):
		return e.text("cli.incomplete", "folder", incomplete.Folder, "lacks", incomplete.Lacks)
	case errors.As(err, &outdated):
		return e.text("cli.outdated", "running", orUnknown(outdated.Running), "installed",
			orUnknown(outdated.Installed), "said", outdated.Said)
	case errors.As(err, &postmaster):
		return e.text("cli.postmaster", "cause", postmaster.Cause, "log", postmaster.Log)
	}
	return ""
}

// explainSchema says what is wrong with what the database holds; "" for other errors.
func (e *env) explainSchema(err error) string {
	var (
		statistics *statisticsLeftError
		damaged    *damagedError
		older      *schema.OlderError
	)
	switch {
	case errors.As(err, &statistics):
		return e.text("cli.doctor_statistics_left", "tables", statistics)
	case errors.As(err, &damaged):
		return e.text("cli.doctor_damaged", "parts", strings.Join(damaged.parts, ", "))
	case errors.As(err, &older):
		return e.text("cli.schema_older", "version", older.Version, "commit", schema.OldestKeptAt, "oldest",
			schema.OldestKept)
	}
	return ""
}

func orUnknown(version string) string {
	if version == "" {
		return "?"
	}
	return version
}

func mebibytes(bytes uint64) uint64 { return bytes >> 20 }
