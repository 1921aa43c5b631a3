package auth

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"luodi/api/problem"
)

// counted is a hasher that counts what work it does.
func counted(work *atomic.Int64, sizes *sync.Map) *hasher {
	h := newHasher()
	h.derive = func(password, salt []byte, passes, memoryKiB uint32, threads uint8, keyBytes uint32) []byte {
		work.Add(int64(passes) * int64(memoryKiB))
		sizes.Store(memoryKiB, true)
		return argon2.IDKey(password, salt, passes, memoryKiB, threads, keyBytes)
	}
	return h
}

func TestAPasswordIsVerifiedAndNothingElseIs(t *testing.T) {
	t.Parallel()
	h := newHasher()
	kept, err := h.hash(t.Context(), "caf\u00e9 au lait, please")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kept, "$argon2id$v=19$m=47104,t=1,p=1$") {
		t.Errorf("kept as %s", kept)
	}
	for password, want := range map[string]bool{"caf\u00e9 au lait, please": true, "cafe\u0301 au lait, please": true,
		"cafe au lait, please": false, "": false} {
		if ok, stale, err := h.verify(t.Context(), &kept, password); ok != want || stale || err != nil {
			t.Errorf("%q: %v, %v, %v", password, ok, stale, err)
		}
	}
	if again, err := h.hash(t.Context(), "caf\u00e9 au lait, please"); err != nil || again == kept {
		t.Errorf("the same password twice gives the same hash: %v", err)
	}
}

func TestAnUnknownLoginCostsTheSameWork(t *testing.T) {
	t.Parallel()
	var known, unknown atomic.Int64
	var sizes sync.Map
	h := counted(&known, &sizes)
	kept, err := h.hash(t.Context(), "whatever it may be")
	if err != nil {
		t.Fatal(err)
	}
	known.Store(0)
	if _, _, err := h.verify(t.Context(), &kept, "wrong"); err != nil {
		t.Fatal(err)
	}
	if ok, _, err := counted(&unknown, &sizes).verify(t.Context(), nil, "wrong"); ok || err != nil {
		t.Fatalf("nobody's password was verified: %v", err)
	}
	if known.Load() == 0 || known.Load() != unknown.Load() {
		t.Errorf("known %d, unknown %d KiB × passes", known.Load(), unknown.Load())
	}
}

// The oracle is the reference implementation's command, Debian's argon2 0~20171227: echo -n password | argon2 somesalt
// -id -t 2 -m 16 -p 1, and with -t 1 -k 47104 -p 1 -l 32 at the current cost.
func TestTheHashIsTheReferenceImplementations(t *testing.T) {
	t.Parallel()
	for kept, wantStale := range map[string]bool{
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc": true,
		"$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHQ$mRa4cHF5TrDndRc2drxh4Q62lv/kwubYJcXfuYkp4yc": false,
	} {
		if p, err := parsePHC(kept); err != nil || p.String() != kept {
			t.Errorf("%s is read as %s, %v", kept, p, err)
		}
		if ok, stale, err := newHasher().verify(t.Context(), &kept, "password"); !ok || stale != wantStale ||
			err != nil {
			t.Errorf("%s: %v %v %v", kept, ok, stale, err)
		}
	}
}

func TestADamagedHashIsRefusedBeforeItCostsAnything(t *testing.T) {
	t.Parallel()
	var work atomic.Int64
	var sizes sync.Map
	h := counted(&work, &sizes)
	for _, kept := range []string{"", "$", "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=16$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=8,t=0,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=8,t=1,p=0$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=8,t=1,p=1$$a2V5a2V5a2V5a2V5a2V5", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$"} {
		if ok, _, err := h.verify(t.Context(), &kept, "password"); ok || !errors.Is(err, errHash) {
			t.Errorf("%q: %v, %v", kept, ok, err)
		}
	}
	if work.Load() != 0 {
		t.Error("a damaged hash was computed")
	}
}

