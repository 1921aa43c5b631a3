package ogc

import "testing"

func TestLinksPrintAsMarshalDoes(t *testing.T) {
	t.Parallel()
	links := []Link{{Href: "http://h/ogc?a=1&b=<2>", Rel: "self", Type: typeGeoJSON, Title: "这份 \"JSON\"\u2028\n"},
		{Href: "/", Rel: "next", HrefLang: "zh"}, {}}
	for n := range len(links) + 1 {
		want, err := marshal(append([]Link{}, links[:n]...))
		if got := string(appendLinks(nil, links[:n])) + "\n"; err != nil || got != string(want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
