package siting

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"luodi/geo/match"
	"luodi/message"
)

// ColumnMeasures lists the measures of which every parcel has a value and that a criterion may name.
func ColumnMeasures() []string {
	var out []string
	for _, m := range columnMeasures {
		if !m.hidden {
			out = append(out, m.ID)
		}
	}
	return append(out, "ready_days")
}

// named are the measures that a criterion may name, those of services and nodes by their pattern.
func named() []string {
	out := []string{"headroom_<service>", "partner_<node>_m", "partner_<node>_road_m"}
	for _, m := range measures {
		if !m.hidden && m.service == "" {
			out = append(out, m.ID)
		}
	}
	slices.Sort(out)
	return out
}

func TestEveryMeasureIsOneKindOfMeasure(t *testing.T) {
	t.Parallel()
	for _, m := range append(slices.Clone(measures), partnerMeasure("parts", false), partnerMeasure("parts", true)) {
		kinds := 0
		for _, is := range []bool{m.column != nil, m.outline != nil, m.derived != nil, m.asked != nil} {
			if is {
				kinds++
			}
		}
		if kinds != 1 {
			t.Errorf("%s comes about in %d ways", m.ID, kinds)
		}
		if again, ok := MeasureOf(m.ID); !ok || again.ID != m.ID || again.Unit != m.Unit {
			t.Errorf("%s is found as %+v", m.ID, again)
		}
	}
	for i, m := range columnMeasures {
		if measureAt[m.ID] != i {
			t.Errorf("the column of %s is %d, its place %d", m.ID, i, measureAt[m.ID])
		}
	}
	for _, none := range []string{"", "area", "headroom_coffee", "partner_parts", "score"} {
		if m, ok := MeasureOf(none); ok {
			t.Errorf("%q is the measure %s", none, m.ID)
		}
	}
}

// TestEveryMeasureHasItsWords says each measure in all ways there are: each key that it uses is in the table.
func TestEveryMeasureHasItsWords(t *testing.T) {
	t.Parallel()
	one := 1.0
	var known func(m Measure, w Sentence)
	known = func(m Measure, w Sentence) {
		if !message.Known(w.Key) {
			t.Errorf("%s: no text %q", m.ID, w.Key)
		}
		for _, a := range w.Args {
			if inner, is := a.(Sentence); is {
				known(m, inner)
			}
		}
	}
	say := Telling{Need: Requirement{Hall: &Hall{2, 1}}}
	for _, m := range append(slices.Clone(measures), partnerMeasure("parts", false), partnerMeasure("parts", true)) {
		if m.ID == "ready_on" {
			continue // read by ready_days alone
		}
		known(m, say.Name(m))
		for _, number := range []float64{0, 20, 2000, math.NaN(), math.Inf(1)} {
			for _, by := range []*Giver{nil, {}} {
				v := Value{Number: number, By: by, Least: 1, Most: 2}
				for _, c := range []match.Criterion{{Want: match.Benefit, Min: &one}, {Want: match.Cost, Max: &one},
					{Want: match.Target, Target: &one, Min: &one},
					{Want: match.Range, Low: &one, High: &one, Max: &one}} {
					known(m, say.Say(m, c, v))
					known(m, say.Ask(m, c, v))
				}
			}
			for _, limit := range []string{"min", "max"} {
				c := match.Criterion{Min: &one, Max: &one}
				known(m, say.Lack(m, c, match.Lack{Limit: limit, Value: number, By: number}, Value{}))
			}
		}
		for _, kind := range []match.Kind{match.MoveWeight, match.MoveValue, match.MoveLimit} {
			known(m, say.Move(m, match.Move{Kind: kind}))
		}
	}
}

// TestTheDocsListEveryMeasure holds the table of docs/matching.md to the measures.
func TestTheDocsListEveryMeasure(t *testing.T) {
	t.Parallel()
	_, rest, found := strings.Cut(read(t, top(t)+"/docs/matching.md"), "| measure | what | from |\n|---|---|---|\n")
	table, _, ended := strings.Cut(rest, "\n\n")
	if !found || !ended {
		t.Fatal("no table of measures")
	}
	var listed []string
	for row := range strings.SplitSeq(table, "\n") {
		first, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for _, name := range regexp.MustCompile("`[^`]+`").FindAllString(first, -1) {
			listed = append(listed, strings.Trim(name, "`"))
		}
	}
	slices.Sort(listed)
	if want := named(); !slices.Equal(listed, want) {
		t.Errorf("docs/matching.md lists\n%v\nthere are\n%v", listed, want)
	}
}

// TestThePageWishesForMeasuresThatThereAre holds the wishes of the page's form to the measures, with a text for each.
func TestThePageWishesForMeasuresThatThereAre(t *testing.T) {
	t.Parallel()
	var need string
	err := filepath.WalkDir(top(t)+"/web/src", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "need.ts" {
			need += read(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(need, "export const wishes = {")
	block, _, _ := strings.Cut(rest, "}")
	wishes := regexp.MustCompile(`(\w+): '(benefit|cost)'`).FindAllStringSubmatch(block, -1)
	if len(wishes) < 5 {
		t.Fatalf("found only %d wishes on the page", len(wishes))
	}
	for _, w := range wishes {
		if m, ok := MeasureOf(w[1]); !ok || m.hidden {
			t.Errorf("the page wishes for %s, which is no measure", w[1])
		}
		if key := "web.match.field." + w[1]; !message.Known(key) {
			t.Errorf("no text %s", key)
		}
	}
}

// top is the folder of the repository.
func top(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("no go.mod above")
	return ""
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
