package api

import (
	"slices"
	"strconv"
	"strings"

	"luodi/api/problem"
)

// cursor is a client's position in the events of one park or of the district. For the district it is one number of
// the database's state, or a number for each park.
type cursor struct {
	field string           // that it came in
	park  string           // its park; "" for the district
	now   bool             // at the present end
	whole bool             // of the district, by one number
	state int64            // that number
	seqs  map[string]int64 // by park code; a park not named is at its beginning
}

const nowWord = "now"

// parseCursor reads a park's number, or for the district a state's number or park:number,park:number, or now. Nothing
// is the beginning.
func parseCursor(field, text, park string) (*cursor, error) {
	c := &cursor{field: field, park: park, whole: park == "" && !strings.Contains(text, ":"), seqs: map[string]int64{}}
	switch {
	case text == "":
		return c, nil
	case text == nowWord:
		c.now = true
		return c, nil
	case park != "":
		seq, ok := parseSeq(text)
		if !ok {
			return nil, c.refuse("live.expected.after", text)
		}
		c.seqs[park] = seq
		return c, nil
	case c.whole:
		state, ok := parseSeq(text)
		if !ok {
			return nil, c.refuse("live.expected.cursors", text)
		}
		c.state = state
		return c, nil
	}
	for _, part := range strings.Split(text, ",") {
		code, number, found := strings.Cut(part, ":")
		seq, ok := parseSeq(number)
		if _, twice := c.seqs[code]; !found || !ok || code == "" || twice {
			return nil, c.refuse("live.expected.cursors", part)
		}
		c.seqs[code] = seq
	}
	return c, nil
}

func parseSeq(text string) (int64, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	seq, err := strconv.ParseInt(text, 10, 64)
	return seq, err == nil
}

// at returns the cursor's number in a park whose newest change is seq. A cursor ahead of the park is refused: it
// comes from another database, or from this one before a restore, so its events never happened here.
func (c *cursor) at(park string, seq int64) (int64, error) {
	if c.now {
		return seq, nil
	}
	at := c.seqs[park]
	if c.whole {
		at = c.state
	}
	if at <= seq {
		return at, nil
	}
	return 0, c.refuse("api.expected.range", strconv.FormatInt(at, 10), "from", 0, "to", seq)
}

// known refuses a cursor that names a park there is none of.
func (c *cursor) known(codes []string) error {
	for code := range c.seqs {
		if !slices.Contains(codes, code) {
			return c.refuse("live.expected.park", code)
		}
	}
	return nil
}

func (c *cursor) refuse(expected, got string, args ...any) error {
	return &problem.Request{Kind: problem.InvalidParameter, Field: c.field, Expected: expected, Args: args, Got: got}
}
