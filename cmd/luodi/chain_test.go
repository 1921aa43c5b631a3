package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"luodi/data/registry"
	"luodi/data/store/storetest"
)

const pairOfNodes = `{"code":"pair","name_zh":"对","name_en":"Pair","edition":"1","source":"a test","nodes":[
 {"code":"wire","name_zh":"线","name_en":"wire","stage":0},{"code":"coil","name_zh":"圈","name_en":"coil","stage":1}],"links":[{"from":"wire","to":"coil","weight":0.5}]}`

func TestEditionsOfAChainAreLoadedFromAFileAndStayReadable(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	storetest.Park(t, db, "east")
	load := func(want int, body string) (stdout, stderr string) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "chain.json")
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return exits(t, db, want, "chain", file, "--district", "east-district")
	}
	for revision, weight := range []string{"0.5", "0.5", "0.75"} {
		out, _ := load(0, strings.Replace(pairOfNodes, "0.5", weight, 1))
		if want := max(revision, 1); !strings.Contains(out, "edition no. "+string(rune('0'+want))+" ") {
			t.Errorf("a weight of %s: %s", weight, out)
		}
	}
	for revision, want := range map[int]float64{0: .75, 1: .5, 2: .75} {
		e, err := registry.Of(db.Store).ChainEdition(t.Context(), "east", "pair", revision)
		if err != nil || e.Links[0].Weight != want || revision > 0 && e.Revision != revision || e.At.IsZero() {
			t.Errorf("edition %d: %+v, %v", revision, e.Chain, err)
		}
	}
	_, told := load(1, strings.Replace(pairOfNodes, `"to":"coil"`, `"to":"magnet"`, 1))
	if !strings.Contains(told, "links[0].to") || !strings.Contains(told, "the code of a node") {
		t.Errorf("a link to nowhere: %s", told)
	}
	exits(t, db, 2, "chain", "/nowhere.json", "--district", "east-district")
}
