package feed

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"luodi/geo"
	"luodi/geo/cql2"
)

// literals draws the values of a filter's places: texts that attack, numbers, days, instants and shapes.
type literals struct{ t *rapid.T }

func (l literals) text() string {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"'", "''", `\`, `\'`, "$1", "%s", "%[1]d", "--", "/*", ";",
		"') OR TRUE --", `"`, "\u2028", "落地", "'::text", "E'\\x41'", "%", "_"})).Draw(l.t, "text")
	return strings.Map(func(r rune) rune {
		if r == 0 || r == '\uFFFD' {
			return -1
		}
		return r
	}, text)
}

func (l literals) number() string {
	return rapid.StringMatching(`-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?`).Draw(l.t, "number")
}

func (l literals) point() string {
	x, y := rapid.IntRange(-1790, 1790), rapid.IntRange(-890, 890)
	return fmt.Sprintf(`{"type":"Point","coordinates":[%g,%g]}`, float64(x.Draw(l.t, "x"))/10, float64(y.Draw(l.t, "y"))/10)
}

func (l literals) instant() string {
	return fmt.Sprintf("2026-%02d-%02dT%02d:00:00Z", rapid.IntRange(1, 12).Draw(l.t, "month"),
		rapid.IntRange(1, 28).Draw(l.t, "day"), rapid.IntRange(0, 23).Draw(l.t, "hour"))
}

// fill writes a filter with values of its own in its places: T a text, N a number, P a point, I an instant.
func (l literals) fill(shape string) string {
	var filter strings.Builder
	for _, r := range shape {
		switch r {
		case 'Ⓣ':
			text, err := json.Marshal(l.text())
			if err != nil {
				l.t.Fatal(err)
			}
			filter.Write(text)
		case 'Ⓝ':
			filter.WriteString(l.number())
		case 'Ⓟ':
			filter.WriteString(l.point())
		case 'Ⓘ':
			filter.WriteString(`"` + l.instant() + `"`)
		default:
			filter.WriteRune(r)
		}
	}
	return filter.String()
}

// formsOf are filters in JSON with places for values.
var formsOf = []string{
	`{"op":"=","args":[{"property":"code"},Ⓣ]}`, `{"op":"<","args":[Ⓣ,{"property":"tenant_en"}]}`,
	`{"op":"=","args":[{"property":"park"},Ⓣ]}`, `{"op":"in","args":[{"property":"park"},[Ⓣ,Ⓣ]]}`,
	`{"op":"in","args":[{"property":"status"},[Ⓣ,Ⓣ,Ⓣ]]}`, `{"op":"between","args":[{"property":"legal_m2"},Ⓝ,Ⓝ]}`,
	`{"op":"not","args":[{"op":"=","args":[{"op":"casei","args":[{"property":"code"}]},{"op":"casei","args":[Ⓣ]}]}]}`,
	`{"op":"=","args":[{"op":"accenti","args":[Ⓣ]},{"property":"code"}]}`,
	`{"op":">","args":[{"op":"+","args":[{"property":"legal_mu"},Ⓝ]},{"op":"^","args":[Ⓝ,2]}]}`,
	`{"op":"s_intersects","args":[{"property":"geometry"},Ⓟ]}`, `{"op":"s_disjoint","args":[Ⓟ,Ⓟ]}`,
	`{"op":"t_after","args":[{"property":"since"},{"timestamp":Ⓘ}]}`,
	`{"op":"t_during","args":[{"interval":[{"property":"since"},".."]},{"interval":[Ⓘ,".."]}]}`,
	`{"op":">=","args":[{"property":"expires_at"},{"timestamp":Ⓘ}]}`,
}

// TestTheSQLOfAFilterIsTheSameWhateverItsLiterals compiles one form with two sets of values. The SQL holds none of
// them, and as many placeholders as there are bound values.
func TestTheSQLOfAFilterIsTheSameWhateverItsLiterals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom(formsOf).Draw(t, "form")
		for range rapid.IntRange(0, 3).Draw(t, "more") {
			form = fmt.Sprintf(`{"op":"%s","args":[%s,%s]}`, rapid.SampledFrom([]string{"and", "or"}).Draw(t, "op"), form,
				rapid.SampledFrom(formsOf).Draw(t, "form"))
		}
		one, args := compiled(t, literals{t}.fill(form))
		two, others := compiled(t, literals{t}.fill(form))
		if one != two || len(args) != len(others) {
			t.Fatalf("one form gives\n%s\nand\n%s", one, two)
		}
		for i := range args {
			if !strings.Contains(one, fmt.Sprintf("$%d", i+1)) {
				t.Fatalf("value %d is bound and not used in %s", i+1, one)
			}
		}
		if strings.Contains(one, fmt.Sprintf("$%d", len(args)+1)) || strings.Count(one, "(") != strings.Count(one, ")") ||
			one[0] != '(' {
			t.Fatalf("%d values in %s", len(args), one)
		}
	})
}

// compiled is the SQL of a filter on parcels.
func compiled(t interface{ Fatalf(string, ...any) }, filter string) (sql string, args []any) {
	root, err := cql2.ParseJSON(filter)
	if err == nil {
		root, err = parcels.Filters(geo.CRS84, false).Check(root)
	}
	s := &statement{}
	if err == nil {
		err = s.filter(parcels, Filter{root, geo.CRS84}, false)
	}
	if err != nil {
		t.Fatalf("%s: %v", filter, err)
	}
	return s.where[0], s.args
}
