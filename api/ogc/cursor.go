package ogc

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"luodi/data/feed"
	"luodi/geo"
)

// A cursor is, in base64url: a version byte, 8 bytes that name the query it belongs to, the park and id of the last
// feature given, the number of the state that the walk reads, the last feature's value of each sort key (its length and
// one more, then its text; 0 for none), and 8 bytes of checksum: it doesn't grow with the parks. It is checked, not
// signed: all it can ask for is public.
const (
	cursorVersion = 3
	sumSize       = 8
	cursorHead    = 1 + sumSize + 2*16
)

func fingerprint(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:sumSize]
}

// formatCursor writes a position of a query; query is its text in a fixed order of parameters.
func formatCursor(query string, p feed.Position) string {
	b := append([]byte{cursorVersion}, fingerprint(query)...)
	b = append(append(b, p.Park[:]...), p.ID[:]...)
	b = binary.AppendUvarint(b, uint64(p.State))
	for _, value := range p.Sort {
		if value == nil {
			b = binary.AppendUvarint(b, 0)
			continue
		}
		b = append(binary.AppendUvarint(b, uint64(len(*value))+1), *value...)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, fingerprint(string(b))...))
}

// parseCursor reads what formatCursor wrote for the same query, which sorts by some keys; anything else is a
// geo.Invalid.
func parseCursor(query, text string, sort []feed.SortKey) (*feed.Position, error) {
	invalid := geo.NewInvalid("cursor", "cursor.next", text)
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < cursorHead+sumSize {
		return nil, invalid
	}
	b, sum := b[:len(b)-sumSize], b[len(b)-sumSize:]
	if !bytes.Equal(sum, fingerprint(string(b))) || b[0] != cursorVersion ||
		!bytes.Equal(b[1:1+sumSize], fingerprint(query)) {
		return nil, invalid
	}
	p := &feed.Position{}
	copy(p.Park[:], b[1+sumSize:])
	copy(p.ID[:], b[1+sumSize+16:])
	b = b[cursorHead:]
	state, size := binary.Uvarint(b)
	if size <= 0 || int64(state) < 0 {
		return nil, invalid
	}
	p.State = int64(state)
	var ok bool
	if p.Sort, ok = parseSortValues(b[size:], sort); !ok {
		return nil, invalid
	}
	return p, nil
}

// parseSortValues reads the values of some sort keys, and nothing behind them.
func parseSortValues(b []byte, sort []feed.SortKey) (values []*string, ok bool) {
	for _, key := range sort {
		length, size := binary.Uvarint(b)
		if size <= 0 || length > uint64(len(b)-size)+1 {
			return nil, false
		}
		b = b[size:]
		if length == 0 {
			values = append(values, nil)
			continue
		}
		text := string(b[:length-1])
		if !key.Takes(text) {
			return nil, false
		}
		values, b = append(values, &text), b[length-1:]
	}
	return values, len(b) == 0
}
