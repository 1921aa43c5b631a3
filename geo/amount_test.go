package geo

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestAmountsAreExactOrRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"2000": "2000.000", "0.001": "0.001", "12.5": "12.500",
		"9999999999999.999": "9999999999999.999", "-3": "-3.000", "1.0000": "1.000"} {
		if a, err := ParseAmount(text); err != nil || a.String() != want {
			t.Errorf("%s: %s, %v", text, a, err)
		}
	}
	for _, text := range []string{"", ".", "1.0001", "1e3", "NaN", "Infinity", "10000000000000", "1,5", " 1"} {
		if a, err := ParseAmount(text); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %s, %v", text, a, err)
		}
	}
}

func TestAmountsSumExactly(t *testing.T) {
	t.Parallel()
	var total Amount
	for range 1000 {
		total = total.Add(amount(t, "0.1"))
	}
	if total.Cmp(amount(t, "100")) != 0 || total.Sub(amount(t, "100")).Sign() != 0 || total.Float() != 100 {
		t.Errorf("a thousand tenths are %s", total)
	}
}

func TestAmountsOfJSON(t *testing.T) {
	t.Parallel()
	var got []Amount
	if err := json.Unmarshal([]byte(`[10, "2.5", 0.125]`), &got); err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(got); err != nil || string(text) != `[10.000,2.500,0.125]` {
		t.Errorf("%s, %v", text, err)
	}
	for _, bad := range []string{`null`, `1e9`, `"x"`} {
		var a Amount
		if err := json.Unmarshal([]byte(bad), &a); err == nil {
			t.Errorf("%s was read as %s", bad, a)
		}
	}
	if a, err := AmountFrom(0.1); err != nil || a.String() != "0.100" {
		t.Errorf("0.1: %s, %v", a, err)
	}
	if _, err := AmountFrom(1.0 / 3); err == nil {
		t.Error("a third was taken")
	}
}

func amount(t *testing.T, text string) Amount {
	t.Helper()
	a, err := ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
