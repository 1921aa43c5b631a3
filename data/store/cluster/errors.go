package cluster

import (
	"errors"
	"fmt"
	"strings"
)

// Kinds of failure. Each is carried by the type of the same name where more is known; errors.Is finds the kind,
// errors.As the type with its fields.
var (
	ErrInUse           = errors.New("data folder is in use")                        // InUseError
	ErrNotRunning      = errors.New("no luodi serves this data folder")             // plain, wrapped
	ErrMissingBinaries = errors.New("PostgreSQL 15 with PostGIS is not installed")  // MissingError
	ErrUnreachable     = errors.New("folder can't be used by the postmaster")       // UnreachableError
	ErrVersion         = errors.New("folder was made by another PostgreSQL")        // VersionError
	ErrDiskFull        = errors.New("no space left on the disk of the data folder") // DiskFullError
	ErrNotWritable     = errors.New("data folder can't be written")                 // NotWritableError
	ErrIncomplete      = errors.New("folder does not hold a whole cluster")         // IncompleteError
	ErrOutdated        = errors.New("PostgreSQL was upgraded while it runs")        // OutdatedError
	ErrOccupied        = errors.New("data folder is not empty")                     // plain, wrapped
	ErrPostmaster      = errors.New("PostgreSQL does not run")                      // PostmasterError
)

// InUseError says that another luodi serves Dir. PID is 0 where the holder could not be read.
type InUseError struct {
	Dir string
	PID int
}

func (e *InUseError) Error() string {
	return fmt.Sprintf("data folder %s is already served by luodi, process %d", e.Dir, e.PID)
}
func (e *InUseError) Unwrap() error { return ErrInUse }

// Part is what an installation of PostgreSQL consists of, as a stable code.
type Part string

// The parts that luodi needs.
const (
	PartServer  Part = "server"  // postgres and initdb of version 15
	PartPostGIS Part = "postgis" // the extension, for that version
	PartAccount Part = "account" // the OS user under whom root's postmaster runs
)

// Parts lists every part, for the table of texts.
var Parts = []Part{PartServer, PartPostGIS, PartAccount}

var partTexts = map[Part]string{
	PartServer: "PostgreSQL " + major, PartPostGIS: "PostGIS for PostgreSQL " + major, PartAccount: "the OS user " +
		defaultAccount,
}

// MissingError names a missing part, the places searched, and the Debian packages that contain it.
type MissingError struct {
	What     Part
	Looked   []string
	Packages []string
}

func (e *MissingError) Error() string {
	looked := ""
	if len(e.Looked) > 0 {
		looked = " (looked in " + strings.Join(e.Looked, ", ") + ")"
	}
	return fmt.Sprintf("%s not found%s: install the Debian packages %s", partTexts[e.What], looked,
		strings.Join(e.Packages, " and "))
}
func (e *MissingError) Unwrap() error { return ErrMissingBinaries }

// Reason is why a folder is of no use to the postmaster's user, as a stable code.
type Reason string

// The reasons.
const (
	ReasonClosed   Reason = "closed"   // the user may not enter it
	ReasonForeign  Reason = "foreign"  // it belongs to another user
	ReasonNameless Reason = "nameless" // its owner, who would run the postmaster, has no user name
)

// Reasons lists every reason, for the table of texts.
var Reasons = []Reason{ReasonClosed, ReasonForeign, ReasonNameless}

var reasonTexts = map[Reason]string{
	ReasonClosed:   "it may not enter this folder; choose another data folder, or give it the right (chmod o+x)",
	ReasonForeign:  "it belongs to user id %d; give it back (chown -R)",
	ReasonNameless: "its owner, user id %d, has no user name",
}

// UnreachableError names the folder that User, under whom the postmaster runs, can't enter or doesn't own. User is ""
// where it has no name.
type UnreachableError struct {
	Folder string
	User   string
	Reason Reason
	Owner  uint32 // id of the user whom the folder belongs to; not set for ReasonClosed
}

func (e *UnreachableError) Error() string {
	why := reasonTexts[e.Reason]
	if e.Reason != ReasonClosed {
		why = fmt.Sprintf(why, e.Owner)
	}
	return fmt.Sprintf("folder %s can't be used by the postmaster's user %s: %s", e.Folder, e.User, why)
}
func (e *UnreachableError) Unwrap() error { return ErrUnreachable }

// VersionError says that Folder was made by major version Found, while the binaries are Want.
type VersionError struct {
	Folder, Found, Want string
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("folder %s was made by PostgreSQL %s, the binaries are %s: run pg_upgrade, or dump it with %s "+
		"and load the dump",
		e.Folder, e.Found, e.Want, e.Found)
}
func (e *VersionError) Unwrap() error { return ErrVersion }

// DiskFullError gives the bytes free for the postmaster's user and the bytes that are needed to go on.
type DiskFullError struct {
	Dir        string
	Free, Need uint64
	Cause      string // what PostgreSQL said; empty where luodi looked before it began
}

func (e *DiskFullError) Error() string {
	text := fmt.Sprintf("disk of %s is full: %d bytes free, %d needed", e.Dir, e.Free, e.Need)
	if e.Cause != "" {
		text += ": " + e.Cause
	}
	return text
}
func (e *DiskFullError) Unwrap() error { return ErrDiskFull }

// NotWritableError wraps the system's refusal to write in Path: a read-only disk, or rights that are missing.
type NotWritableError struct {
	Path  string
	Cause error
}

func (e *NotWritableError) Error() string {
	return fmt.Sprintf("can't write in %s: %v", e.Path, e.Cause)
}
func (e *NotWritableError) Unwrap() []error { return []error{ErrNotWritable, e.Cause} }

// IncompleteError names the missing part of a cluster folder. An incomplete folder is never overwritten.
type IncompleteError struct {
	Folder, Lacks string
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("folder %s is not a whole cluster, it lacks %s: restore it from a backup, or move it away to "+
		"begin with an empty one",
		e.Folder, e.Lacks)
}
func (e *IncompleteError) Unwrap() error { return ErrIncomplete }

// PostmasterError gives the last reason PostgreSQL wrote before it ended, and the file to read on in.
type PostmasterError struct {
	Cause string
	Log   string
}

func (e *PostmasterError) Error() string {
	return fmt.Sprintf("PostgreSQL ended: %s (log: %s)", e.Cause, e.Log)
}
func (e *PostmasterError) Unwrap() error { return ErrPostmaster }

// OutdatedError says that the running server is older than the installed program. Said is the error of a new server
// process.
type OutdatedError struct {
	Running, Installed string // versions; Installed is empty where it isn't known
	Said               string
}

func (e *OutdatedError) Error() string {
	installed := ""
	if e.Installed != "" {
		installed = ", installed is " + e.Installed
	}
	return fmt.Sprintf("PostgreSQL was upgraded while it runs (running is %s%s): %s: restart it", e.Running, installed,
		e.Said)
}
func (e *OutdatedError) Unwrap() error { return ErrOutdated }
