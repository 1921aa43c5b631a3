package request

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"luodi/geo"
)

type written struct {
	Body struct {
		inner
		Name   string            `json:"name"`
		Why    string            `json:"why" text:"prose"`
		Code   string            `json:"code" text:"code"`
		Codes  []string          `json:"codes" text:"code"`
		Day    *string           `json:"day" format:"date"`
		Short  string            `json:"short" maxLength:"3"`
		Kind   string            `json:"kind" enum:"a,b"`
		Secret string            `json:"secret" writeOnly:"true"`
		Own    string            `json:"own" text:"-"`
		Any    map[string]any    `json:"any"`
		Raw    json.RawMessage   `json:"raw"`
		Raws   []json.RawMessage `json:"raws"`
		List   []inner           `json:"list"`
		When   *time.Time        `json:"when"`
		Points [][2]float64      `json:"points"`
	}
}

type inner struct {
	Unit *string `json:"unit"`
}

func TestEveryTextOfABodyIsSettled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, field string }{
		{`{"name": " e\u0301 ", "why": "a\r\nb ", "code": "A  1\n", "codes": [" a "], "day": "2026-01-31"}`,
			`{"name": "é", "why": "a\nb", "code": "A 1", "codes": ["a"], "day": "2026-01-31"}`, ""},
		{`{"unit": " u ", "list": [{"unit": " v "}], "secret": " \u0000 ", "own": " \u0000 ", "kind": " a"}`,
			`{"unit": "u", "list": [{"unit": "v"}], "secret": " \u0000 ", "own": " \u0000 ", "kind": " a"}`, ""},
		{`{"any": {" k ": [" x ", {"y": " z\r"}, 1]}, "raw": {"a": " b ", "n": 12345678901234567890}, "raws": ["\u00a0c"]}`, `{"any": {"k": ["x", {"y": "z"}, 1]}, "raw": {"a":"b","n":12345678901234567890}, "raws": ["c"]}`, ""},
		{`{"name": "", "why": "", "code": ""}`, `{}`, ""},
		{`{"name": "a\nb"}`, "", "name"}, {`{"name": "a\u0000"}`, "", "name"}, {`{"name": "\u200b"}`, "", "name"},
		{`{"name": "\ud800"}`, "", "name"},
		{`{"why": "\u202ea"}`, "", "why"}, {`{"code": "A\u200b"}`, "", "code"},
		{`{"codes": ["a", "b\u00ad"]}`, "", "codes[1]"}, {`{"day": "2026-02-30"}`, "", "day"},
		{`{"short": "abcd"}`, "", "short"},
		{`{"list": [{"unit": "v"}, {"unit": "\u0007"}]}`, "", "list[1].unit"},
		{`{"any": {"k": ["x", {"y": "\u0000"}]}}`, "", "any.k[1].y"}, {`{"any": {"a": 1, "a ": 2}}`, "", "any"},
		{`{"any": {"\u0000": 1}}`, "", "any"}, {`{"raw": {"a": "\u2066"}}`, "", "raw.a"},
	} {
		var got, want written
		if err := json.Unmarshal([]byte(c.in), &got.Body); err != nil {
			t.Fatal(err)
		}
		err := Settle(&got)
		if c.field != "" {
			var invalid *geo.Invalid
			if !errors.As(err, &invalid) || invalid.Field != c.field {
				t.Errorf("%s: %v, want %s refused", c.in, err, c.field)
			}
			continue
		}
		if failed := json.Unmarshal([]byte(c.want), &want.Body); failed != nil {
			t.Fatal(failed)
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", c.in, err, got.Body, want.Body)
		}
	}
}

type decimals struct {
	Body *struct {
		part
		Parts []part                  `json:"parts"`
		By    map[string][]geo.Amount `json:"by"`
		When  *time.Time              `json:"when"`
		Any   json.RawMessage         `json:"any"`
	}
}

type part struct {
	Amount *geo.Amount `json:"amount"`
}

func TestAValueThatItsTypeRefusesIsNamed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"amount": 1.23456}`:                         `amount 1.23456`,
		`{"parts": [{"amount": 1}, {"amount": "x"}]}`: `parts[1].amount "x"`,
		`{"by": {"b": [1e30], "a": [1, 2, 0.0001]}}`:  `by.a[2] 0.0001`,
		`{"amount": null, "when": "soon", "any": 1}`:  "",
		`{"amount": 1.5, "parts": {}, "by": []}`:      "",
		`[`:                                           "",
	} {
		told := ""
		if invalid := Unread(reflect.TypeFor[decimals](), []byte(body)); invalid != nil {
			told = invalid.Field + " " + invalid.Got
		}
		if told != want {
			t.Errorf("%s: %s, want %s", body, told, want)
		}
	}
}
