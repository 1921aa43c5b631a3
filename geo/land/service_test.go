package land

import (
	"encoding/json"
	"errors"
	"testing"

	"luodi/geo"
)

func TestEveryServiceHasANodeAndAUnit(t *testing.T) {
	t.Parallel()
	for _, s := range Services() {
		if _, err := ParseNetworkKind(string(s.Node())); err != nil || s.Unit() == "" {
			t.Errorf("%s: node %q, unit %q", s, s.Node(), s.Unit())
		}
	}
	if _, err := ParseService("heat"); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("heat: %v", err)
	}
	if Service("heat").Node() != "" || Service("heat").Unit() != "" {
		t.Error("heat has a node or a unit")
	}
}

func TestANeedIsReadOrRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want int // services; -1: refused
	}{
		{`null`, 0}, {`{}`, 0}, {`{"power": 2000, "steam": 10}`, 2}, {`{"gas": 0.125}`, 1},
		{`[]`, -1}, {`{"heat": 1}`, -1}, {`{"power": 0}`, -1}, {`{"power": -1}`, -1}, {`{"power": "2000"}`, -1},
		{`{"power": 1e13}`, -1}, {`{"power": 0.0001}`, -1}, {`{"power": null}`, -1},
	} {
		var value any
		if err := json.Unmarshal([]byte(c.text), &value); err != nil {
			t.Fatal(err)
		}
		need, err := ParseNeed(value)
		if c.want < 0 && !errors.Is(err, geo.ErrInvalid) || c.want >= 0 && (err != nil || len(need) != c.want) {
			t.Errorf("%s: %v, %v", c.text, need, err)
		}
	}
}
