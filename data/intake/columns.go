package intake

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxColumns bounds how many columns of a file a report tells, maxSamples how many values of each.
const (
	maxColumns = 200
	maxSamples = 3
	sampleSize = 60 // characters of a value
)

// Column is a column of the file, with what it holds and what of ours it fills.
type Column struct {
	Name    string   `json:"name"`
	Samples []string `json:"samples"` // the first three that differ
	Filled  int64    `json:"filled"`  // rows with a value
	Fills   []string `json:"fills"`   // our fields, and "code"
}

// columns gathers what a file's columns hold while its rows go by.
type columns struct {
	all    []*Column
	byName map[string]*Column
}

func newColumns(known []string) *columns {
	c := &columns{byName: map[string]*Column{}}
	for _, name := range known {
		c.add(name)
	}
	return c
}

func (c *columns) add(name string) *Column {
	if len(c.all) == maxColumns {
		return nil
	}
	one := &Column{Name: name, Samples: []string{}, Fills: []string{}}
	c.all, c.byName[name] = append(c.all, one), one
	return one
}

func (c *columns) see(values map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		one := c.byName[name]
		if one == nil {
			one = c.add(name)
		}
		value := strings.TrimSpace(values[name])
		if one == nil || value == "" {
			continue
		}
		one.Filled++
		if len(one.Samples) < maxSamples {
			if value = shortened(value); !slices.Contains(one.Samples, value) {
				one.Samples = append(one.Samples, value)
			}
		}
	}
}

func (c *columns) list() []Column {
	all := make([]Column, len(c.all))
	for i, one := range c.all {
		all[i] = *one
	}
	return all
}

func shortened(s string) string {
	if utf8.RuneCountInString(s) <= sampleSize {
		return s
	}
	return string([]rune(s)[:sampleSize]) + "…"
}

// tellColumns says in the report what of ours each column fills.
func (im *importing) tellColumns() {
	r := &im.report
	for i := range r.Columns {
		one := &r.Columns[i]
		one.Fills = []string{}
		if slices.Contains(strings.Split(r.CodeField, "+"), one.Name) || one.Name == r.CodeField {
			one.Fills = append(one.Fills, "code")
		}
		for _, ours := range slices.Sorted(maps.Keys(r.Fields)) {
			if r.Fields[ours] == one.Name {
				one.Fills = append(one.Fills, ours)
			}
		}
	}
}
