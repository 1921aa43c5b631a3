// Package clustertest gives tests a PostgreSQL of their own to upgrade.
package clustertest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Library is the file of a copied installation that the language of all rules lies in.
const Library = "plpgsql.so"

// Installation copies the PostgreSQL whose programs lie in from below root, its programs and Library as files of their
// own, and returns its folders of programs and libraries. PostgreSQL finds its other folders from where its program
// lies. It skips the test where the layout isn't Debian's.
func Installation(t testing.TB, from, root string) (bin, lib string) {
	t.Helper()
	from, err := filepath.EvalSymlinks(from)
	check(t, err)
	if !strings.HasPrefix(from, "/usr/lib/") {
		t.Skipf("%s is not laid out as Debian's", from)
	}
	bin = filepath.Join(root, strings.TrimPrefix(from, "/usr/"))
	lib = filepath.Join(filepath.Dir(bin), "lib")
	check(t, os.MkdirAll(bin, 0o755))
	check(t, os.MkdirAll(lib, 0o755))
	for _, program := range []string{"postgres", "initdb"} {
		Copy(t, filepath.Join(from, program), filepath.Join(bin, program))
	}
	libraries := filepath.Join(filepath.Dir(from), "lib")
	check(t, filepath.WalkDir(libraries, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || path == libraries:
			return err
		case d.IsDir():
			return filepath.SkipDir
		case d.Name() == Library:
			Copy(t, path, filepath.Join(lib, d.Name()))
			return nil
		}
		return os.Symlink(path, filepath.Join(lib, d.Name()))
	}))
	check(t, os.Symlink("/usr/share", filepath.Join(root, "share")))
	return bin, lib
}

// Copy copies a program.
func Copy(t testing.TB, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	check(t, err)
	check(t, os.WriteFile(to, text, 0o755))
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
