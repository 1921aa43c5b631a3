package cluster

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
)

// major is the PostgreSQL this package runs; a cluster's files are of one major version.
const major = "15"

var debianPackages = []string{"postgresql-15", "postgresql-15-postgis-3"}

// binaryFolders are where Debian and the PostgreSQL project's RPMs put version 15.
var binaryFolders = []string{"/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin"}

var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)(\S*)`)

// FindBinaries is the folder of the PostgreSQL binaries that Start uses where none is named, or a MissingError. It
// doesn't tell whether PostGIS is there too: Start asks the server that.
func FindBinaries(ctx context.Context) (string, error) { return findBinaries(ctx, "") }

// findBinaries is the folder that holds postgres and initdb of our version: named, or else one of the usual ones, or
// else where PATH finds postgres.
func findBinaries(ctx context.Context, named string) (string, error) {
	looked := binaryFolders
	if named != "" {
		looked = []string{named}
	} else if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			looked = append(looked[:len(looked):len(looked)], filepath.Dir(real))
		}
	}
	for _, dir := range looked {
		if ours(ctx, dir) {
			return dir, nil
		}
	}
	return "", &MissingError{What: PartServer, Looked: looked, Packages: debianPackages}
}

func ours(ctx context.Context, dir string) bool {
	for _, name := range []string{"postgres", "initdb"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.IsDir() || info.Mode().Perm()&0o111 == 0 {
			return false
		}
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return false
	}
	found := versionLine.FindSubmatch(out)
	return found != nil && string(found[1]) == major
}

// missingPostGIS is the answer to a server that does not offer the extension.
func missingPostGIS(bin string) error {
	return &MissingError{
		What:     PartPostGIS,
		Looked:   []string{"the extensions of " + bin},
		Packages: debianPackages,
	}
}
