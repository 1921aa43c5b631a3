package main

import "testing"

// TestAnOriginIsASiteAndNoMore: what could widen the rule of who may frame a page is refused.
func TestAnOriginIsASiteAndNoMore(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://www.example.gov.cn": true, "http://10.1.2.3:8080": true, "https://a": true,
		"*": false, "https://*": false, "https://*.gov.cn": false, "https://a/path": false, "https://a b": false,
		"https://a; script-src *": false, "javascript:1": false, "": false, "https://": false, "HTTPS://A": false,
	} {
		var o origin
		if err := o.UnmarshalText([]byte(text)); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}
