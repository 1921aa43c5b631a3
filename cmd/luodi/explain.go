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
	var (
		inUse       *cluster.InUseError
		missing     *cluster.MissingError
		unreachable *cluster.UnreachableError
		version     *cluster.VersionError
		full        *cluster.DiskFullError
		unwritable  *cluster.NotWritableError
		incomplete  *cluster.IncompleteError
		postmaster  *cluster.PostmasterError
		outdated    *cluster.OutdatedError
		damaged     *damagedError
		told        *problem.Problem
		statistics  *statisticsLeftError
		invalid     *geo.Invalid
		unknown     *store.Missing
		older       *schema.OlderError
	)
	switch {
	case errors.As(err, &told):
		return problemText(told)
	case errors.As(err, &invalid):
		return e.text("cli.invalid", "field", invalid.Field, "expected", problem.Said(e.lang, invalid.Words), "got",
			problem.Got(e.lang, invalid))
	case errors.As(err, &unknown):
		return e.text("api.missing."+unknown.Kind, "name", unknown.Name)
	case errors.As(err, &statistics):
		return e.text("cli.doctor_statistics_left", "tables", statistics)
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
	case errors.As(err, &damaged):
		return e.text("cli.doctor_damaged", "parts", strings.Join(damaged.parts, ", "))
	case errors.As(err, &postmaster):
		return e.text("cli.postmaster", "cause", postmaster.Cause, "log", postmaster.Log)
	case errors.Is(err, backup.ErrNotBackup):
		return e.text("cli.not_backup", "detail", err)
	case errors.Is(err, backup.ErrBroken):
		return e.text("cli.backup_broken", "detail", err)
	case errors.Is(err, backup.ErrNewer):
		return e.text("cli.backup_newer", "detail", err)
	case errors.Is(err, backup.ErrNotEmpty):
		return e.text("cli.restore_not_empty", "detail", err)
	case errors.Is(err, backup.ErrDifferent):
		return e.text("cli.backup_different", "detail", err)
	case errors.Is(err, backup.ErrNoTools):
		return e.text("cli.backup_tools", "detail", err)
	case errors.Is(err, backup.ErrBusy):
		return e.text("cli.backup_busy", "detail", err)
	case errors.Is(err, backup.ErrNoRoom):
		return e.text("cli.backup_full", "detail", err)
	case errors.As(err, &older):
		return e.text("cli.schema_older", "version", older.Version, "commit", schema.OldestKeptAt, "oldest", schema.OldestKept)
	case errors.Is(err, schema.ErrUnknown):
		return e.text("cli.schema_unknown", "detail", err)
	case errors.Is(err, schema.ErrNewer):
		return e.text("cli.schema_newer", "detail", err)
	case errors.Is(err, errPending):
		return e.text("cli.schema_pending")
	case errors.Is(err, store.ErrUnavailable):
		return e.text("cli.database_away", "detail", err)
	}
	return err.Error()
}

func orUnknown(version string) string {
	if version == "" {
		return "?"
	}
	return version
}

func mebibytes(bytes uint64) uint64 { return bytes >> 20 }
