package api_test

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// browsedColumns reads a park's measures: by measure and parcel.
func browsedColumns(t *testing.T, answer object) (ids []string, columns map[string]object) {
	t.Helper()
	columns = map[string]object{}
	for _, id := range answer["ids"].([]any) {
		ids = append(ids, id.(string))
	}
	for _, m := range answer["measures"].([]any) {
		column := m.(object)
		if n := len(column["values"].([]any)); n != len(ids) {
			t.Errorf("%v has %d values for %d parcels", column["measure"], n, len(ids))
		}
		columns[column["measure"].(string)] = column
	}
	return ids, columns
}

// TestWhatIsBrowsedIsWhatIsRanked asks for each measure of the free land twice: at once, and as the question that ranks
// by it. A filter on the page and a limit of a question must leave out the same land.
func TestWhatIsBrowsedIsWhatIsRanked(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var answer object
	h.json("/api/parks/carbon-fibre/measures", &answer)
	ids, columns := browsedColumns(t, answer)
	if len(ids) < 20 || answer["scope"] != "public" || len(answer["hazards"].([]any)) != 5 {
		t.Fatalf("%d parcels, scope %v, hazards %v", len(ids), answer["scope"], answer["hazards"])
	}
	for _, name := range []string{"ready_days", "port_m", "port_road_m", "rail_m", "rail_road_m", "highway_m",
		"highway_road_m", "living_m", "frontage_m", "headroom_power", "headroom_steam"} {
		column, there := columns[name]
		if !there {
			t.Errorf("%s is missing", name)
			continue
		}
		ranked := h.ask("/api/match", http.StatusOK, fmt.Sprintf(`{"park":"carbon-fibre","top":500,"requirement":
			{"criteria":[{"measure":%q,"want":"cost","weight":1}]}}`, name))
		sites := ranked["sites"].([]any)
		if len(sites) != len(ids) {
			t.Errorf("%s: %d parcels are ranked, %d browsed", name, len(sites), len(ids))
		}
		known := 0
		for _, s := range sites {
			var want any
			for _, part := range s.(object)["parts"].([]any) {
				want = part.(object)["value"]
			}
			got := column["values"].([]any)[slices.Index(ids, s.(object)["id"].(string))]
			a, isA := got.(float64)
			b, isB := want.(float64)
			within := 0.006
			if name == "ready_days" { // a question counts from the day in UTC, a park from its own
				within = 1.006
			}
			if isA != isB || math.Abs(a-b) > within {
				t.Errorf("%s of %v: browsed %v, ranked %v", name, s.(object)["code"], got, want)
			}
			if isA {
				known++
			}
		}
		t.Logf("%s: %d of %d known", name, known, len(sites))
	}
}

// TestOfAWordTheEndsAreBrowsed: where the public is told a word or a band, no value stands but its two ends.
func TestOfAWordTheEndsAreBrowsed(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var answer object
	h.json("/api/parks/carbon-fibre/measures", &answer)
	_, columns := browsedColumns(t, answer)
	banded := 0
	for name, column := range columns {
		least, has := column["least"].([]any)
		if !has {
			continue
		}
		for i, v := range column["values"].([]any) {
			if v == nil && least[i] != nil {
				banded++
				if most := column["most"].([]any)[i]; most.(float64) < least[i].(float64) {
					t.Errorf("%s lies between %v and %v", name, least[i], most)
				}
			}
		}
	}
	if banded == 0 {
		t.Error("the sample tells no word or band")
	}
}

func TestThePastIsBrowsedAsItWas(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var was struct {
		IDs []string
		At  *string
		Day string
	}
	h.json("/api/parks/carbon-fibre/measures?datetime=2000-01-01", &was)
	if len(was.IDs) != 0 || was.At == nil || was.Day != "2000-01-01" {
		t.Errorf("in 2000 %d parcels were free at %v, %s", len(was.IDs), was.At, was.Day)
	}
	if got := h.get("/api/parks/carbon-fibre/measures?datetime=yesterday"); got.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(string(got.body), `"field":"datetime"`) {
		t.Errorf("a datetime that is none: %d %s", got.StatusCode, got.body)
	}
	if got := h.get("/api/parks/atlantis/measures"); got.StatusCode != http.StatusNotFound {
		t.Errorf("a park that there is not: %d", got.StatusCode)
	}
}
