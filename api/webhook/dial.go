package webhook

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Bounds of one delivery.
const (
	dialWithin   = 5 * time.Second
	answerWithin = 10 * time.Second
	headerBytes  = 16 << 10
	bodyBytes    = 4 << 10 // of an answer are read, and thrown away
)

// public6 is what of IPv6 is handed out for the open internet.
var public6 = netip.MustParsePrefix("2000::/3")

// closed are addresses that lead somewhere other than to a host on the open internet: IANA's special-purpose registries
// (RFC 6890 and its updates), and addresses at which clouds keep secrets for whoever asks from inside.
var closed = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	"168.63.129.16/32", // Azure's own services
	// Teredo, 6to4 and others carry IPv4 addresses inside
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// Forbidden says that an address may not be delivered to.
type Forbidden struct{ Address netip.Addr }

func (e *Forbidden) Error() string {
	return fmt.Sprintf("%s is not an address on the open internet", e.Address)
}

// permits reports whether an address may be dialled: it is on the operator's allow-list or on the public internet. An
// IPv4 address mapped into IPv6 is treated as IPv4; other embeddings are refused.
func permits(allowed []netip.Prefix, address netip.Addr) bool {
	address = address.Unmap()
	if !address.IsValid() || address.Zone() != "" {
		return false
	}
	for _, p := range allowed {
		if p.Contains(address) {
			return true
		}
	}
	if address.Is6() && !public6.Contains(address) { // so are ::1, fc00::/7, fe80::/10, ff00::/8, and NAT64's 64:ff9b::/96 and 64:ff9b:1::/48
		return false
	}
	for _, p := range closed {
		if p.Contains(address) {
			return false
		}
	}
	return true
}

// newClient makes the client that delivers. The address is checked where the connection is made: what a name resolved
// to a moment ago doesn't count, and proxies and redirects, which would make the connection elsewhere, are not used.
func newClient(allowed []netip.Prefix, resolver *net.Resolver) *http.Client {
	dialer := &net.Dialer{Timeout: dialWithin, Resolver: resolver,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			if !permits(allowed, to.Addr()) {
				return &Forbidden{to.Addr().Unmap()}
			}
			return nil
		}}
	return &http.Client{
		Timeout:       answerWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy: nil, DialContext: dialer.DialContext, TLSHandshakeTimeout: dialWithin,
			MaxResponseHeaderBytes: headerBytes, DisableCompression: true,
			MaxIdleConns: 64, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute,
		},
	}
}
