// Package proof keeps robots out of what anyone may send: a sender first does some work that costs a phone about a
// second, and a flood its machine. No outside service takes part, and nothing about the sender is kept.
//
// 1. The server gives a challenge: "expiry.nonce.tag", the expiry in seconds since 1970, the nonce 16 random bytes and
// the tag an HMAC-SHA-256 of both, cut to 16 bytes; nonce and tag in base64url.
//
// 2. The sender finds, for each round r from 0 to Rounds-1, a number n from 0 to 2³²-1 for which the SHA-256 of
// "nonce.r.n" (numbers in decimal) begins with Bits zero bits. Many short rounds instead of one long one make the time
// nearly the same for everybody: with 16 rounds its standard deviation is a quarter of the mean.
//
// 3. The server checks tag, expiry and numbers, which costs it 17 hashes. That a challenge is spent once is for the
// caller to see to, by its nonce.
package proof

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// The difficulty: on average 16 × 2¹³ = 131,072 hashes of one block.
const (
	Rounds = 16
	Bits   = 13
	// Life is how long a challenge may be answered: as long as somebody may take to fill in a form that has just
	// fetched it.
	Life = 30 * time.Minute
)

// The reasons for which an answer is refused.
var (
	ErrForeign = errors.New("the challenge is not one of this server")
	ErrLate    = errors.New("the challenge has ended")
	ErrWrong   = errors.New("the answers don't solve the challenge")
)

const size = 16 // bytes of the nonce and of the tag

var encoding = base64.RawURLEncoding.Strict()

// New makes a challenge under a key, and says when it ends.
func New(key []byte, now time.Time) (challenge string, ends time.Time) {
	var nonce [size]byte
	_, _ = rand.Read(nonce[:]) // never fails: it ends the program instead
	ends = now.Add(Life).Truncate(time.Second)
	signed := strconv.FormatInt(ends.Unix(), 10) + "." + encoding.EncodeToString(nonce[:])
	return signed + "." + encoding.EncodeToString(tagOf(key, signed)), ends
}

// Check returns the nonce of a challenge that the numbers answer, one a round, and when the challenge ends; else one of
// the reasons.
func Check(key []byte, challenge string, numbers []uint32, now time.Time) (nonce []byte, ends time.Time, err error) {
	signed, tag, ok := cutLast(challenge)
	given, failed := encoding.DecodeString(tag)
	if !ok || failed != nil || !hmac.Equal(given, tagOf(key, signed)) {
		return nil, ends, ErrForeign
	}
	expiry, text, _ := strings.Cut(signed, ".") // it is as New wrote it: the tag says so
	seconds, _ := strconv.ParseInt(expiry, 10, 64)
	nonce, _ = encoding.DecodeString(text)
	ends = time.Unix(seconds, 0)
	if !now.Before(ends) {
		return nil, ends, ErrLate
	}
	if len(numbers) != Rounds {
		return nil, ends, ErrWrong
	}
	for round, n := range numbers {
		if !solves(text, round, n) {
			return nil, ends, ErrWrong
		}
	}
	return nonce, ends, nil
}

// Solve does the work: for programs that send, and for tests.
func Solve(challenge string) []uint32 {
	signed, _, _ := cutLast(challenge)
	_, nonce, _ := strings.Cut(signed, ".")
	numbers := make([]uint32, Rounds)
	for round := range numbers {
		for !solves(nonce, round, numbers[round]) {
			numbers[round]++
		}
	}
	return numbers
}

func solves(nonce string, round int, n uint32) bool {
	text := make([]byte, 0, 64)
	text = append(append(text, nonce...), '.')
	text = append(strconv.AppendInt(text, int64(round), 10), '.')
	sum := sha256.Sum256(strconv.AppendUint(text, uint64(n), 10))
	return bits.LeadingZeros32(uint32(sum[0])<<24|uint32(sum[1])<<16|uint32(sum[2])<<8|uint32(sum[3])) >= Bits
}

func tagOf(key []byte, signed string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(signed))
	return mac.Sum(nil)[:size]
}

func cutLast(text string) (before, after string, ok bool) {
	i := strings.LastIndexByte(text, '.')
	if i < 0 {
		return "", "", false
	}
	return text[:i], text[i+1:], true
}
