package cql2

import (
	"errors"
	"testing"
	"unicode/utf8"

	"luodi/geo"
)

// FuzzText and FuzzJSON: no input makes a parser panic; a refusal names the field and a place within the text; what is
// taken keeps the limits and reads back from both encodings as the same tree.
func FuzzText(f *testing.F) {
	for _, e := range encodings {
		f.Add(e.given)
		f.Add(e.text)
	}
	for _, r := range refused {
		f.Add(r.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := ParseText(text)
		checkParsed(t, text, tree, err)
		draft, err := ParseDraft(text)
		if err == nil && measure(draft) != nil {
			t.Errorf("%q is over the limits", text)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, e := range encodings {
		f.Add(e.json)
	}
	for _, text := range []string{`{}`, `[]`, `null`, `{"op":"not","args":[{}]}`, `{"op":"=","args":[1e400,"\ud800"]}`,
		`{"bbox":[1,2,3]}`, `{"type":"Polygon","coordinates":[[]]}`, `{"interval":["..",".."]}`,
		`{"op":"and","args":[true,`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := ParseJSON(text)
		checkParsed(t, text, tree, err)
	})
}

func checkParsed(t *testing.T, text string, tree Node, err error) {
	t.Helper()
	if err != nil {
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != "filter" {
			t.Fatalf("%q: %v", text, err)
		}
		for i := 0; i+1 < len(invalid.Args); i += 2 {
			if at, is := invalid.Args[i+1].(int); is && invalid.Args[i] == "at" &&
				(at < 1 || at > utf8.RuneCountInString(text)+1) {
				t.Errorf("%q: refused at %d", text, at)
			}
		}
		return
	}
	if len(text) > MaxBytes || measure(tree) != nil {
		t.Errorf("%q is over the limits", text)
	}
	for _, again := range []struct {
		text  string
		parse func(string) (Node, error)
	}{{Text(tree), ParseText}, {JSON(tree), ParseJSON}} {
		if len(again.text) > MaxBytes {
			continue // the canonical form may be longer
		}
		back, err := again.parse(again.text)
		if err != nil || Text(back) != Text(tree) || JSON(back) != JSON(tree) {
			t.Fatalf("%q prints as %q, which reads back otherwise: %v", text, again.text, err)
		}
	}
	if checked, err := land.Check(tree); err == nil {
		if Text(checked) == "" || JSON(checked) == "" {
			t.Errorf("%q prints as nothing", text)
		}
	}
}
