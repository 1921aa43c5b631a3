package webhook

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"luodi/geo"
)

// TestAWebhookLeadsToAPageOfTheOpenInternet: an address that could never be delivered to is refused when it is
// registered, and so is one that the database would keep in another form than it compares.
func TestAWebhookLeadsToAPageOfTheOpenInternet(t *testing.T) {
	t.Parallel()
	strict, plain := sender(Options{}), sender(Options{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	strict.HTTP = false
	for _, c := range []struct {
		url             string
		byRule, allowed bool // without flags; with --webhook-http and --webhook-allow of loopback
	}{
		{"https://example.org/hook", true, true},
		{"https://example.org:8443/", true, true},
		{"https://EXAMPLE.org/", true, true},
		{"http://example.org/", false, true},
		{"HTTPS://example.org/", false, false},
		{"Https://example.org/", false, false},
		{"HTTP://example.org/", false, false},
		{"https://127.0.0.1/", false, true},
		{"http://127.9.9.9:9000/", false, true},
		{"https://[::1]/", false, false},
		{"https://[::ffff:127.0.0.1]/", false, true},
		{"https://10.0.0.1/", false, false},
		{"https://169.254.169.254/latest", false, false},
		{"ftp://example.org/", false, false},
		{"file:///etc/passwd", false, false},
		{"javascript:alert(1)", false, false},
		{"gopher://example.org/", false, false},
		{"//example.org", false, false},
		{"https://", false, false},
		{"https://:443/", false, false},
		{"https://u:p@example.org/", false, false},
		{"https://example.org/#x", false, false},
		{"https://example.org:0/", false, false},
		{"https://example.org:65536/", false, false},
		{"https://example.org/" + strings.Repeat("a", 2000), false, false},
	} {
		for name, by := range map[string]struct {
			sender *Sender
			taken  bool
		}{"without flags": {strict, c.byRule}, "with both flags": {plain, c.allowed}} {
			err := by.sender.CheckURL(c.url)
			var invalid *geo.Invalid
			if (err == nil) != by.taken || err != nil && (!errors.As(err, &invalid) || invalid.Field != "url") {
				t.Errorf("%.60q %s: %v", c.url, name, err)
			}
		}
	}
}
