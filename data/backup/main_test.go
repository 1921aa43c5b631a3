package backup_test

import (
	"os"
	"testing"

	"luodi/data/store/storetest"
)

// childEnv makes the test program a command that backs up, to be killed.
const childEnv = "LUODI_BACKUP_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(backUpForEver(dir))
	}
	storetest.Main(m)
}
