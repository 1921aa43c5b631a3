package webhook

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"luodi/data/event"
)

func TestOnlyTheOpenInternetIsPermitted(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192",
		"198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
		"255.255.255.255", "192.88.99.1", "168.63.129.16",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1",
		"64:ff9b:1::a00:1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
		"fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "3fff::1", "5f00::1",
		"2001:4860:4860::8888%eth0",
	} {
		if permits(nil, netip.MustParseAddr(address)) {
			t.Errorf("%s is permitted", address)
		}
	}
	for _, address := range []string{"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255",
		"100.128.0.1", "::ffff:8.8.8.8", "2001:4860:4860::8888", "2400:3200::1"} {
		if !permits(nil, netip.MustParseAddr(address)) {
			t.Errorf("%s is refused", address)
		}
	}
	if permits(nil, netip.Addr{}) {
		t.Error("no address is permitted")
	}
	if allowed := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}; !permits(allowed,
		netip.MustParseAddr("::ffff:10.9.9.9")) || permits(allowed, netip.MustParseAddr("192.168.0.1")) {
		t.Error("what is allowed is not what is permitted")
	}
}

// inside is a server on this machine that must not be reached; hits counts who did.
func inside(t *testing.T) (url string, hits *atomic.Int32) {
	t.Helper()
	hits = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(server.Close)
	return server.URL, hits
}

func sender(o Options) *Sender {
	o.HTTP, o.Logger = true, slog.New(slog.NewTextHandler(io.Discard, nil))
	return New(nil, o)
}

func TestAnInternalAddressIsNotReachedByName(t *testing.T) {
	t.Parallel()
	url, hits := inside(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(url, "http://"), ":")
	for _, host := range []string{"localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1", "2130706433",
		"0x7f000001"} {
		if _, why := sender(Options{}).post(t.Context(), event.Target{URL: "http://" + host + ":" + port}, "x",
			nil); why == "" {
			t.Errorf("%s was delivered to", host)
		}
	}
	if hits.Load() > 0 {
		t.Errorf("reached %d times", hits.Load())
	}
}

// TestANameThatChangesItsAnswerLeadsNowhere asks a resolver that tells a public address first and this machine's own
// ever after, as one does who hopes that the address is checked when the name is looked up and dialled when it is
// looked up again.
func TestANameThatChangesItsAnswerLeadsNowhere(t *testing.T) {
	t.Parallel()
	url, hits := inside(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(url, "http://"), ":")
	var asked atomic.Int32
	resolver := resolverOf(t, func() [4]byte {
		if asked.Add(1) == 1 {
			return [4]byte{8, 8, 8, 8}
		}
		return [4]byte{127, 0, 0, 1}
	})
	checked, err := resolver.LookupNetIP(t.Context(), "ip4", "rebind.example.")
	if err != nil || len(checked) != 1 || !permits(nil, checked[0]) {
		t.Fatalf("the first answer is %v, %v", checked, err)
	}
	to := event.Target{URL: "http://rebind.example:" + port}
	for range 3 {
		s := sender(Options{Resolver: resolver})
		if _, why := s.post(t.Context(), to, "x", nil); !strings.Contains(why,
			"127.0.0.1 is not an address on the open internet") {
			t.Errorf("refused with %q", why)
		}
	}
	if hits.Load() > 0 || asked.Load() < 4 {
		t.Errorf("reached %d times; the resolver was asked %d times", hits.Load(), asked.Load())
	}
	allowed := sender(Options{Resolver: resolver, Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	// so it was the check that refused
	if _, why := allowed.post(t.Context(), to, "x", nil); why != "" || hits.Load() != 1 {
		t.Errorf("what the operator allows: %q, reached %d times", why, hits.Load())
	}
}

// resolverOf asks a name server of the test's own, which answers every question for an IPv4 address.
func resolverOf(t *testing.T, answer func() [4]byte) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := answered(buf[:n], answer); reply != nil {
				_, _ = server.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// answered makes the reply to a query (RFC 1035, 4): its question again, and for an IPv4 address (type 1) one answer
// that points at the question's name.
func answered(query []byte, answer func() [4]byte) []byte {
	if len(query) < 12 {
		return nil
	}
	end := 12
	for end < len(query) && query[end] != 0 {
		end += 1 + int(query[end])
	}
	end += 5 // the root's label, type and class
	if end > len(query) {
		return nil
	}
	reply := append([]byte{query[0], query[1], 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0}, query[12:end]...)
	if query[end-3] == 1 {
		ip := answer()
		reply[7] = 1
		reply = append(append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4), ip[:]...)
	}
	return reply
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	secret, hits := inside(t)
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, secret, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(door.Close)
	s := sender(Options{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}) // not even to where it may go
	if status, why := s.post(t.Context(), event.Target{URL: door.URL}, "x",
		nil); status != http.StatusTemporaryRedirect || why != "HTTP 307" || hits.Load() > 0 {
		t.Errorf("%d %q, reached %d times", status, why, hits.Load())
	}
}

func TestProxiesOfTheEnvironmentAreNotUsed(t *testing.T) {
	proxy, hits := inside(t)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, proxy)
	}
	s := sender(Options{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}) // where the proxy is
	if _, why := s.post(t.Context(), event.Target{URL: "http://192.0.2.1.example./"}, "x", nil); why == "" ||
		hits.Load() > 0 {
		t.Errorf("%q; the proxy was reached %d times", why, hits.Load())
	}
}

// TestAnEndlessAnswerIsCutOff sends answers that are long in their head or without an end in their body.
func TestAnEndlessAnswerIsCutOff(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", headerBytes)
	sent := make(chan int, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/head" {
			w.Header().Set("X", long)
			return
		}
		n := 0
		for r.Context().Err() == nil {
			written, err := w.Write([]byte(long))
			if n += written; err != nil {
				break
			}
		}
		sent <- n
	}))
	t.Cleanup(server.Close)
	s := sender(Options{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if _, why := s.post(t.Context(), event.Target{URL: server.URL + "/head"}, "x", nil); why == "" {
		t.Error("a head without an end was taken")
	}
	if status, why := s.post(t.Context(), event.Target{URL: server.URL + "/body"}, "x", nil); status != 200 ||
		why != "" {
		t.Errorf("%d %q", status, why)
	}
	t.Logf("%d bytes of an endless body were sent before it was cut off", <-sent)
}

func TestAForbiddenAddressSaysSo(t *testing.T) {
	t.Parallel()
	_, err := newClient(nil, nil).Get("http://127.0.0.1:1/")
	var forbidden *Forbidden
	if !errors.As(err, &forbidden) || forbidden.Address != netip.MustParseAddr("127.0.0.1") {
		t.Errorf("%v", err)
	}
}

// TestTheSignatureIsThatOfStandardWebhooks compares with the example of its specification.
func TestTheSignatureIsThatOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := sign([][]byte{key, key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0),
		[]byte(`{"test": 2432232314}`))
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	if got != want+" "+want {
		t.Errorf("%s", got)
	}
}
