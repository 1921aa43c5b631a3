package request

import (
	"strconv"
	"time"

	"luodi/api/problem"
)

// State reads a state of a park: the number of a change, or a moment as [Moment] reads it; both nil of "".
func State(field, text, zone string) (seq *int64, at *time.Time, err error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return &n, nil, nil
	}
	if at, err = Moment(field, text, zone); err != nil {
		return nil, nil, &problem.Request{Kind: problem.InvalidParameter, Field: field, Expected: "api.expected.state",
			Got: text}
	}
	return nil, at, nil
}
