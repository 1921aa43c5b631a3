package land

import (
	"bytes"
	"cmp"
	"encoding/json"

	"luodi/geo"
)

// A parcel's services and a plan unit's conditions come as JSON objects. They go into the feeds as they are kept, so
// that they are read into the shape that docs/feeds.md promises, and nothing else of them is kept.

// serviceValue is what a parcel can draw from one network, and the day of which that is stated; a capacity and its
// unit are null together.
type serviceValue struct {
	Ready    *bool    `json:"ready"`
	Capacity *float64 `json:"capacity"`
	Unit     *string  `json:"unit"`
	StatedOn *string  `json:"stated_on,omitempty"`
}

// conditionValue is one planning condition; a bound that is not set is null.
type conditionValue struct {
	Min           *float64 `json:"min"`
	Max           *float64 `json:"max"`
	Source        string   `json:"source"`
	Edition       string   `json:"edition"`
	EffectiveFrom string   `json:"effective_from"`
}

// readConditions lets the unit's own edition and day stand where a condition has none, and the edition for its source.
func readConditions(text string, done map[string]string) (string, error) {
	return readObject(text, ParseConditionKey, `{"far": {"min": 0.7, "max": 1.8}}`,
		func(key ConditionKey, v *conditionValue) (bool, error) {
			at := "conditions." + string(key) + "."
			v.Edition = cmp.Or(v.Edition, done["edition"])
			v.Source = cmp.Or(v.Source, v.Edition)
			v.EffectiveFrom = cmp.Or(v.EffectiveFrom, done["effective_from"])
			var err error
			if v.Edition, err = ParseLine(at+"edition", v.Edition, MaxLine); err != nil {
				return false, err
			}
			if v.Source, err = ParseLine(at+"source", v.Source, MaxLine); err != nil {
				return false, err
			}
			if v.EffectiveFrom, err = ParseDay(at+"effective_from", v.EffectiveFrom); err != nil {
				return false, err
			}
			return true, key.CheckRange(v.Min, v.Max)
		})
}

// readObject takes a JSON object whose members are of one shape under known keys; check completes one and tells whether
// it makes sense.
func readObject[K ~string, V any](text string, parse func(string) (K, error), such string,
	check func(K, *V) (bool, error)) (string, error) {
	invalid := geo.NewInvalid("value", "value.such", text, "such", such)
	var members map[string]*V
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&members); err != nil || members == nil || decoder.More() {
		return "", invalid
	}
	for key, member := range members {
		named, err := parse(key)
		if err != nil {
			return "", err
		}
		if member == nil {
			return "", invalid
		}
		sensible, err := check(named, member)
		if err != nil {
			return "", err
		}
		if !sensible {
			return "", invalid
		}
	}
	kept, err := json.Marshal(members)
	return string(kept), err
}
