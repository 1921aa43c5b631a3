package ogc

import (
	"errors"
	"strings"

	"luodi/api/problem"
	"luodi/data/feed"
	"luodi/geo"
)

// Limits of what a request chooses.
const (
	maxSortKeys = 8
	maxPhrases  = 16
	maxSearch   = 400 // bytes of q
)

// parseSort reads sortby (OGC API Features Part 8): names separated by commas, each after + for ascending, - for
// descending, or neither. A plus that was decoded to a blank is one.
func parseSort(a *ask, c *feed.Collection) ([]feed.SortKey, error) {
	text, given := a.query["sortby"]
	if !given {
		return nil, nil
	}
	var keys []feed.SortKey
	for name := range strings.SplitSeq(text, ",") {
		descending := strings.HasPrefix(name, "-")
		bare := name
		if bare != "" && strings.ContainsRune("+- ", rune(bare[0])) {
			bare = bare[1:]
		}
		p := c.Property(bare)
		if p == nil || !p.Queryable() {
			return nil, oneOf("sortby", queryableNames(c), name)
		}
		for _, k := range keys {
			if k.Property == p {
				return nil, geo.NewInvalid("sortby", "sortby.once", name)
			}
		}
		if keys = append(keys, feed.SortKey{Property: p, Descending: descending}); len(keys) > maxSortKeys {
			return nil, geo.NewInvalid("sortby", "sortby.few", text, "n", maxSortKeys)
		}
	}
	return keys, nil
}

func queryableNames(c *feed.Collection) []string {
	var names []string
	for i := range c.Properties {
		if p := &c.Properties[i]; p.Queryable() {
			names = append(names, p.Name)
		}
	}
	return names
}

// returnableNames are what properties may name: the properties of the collection, and its geometry.
func returnableNames(c *feed.Collection) []string {
	names := []string{feed.GeometryName}
	for i := range c.Properties {
		names = append(names, c.Properties[i].Name)
	}
	return names
}

// parseSelection reads properties (OGC API Features Part 6): what of a feature is returned besides its id; nil for all.
func parseSelection(a *ask, c *feed.Collection) (*feed.Selection, error) {
	text, given := a.query["properties"]
	if !given {
		return nil, nil
	}
	s := &feed.Selection{}
	chosen := map[string]bool{}
	for name := range strings.SplitSeq(text, ",") {
		if name != feed.GeometryName && c.Property(name) == nil {
			return nil, oneOf("properties", returnableNames(c), name)
		}
		chosen[name] = true
	}
	s.Geometry = chosen[feed.GeometryName]
	for i := range c.Properties {
		if p := &c.Properties[i]; chosen[p.Name] {
			s.Properties = append(s.Properties, p)
		}
	}
	return s, nil
}

// parseSearch reads q (OGC API Features Part 9): phrases separated by commas, of which one must stand in a feature's
// texts; the words of a phrase stand together in their order.
func parseSearch(a *ask) ([]feed.Phrase, error) {
	text, given := a.query["q"]
	if !given {
		return nil, nil
	}
	if len(text) > maxSearch {
		return nil, &problem.Request{Kind: problem.InvalidParameter, Field: "q", Expected: "api.expected.short",
			Args: []any{"n", maxSearch}, Got: text}
	}
	var phrases []feed.Phrase
	for part := range strings.SplitSeq(text, ",") {
		words := strings.Fields(part)
		if len(words) == 0 {
			return nil, geo.NewInvalid("q", "q.words", text)
		}
		if phrases = append(phrases, words); len(phrases) > maxPhrases {
			return nil, geo.NewInvalid("q", "q.few", text, "n", maxPhrases)
		}
	}
	return phrases, nil
}

// choose reads what chooses, orders and cuts features besides park, box, time and texts.
func choose(a *ask, q *feed.Query) (err error) {
	if q.Filter, err = parseFilter(a, q.Collection); err != nil {
		return err
	}
	if q.Search, err = parseSearch(a); err != nil {
		return err
	}
	if q.Sort, err = parseSort(a, q.Collection); err != nil {
		return err
	}
	q.Select, err = parseSelection(a, q.Collection)
	return err
}

// tooCostly tells a caller that a query took longer than it may.
func tooCostly(err error) error {
	if !errors.Is(err, feed.ErrCostly) {
		return err
	}
	return &problem.Request{Kind: problem.TooCostly, Field: "filter", Expected: "api.expected.cheaper_filter",
		Args: []any{"s", int(feed.CostlyWithin.Seconds())}, Got: err.Error()}
}
