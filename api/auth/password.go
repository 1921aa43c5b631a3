package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"luodi/api/problem"
)

// cost is how dear one guess is.
type cost struct {
	memoryKiB uint32
	passes    uint32
	threads   uint8
}

// current is the first setting of OWASP's Password Storage Cheat Sheet for Argon2id (46 MiB, one pass, one thread): RFC
// 9106's own two take 2 GiB, or keep two cores busy for half a second (measured), which a map served by the same two
// cores would feel.
var current = cost{memoryKiB: 47104, passes: 1, threads: 1}

const (
	saltBytes = 16 // RFC 9106, section 3.1: 128 bits suffice
	keyBytes  = 32
	// queued bounds who waits for a turn to hash; beyond it sign-ins are told to come back.
	queued    = 32
	busyPause = 2 * time.Second
	// A password alone lets in, so it is long: NIST SP 800-63B-4, section 3.1.1.2, asks for 15 characters and to allow
	// at least 64, without rules of composition. The upper bound is in bytes.
	minPassword, maxPassword = 15, 512
	// distinct is how many different characters a password has at least: "111111111111111" has one.
	distinct = 5
)

// hasher hashes passwords, a bounded number at once: each takes current.memoryKiB, so a flood of sign-ins can't exhaust
// memory, and half of the cores are left to the map.
type hasher struct {
	turns   chan struct{}
	waiting atomic.Int64
	derive  func(password, salt []byte, passes, memoryKiB uint32, threads uint8, keyBytes uint32) []byte
	dummy   string // what no password matches, at the current cost
}

func newHasher() *hasher {
	random := make([]byte, saltBytes+keyBytes)
	_, _ = rand.Read(random) // never fails: it ends the program instead
	dummy := phc{cost: current, salt: random[:saltBytes], key: random[saltBytes:]}
	return &hasher{turns: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), derive: argon2.IDKey,
		dummy: dummy.String()}
}

// turn waits until a password may be hashed; the caller calls the function it returns when done. When too many wait it
// says when to come back.
func (h *hasher) turn(ctx context.Context) (func(), error) {
	if h.waiting.Add(1) > queued {
		h.waiting.Add(-1)
		return nil, slowDown(busyPause)
	}
	defer h.waiting.Add(-1)
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash gives the PHC string of a password: $argon2id$v=19$m=…,t=…,p=…$salt$key.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // as above
	key := h.derive(settle(password), salt, current.passes, current.memoryKiB, current.threads, keyBytes)
	return phc{cost: current, salt: salt, key: key}.String(), nil
}

// verify compares a password with a PHC string in constant time. Without one (kept is nil: no such login, or no
// password yet) it does the same work and says no. stale reports that the string was made at another cost and is to be
// made anew.
func (h *hasher) verify(ctx context.Context, kept *string, password string) (ok, stale bool, err error) {
	against := h.dummy
	if kept != nil {
		against = *kept
	}
	p, err := parsePHC(against)
	if err != nil {
		return false, false, err
	}
	done, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	key := h.derive(settle(password), p.salt, p.passes, p.memoryKiB, p.threads, uint32(len(p.key)))
	same := subtle.ConstantTimeCompare(key, p.key) == 1
	return same && kept != nil, p.cost != current, nil
}

// settle brings a password to one form (Unicode NFC, as RFC 8265 asks for), so that it is the same on every keyboard.
func settle(password string) []byte { return norm.NFC.Bytes([]byte(password)) }

// checkPassword refuses what is guessed first. The error never repeats the password.
func checkPassword(password string, of ...string) error {
	refuse := func(key string) error {
		return &problem.Request{Kind: problem.InvalidParameter, Field: "password", Say: "auth.say.password",
			Expected: key, Args: []any{"n", minPassword, "bytes", maxPassword, "distinct", distinct}, Got: withheld}
	}
	if len(password) > maxPassword || utf8.RuneCountInString(password) < minPassword || !utf8.ValidString(password) ||
		strings.ContainsFunc(password, unicode.IsControl) {
		return refuse("auth.expected.password")
	}
	seen := map[rune]bool{}
	for _, r := range password {
		seen[unicode.ToLower(r)] = true
	}
	if len(seen) < distinct {
		return refuse("auth.expected.varied")
	}
	for _, text := range of {
		if rest := strings.ReplaceAll(strings.ToLower(password), strings.ToLower(text), ""); text != "" &&
			utf8.RuneCountInString(rest) < minPassword/2 {
			return refuse("auth.expected.impersonal")
		}
	}
	if key := guessable(password, of...); key != "" {
		return refuse(key)
	}
	return nil
}

// withheld replaces the caller's input in a problem.
const withheld = "…"

// phc is a hash with all it takes to compute it again, in the form of the Password Hashing Competition.
type phc struct {
	cost
	salt, key []byte
}

var errHash = errors.New("the kept hash of a password can't be read")

// String writes the form that parsePHC reads.
func (p phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memoryKiB, p.passes, p.threads,
		base64.RawStdEncoding.EncodeToString(p.salt), base64.RawStdEncoding.EncodeToString(p.key))
}

// parsePHC reads a PHC string. Costs far beyond any setting are refused: a damaged row must not take the machine's
// memory.
func parsePHC(text string) (phc, error) {
	var p phc
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, errHash
	}
	n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memoryKiB, &p.passes, &p.threads)
	if err != nil || n != 3 || p.memoryKiB < 8 || p.memoryKiB > 1<<20 || p.passes < 1 || p.passes > 64 ||
		p.threads < 1 {
		return p, errHash
	}
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(p.salt) < 8 {
		return p, errHash
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(p.key) < 16 || len(p.key) > 128 {
		return p, errHash
	}
	return p, nil
}
