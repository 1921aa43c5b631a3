package land

import (
	"encoding/json"
	"math"
)

// JoinServices is what parcels can draw together once they are one: of each service that all of them have alike ready
// or not, with the sum of the capacities. It takes and gives values as a parcel's services are kept.
//
// Parcels of one whole, which a split gave the services of the whole each, draw what it did: what they have alike is
// kept, and capacities that differ don't add up.
//
// Services that don't add up are named, in the order of [ServiceKeys], and are left out: ready at some parcels and
// not at others, of different units, or with a capacity that somebody states and somebody doesn't, as what isn't
// known is not nothing.
func JoinServices(parcels []json.RawMessage, ofOneWhole bool) (joined map[ServiceKey]json.RawMessage, conflicts []ServiceKey, err error) {
	each := make([]map[ServiceKey]*serviceValue, len(parcels))
	for i, raw := range parcels {
		if err := json.Unmarshal(raw, &each[i]); err != nil {
			return nil, nil, err
		}
	}
	joined = map[ServiceKey]json.RawMessage{}
	for _, key := range ServiceKeys() {
		sum, ok := each[0][key], true
		for _, services := range each[1:] {
			if sum, ok = sum.plus(services[key], ofOneWhole); !ok {
				break
			}
		}
		switch {
		case !ok:
			conflicts = append(conflicts, key)
		case sum != nil:
			if joined[key], err = json.Marshal(sum); err != nil {
				return nil, nil, err
			}
		}
	}
	return joined, conflicts, nil
}

// plus adds a service of another parcel; false where the two don't add up.
func (v *serviceValue) plus(o *serviceValue, ofOneWhole bool) (*serviceValue, bool) {
	if v == nil || o == nil {
		return nil, v == nil && o == nil
	}
	alike := v.Ready != nil && o.Ready != nil && *v.Ready == *o.Ready && (v.Capacity == nil) == (o.Capacity == nil)
	stated := older(v.StatedOn, o.StatedOn)
	if !alike || v.Capacity == nil {
		return &serviceValue{Ready: v.Ready, Capacity: v.Capacity, Unit: v.Unit, StatedOn: stated}, alike
	}
	if v.Unit == nil || o.Unit == nil || *v.Unit != *o.Unit {
		return nil, false
	}
	if ofOneWhole {
		return &serviceValue{Ready: v.Ready, Capacity: v.Capacity, Unit: v.Unit, StatedOn: stated}, *v.Capacity == *o.Capacity
	}
	const grid = 1e6 // sums of decimals, without what binary fractions add to them
	sum := math.Round((*v.Capacity+*o.Capacity)*grid) / grid
	return &serviceValue{Ready: v.Ready, Capacity: &sum, Unit: v.Unit, StatedOn: stated}, true
}

// older is the earlier of two days; nil, for not stated, where one isn't stated.
func older(a, b *string) *string {
	if a == nil || b == nil || *b < *a {
		if a == nil {
			return nil
		}
		return b
	}
	return a
}
