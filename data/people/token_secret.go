package people

import (
	"crypto/rand"
	"crypto/sha256"
	"hash/crc32"
	"strings"
)

const (
	base62       = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	secretDigits = 30 // of 62 each: 178 bits
	checkDigits  = 6  // 62^6 > 2^32
)

// newSecret makes a secret: prefix, 30 random base-62 digits, and the CRC-32 of what precedes as 6 more. The checksum
// tells a mistyped or cut secret without asking the database, and lets a scanner of source code know one when it sees
// it.
func newSecret(prefix string) string {
	var b strings.Builder
	b.WriteString(prefix)
	for n := 0; n < secretDigits; {
		var random [secretDigits]byte
		_, _ = rand.Read(random[:]) // never fails: it ends the program instead
		for _, v := range random {
			if v < 248 && n < secretDigits { // 248 = 4 × 62: each digit is as likely
				b.WriteByte(base62[v%62])
				n++
			}
		}
	}
	return b.String() + checkOf(b.String())
}

// wellFormed reports whether a text can be a secret of newSecret.
func wellFormed(prefix, secret string) bool {
	if len(secret) != len(prefix)+secretDigits+checkDigits || !strings.HasPrefix(secret, prefix) {
		return false
	}
	body := secret[:len(secret)-checkDigits]
	return checkOf(body) == secret[len(body):]
}

func checkOf(body string) string {
	sum := crc32.ChecksumIEEE([]byte(body))
	digits := make([]byte, checkDigits)
	for i := range digits {
		digits[checkDigits-1-i] = base62[sum%62]
		sum /= 62
	}
	return string(digits)
}

// hashOf is what the database keeps of a secret. A secret of 178 random bits can't be guessed from its SHA-256: unlike
// a password it needs no slow hash.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// NewLink makes the secret of a private link, and the hash that is kept of it.
func NewLink() (secret string, hash []byte) {
	secret = newSecret("")
	return secret, hashOf(secret)
}

// LinkHash is the hash of a private link's secret; ok is false for a text that can't be one.
func LinkHash(secret string) (hash []byte, ok bool) {
	if !wellFormed("", secret) {
		return nil, false
	}
	return hashOf(secret), true
}
