package land_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"luodi/geo/land"
)

func TestServicesOfParcelsThatBecomeOneAddUp(t *testing.T) {
	t.Parallel()
	const (
		steam2  = `"steam": {"ready": true, "capacity": 2.2, "unit": "t/h"}`
		steam3  = `"steam": {"ready": true, "capacity": 3.3, "unit": "t/h"}`
		road    = `"road": {"ready": true, "capacity": null, "unit": null}`
		noPower = `"power": {"ready": false, "capacity": null, "unit": null}`
	)
	for _, c := range []struct {
		name, a, b, joined, conflicts string
	}{
		{"capacities are added", steam2, steam3, `{"steam":{"ready":true,"capacity":5.5,"unit":"t/h"}}`, "[]"},
		{"equal ones too", steam2, steam2, `{"steam":{"ready":true,"capacity":4.4,"unit":"t/h"}}`, "[]"},
		{"of what has no amount there is one", road + "," + noPower, road + "," + noPower,
			`{"power":{"ready":false,"capacity":null,"unit":null},"road":{"ready":true,"capacity":null,"unit":null}}`,
			"[]"},
		{"ready and not", noPower, `"power": {"ready": true, "capacity": 500, "unit": "kVA"}`, "{}", "[power]"},
		{"known and not known", steam2, `"steam": {"ready": true, "capacity": null, "unit": null}`, "{}", "[steam]"},
		{"stated and not stated", steam2 + "," + road, road, `{"road":{"ready":true,"capacity":null,"unit":null}}`,
			"[steam]"},
		{"other units", steam2, `"steam": {"ready": true, "capacity": 3, "unit": "MW"}`, "{}", "[steam]"},
		{"nothing", "", "", "{}", "[]"},
	} {
		joined, conflicts, err := land.JoinServices([]json.RawMessage{[]byte("{" + c.a + "}"),
			[]byte("{" + c.b + "}")}, false)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(joined)
		if err != nil || string(got) != c.joined || fmt.Sprint(conflicts) != c.conflicts {
			t.Errorf("%s: %s and %v, want %s and %s; %v", c.name, got, conflicts, c.joined, c.conflicts, err)
		}
	}
}

// Each part of a whole has the services of the whole: their capacity is there once.
func TestPartsOfOneWholeDrawWhatItDid(t *testing.T) {
	t.Parallel()
	power := func(kva int) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"power": {"ready": true, "capacity": %d, "unit": "kVA"}}`, kva))
	}
	joined, conflicts, err := land.JoinServices([]json.RawMessage{power(400), power(400), power(400)}, true)
	if err != nil || len(conflicts) > 0 || !strings.Contains(string(joined[land.ServicePower]), `"capacity":400`) {
		t.Errorf("alike: %s, %v, %v", joined, conflicts, err)
	}
	joined, conflicts, err = land.JoinServices([]json.RawMessage{power(400), power(100)}, true)
	if err != nil || len(joined) > 0 || !slices.Equal(conflicts, []land.ServiceKey{land.ServicePower}) {
		t.Errorf("unlike: %s, %v, %v", joined, conflicts, err)
	}
}
