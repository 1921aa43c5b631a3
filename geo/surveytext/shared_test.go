package surveytext

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedCases are texts that lie beside the repository on some machines: those with TRAP in their names must be
// refused into a park of zone 41, the others read.
const sharedCases = "../../../shared/cases/survey-txt"

func TestSharedTexts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(sharedCases + "/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		paths, _ = filepath.Glob("../" + sharedCases + "/*.txt")
	}
	if len(paths) == 0 {
		t.Skip("no folder of survey texts beside the repository")
	}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		read := Read(body, park)
		if trap := strings.Contains(name, "TRAP"); trap != (len(read.Faults) > 0) {
			t.Errorf("%s: %v", name, read.Faults)
		} else if trap {
			t.Logf("%s: line %d, %v", name, read.Faults[0].Line, &read.Faults[0])
		} else if area := read.Parcels[0].Legal().String(); area != "65000.0000" && area != "63800.0000" {
			t.Errorf("%s: %s m²", name, area)
		}
	}
}