func TestAFloodOfSignInsHashesAFewAtOnceAndTurnsTheRestAway(t *testing.T) {
	t.Parallel()
	h := newHasher()
	var now, most atomic.Int64
	hold := make(chan struct{})
	h.derive = func(_, _ []byte, _, _ uint32, _ uint8, keyBytes uint32) []byte {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		<-hold
		now.Add(-1)
		return make([]byte, keyBytes)
	}
	const flood = 500
	errs := make(chan error, flood)
	for range flood {
		go func() {
			_, _, err := h.verify(t.Context(), nil, "guess")
			errs <- err
		}()
	}
	room := cap(h.turns) + queued
	for range flood - room { // these end while every turn is taken: they were turned away
		var away *problem.Request
		if err := <-errs; !errors.As(err, &away) || away.Kind != problem.TooMany {
			t.Errorf("turned away with %v", err)
		}
	}
	close(hold)
	for range room {
		if err := <-errs; err != nil {
			t.Errorf("one who waited got %v", err)
		}
	}
	if most.Load() > int64(cap(h.turns)) {
		t.Errorf("%d hashed at once, %d may", most.Load(), cap(h.turns))
	}
}

func TestWhoLeavesTheQueueFreesIt(t *testing.T) {
	t.Parallel()
	h := newHasher()
	for range cap(h.turns) {
		h.turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.hash(ctx, "guess"); !errors.Is(err, context.Canceled) || h.waiting.Load() != 0 {
		t.Errorf("%v, %d wait", err, h.waiting.Load())
	}
}

func TestAPasswordIsLongVariedAndImpersonal(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]bool{
		"fourteen chars": false, "fifteen chars !": true, "一二三四五六七八九十十一二三四": false, "北海道的雪下到三月还没有停下来": true,
		"aaaaaaaaaaaaaaaa": false, "abababababababab": false,
		"wang.liwang.li!": false, "wang.li1234567890": false, "tab\tinside of it": false,
		"\xff\xfe not utf-8 text": false, strings.Repeat("lang ", 103): false, "kettle orchard " +
			strings.Repeat("words ", 82): true,
	} {
		if err := checkPassword(password, "wang.li", "王丽", ""); (err == nil) != want {
			t.Errorf("%q: %v", password, err)
		} else if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("the refusal repeats the password: %v", err)
		}
	}
}

func TestALimitRefillsAndIsBounded(t *testing.T) {
	t.Parallel()
	l := newLimiter(3, time.Minute)
	l.most = 2
	now := time.Unix(0, 0)
	l.now = func() time.Time { return now }
	for i := range 3 {
		if wait := l.take("a"); wait != 0 {
			t.Errorf("attempt %d waits %v", i, wait)
		}
	}
	if wait := l.take("a"); wait != time.Minute {
		t.Errorf("the fourth waits %v", wait)
	}
	now = now.Add(40 * time.Second)
	if wait := l.take("a"); wait != 20*time.Second {
		t.Errorf("after 40 s it waits %v", wait)
	}
	now = now.Add(20 * time.Second)
	if wait := l.take("a"); wait != 0 {
		t.Errorf("after a minute it waits %v", wait)
	}
	l.forgive("a")
	if wait := l.take("a"); wait != 0 {
		t.Errorf("a forgiven attempt counts: %v", wait)
	}
	now = now.Add(time.Hour)
	for i := range 4 {
		if wait := l.take("a"); (wait > 0) != (i == 3) {
			t.Errorf("an hour saves more than three attempts, or fewer: %d waits %v", i, wait)
		}
	}
	l.take("b")
	l.take("c")
	if len(l.byKey) != 2 || l.order.Len() != 2 || l.byKey["a"] != nil {
		t.Errorf("%d keys are held", len(l.byKey))
	}
}

func TestAnAddressIsWhatOneCallerCommands(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"198.51.100.7": "198.51.100.7", "::ffff:198.51.100.7": "198.51.100.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::9": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "unknown": "?", "": "?"} {
		if got := network(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
