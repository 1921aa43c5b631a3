package message

import "testing"

func TestWhatIsSaidInEnglishIsFoundByItsText(t *testing.T) {
	t.Parallel()
	for english, chinese := range map[string]string{
		"1 to 64 criteria":                     "1 到 64 项指标",
		"1 to 500":                             "1 到 500",
		"no more than max, 1.5":                "不大于上限 max（1.5）",
		"the inverse of pairwise[0][1], 0.333": "pairwise[0][1] 的倒数（0.333）",
		"a quantity in m³/d, 0 or more":        "不小于 0 的用量，单位 m³/d",
		"a node of the chain":                  "产业链中的一个环节",
	} {
		if got, ok := Said(ZH, english); !ok || got != chinese {
			t.Errorf("%q is %q, want %q", english, got, chinese)
		}
		if got, ok := Said(EN, english); !ok || got != english {
			t.Errorf("%q is %q in English", english, got)
		}
	}
	for _, lang := range []Lang{ZH, EN} {
		if _, ok := Said(lang, "1 to two or three"); ok {
			t.Errorf("%s: a text that stands nowhere was found", lang)
		}
	}
}

// TestNoTwoPhrasesSayTheSameInEnglish keeps the way back from English to a row from going astray.
func TestNoTwoPhrasesSayTheSameInEnglish(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, p := range phrases {
		form := p.form.String()
		if other, twice := seen[form]; twice {
			t.Errorf("%s and %s are the same in English", p.key, other)
		}
		seen[form] = p.key
	}
	if len(seen) < 30 {
		t.Errorf("only %d phrases", len(seen))
	}
}
