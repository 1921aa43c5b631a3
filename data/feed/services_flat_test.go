package feed

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"luodi/geo/land"
)

// Members are found where encoding/json finds them, whatever else the object holds.
func TestMembersAreFoundAsAParserFindsThem(t *testing.T) {
	t.Parallel()
	value := rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "bool")
		case 2:
			return rapid.Float64Range(-1e6, 1e6).Draw(t, "number")
		case 3:
			return rapid.StringOf(rapid.SampledFrom([]rune(`a"\{}[],: 水`))).Draw(t, "text")
		case 4:
			return []any{1, "]", map[string]any{"a": "}"}}
		default:
			return map[string]any{"a": rapid.SampledFrom([]any{1, "{", nil}).Draw(t, "inner"), `b"`: true}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		object := rapid.MapOf(rapid.SampledFrom([]string{"a", "b", "water", "x y", "水"}), value).Draw(t, "object")
		text, err := json.Marshal(object)
		if rapid.Bool().Draw(t, "spread") {
			text, err = json.MarshalIndent(object, "", "  ")
		}
		if err != nil {
			t.Fatal(err)
		}
		members := map[string][]byte{}
		for name, value := range jsonMembers(text) {
			members[string(name)] = value
		}
		for _, name := range []string{"a", "b", "water", "x y", "水", "none"} {
			got := members[name]
			want, there := object[name]
			if there != (got != nil) {
				t.Fatalf("%s in %s: got %s", name, text, got)
			}
			var back any
			if there {
				if err := json.Unmarshal(got, &back); err != nil {
					t.Fatalf("%s in %s: %s: %v", name, text, got, err)
				}
				a, _ := json.Marshal(back)
				b, _ := json.Marshal(want)
				if string(a) != string(b) {
					t.Fatalf("%s in %s: got %s", name, text, got)
				}
			}
		}
	})
	for _, broken := range []string{"", "{", "[", "1", `{"a"`, `{"a":`, `{"a":"`, `{"a" 1}`, `"a"`, "null", `{"\`, "}", "{}"} {
		for name, got := range jsonMembers([]byte(broken)) {
			if string(name) == "b" {
				t.Errorf("%q: %s", broken, got)
			}
		}
	}
}

func TestEveryServiceHasItsFlatProperties(t *testing.T) {
	t.Parallel()
	if n := len(land.ServiceKeys()); n > servicesMost {
		t.Fatalf("%d services", n)
	}
	for _, key := range land.ServiceKeys() {
		if parcels.Property("service_"+string(key)) == nil {
			t.Errorf("%s has no property", key)
		}
	}
	for key, known := range serviceUnits {
		if known.unit == "" || parcels.Property("service_"+string(key)+"_capacity") == nil {
			t.Errorf("%s has no capacity", key)
		}
	}
}
